"""Pages besides the API: the client's page, public recipes, the sitemap, and headers."""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.test import Client

from apps.web import views
from smartcooking.contract import page_headers
from tests.support import recipes

pytestmark = pytest.mark.usefixtures("seeded")
_DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


@pytest.fixture
def client_page(tmp_path: Path, settings: Any) -> Any:
    """A built client in a temporary directory."""
    (tmp_path / "index.html").write_text("<!doctype html><title>built</title>")
    settings.WEB_ROOT = tmp_path
    views._client_page.cache_clear()
    yield
    views._client_page.cache_clear()


def get(path: str, accept: str = "text/html", **headers: str) -> Any:
    return Client().get(path, headers={"Accept": accept, **headers})


def published(api: Any, owner: Any, **changes: Any) -> str:
    recipe_id: str = recipes.create(api, owner, **changes)["id"]
    recipes.publish(recipe_id)
    return recipe_id


@pytest.mark.usefixtures("client_page")
@pytest.mark.parametrize("path", ["/", "/recipes", "/answer/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/settings/data"])
def test_a_browser_gets_the_client_at_every_address_of_a_page(path: str) -> None:
    answer = get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert b"built" in answer.content
    assert answer["Cache-Control"] == "no-cache"


@pytest.mark.usefixtures("client_page")
def test_a_program_is_told_where_the_interface_is() -> None:
    told = get("/", accept="*/*").json()

    assert told.pop("name") == "Smart Cooking"
    assert {path: get(path, accept="*/*").status_code for path in told.values()} == {"/v1/schema": 200, "/docs": 200}


@pytest.mark.usefixtures("client_page")
@pytest.mark.parametrize("path", ["/v1/nothing", "/assets/gone.js", "/static/gone.css"])
def test_what_is_not_a_page_stays_missing(path: str) -> None:
    assert get(path).status_code == 404


@pytest.mark.usefixtures("client_page")
def test_pages_load_nothing_inline_and_nothing_from_elsewhere() -> None:
    policy = dict(one.split(" ", 1) for one in get("/")["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["require-trusted-types-for"] == "'script'"


def test_the_policy_names_the_origins_that_it_is_given() -> None:
    policy = page_headers.content_security_policy(connect=("https://api.example",), pictures=("https://img.example",))
    assert "connect-src 'self' https://api.example" in policy
    assert "img-src 'self' data: blob: https://img.example" in policy


def test_a_public_recipe_says_what_search_engines_ask_for(api: Any, ana: Any) -> None:
    recipe_id = published(api, ana, title="Bò xào lúc lắc", language="vi")
    answer = get(f"/r/{recipe_id}")
    assert answer.status_code == 200
    assert "max-age=60" in answer["Cache-Control"]
    found = _DATA.search(answer.content.decode())
    assert found is not None
    data = orjson.loads(found.group(1))
    assert (data["@type"], data["name"], data["inLanguage"]) == ("Recipe", "Bò xào lúc lắc", "vi")
    assert data["totalTime"] == "PT20M"
    assert data["recipeIngredient"][0] == "300 g thịt bò"
    assert [step["@type"] for step in data["recipeInstructions"]] == ["HowToStep", "HowToStep"]
    assert data["url"].endswith(f"/r/{recipe_id}")


def test_a_public_recipe_names_its_allergens(api: Any, ana: Any) -> None:
    lines = [{"name": "đậu phộng", "quantity": 100, "unit": "g"}, {"name": "thịt bò", "quantity": 300, "unit": "g"}]
    page = get(f"/r/{published(api, ana, ingredients=lines, language='vi')}").content.decode()
    assert "Chất gây dị ứng:</strong> đậu phộng" in page
    page = get(f"/r/{published(api, ana, ingredients=lines, language='en')}").content.decode()
    assert "Allergens:</strong> peanuts" in page


@pytest.mark.parametrize(("food", "is_sure"), [("cà chua", True), ("xúc xích", False)])
def test_a_public_recipe_promises_no_diet_that_depends_on_a_brand(
    api: Any, ana: Any, food: str, *, is_sure: bool
) -> None:
    steps = [{"text": f"Luộc {food}."}]
    recipe_id = published(api, ana, title=f"{food} luộc", language="vi", ingredients=[{"name": food}], steps=steps)
    kept = api.get(f"/v1/recipes/{recipe_id}", token=ana.token).json()
    page = get(f"/r/{recipe_id}").content.decode()
    found = _DATA.search(page)

    assert ("gluten" in kept["may_contain"], "gluten_free" in kept["diets"]) == (not is_sure, True)
    assert found is not None
    assert ("https://schema.org/GlutenFreeDiet" in orjson.loads(found.group(1)).get("suitableForDiet", [])) is is_sure
    assert ("có thể có, tùy nhãn hàng: gluten" in page) is not is_sure


def test_text_of_people_is_text(api: Any, ana: Any) -> None:
    recipe_id = published(
        api, ana, title="</script><script>alert(1)</script>", description="<img src=x onerror=alert(1)>"
    )
    page = get(f"/r/{recipe_id}").content.decode()
    assert page.count("<script") == 1
    assert "<img src=x" not in page


def test_a_recipe_that_is_deleted_or_private_or_unknown_has_no_page(api: Any, ana: Any) -> None:
    from apps.recipes import catalogue  # noqa: PLC0415

    recipe_id = published(api, ana)
    private = recipes.create(api, ana)["id"]
    assert api.delete(f"/v1/recipes/{recipe_id}", token=ana.token).status_code == 204
    catalogue.live().refresh()
    for gone in (recipe_id, private, "01ARZ3NDEKTSV4RRFFQ69G5FAV", "nonsense"):
        assert get(f"/r/{gone}").status_code == 404


def test_the_sitemap_lists_public_recipes_and_no_others(api: Any, ana: Any) -> None:
    recipe_id, private = published(api, ana), recipes.create(api, ana)["id"]
    answer = get("/sitemap.xml")
    assert answer["Content-Type"] == "application/xml"
    page = answer.content.decode()
    assert f"/r/{recipe_id}</loc>" in page
    assert private not in page


def test_robots_may_read_recipes_and_leave_the_interface_alone() -> None:
    page = get("/robots.txt").content.decode()
    assert {"Allow: /r/", "Disallow: /v1/"} <= set(page.splitlines())
    assert "Sitemap: " in page
