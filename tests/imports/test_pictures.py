"""Pictures of imported recipes: fetched or unpacked, checked by the picture worker, and never a reason to fail."""

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

from apps.core import ids
from apps.imports import bringing_pictures, fetching
from apps.imports.errors import AddressRefused, PageNotReached, PageTooLarge, PageTooSlow
from apps.imports.fetching import Page
from apps.media import repositories as uploads
from tests.support import images, recipes, tasks
from tests.support.archives import JSON_LD, NEXTCLOUD, zipped
from tests.support.fetching import answer, site  # noqa: F401  a fixture
from tests.support.imports import accept, begin, job, read
from tests.support.own_archives import bring

pytestmark = pytest.mark.usefixtures("seeded")

PICTURE = images.encoded(images.picture((64, 48)))


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A page and its picture, instead of the internet."""
    found: dict[str, Any] = {"picture": PICTURE}

    def fetch_picture(url: str) -> bytes:
        assert url == "https://e.com/a.jpg"
        if isinstance(found["picture"], Exception):
            raise found["picture"]
        return bytes(found["picture"])

    page = f'<script type="application/ld+json">{json.dumps(JSON_LD)}</script>'
    monkeypatch.setattr(fetching, "fetch", lambda url: Page(url, page.encode(), "text/html; charset=utf-8"))
    monkeypatch.setattr(fetching, "fetch_picture", fetch_picture)
    return found


def from_page(api: Any, person: Any, messages: list[Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    begun = begin(api, person, url="https://e.com/a")
    tasks.run_all(messages)
    (made,) = accept(api, person, begun["id"]).json()["recipes"]
    tasks.run_all(messages, times=2)
    return begun, api.get(f"/v1/recipes/{made['id']}", token=person.token).json()


def test_the_picture_of_a_page_becomes_the_recipes(
    api: Any, ana: Any, messages: list[Any], web: dict[str, Any]
) -> None:
    begun, recipe = from_page(api, ana, messages)

    assert read(api, ana, begun["id"])["recipes"][0]["has_picture"] is True
    assert recipe["image"] is not None
    status, content = images.fetch(recipe["image"]["256"])
    assert (status, images.decoded(content).format) == (200, "WEBP")
    # The posted original is deleted, and no removal is pending.
    assert not [key for key in images.objects_of(ana) if key.startswith("incoming/")]
    assert [row.gsi4pk for row in uploads.query_uploads(ana.id)] == [None]


@pytest.mark.parametrize(
    "picture",
    [
        AddressRefused(), PageNotReached(), PageTooLarge(), PageTooSlow(), b"", b"<html>", b"GIF89a", PICTURE[:200],
        b"\xff\xd8\xff\xe0" + b"\x00" * 5000, b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    ],
    ids=str,
)  # fmt: skip
def test_an_unavailable_picture_is_left_out_and_the_recipe_stays(
    api: Any, ana: Any, messages: list[Any], web: dict[str, Any], picture: Any
) -> None:
    web["picture"] = picture

    begun, recipe = from_page(api, ana, messages)

    assert job(api, ana, begun["id"])["state"] == "done"
    assert (recipe["title"], recipe["image"]) == ("Canh bí đỏ", None)
    assert list(uploads.query_uploads(ana.id)) == []
    assert images.objects_of(ana) == []


@pytest.mark.parametrize(
    "url",
    ["http://169.254.169.254/latest/meta-data/iam/a.jpg", "http://127.0.0.1/a.jpg", "file:///etc/passwd", "images/../a.jpg",
     "http://recipes.com:6379/a.jpg", "data:image/png;base64,AAAA"],
)  # fmt: skip
def test_a_picture_is_not_fetched_from_a_private_address(
    api: Any, ana: Any, messages: list[Any], monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setattr(fetching, "_request", lambda *_: pytest.fail("connected"))
    document = {
        "@type": "Recipe",
        "name": "R",
        "recipeIngredient": ["1 trứng"],
        "recipeInstructions": ["Luộc."],
        "image": url,
    }

    brought = bring(api, ana, json.dumps(document).encode(), messages)
    (made,) = accept(api, ana, brought["id"]).json()["recipes"]
    tasks.run_all(messages)

    assert api.get(f"/v1/recipes/{made['id']}", token=ana.token).json()["image"] is None


def test_a_picture_is_fetched_under_the_rules_of_pages(site: Callable[..., Any]) -> None:  # noqa: F811
    seen = site(
        lambda path: (
            {
                "/a.jpg": answer(PICTURE, kind="image/jpeg"),
                "/page": answer(b"<html>", kind="text/html"),
                "/svg": answer(b"<svg/>", kind="image/svg+xml"),
                "/large": answer(bytes(fetching.MAX_PICTURE + 1), kind="image/png"),
                "/bomb": answer(
                    gzip.compress(bytes(fetching.MAX_PICTURE + 1)), kind="image/png", Content_Encoding="gzip"
                ),
                "/away": answer(b"", "302 Found", Location="http://inside.com/a.jpg"),
            }[path],
        )
    )

    assert fetching.fetch_picture("http://recipes.com/a.jpg") == PICTURE
    assert "Accept: image/jpeg, image/png, image/webp" in seen[0]
    for path, refusal in (
        ("page", PageNotReached), ("svg", PageNotReached), ("large", PageTooLarge), ("bomb", PageTooLarge), ("away", AddressRefused),
    ):  # fmt: skip
        with pytest.raises(refusal):
            fetching.fetch_picture(f"http://recipes.com/{path}")


def test_a_picture_of_an_archive_becomes_the_recipes_unless_its_owner_chose_another(
    api: Any, ana: Any, messages: list[Any]
) -> None:
    content = zipped(
        a__recipe_dot_json=NEXTCLOUD,
        a__full_dot_jpg=PICTURE,
        b__recipe_dot_json={**NEXTCLOUD, "name": "Tea"},
        b__full_dot_jpg=PICTURE,
    )
    brought = bring(api, ana, content, messages)
    own = images.upload(api, ana, purpose="recipe")
    changed = recipes.body("Trà của tôi") | {"image": own["id"]}

    made = accept(api, ana, brought["id"], {"draft_id": "000"}, {"draft_id": "001", "recipe": changed}).json()[
        "recipes"
    ]
    tasks.run_all(messages)

    first, second = (api.get(f"/v1/recipes/{one['id']}", token=ana.token).json() for one in made)
    assert images.fetch(first["image"]["256"])[0] == 200
    assert own["links"]["1024"].split("?")[0] == second["image"]["1024"].split("?")[0]


def test_a_picture_that_arrives_too_late_is_removed(api: Any, ana: Any, messages: list[Any]) -> None:
    content = zipped(
        a__recipe_dot_json=NEXTCLOUD, a__full_dot_jpg=PICTURE, b__recipe_dot_json=NEXTCLOUD, b__full_dot_jpg=PICTURE
    )
    brought = bring(api, ana, content, messages)
    kept, gone = accept(api, ana, brought["id"], {"draft_id": "000"}, {"draft_id": "001"}).json()["recipes"]
    own = images.upload(api, ana, purpose="recipe")["id"]
    assert api.patch(f"/v1/recipes/{kept['id']}", json={"image": own}, token=ana.token).status_code == 200
    assert api.delete(f"/v1/recipes/{gone['id']}", token=ana.token).status_code == 204

    tasks.run_all(messages)

    pictures = [row.id for row in uploads.query_uploads(ana.id) if row.purpose == "recipe"]
    assert pictures == [own]


def test_a_message_about_an_unknown_import_does_nothing(ana: Any) -> None:
    bringing_pictures.bring(ana.id, ids.new_id(), "000")
    bringing_pictures.attach(ana.id, ids.new_id())
    assert list(uploads.query_uploads(ana.id)) == []
