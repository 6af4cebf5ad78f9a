"""Fixtures of the suites: the cast, somebody for each role, and what tidies up after each test."""

from collections.abc import Iterator

import pytest

from e2e.people import Cast, Person, Tidy, share
from e2e.raters import are_there, gather
from e2e.recipes import recipe
from smartcooking.probes.http import Api


@pytest.fixture(scope="session")
def cast(request: pytest.FixtureRequest) -> Cast:
    found: Cast = request.config.stash[CAST]
    return found


@pytest.fixture
def stranger(cast: Cast) -> Api:
    """Somebody who is not signed in."""
    return Api(cast.url)


@pytest.fixture
def ana(cast: Cast) -> Person:
    return cast.person("ana")


@pytest.fixture
def ben(cast: Cast) -> Person:
    return cast.person("ben")


@pytest.fixture
def cyd(cast: Cast) -> Person:
    return cast.person("cyd")


@pytest.fixture
def dan(cast: Cast) -> Person:
    return cast.person("dan")


@pytest.fixture
def tidy() -> Iterator[Tidy]:
    with Tidy() as stack:
        yield stack


@pytest.fixture
def own_recipe(ana: Person, tidy: Tidy) -> str:
    """The path of a recipe that ana has written."""
    return tidy.remove(ana, f"/v1/recipes/{ana.post('/v1/recipes', recipe())['id']}")


@pytest.fixture
def friends(ana: Person, ben: Person, tidy: Tidy) -> tuple[Person, Person]:
    """Ana and ben, who are friends while the test runs."""
    tidy.callback(ana.delete, f"/v1/friends/{ben.id}")
    ana.post("/v1/friends/requests", {"user_id": ben.id})
    ben.post(f"/v1/friends/requests/{ana.id}/accept")
    return ana, ben


@pytest.fixture
def shared_recipe(ana: Person, ben: Person, cyd: Person, dan: Person, own_recipe: str, tidy: Tidy) -> str:
    """The path of a pending recipe of ana's that ben, cyd and dan see, since they are friends and she posted it."""
    share(ana, [ben, cyd, dan], own_recipe, tidy)
    return own_recipe


@pytest.fixture(scope="session")
def raters(cast: Cast) -> list[Person]:
    """Three people whose ratings count."""
    return gather(cast)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "raters: needs three people whose ratings count (e2e/raters.py)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs raters where there are none; the report says so."""
    if are_there(config.stash[CAST].registrar):
        return
    left_out = [item for item in items if item.get_closest_marker("raters")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


CAST = pytest.StashKey[Cast]()
