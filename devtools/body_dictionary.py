"""Train the dictionary with which JSON in rows is compressed (`apps/core/bodies.py`)."""

from collections.abc import Iterable, Iterator

import orjson
import zstandard

from apps.core import clock
from apps.ingredients import directory, master
from apps.recipes import seeds
from apps.recipes.content import RecipeContent, Source
from apps.recipes.derivation import derive
from apps.recipes.models import to_body
from apps.recipes.recipe import Owner, Written
from apps.recipes.rendering import render_written

# zlib looks back 32 KB at most, of which the body needs some itself.
SIZE = 30 * 1024
# Zstandard puts entropy tables in front, for which zlib has no use.
_TABLES = 1024
# Only every second recipe, so that a test can measure on recipes that the dictionary hasn't seen.
STEP = 2


def train() -> bytes:
    """Return a dictionary of what the authored recipes, and copies of them in other rows, have in common."""
    directory.live().hold(master.load())
    contents = list(seeds.load_recipes().values())[::STEP]
    return train_on(body for content in contents for body in _bodies(derive(content)))


def train_on(samples: Iterable[bytes]) -> bytes:
    trained = zstandard.train_dictionary(SIZE + _TABLES, list(samples)).as_bytes()
    # Whole characters only, so that the file is text.
    return trained[-SIZE:].decode("utf-8", "ignore").encode()


def _bodies(content: RecipeContent) -> Iterator[bytes]:
    yield orjson.dumps(to_body(content))
    moment = clock.now()
    owner = Owner("00000000-0000-0000-0000-000000000000", "somebody")
    yield render_written("00000000000000000000000000", Written(content, owner, Source.SEED.value, moment, moment))
