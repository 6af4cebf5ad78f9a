"""What the pages of the admin cost: a bounded number of read units, however much lies in the queues."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.ingredients import services as ingredients
from devtools.capacity.metering import metered
from tests.support import recipes, society
from tests.support.moderators import Browser

pytestmark = pytest.mark.usefixtures("seeded")

# Read units that a page may take: two dozen objects of a kilobyte or two, and what says who asks.
MOST = 60
HOME = 160


def test_every_page_costs_a_bounded_number_of_read_units(
    api: Any, ana: Any, person: Callable[..., Any], browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(30):
        recipe = recipes.create(api, ana)["id"]
    post = society.post(api, ana)["id"]
    for _ in range(3):
        body = {"target_type": "post", "target_id": post, "reason": "spam"}
        api.post("/v1/reports", json=body, token=person().token)
    tomato = ingredients.resolve("cà chua")
    assert tomato is not None
    pages = {
        "": HOME, "backoffice/recipe/": MOST, f"backoffice/recipe/{recipe}/change/": MOST, "backoffice/case/": MOST,
        f"backoffice/case/post:{post}/change/": MOST, f"backoffice/person/?q={ana.username[:4]}": 2 * MOST,
        f"backoffice/person/{ana.id}/change/": MOST, "backoffice/unknownname/": MOST, "backoffice/ingredient/": MOST,
        f"backoffice/ingredient/{tomato.id}/change/": MOST, "backoffice/appeal/": MOST, "backoffice/auditrecord/": MOST,
        f"backoffice/recipe/{recipe}/history/": MOST,
    }  # fmt: skip
    cost = {page: _cost(browser, page) for page in pages}

    with capsys.disabled():
        print("\nread units of the admin's pages")
        for page, units in cost.items():
            print(f"  {units:6.1f}  /admin/{page}")
    assert {page: units for page, units in cost.items() if units > pages[page]} == {}


def _cost(browser: Browser, page: str) -> float:
    with metered() as meter:
        assert browser.client.get(f"/admin/{page}").status_code == 200
    return float(meter.consumed.read_units)
