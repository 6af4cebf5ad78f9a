"""People as they and others see them."""

from datetime import timedelta
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from pynamodb.exceptions import GetError

from apps.core import clock
from apps.core.authentication import Actor
from apps.users import privacy
from apps.users.errors import UserNotFound
from apps.users.repositories import stored_people
from tests.support.accounts import fresh_name
from tests.support.friends import befriend
from tests.support.words import fresh_word

PARTS = ("profile", "email", "date_of_birth", "history", "preferences")


def change(api: Any, person: Any, **fields: Any) -> Any:
    return api.patch("/v1/users/me", json=fields, token=person.token)


def set_privacy(api: Any, person: Any, **parts: str) -> None:
    assert api.patch("/v1/users/me/privacy", json=parts, token=person.token).status_code == 200


def actor(person: Any) -> Actor:
    return Actor(person.id, person.username)


def test_a_new_profile_has_only_the_registered_fields(api: Any, ana: Any) -> None:
    answer = api.get("/v1/users/me", token=ana.token)

    me = answer.json()
    assert me.pop("created_at").endswith("Z")
    assert me == {
        "id": ana.id,
        "username": ana.username,
        "email": ana.email,
        "full_name": ana.username,
        "bio": None,
        "date_of_birth": None,
        "gender": None,
        "country": None,
        "avatar": None,
    }
    assert answer.headers["ETag"] == '"1"'


def test_fields_of_a_profile_are_changed_and_cleared(api: Any, ana: Any) -> None:
    wanted = {
        "full_name": "Trần Văn Bình",
        "bio": "Nấu ăn mỗi ngày",
        "date_of_birth": "1990-02-28",
        "gender": "other",
        "country": "VN",
    }

    assert change(api, ana, **wanted).status_code == 200
    found = api.get("/v1/users/me", token=ana.token).json()
    assert {name: found[name] for name in wanted} == wanted

    cleared = change(api, ana, bio="", date_of_birth=None, gender=None, country=None).json()
    assert [cleared[name] for name in ("bio", "date_of_birth", "gender", "country")] == [None] * 4
    assert cleared["full_name"] == wanted["full_name"]


def thirteen_years_ago(days: int) -> str:
    today = clock.now().date()
    # People born on 29 February turn thirteen on 1 March.
    birthday = today.replace(year=today.year - 13) if (today.month, today.day) != (2, 29) else today - timedelta(4748)
    return (birthday + timedelta(days)).isoformat()


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("full_name", "", "blank"),
        ("full_name", None, "null"),
        ("full_name", "x" * 101, "max_length"),
        ("bio", "x" * 501, "max_length"),
        ("bio", 5, "invalid"),
        ("date_of_birth", "1899-12-31", "too_early"),
        ("date_of_birth", "1990-02-30", "invalid"),
        ("date_of_birth", "19900228", "invalid"),
        ("date_of_birth", "1990-02-28T00:00:00Z", "invalid"),
        ("date_of_birth", 1990, "invalid"),
        ("gender", "m", "invalid_choice"),
        ("country", "vn", "invalid_choice"),
        ("country", "XX", "invalid_choice"),
        ("country", "UK", "invalid_choice"),
        ("username", "other", "unknown_field"),
        ("email", "other@example.com", "unknown_field"),
        ("id", "1", "unknown_field"),
    ],
)
def test_invalid_profile_fields_are_reported(api: Any, ana: Any, field: str, value: Any, code: str) -> None:
    answer = change(api, ana, **{field: value})

    assert answer.status_code == 400
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


def test_somebody_is_too_young_the_day_before_their_thirteenth_birthday(api: Any, ana: Any) -> None:
    answer = change(api, ana, date_of_birth=thirteen_years_ago(1))

    assert answer.status_code == 400
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [("date_of_birth", "too_young")]


def test_somebody_is_old_enough_on_their_thirteenth_birthday(api: Any, ana: Any) -> None:
    assert change(api, ana, date_of_birth=thirteen_years_ago(0)).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "other"),
    [
        ("patch", "/v1/users/me", {"bio": "x"}, {"bio": "y"}),
        ("patch", "/v1/users/me/privacy", {"email": "public"}, {"email": "friends"}),
        ("put", "/v1/users/me/preferences", {"recipe_count": 2}, {"recipe_count": 4}),
    ],
)
def test_nobody_overwrites_an_edit_unseen(api: Any, ana: Any, method: str, path: str, body: Any, other: Any) -> None:
    tag = api.get(path, token=ana.token).headers["ETag"]
    send = getattr(api, method)

    first = send(path, json=body, token=ana.token, headers={"If-Match": tag})
    second = send(path, json=other, token=ana.token, headers={"If-Match": tag})
    third = send(path, json=other, token=ana.token, headers={"If-Match": first.headers["ETag"]})

    assert [first.status_code, second.status_code, third.status_code] == [200, 412, 200]


def test_by_default_others_see_the_profile_without_address_and_birthday(api: Any, ana: Any, ben: Any) -> None:
    change(api, ana, date_of_birth="1990-02-28", bio="Hallo")

    found = api.get(f"/v1/users/{ana.id}", token=ben.token).json()

    assert (found["username"], found["bio"]) == (ana.username, "Hallo")
    assert (found["email"], found["date_of_birth"]) == (None, None)


@pytest.mark.parametrize("audience", ["public", "friends", "private"])
def test_others_see_each_field_according_to_privacy_settings(api: Any, ana: Any, ben: Any, audience: str) -> None:
    change(api, ana, date_of_birth="1990-02-28")
    set_privacy(api, ana, email=audience, date_of_birth=audience)

    found = api.get(f"/v1/users/{ana.id}", token=ben.token).json()
    own = api.get(f"/v1/users/{ana.id}", token=ana.token).json()

    shown = (ana.email, "1990-02-28")
    assert (found["email"], found["date_of_birth"]) == (shown if audience == "public" else (None, None))
    assert (own["email"], own["date_of_birth"]) == shown


@pytest.mark.parametrize("audience", ["friends", "private"])
def test_a_private_profile_does_not_exist_for_others(api: Any, ana: Any, ben: Any, audience: str) -> None:
    set_privacy(api, ana, profile=audience)

    hidden = api.get(f"/v1/users/{ana.id}", token=ben.token)
    absent = api.get("/v1/users/00000000-0000-4000-8000-000000000000", token=ben.token)

    assert hidden.status_code == absent.status_code == 404
    assert {**hidden.json(), "request_id": ""} == {**absent.json(), "request_id": ""}
    assert api.get(f"/v1/users?q={ana.username}", token=ben.token).json()["items"] == []
    assert api.get(f"/v1/users/{ana.id}", token=ana.token).status_code == 200


@pytest.mark.parametrize(("what", "audience"), list(product(PARTS, ("public", "friends", "private"))))
def test_each_part_is_visible_to_its_audience_and_always_to_oneself(
    api: Any, ana: Any, ben: Any, what: str, audience: str
) -> None:
    set_privacy(api, ana, **{what: audience})

    privacy.require_visible(ana.id, what, actor=actor(ana))
    if audience == "public":
        privacy.require_visible(ana.id, what, actor=actor(ben))
    else:
        with pytest.raises(UserNotFound):
            privacy.require_visible(ana.id, what, actor=actor(ben))


def test_friends_see_the_parts_for_friends(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    befriend(api, ana, ben)
    set_privacy(api, ana, email="friends", history="private", preferences="friends")
    wanted = {"dietary_restrictions": ["vegan"], "skill_level": "beginner"}
    assert api.put("/v1/users/me/preferences", json=wanted, token=ana.token).status_code == 200

    shown, hidden = [api.get(f"/v1/users/{ana.id}", token=one.token).json() for one in (ben, cyd)]

    assert (shown["email"], shown["is_friend"], shown["preferences"]["skill_level"]) == (ana.email, True, "beginner")
    assert (hidden["email"], hidden["is_friend"], hidden["preferences"]) == (None, False, None)
    privacy.require_visible(ana.id, "preferences", actor=actor(ben))
    with pytest.raises(UserNotFound):
        privacy.require_visible(ana.id, "history", actor=actor(ben))


@pytest.mark.parametrize("unread", ["load_privacy", "find_relations_and_hidden"])
def test_unreadable_privacy_and_friendship_count_as_private(
    api: Any, ana: Any, ben: Any, monkeypatch: pytest.MonkeyPatch, unread: str
) -> None:
    def fail(_user_id: str, **_options: Any) -> Any:
        raise GetError("no answer")

    monkeypatch.setattr(stored_people, unread, fail)

    assert api.get(f"/v1/users/{ana.id}", token=ben.token).status_code == 404


@pytest.mark.parametrize("user_id", ["x", "a%23b", "%00", "ü" * 40, "01ARZ3NDEKTSV4RRFFQ69G5FAV"])
def test_a_malformed_id_finds_nobody(api: Any, ana: Any, user_id: str) -> None:
    assert api.get(f"/v1/users/{user_id}", token=ana.token).status_code == 404


def test_privacy_has_defaults_and_changes_part_by_part(api: Any, ana: Any) -> None:
    defaults = {
        "profile": "public",
        "email": "private",
        "date_of_birth": "private",
        "history": "private",
        "preferences": "private",
    }
    assert api.get("/v1/users/me/privacy", token=ana.token).json() == defaults

    changed = api.patch("/v1/users/me/privacy", json={"history": "friends"}, token=ana.token).json()

    assert changed == {**defaults, "history": "friends"}
    assert api.get("/v1/users/me/privacy", token=ana.token).json() == changed


@pytest.mark.parametrize("body", [{"email": "nobody"}, {"email": None}, {"emails": "public"}, [], "x"])
def test_privacy_accepts_only_known_parts_and_audiences(api: Any, ana: Any, body: Any) -> None:
    assert api.patch("/v1/users/me/privacy", json=body, token=ana.token).status_code == 400


def test_people_are_found_by_the_start_of_their_username_page_by_page(api: Any, ana: Any, person: Any) -> None:
    start = fresh_name("s")
    names = [f"{start}.{number}" for number in range(5)]
    people = [person(name) for name in names]
    set_privacy(api, people[1], profile="private")

    first = api.get(f"/v1/users?q={start.upper()}&limit=3", token=ana.token).json()
    second = api.get(f"/v1/users?q={start.upper()}&limit=3&cursor={first['next']}", token=ana.token).json()

    assert [item["username"] for item in first["items"]] == [names[0], names[2], names[3]]
    assert [item["username"] for item in second["items"]] == [names[4]]
    assert second["next"] is None
    assert first["items"][0]["email"] is None


def test_a_search_accepts_an_at_sign_and_hides_gender_and_country_from_strangers(
    api: Any, ana: Any, ben: Any, cyd: Any
) -> None:
    befriend(api, ana, ben)
    api.patch("/v1/users/me", json={"gender": "female", "country": "VN"}, token=ana.token)

    def found(person: Any) -> list[tuple[Any, Any]]:
        items = api.get(f"/v1/users?q=@{ana.username}", token=person.token).json()["items"]
        return [(one["gender"], one["country"]) for one in items]

    assert found(ben) == [("female", "VN")]
    assert found(cyd) == [(None, None)]


def test_the_profile_of_somebody_under_sixteen_stays_private(
    api: Any, ana: Any, ben: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = clock.now().date()
    born = day.replace(year=day.year - 15, day=1).isoformat()
    assert api.patch("/v1/users/me", json={"date_of_birth": born}, token=ana.token).status_code == 200

    assert api.get(f"/v1/users/{ana.id}", token=ben.token).status_code == 404
    opened = api.patch("/v1/users/me/privacy", json={"profile": "public"}, token=ana.token)
    assert (opened.status_code, opened.json()["code"]) == (409, "profile_stays_private")

    forgotten = api.patch("/v1/users/me", json={"date_of_birth": None}, token=ana.token)
    assert (forgotten.status_code, forgotten.json()["code"]) == (409, "profile_stays_private")
    assert api.get("/v1/users/me", token=ana.token).json()["date_of_birth"] == born

    in_two_years = clock.now() + timedelta(days=2 * 366)
    monkeypatch.setattr(clock, "now", lambda: in_two_years)
    assert api.patch("/v1/users/me/privacy", json={"profile": "public"}, token=ana.token).status_code == 200


@pytest.mark.parametrize("query", ["", "q=a", "q=" + "a" * 61, "q=ab&x=1", "q=ab&limit=0", "q=ab&cursor=x"])
def test_a_search_for_people_needs_at_least_two_letters(api: Any, ana: Any, query: str) -> None:
    assert api.get(f"/v1/users?{query}", token=ana.token).status_code == 400


def named(api: Any, person: Any, name: str) -> str:
    assert api.patch("/v1/users/me", json={"full_name": name}, token=person.token).status_code == 200
    return str(person.id)


def found_ids(api: Any, viewer: Any, query: str, limit: int = 20) -> list[str]:
    """Return the ids that a search finds, page by page."""
    ids, cursor = [], ""
    while True:
        path = f"/v1/users?q={quote(query)}&limit={limit}{cursor}"
        page = api.get(path, token=viewer.token).json()
        ids += [one["id"] for one in page["items"]]
        if page["next"] is None:
            return ids
        cursor = f"&cursor={quote(page['next'])}"


def test_people_are_found_by_words_of_their_full_name_without_diacritics(api: Any, ana: Any, ben: Any) -> None:
    rare = fresh_word()
    named(api, ana, f"Nguyễn Thị Đoan {rare}")

    for query in (rare, rare[:6], f"doan {rare}", f"{rare.upper()} NGUYEN", f"Đoàn {rare}"):
        assert found_ids(api, ben, query) == [ana.id], query
    for query in (f"tran {rare}", f"@{rare}", f"oan {rare}"):
        assert found_ids(api, ben, query) == [], query


def test_a_search_follows_a_change_of_the_name(api: Any, ana: Any, ben: Any) -> None:
    first, second = (fresh_word() for _ in range(2))
    named(api, ana, f"Lan {first}")

    named(api, ana, f"Lan {second}")

    assert (found_ids(api, ben, first), found_ids(api, ben, second)) == ([], [ana.id])


def test_a_search_by_name_leaves_out_hidden_profiles(api: Any, ana: Any, ben: Any, cyd: Any, person: Any) -> None:
    rare, dan = fresh_word(), person()
    for one in (ana, ben, cyd):
        named(api, one, f"Lan {rare}")
    api.patch("/v1/users/me/privacy", json={"profile": "friends"}, token=ben.token)
    assert api.put(f"/v1/users/{dan.id}/block", token=cyd.token).status_code == 204

    assert found_ids(api, dan, rare) == [ana.id]
    befriend(api, ben, dan)
    assert set(found_ids(api, dan, rare)) == {ana.id, ben.id}


def test_a_person_found_by_username_and_by_name_appears_once(api: Any, person: Any, ben: Any) -> None:
    rare = fresh_word()
    by_both, by_name = person(f"{rare}_a"), person()
    for one in (by_both, by_name):
        named(api, one, f"{rare} {rare}x Lan")

    for limit in (1, 2, 20):
        assert found_ids(api, ben, rare, limit) == [by_both.id, by_name.id]


@pytest.mark.parametrize("start", ["{0}%23{0}", "Ü!", "%23%23", "q'"])
def test_a_search_for_an_impossible_username_finds_nobody(api: Any, ana: Any, start: str) -> None:
    answer = api.get(f"/v1/users?q={start.format(fresh_word())}", token=ana.token)

    assert (answer.status_code, answer.json()) == (200, {"items": [], "next": None})


@pytest.mark.parametrize("path", ["", "?q=ab", "/me", "/me/preferences", "/me/privacy"])
def test_reading_profiles_and_searching_people_require_a_login(api: Any, path: str) -> None:
    assert api.get(f"/v1/users{path}").status_code == 401
