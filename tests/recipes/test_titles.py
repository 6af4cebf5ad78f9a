"""Dishes are named in both languages wherever they are listed, so that each reader gets their own."""

from typing import Any

from apps.core import ids
from tests.support import plans, recipes, society

NAMES = ("title", "translated_title", "language")


def _named() -> dict[str, str]:
    word = ids.new_id()[-8:].lower()
    return {"title": f"Bò kho {word}", "translated_title": f"Braised beef {word}", "language": "vi"}


def _names(shown: dict[str, Any]) -> dict[str, Any]:
    return {name: shown[name] for name in NAMES}


def _get(api: Any, person: Any, path: str) -> Any:
    answer = api.get(path, token=person.token)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_cards_have_both_titles(api: Any, ana: Any, ben: Any) -> None:
    named = _named()
    recipe = recipes.create(api, ana, **named)
    recipes.publish(recipe["id"])
    api.put(f"/v1/recipes/{recipe['id']}/favorite", token=ben.token)

    own, kept = _get(api, ana, "/v1/users/me/recipes"), _get(api, ben, "/v1/favorites")
    found = _get(api, ben, f"/v1/recipes?q={named['translated_title']}")

    assert [_names(page["items"][0]) for page in (own, kept, found)] == [named] * 3


def test_posts_have_both_titles_whether_their_recipe_is_public_or_not(api: Any, ana: Any) -> None:
    public, private = _named(), _named()
    made = [recipes.create(api, ana, **named)["id"] for named in (public, private)]
    recipes.publish(made[0])

    posts = [society.post(api, ana, recipe_id=recipe_id) for recipe_id in made]

    assert [_names(post["recipe"]) for post in posts] == [public, private]


def test_history_has_both_titles_for_oneself_and_for_others(api: Any, ana: Any) -> None:
    named = _named()
    recipe_id = recipes.create(api, ana, **named)["id"]
    session = api.post("/v1/cooking/sessions", json={"recipe_id": recipe_id}, token=ana.token).json()
    api.post(f"/v1/cooking/sessions/{session['id']}/complete", json={}, token=ana.token)

    listed, shown = _get(api, ana, "/v1/cooking/sessions"), _get(api, ana, f"/v1/users/{ana.id}/cooking")

    assert [_names(session["recipe"]), _names(listed["items"][0]["recipe"])] == [named, named]
    assert _names(shown["items"][0]) == named


def test_plans_have_both_titles_and_their_calendar_the_one_of_its_reader(api: Any, ana: Any) -> None:
    named = _named()
    recipe_id = recipes.create(api, ana, **named)["id"]
    plan = plans.plan(api, ana, days=1, meals=["dinner"])
    change = {"slots": [{"id": plan["slots"][0]["id"], "recipe_id": recipe_id}]}

    changed = api.patch(f"/v1/plans/{plan['id']}", json=change, token=ana.token)

    assert _names(changed.json()["slots"][0]["recipe"]) == named
    calendar = plan["calendar"][plan["calendar"].index("/v1/") :]
    texts = [api.get(calendar, headers={"Accept-Language": language}).content.decode() for language in ("vi", "en")]
    told = [text.replace("\r\n ", "") for text in texts]
    assert [[title in text for title in (named["title"], named["translated_title"])] for text in told] == [
        [True, False],
        [False, True],
    ]
