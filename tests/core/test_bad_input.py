"""Invalid input never causes a 500: it gets a problem that says what is wrong, and nothing is written."""

from typing import Any

import pytest

from tests.support import recipes

pytestmark = pytest.mark.usefixtures("seeded")
PROBLEM = "application/problem+json"


def post(api: Any, person: Any, body: bytes, **options: Any) -> Any:
    return api.post("/v1/recipes", body=body, token=person.token, **options)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"not json",
        b'{"title": NaN}',
        b'{"title": "\\ud800"}',
        b'{"title": "a\x00b"}',
        b"\xff\xfe",
        b"[" * 60_000,
        b'{"a":' * 2000 + b"1" + b"}" * 2000,
    ],
    ids=["cut", "text", "nan", "surrogate", "nul", "not-utf8", "deep-list", "deep-object"],
)
def test_malformed_json_is_400(api: Any, ana: Any, body: bytes) -> None:
    answer = post(api, ana, body)

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == PROBLEM
    assert answer.json()["code"] in {"malformed", "validation_failed"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/recipes", b'{"title": '),
        ("/v1/recipes", b'{"title": "\\ud800"}'),
        ("/v1/recipes", b'{"servings": NaN}'),
        ("/v1/recipes", b"\xff\xfe"),
        ("/v1/recipes", b"[" * 60_000),
        ("/v1/recipes", b"null"),
        ("/v1/recipes", b"[]"),
        ("/v1/recipes?q=%00", None),
        ("/v1/recipes?cursor=%00", None),
    ],
    ids=["cut", "surrogate", "nan", "not-utf8", "deep", "null", "list", "nul-in-q", "nul-in-cursor"],
)
def test_whatever_cannot_be_read_is_explained_in_the_callers_language(
    api: Any, ana: Any, path: str, body: bytes | None
) -> None:
    told = {}
    for language in ("vi", "en"):
        headers = {"Accept-Language": language}
        if body is None:
            answer = api.get(path, token=ana.token, headers=headers)
        else:
            answer = post(api, ana, body, headers=headers)
        assert answer.status_code == 400
        problem = answer.json()
        told[language] = [problem["detail"], *(one["message"] for one in problem.get("errors", ()))]

    assert len(told["vi"]) == len(told["en"])
    assert not set(told["vi"]) & set(told["en"])


@pytest.mark.parametrize("body", [b"[]", b"null", b"3", b'"text"', b"true"])
def test_json_that_is_no_object_is_400(api: Any, ana: Any, body: bytes) -> None:
    assert post(api, ana, body).status_code == 400


def test_a_body_of_ten_megabytes_is_413(api: Any, ana: Any) -> None:
    answer = post(api, ana, b'{"title": "' + b"x" * 10_000_000 + b'"}')

    assert answer.status_code == 413
    assert answer.json()["code"] == "payload_too_large"


def test_another_media_type_is_415(api: Any, ana: Any) -> None:
    assert post(api, ana, b"title=x", content_type="application/x-www-form-urlencoded").status_code == 415


def test_only_json_is_spoken(api: Any, ana: Any) -> None:
    answer = api.get("/v1/pantry", token=ana.token, headers={"Accept": "text/html"})

    assert answer.status_code == 406
    assert answer.headers["Content-Type"] == PROBLEM


def test_an_unknown_field_is_refused_by_its_name(api: Any, ana: Any) -> None:
    answer = api.post("/v1/recipes", json=recipes.body(approval="approved"), token=ana.token)

    assert answer.status_code == 400
    assert {"field": "approval", "code": "unknown_field"}.items() <= answer.json()["errors"][0].items()


def test_an_unknown_field_hides_no_other_error(api: Any, ana: Any) -> None:
    line = {"name": "", "colour": "red"}
    body = recipes.body(approval="approved", servings=0, ingredients=[line]) | {"title": ""}

    answer = api.post("/v1/recipes", json=body, token=ana.token)

    assert answer.status_code == 400
    found = {(one["field"], one["code"]) for one in answer.json()["errors"]}
    assert {("approval", "unknown_field"), ("ingredients.0.colour", "unknown_field")} <= found
    assert {"approval", "title", "servings", "ingredients.0.colour", "ingredients.0.name"} == {one for one, _ in found}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": 3}, "title"),
        ({"title": ""}, "title"),
        ({"title": "\u200b\u200b"}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": None}, "title"),
        ({"servings": "4"}, "servings"),
        ({"servings": True}, "servings"),
        ({"servings": 51}, "servings"),
        ({"servings": 4.5}, "servings"),
        ({"method": "fried"}, "method"),
        ({"method": ["fry"]}, "method"),
        ({"method": {}}, "method"),
        ({"ingredients": []}, "ingredients"),
        ({"ingredients": [{"name": "cà chua"}] * 51}, "ingredients"),
        ({"ingredients": [{"name": "cà chua", "quantity": -1}]}, "ingredients.0.quantity"),
        ({"ingredients": [{"name": "cà chua", "quantity": 1e300}]}, "ingredients.0.quantity"),
        ({"ingredients": [{"name": "cà chua", "optional": "yes"}]}, "ingredients.0.optional"),
        ({"ingredients": [{"name": "cà chua", "colour": "red"}]}, "ingredients.0.colour"),
        ({"ingredients": [{}]}, "ingredients.0.name"),
        ({"ingredients": "cà chua"}, "ingredients"),
        ({"ingredients": {"0": {"name": "cà chua"}}}, "ingredients"),
        ({"steps": [{"text": "x" * 2001}]}, "steps.0.text"),
        ({"steps": ["Xào."]}, "steps.0"),
        ({"tags": [f"tag {n}" for n in range(21)]}, "tags"),
        ({"tags": [{}]}, "tags.0"),
        ({"cuisine": "Việt Nam"}, "cuisine"),
        ({"nutrition": {"calories": "many"}}, "nutrition.calories"),
    ],
)
def test_a_wrong_field_is_named(api: Any, ana: Any, change: dict[str, Any], field: str) -> None:
    answer = api.post("/v1/recipes", json={**recipes.body(), **change}, token=ana.token)

    assert answer.status_code == 400
    assert field in [error["field"] for error in answer.json()["errors"]]


def test_a_change_may_leave_out_fields_but_not_parts_of_a_line(api: Any, ana: Any) -> None:
    recipe = recipes.create(api, ana)

    answer = api.patch(f"/v1/recipes/{recipe['id']}", json={"ingredients": [{"quantity": 3}]}, token=ana.token)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "ingredients.0.name"


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=101", "limit=abc", "limit=1&limit=2", "limit=٣", "limit=1e1", "cursor=forged",
        "nothing=1", "sort=best", "max_minutes=-1", "diet=carnivore", "ingredient=1", "servings=2",
        "without_allergen=fish,plutonium", "q=" + "x" * 201, "q=%00",
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_400(api: Any, ana: Any, query: str) -> None:
    answer = api.get(f"/v1/recipes?{query}", token=ana.token)

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == PROBLEM


@pytest.mark.parametrize("q", ["%ED%A0%80", "%FF", "%22%27%28%29%3A%2A", "AND%20OR%20NOT", "%F0%9F%8D%9C", "a%20" * 90])
def test_any_text_can_be_searched_for(api: Any, ana: Any, q: str) -> None:
    assert api.get(f"/v1/recipes?q={q}", token=ana.token).status_code in {200, 400}


@pytest.mark.parametrize("recipe_id", ["1", "x" * 5000, "%00", "%23", "01ARZ3NDEKTSV4RRFFQ69G5FA%23", "é", "%ED%A0%80"])
def test_what_cannot_be_an_id_is_404(api: Any, ana: Any, recipe_id: str) -> None:
    for method, path in [
        ("GET", f"/v1/recipes/{recipe_id}"),
        ("DELETE", f"/v1/recipes/{recipe_id}"),
        ("PUT", f"/v1/recipes/{recipe_id}/favorite"),
        ("GET", f"/v1/suggestions/{recipe_id}"),
        ("GET", f"/v1/cooking/sessions/{recipe_id}"),
        ("GET", f"/v1/ingredients/{recipe_id}"),
        ("DELETE", f"/v1/pantry/{recipe_id}"),
    ]:
        assert api.request(method, path, token=ana.token).status_code == 404, path


@pytest.mark.parametrize(("method", "path"), [("POST", "/v1/favorites"), ("OPTIONS", "/v1/recipes"), ("PUT", "/livez")])
def test_another_method_is_405(api: Any, ana: Any, method: str, path: str) -> None:
    answer = api.request(method, path, token=ana.token)

    assert answer.status_code == 405
    assert answer.headers["Content-Type"] == PROBLEM


def test_an_unknown_path_is_a_problem_too(api: Any) -> None:
    answer = api.get("/v2/everything")

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_every_answer_has_a_request_id_and_keeps_a_sane_one(api: Any) -> None:
    mine = api.get("/livez", headers={"X-Request-Id": "my-request-1234"})
    odd = api.get("/nowhere", headers={"X-Request-Id": "bad id\n" + "x" * 500})

    assert mine.headers["X-Request-Id"] == "my-request-1234"
    assert odd.headers["X-Request-Id"] == odd.json()["request_id"] != "bad id"


def test_messages_are_in_the_language_of_the_caller(api: Any) -> None:
    vietnamese = api.get("/v1/pantry", headers={"Accept-Language": "vi"}).json()["title"]
    english = api.get("/v1/pantry", headers={"Accept-Language": "en"}).json()["title"]

    assert (vietnamese, english) == ("Cần đăng nhập", "A valid access token is required")


def test_names_and_titles_are_one_line(api: Any, ana: Any) -> None:
    profile = api.patch("/v1/users/me", json={"full_name": "Lan\n\n  Trần\t"}, token=ana.token)
    recipe = api.post("/v1/recipes", json=recipes.body(title="Phở\r\nbò"), token=ana.token)
    nothing = api.patch("/v1/users/me", json={"full_name": "\n\n"}, token=ana.token)

    assert profile.json()["full_name"] == "Lan Trần"
    assert recipe.json()["title"] == "Phở bò"
    assert nothing.status_code == 400
