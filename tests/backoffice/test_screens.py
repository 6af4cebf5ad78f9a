"""The admin's screens: every list and page opens, actions work, and the number of reads is bounded."""

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.admin.utils import quote

from apps.core import audit
from apps.core.authentication import Actor
from apps.ingredients import services as ingredients
from apps.moderation import cases
from apps.moderation.content import Target
from apps.recipes import services as recipe_services
from tests.support import people, recipes, society
from tests.support.admin_screens import path, report, unknown_word, waiting_name
from tests.support.moderators import Browser, Staff, hidden_fields
from tests.support.tasks import run_all

pytestmark = pytest.mark.usefixtures("seeded")

LISTS = ("recipe", "case", "person", "unknownname", "ingredient", "appeal", "failedjob", "auditrecord")


@pytest.mark.parametrize("model", LISTS)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_list_opens_in_both_languages(mod: Staff, model: str, language: str) -> None:
    browser = Browser(language)
    browser.sign_in(mod)

    page = browser.get(path(model))

    assert page.status_code == 200
    assert page["Content-Language"] == language


def test_a_recipe_is_shown_as_it_was_understood_and_approved(api: Any, ana: Any, browser: Browser) -> None:
    recipe = recipes.create(api, ana)["id"]
    shown = browser.get(path("recipe", recipe)).content.decode()
    assert "Understood as" in shown

    done = browser.post(path("recipe", recipe, "approve"), {})

    assert done.status_code == 302
    assert recipe_services.get_stored_recipe(recipe).state.approval == "approved"
    assert audit.last("recipe", recipe).act == "approve"  # type: ignore[union-attr]


def test_what_changes_by_acts_alone_cannot_be_typed_into(api: Any, ana: Any, browser: Browser) -> None:
    recipe = recipes.create(api, ana)["id"]
    page = path("recipe", recipe)

    assert "View recipe" in browser.get(page).content.decode()
    assert browser.post(page, {"title": "Khác", "approval": "approved"}).status_code == 403
    assert recipe_services.get_stored_recipe(recipe).state.approval == "pending"


def test_the_page_of_a_recipe_says_which_ingredient_or_word_carries_each_allergen(
    api: Any, ana: Any, browser: Browser
) -> None:
    recipe = recipes.create(
        api, ana, ingredients=[{"name": "nước mắm"}, {"name": "cà chua"}], language="vi",
        steps=[{"text": "Nấu chín."}, {"text": "Rắc đậu phộng rang lên trên."}],
    )["id"]  # fmt: skip

    shown = " ".join(browser.get(path("recipe", recipe)).content.decode().split())

    assert "fish: because of “fish sauce”, ingredient 1" in shown
    assert "peanuts: because of “đậu phộng rang”, step 2" in shown


def test_several_recipes_are_rejected_with_one_reason(api: Any, ana: Any, browser: Browser) -> None:
    chosen = [recipes.create(api, ana)["id"] for _ in range(3)]
    chosen_fields = {"action": "reject", "_selected_action": chosen, "select_across": "0", "index": "0"}
    asked = browser.post(path("recipe"), chosen_fields).content.decode()

    browser.client.post(path("recipe"), {**hidden_fields(asked), "reason": "Thiếu bước nấu"})

    states = {recipe_services.get_stored_recipe(one).state.approval for one in chosen}
    assert states == {"rejected"}


def test_acting_on_every_match_is_refused(api: Any, ana: Any, browser: Browser) -> None:
    recipe = recipes.create(api, ana)["id"]
    fields = {"action": "approve", "_selected_action": [recipe], "select_across": "1", "index": "0"}

    assert browser.post(path("recipe"), fields).status_code == 403


def test_of_two_moderators_the_second_is_told_and_nothing_is_lost(
    api: Any, ana: Any, browser: Browser, chief_browser: Browser, mod: Staff
) -> None:
    recipe = recipes.create(api, ana)["id"]
    act = path("recipe", recipe, "reject")
    slow_form = hidden_fields(chief_browser.get(act).content.decode())
    browser.post(path("recipe", recipe, "approve"), {})

    chief_browser.client.post(act, {**slow_form, "reason": "Trùng"})

    told = chief_browser.get(path("recipe", recipe)).content.decode()
    assert recipe_services.get_stored_recipe(recipe).state.approval == "approved"
    assert mod.username in told
    assert "changed by someone else" in told


def test_a_report_is_shown_in_context_and_confirmed(
    api: Any, ana: Any, cyd: Any, person: Callable[..., Any], browser: Browser
) -> None:
    post = society.post(api, ana, content="Mua thuốc giảm cân ở đây")["id"]
    for _ in range(3):
        report(api, person(), "post", post)
    page = path("case", f"post:{post}")
    shown = browser.get(page).content.decode()
    assert "Mua thuốc giảm cân ở đây" in shown
    assert "xấu" in shown

    browser.post(path("case", f"post:{post}", "confirm"), {"reason": "Quảng cáo"})

    assert api.get(f"/v1/posts/{post}", token=cyd.token).status_code == 404
    assert "Kept hidden" in browser.get(page).content.decode()


@pytest.mark.parametrize("kind", ["recipe", "post", "unknown name", "appeal", "person"])
def test_whoever_comes_second_is_told_by_whom_and_how_it_was_decided(
    api: Any, ana: Any, person: Callable[..., Any], browser: Browser, chief_browser: Browser, mod: Staff, kind: str
) -> None:
    model, id_, first, second = contested(api, ana, person, kind)
    slow_form = hidden_fields(chief_browser.get(path(model, id_, second)).content.decode())
    assert browser.post(path(model, id_, first), {"reason": "Đã xem", "term": "1"}).status_code == 302

    chief_browser.client.post(path(model, id_, second), {**slow_form, **ANSWERS})

    told = chief_browser.get(path(model, id_)).content.decode()
    assert "changed by someone else" in told
    assert mod.username in told
    assert "Đã xem" in browser.get(f"/admin/backoffice/{model}/{quote(id_)}/history/").content.decode()


# The parameters of the actions of `contested`.
ANSWERS = {"reason": "Muộn", "ingredient_id": "cà chua", "language": "vi", "term": "720"}


def contested(api: Any, owner: Any, person: Callable[..., Any], kind: str) -> tuple[str, str, str, str]:
    """Put something into a queue: return its model, its id, and two conflicting actions."""
    if kind == "recipe":
        return "recipe", recipes.create(api, owner)["id"], "reject", "approve"
    if kind == "unknown name":
        return "unknownname", waiting_name(api, person, f"quả {unknown_word()}"), "dismiss", "map"
    if kind == "person":
        return "person", owner.id, "suspend", "suspend"
    post = society.post(api, owner)["id"]
    if kind == "appeal":
        moderator = person(group="moderators")
        actor = Actor(moderator.id, moderator.username, frozenset({"moderators"}))
        decision = cases.hide(Target.POST, post, actor=actor, reason="Quảng cáo")
        body = {"target_type": "post", "target_id": post, "text": "Không phải quảng cáo."}
        assert api.post("/v1/appeals", json=body, token=owner.token).status_code == 201
        return "appeal", decision, "uphold", "overturn"
    for _ in range(3):
        report(api, person(), "post", post)
    return "case", f"post:{post}", "confirm", "dismiss"


def test_a_report_says_what_else_its_author_and_reporters_did(
    api: Any, ana: Any, person: Callable[..., Any], browser: Browser
) -> None:
    first, second = (society.post(api, ana, content=text)["id"] for text in ("Bài thứ nhất", "Bài thứ hai"))
    society.post(api, ana, content="Chỉ cho bạn bè", visibility="friends")
    reporters = [person() for _ in range(3)]
    for post in (first, second):
        for one in reporters:
            report(api, one, "post", post)
    browser.post(path("case", f"post:{first}", "confirm"), {"reason": "Quảng cáo"})

    case = browser.get(path("case", f"post:{second}")).content.decode()
    reporter = browser.get(path("person", reporters[0].id)).content.decode()

    assert "+3" in case
    assert f"Post {first}" in case
    assert "Bài thứ nhất" in case
    assert "Chỉ cho bạn bè" not in case
    assert "1 / 0" in case
    assert "Reports made: 1 right, 0 wrong" in reporter
    assert {f"Post {one}" in reporter for one in (first, second)} == {True}


def test_personal_data_is_shown_after_a_look_that_is_audited(api: Any, ana: Any, browser: Browser) -> None:
    page = path("person", ana.id)
    assert ana.email not in browser.get(page).content.decode()

    browser.post(path("person", ana.id, "look"), {"reason": "Yêu cầu hỗ trợ"})

    assert ana.email in browser.get(page).content.decode()
    assert ana.email not in browser.get(page).content.decode()
    assert audit.last("user", ana.id).act == "look"  # type: ignore[union-attr]


def test_somebody_is_suspended_and_it_is_lifted(api: Any, ana: Any, browser: Browser) -> None:
    browser.post(path("person", ana.id, "suspend"), {"term": "24", "reason": "Spam"})
    refused = api.post("/v1/posts", json={"content": "a"}, token=ana.token)
    browser.post(path("person", ana.id, "lift"), {"reason": ""})

    assert refused.json()["code"] == "account_suspended"
    assert api.post("/v1/posts", json={"content": "a"}, token=ana.token).status_code == 201


def test_people_are_found_by_the_start_of_their_name(ana: Any, browser: Browser) -> None:
    found = browser.get(path("person"), q=ana.username[:-1])

    assert ana.id in found.content.decode()


def test_an_unknown_name_becomes_an_alias_with_its_effect_shown_before(
    api: Any, person: Callable[..., Any], browser: Browser
) -> None:
    name = f"rau {unknown_word()}"
    name_hash = waiting_name(api, person, name)
    tomato = ingredients.resolve("cà chua")
    assert tomato is not None
    shown = browser.post(
        path("unknownname", name_hash, "map"), {"ingredient_id": "cà chua", "language": "vi", "_preview": "1"}
    ).content.decode()
    assert re.search("recipes? ha(ve|s) this ingredient", shown)

    browser.post(path("unknownname", name_hash, "map"), {"ingredient_id": "cà chua", "language": "vi"})

    found = api.post("/v1/ingredients/validate", json={"ingredients": [name]}, token=person().token).json()
    assert found["results"][0]["ingredient"]["id"] == tomato.id


@pytest.mark.parametrize(("language", "word"), [("vi", "Chờ quyết định"), ("en", "Waiting")])
def test_how_things_stand_is_said_in_the_readers_language(
    api: Any, ana: Any, person: Callable[..., Any], mod: Staff, language: str, word: str
) -> None:
    browser = Browser(language)
    browser.sign_in(mod)
    for kind in ("post", "unknown name", "appeal"):
        model, id_, _, _ = contested(api, ana, person, kind)
        assert word in browser.get(path(model, id_)).content.decode(), kind


def test_an_ingredient_is_saved_once_its_effect_was_seen(
    api: Any, ana: Any, browser: Browser, messages: list[Any]
) -> None:
    added = browser.post("/admin/backoffice/ingredient/add/", fields_of("lá thử nghiệm", "trial leaf"))
    assert added.status_code == 302, added.content.decode()
    leaf = ingredients.resolve("lá thử nghiệm")
    assert leaf is not None
    lines = [{"name": "lá thử nghiệm"}, {"name": "cà chua"}]
    recipe = recipes.create(api, ana, ingredients=lines)["id"]
    recipes.publish(recipe)
    page, changed = path("ingredient", leaf.id), fields_of("lá thử nghiệm", "trial leaf", allergens=["fish"])
    changed["may_contain"] = ["soy"]

    asked = browser.post(page, changed)
    assert "1 recipe gains the allergen fish" in asked.content.decode()
    unchanged = ingredients.get(leaf.id).allergens
    saved = browser.client.post(page, {**hidden_fields(asked.content.decode()), **changed})
    run_all(messages)

    assert unchanged == frozenset()
    assert saved.status_code == 302, saved.content.decode()
    edited = ingredients.get(leaf.id)
    assert (set(edited.allergens), set(edited.may_contain)) == ({"fish"}, {"soy"})
    assert api.get(f"/v1/recipes/{recipe}", token=ana.token).json()["allergens"].count("fish") == 1


def fields_of(vi: str, en: str, **more: Any) -> dict[str, Any]:
    return {"vi": vi, "en": en, "category": "vegetable", "aliases_vi": "", "aliases_en": "", "kind_of": "", **more}


def test_what_only_admins_may_is_closed_to_moderators(browser: Browser, chief_browser: Browser, ana: Any) -> None:
    settings = {
        "providers": "rules", "bedrock_model": "m", "ollama_model": "o", "daily_quota": "20",
        "monthly_budget_usd": "100", "reason": "thử",
    }  # fmt: skip

    assert browser.post("/admin/ai-settings/", settings, page="/admin/").status_code == 403
    assert browser.get(path("person", ana.id, "end-sessions")).status_code == 403
    assert chief_browser.get(path("person", ana.id, "end-sessions")).status_code == 200
    assert chief_browser.get("/admin/ai-settings/").status_code == 200


def admin_paths() -> Iterator[str]:
    id_ = "01JD0000000000000000000000"
    for model in LISTS:
        yield from (path(model), path(model, id_), f"/admin/backoffice/{model}/{id_}/history/")
    yield "/admin/backoffice/ingredient/names/"
    yield from ("/admin/", "/admin/dead-letters/", "/admin/ai-settings/", "/admin/autocomplete/", "/admin/jsi18n/")


def test_no_page_opens_for_a_normal_person_or_their_token(ana: Any) -> None:
    refused = Browser()
    refused.post("/admin/login/", {"username": ana.username, "password": people.PASSWORD})
    for one in admin_paths():
        answer = refused.client.get(one, headers={"Authorization": f"Bearer {ana.token}"})
        assert (answer.status_code, "login" in answer.get("Location", "")) == (302, True), one


def test_the_audit_log_is_read_by_act_actor_and_object_and_cannot_be_changed(
    api: Any, ana: Any, browser: Browser, mod: Staff
) -> None:
    recipe = recipes.create(api, ana)["id"]
    browser.post(path("recipe", recipe, "approve"), {})
    entry = audit.last("recipe", recipe)
    assert entry is not None
    record = f"recipe:{recipe}:{entry.id}"

    for query in ({"act": "approve"}, {"actor_id": mod.id}, {"target_type": "recipe", "target_id": recipe}, {}):
        assert quote(record) in browser.get(path("auditrecord"), **query).content.decode(), query
    for words in (mod.username, f"recipe:{recipe}"):
        assert quote(record) in browser.get(path("auditrecord"), q=words).content.decode(), words
    for words in (ana.username, f"user:{ana.username}"):
        assert quote(record) not in browser.get(path("auditrecord"), q=words).content.decode(), words
    assert browser.get("/admin/backoffice/auditrecord/add/").status_code == 403
    assert browser.get(f"/admin/backoffice/auditrecord/{record}/delete/").status_code == 403
    shown = html.unescape(browser.get(path("auditrecord", record)).content.decode())
    assert '"approval": "pending"' in shown
    assert '"approval": "approved"' in shown
    browser.post(path("auditrecord", record, "undo"), {"reason": "Nhầm"})
    assert recipe_services.get_stored_recipe(recipe).state.approval == "pending"


def test_a_history_names_who_did_what(api: Any, ana: Any, browser: Browser, mod: Staff) -> None:
    recipe = recipes.create(api, ana)["id"]
    browser.post(path("recipe", recipe, "reject"), {"reason": "Thiếu bước nấu"})

    shown = browser.get(f"/admin/backoffice/recipe/{recipe}/history/").content.decode()

    assert mod.username in shown
    assert "Reject: Thiếu bước nấu" in shown


def test_home_shows_queues_and_recent_acts(browser: Browser) -> None:
    shown = browser.get("/admin/").content.decode()

    assert "Pending recipes" in shown
    assert 'id="charts"' in shown


@pytest.mark.parametrize(("address", "status"), [("nothing/", 404), ("backoffice/recipe/x/act/fly/", 404)])
def test_readers_get_a_page_where_there_is_none_and_programs_a_problem(
    browser: Browser, address: str, status: int
) -> None:
    page = browser.client.get(f"/admin/{address}", HTTP_ACCEPT="text/html,*/*;q=0.8")
    problem = browser.client.get(f"/admin/{address}", HTTP_ACCEPT="application/json")

    assert (page.status_code, problem.status_code) == (status, status)
    assert "There is no such page" in page.content.decode()
    assert page["Content-Security-Policy"]
    assert problem["Content-Type"] == "application/problem+json"


def test_a_form_without_its_token_is_refused_in_words(browser: Browser) -> None:
    refused = browser.client.post("/admin/logout/", HTTP_ACCEPT="text/html")

    assert refused.status_code == 403
    assert "reload the page and try again" in refused.content.decode()


def test_an_empty_list_says_so_in_both_languages(mod: Staff) -> None:
    for language, said in (("en", "Nothing is here."), ("vi", "Không có mục nào.")):
        browser = Browser(language)
        browser.sign_in(mod)
        assert said in browser.get(path("person"), q="zzzznobodyzzzz").content.decode()


def test_no_page_of_the_admin_has_english_words_of_django_in_it_where_vietnamese_was_asked_for(mod: Staff) -> None:
    browser = Browser("vi")
    browser.sign_in(mod)

    for address in ("/admin/", *map(path, LISTS), "/admin/backoffice/ingredient/add/", "/admin/ai-settings/"):
        page = browser.get(address).content.decode()
        for words in ("Skip to main content", "Toggle theme", "Model name", "Add link", "Changed:", "list link"):
            assert words not in page, (address, words)
