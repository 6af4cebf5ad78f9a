"""Fixtures of the suites: the cast, somebody for each role, and what tidies up after each test."""

from collections.abc import Iterator

import pytest

from e2e.people import Cast, Person, Tidy
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


CAST = pytest.StashKey[Cast]()
