"""Signing in to the admin: password and code, current groups, expiring sessions, and nobody else."""

import random
import re
import time
from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from django.conf import settings
from django.contrib.admin.utils import quote

from apps.backoffice import signin, stores
from apps.core import audit
from apps.dynamo_admin import sessions
from apps.moderation import sign_ins
from apps.users import suspensions, throttling
from tests.support import moderators, people
from tests.support.accounts import log_in
from tests.support.moderators import Browser, Staff, hidden_fields


def refusals(username: str) -> list[Any]:
    """Return the entries of refused sign-ins under a name."""
    found = audit.history(sign_ins.TARGET, sign_ins.subject(username), limit=20).items
    return [one for one in found if one.act == "sign_in_refused"]


def attempts(username: str) -> int:
    return sum(one.attempts for one in sign_ins.count_refusals(refusals(username)).values())


def try_password(name: str, password: str = "Sai-roi-123!", **environment: Any) -> Any:
    made = Browser()
    made.client.defaults.update(environment)
    return made.post("/admin/login/", {"username": name, "password": password})


def test_password_and_code_lead_to_the_home_page(browser: Browser, mod: Staff) -> None:
    page = browser.get("/admin/")

    assert page.status_code == 200
    assert mod.username in page.content.decode() or "Overview" in page.content.decode()
    assert audit.last("signin", sign_ins.subject(mod.username)).act == "sign_in"  # type: ignore[union-attr]


def test_a_wrong_password_and_a_wrong_code_are_refused_and_audited(mod: Staff) -> None:
    made, before = Browser(), attempts(mod.username)
    wrong = made.post("/admin/login/", {"username": mod.username, "password": "Sai-roi-123!"})
    asked = made.post("/admin/login/", {"username": mod.username, "password": people.PASSWORD})
    body = {**hidden_fields(asked.content.decode()), "code": f"{(int(mod.totp.now()) + 5) % 1_000_000:06d}"}

    refused = made.client.post("/admin/login/", body)

    assert "errornote" in wrong.content.decode()
    assert "errornote" in refused.content.decode()
    assert made.get("/admin/").status_code == 302
    assert attempts(mod.username) == before + 2


def test_who_has_no_authenticator_sets_one_up_with_a_qr_code_first(person: Callable[..., Any]) -> None:
    fresh, made = person(group="moderators"), Browser()
    shown = made.post("/admin/login/", {"username": fresh.username, "password": people.PASSWORD}).content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", shown)
    assert secret is not None
    assert 'src="data:image/svg+xml' in shown

    done = made.client.post("/admin/login/", {**hidden_fields(shown), "code": pyotp.TOTP(secret[1]).now()})

    assert done.status_code == 302
    assert made.get("/admin/").status_code == 200
    asked = Browser().post("/admin/login/", {"username": fresh.username, "password": people.PASSWORD})
    assert 'name="challenge"' in asked.content.decode()


def test_nobody_else_gets_in(person: Callable[..., Any]) -> None:
    nobody, made = person(), Browser()
    refused = made.post("/admin/login/", {"username": nobody.username, "password": people.PASSWORD})

    assert "Only moderators" in refused.content.decode()
    assert made.get("/admin/").status_code == 302
    assert [one.reason for one in refusals(nobody.username)] == ["not_moderator"]


def test_refusals_of_a_name_from_an_address_are_one_entry_that_says_how_many(
    api: Any, person: Callable[..., Any], browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_a_window_of_its_own(monkeypatch)
    victim, most = person(), settings.THROTTLE_PER_USER
    assert log_in(api, victim.username).status_code == 200

    for _ in range(most + 3):
        try_password(victim.username)
    try_password(victim.email.upper())

    (entry,) = refusals(victim.username)
    counted = sign_ins.count_refusals([entry])[entry.id]
    assert (counted.judged, counted.throttled) == (most, 4)
    assert entry.is_expired is False
    assert entry.ttl is not None
    for query in ({"q": f"signin:{victim.username}"}, {"act": "sign_in_refused"}):
        assert f"(×{most + 4})" in browser.get("/admin/backoffice/auditrecord/", **query).content.decode()
    page = f"/admin/backoffice/auditrecord/{quote(stores.audit_id(entry))}/change/"
    assert f"Stands for {most + 4} attempts" in browser.get(page).content.decode()


def test_the_keys_of_sign_ins_have_no_name_in_them(person: Callable[..., Any]) -> None:
    victim = person()
    try_password(victim.username)

    (entry,) = refusals(victim.username)

    places = [value for name, value in entry.serialize().items() if name.endswith(("pk", "sk"))]
    assert victim.username not in str(places)


def test_one_address_cannot_fill_the_audit_log_whatever_names_it_tries(
    person: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    take_a_window_of_its_own(monkeypatch)
    monkeypatch.setattr(sign_ins, "_MOST_NAMES", 2)
    names, others = [f"{person().username}x" for _ in range(4)], attempts(sign_ins.OTHER_NAMES)

    for name in names:
        for _ in range(2):
            forged = {"stage": "code", "challenge": "made-up", "username": name, "code": "123456"}
            Browser().post("/admin/login/", forged)

    assert [attempts(name) for name in names] == [2, 2, 0, 0]
    assert attempts(sign_ins.OTHER_NAMES) == others + 4


def take_a_window_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count in a window that no other test counts in: all attempts here come from one address."""
    moment = int(time.time()) + random.randrange(1_000, 1_000_000) * settings.THROTTLE_SECONDS
    monkeypatch.setattr(throttling, "_now", lambda: moment)


def test_the_name_is_kept_after_a_wrong_password_or_code(mod: Staff) -> None:
    made = Browser()
    wrong = made.post("/admin/login/", {"username": mod.username, "password": "Sai-roi-123!"}).content.decode()
    asked = made.post("/admin/login/", {"username": mod.username, "password": people.PASSWORD}).content.decode()
    body = {**hidden_fields(asked), "code": f"{(int(mod.totp.now()) + 5) % 1_000_000:06d}"}
    refused = made.client.post("/admin/login/", body).content.decode()

    for page in (wrong, refused):
        assert re.search(
            rf'name="username"[^>]*value="{mod.username}"|value="{mod.username}"[^>]*name="username"', page
        )


def test_a_post_without_its_token_is_refused(browser: Browser) -> None:
    assert browser.client.post("/admin/logout/", {}).status_code == 403


@pytest.mark.parametrize(("name", "seconds"), [("begun_at", signin.LASTS_SECONDS), ("seen_at", signin.IDLE_SECONDS)])
def test_a_session_ends_when_it_is_old_or_idle(browser: Browser, name: str, seconds: float) -> None:
    session = browser.client.session
    session[name] = time.time() - seconds - 1
    session.save()

    assert browser.get("/admin/").status_code == 302


def test_groups_are_read_again_and_a_login_that_was_revoked_ends_the_session(browser: Browser, mod: Staff) -> None:
    session = browser.client.session
    session["groups_at"], session["groups"] = 0, ["admins"]
    session.save()
    assert browser.get("/admin/").status_code == 200
    assert browser.client.session["groups"] == ["moderators"]

    session = browser.client.session
    session["groups_at"], session["refresh"] = 0, signin.seal("revoked")
    session.save()

    assert browser.get("/admin/").status_code == 302


def test_ending_somebodys_sessions_signs_them_out(browser: Browser, mod: Staff) -> None:
    assert sessions.end_all(mod.id) >= 1

    assert browser.get("/admin/").status_code == 302


def test_signing_out_ends_the_session_for_whoever_keeps_the_cookie(browser: Browser) -> None:
    cookies: dict[str, str] = {name: one.value for name, one in browser.client.cookies.items()}
    page = browser.get("/admin/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None

    browser.client.post("/admin/logout/", {"csrfmiddlewaretoken": token[1]})
    browser.client.cookies.load(cookies)

    assert browser.get("/admin/").status_code == 302


def test_pages_carry_a_policy_that_runs_no_inline_script(browser: Browser) -> None:
    page = browser.get("/admin/")

    policy = dict(rule.split(" ", 1) for rule in page["Content-Security-Policy"].split("; "))
    inline = re.findall(r"<script(?![^>]*(?:\bsrc=|type=\"application/json\"))[^>]*>", page.content.decode())
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert inline == []
    assert " style=" not in page.content.decode()


def test_who_left_the_group_does_nothing_to_people_though_the_session_is_young(ana: Any) -> None:
    leaver, made = moderators.make(), Browser()
    made.sign_in(leaver)
    page = f"/admin/backoffice/person/{ana.id}/act/suspend/"
    form = hidden_fields(made.get(page).content.decode())
    moderators.remove_from_group(leaver)

    made.client.post(page, {**form, "term": "24", "reason": "Spam"})

    assert suspensions.find_suspension(ana.id) is None
    assert made.get("/admin/").status_code == 302
