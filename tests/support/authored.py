"""The authored recipes as the master list of the repository has them derived: once for all processes of a run."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from apps.ingredients.directory import LiveDirectory
from apps.recipes import seeds
from apps.recipes.content import RecipeContent
from apps.recipes.derivation import derive
from tests.support import once
from tests.support.ingredients import listed


def recipes() -> dict[str, RecipeContent]:
    """Return all authored recipes by their ids, derived."""
    return once.make_once("authored-recipes", _derive)


@contextmanager
def master_list() -> Iterator[None]:
    """Have the master list of the repository, whatever other tests have added to the one in the table."""
    held = LiveDirectory()
    held.hold(listed())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("apps.ingredients.services.live", lambda: held)
        yield


def _derive() -> dict[str, RecipeContent]:
    with master_list():
        return {recipe_id: derive(content) for recipe_id, content in seeds.load_recipes().items()}
