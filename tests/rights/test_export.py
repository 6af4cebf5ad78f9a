"""Exporting everything held about a person, for that person only: a job, a zip, a link."""

import io
import json
import re
import zipfile
from typing import Any

import pytest
import urllib3

from apps.core.models import kinds
from apps.rights import archive_page, archives
from tests.support import recipes, society
from tests.support.tasks import run_all

pytestmark = pytest.mark.usefixtures("seeded")


def test_the_archive_holds_what_somebody_wrote_and_is_theirs_alone(
    api: Any, ana: Any, ben: Any, messages: list[Any]
) -> None:
    society.post(api, ana, content="Bữa tối của nhà mình")
    recipe = recipes.create(api, ana)["id"]
    job = api.post("/v1/users/me/export", token=ana.token)
    assert job.status_code == 202, job.content
    run_all(messages)
    done = api.get(f"/v1/jobs/{job.json()['id']}", token=ana.token).json()
    assert done["state"] == "done"

    link = api.get(f"/v1/users/me/export/{done['result']['id']}", token=ana.token).json()["url"]
    archive = zipfile.ZipFile(io.BytesIO(urllib3.request("GET", link).data))

    data = json.loads(archive.read("data.json"))
    assert "Bữa tối của nhà mình" in json.dumps(data, ensure_ascii=False)
    assert recipe in json.dumps(data)
    assert ana.email in archive.read("index.html").decode()
    assert api.get(f"/v1/users/me/export/{done['result']['id']}", token=ben.token).status_code == 404


def test_the_archive_says_which_recipe_a_rating_is_of(api: Any, ana: Any, ben: Any) -> None:
    recipe = recipes.create(api, ben)["id"]
    recipes.publish(recipe)
    rating = {"stars": 4, "comment": "Ngon"}
    assert api.put(f"/v1/recipes/{recipe}/rating", json=rating, token=ana.token).status_code in {200, 201}

    (held,) = archives.collect(ana.id)["RatingRow"]

    assert (held["of"], held["stars"]) == (recipe, 4)


def test_the_page_of_the_archive_can_be_read(api: Any, ana: Any) -> None:
    recipes.create(api, ana, title="Canh <b>chua</b>")
    data = archives.collect(ana.id)

    page = archive_page.render(data, ["01ABC.webp"])

    headings = re.findall(r"<h2>(.*?) · <span lang=\"en\">(.*?)</span>", page)
    assert headings[0] == ("Hồ sơ", "Profile")
    assert ("Công thức", "Recipes") in headings
    assert "Canh &lt;b&gt;chua&lt;/b&gt;" in page
    # Nested values are shown as tables and lists, not as Python's repr.
    assert "{&#x27;" not in page
    assert "[&#x27;" not in page
    assert '<img src="pictures/01ABC.webp"' in page


def test_every_title_of_the_page_is_that_of_a_kind_of_row() -> None:
    assert set(archive_page._TITLES) <= {model.__name__ for model in kinds().values()}
