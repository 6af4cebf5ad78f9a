"""Signing in to the admin: password and code, current groups, expiring sessions, and nobody else."""

import re
import time
from collections.abc import Callable
from typing import Any

import pyotp
import pytest

from apps.backoffice import signin
from apps.core import audit
from apps.dynamo_admin import sessions
from apps.users import suspensions
from tests.support import moderators, people
from tests.support.moderators import Browser, Staff, hidden_fields


def refusals(username: str) -> list[str | None]:
    return [one.reason for one in audit.history("signin", username, limit=20).items if one.act == "sign_in_refused"]


def test_password_and_code_lead_to_the_home_page(browser: Browser, mod: Staff) -> None:
    page = browser.get("/admin/")

    assert page.status_code == 200
    assert mod.username in page.content.decode() or "Overview" in page.content.decode()
    assert audit.last("signin", mod.username).act == "sign_in"  # type: ignore[union-attr]


def test_a_wrong_password_and_a_wrong_code_are_refused_and_audited(mod: Staff) -> None:
    made, before = Browser(), len(refusals(mod.username))
    wrong = made.post("/admin/login/", {"username": mod.username, "password": "Sai-roi-123!"})
    asked = made.post("/admin/login/", {"username": mod.username, "password": people.PASSWORD})
    body = {**hidden_fields(asked.content.decode()), "code": f"{(int(mod.totp.now()) + 5) % 1_000_000:06d}"}

    refused = made.client.post("/admin/login/", body)

    assert "errornote" in wrong.content.decode()
    assert "errornote" in refused.content.decode()
    assert made.get("/admin/").status_code == 302
    assert len(refusals(mod.username)) == before + 2


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
    assert refusals(nobody.username) == ["not_moderator"]


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
