"""A recipe as services return it: content, source and state."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import orjson

from apps.core import clock
from apps.recipes import approval
from apps.recipes.content import Approval, RecipeContent
from apps.recipes.models import RecipeEdition, RecipeRow, RecipeState, from_body
from apps.search.index import Figures, IndexedRecipe


@dataclass(frozen=True, slots=True)
class Owner:
    id: str
    username: str


@dataclass(frozen=True, slots=True)
class Titles:
    """What a recipe is called in `language`, and in the other one if somebody wrote that."""

    title: str
    translated_title: str | None
    language: str


@dataclass(frozen=True, slots=True)
class Written:
    """The part of a recipe that only edits change."""

    content: RecipeContent
    owner: Owner | None
    source: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Recipe:
    """A recipe that somebody may see. `tag` is the version of its written part.

    `is_public` means that everybody sees this text, `in_catalogue` that everybody sees some edition of the recipe.
    `document` is the written part as the JSON that the catalogue holds (`rendering.render_written`). It is decoded only
    when `written` or `content` is read; sending the recipe needs neither.
    """

    id: str
    tag: str
    approval: str
    is_public: bool
    in_catalogue: bool
    image: str | None
    figures: Figures
    document: bytes | None = None
    _load: Callable[[], Written] = field(kw_only=True, repr=False)

    @property
    def written(self) -> Written:
        return self._load()

    @property
    def content(self) -> RecipeContent:
        return self._load().content

    @property
    def titles(self) -> Titles:
        """The titles. Takes 6 µs for a recipe of the catalogue; decoding all of its content takes 40 µs."""
        if self.document is None:
            return Titles(self.content.title, self.content.translated_title or None, self.content.language.value)
        written = orjson.loads(self.document)
        return Titles(written["title"], written["translated_title"], written["language"])

    @property
    def owner_id(self) -> str | None:
        """The owner's id. Takes 6 µs for a recipe of the catalogue."""
        if self.document is None:
            owner = self.written.owner
            return owner.id if owner else None
        named = orjson.loads(self.document)["owner"]
        return named["id"] if named else None

    @property
    def average(self) -> float | None:
        return approval.average(self.figures.rating_sum, self.figures.rating_count)


def from_index(found: IndexedRecipe) -> Recipe:
    """Return a recipe of the catalogue in memory."""
    return Recipe(
        id=found.recipe_id,
        tag=str(found.content_version),
        approval=Approval.APPROVED.value,
        is_public=True,
        in_catalogue=True,
        image=found.image,
        figures=found.figures,
        document=found.document,
        _load=partial(_decode, found),
    )


def from_rows(recipe_id: str, row: RecipeRow, state: RecipeState, edition: RecipeEdition | None = None) -> Recipe:
    """Return a recipe read from the table; with `edition`, that edition as its owner sees it, without ratings."""
    rating_sum, rating_count = (0, 0) if edition else (int(state.rating_sum), int(state.rating_count))
    return Recipe(
        id=recipe_id,
        tag=version_tag(row, edition),
        approval=edition.approval if edition else state.approval,
        is_public=state.is_public and edition is None,
        in_catalogue=state.is_public,
        image=(edition or row).body.get("image"),
        figures=Figures(recipe_id, rating_sum, rating_count, int(state.cook_count)),
        _load=partial(written_of, row, edition),
    )


def version_tag(row: RecipeRow, edition: RecipeEdition | None) -> str:
    """Return the version of the owner's latest text for its ETag; an edition and its recipe never share one."""
    if edition is None:
        return str(int(row.version or 0))
    return f"{int(edition.number)}.{int(edition.version or 0)}"


def written_of(row: RecipeRow, edition: RecipeEdition | None = None) -> Written:
    owner = Owner(row.owner_id, row.owner_name or "") if row.owner_id else None
    text = edition or row
    return Written(text.content(), owner, row.source, row.created_at, text.updated_at)


def _decode(found: IndexedRecipe) -> Written:
    """Decode the JSON of `rendering.render_written`. Takes about 40 µs."""
    document = orjson.loads(found.document)
    owner = Owner(**document["owner"]) if document["owner"] else None
    content = from_body({**document, "image": found.image})
    return Written(
        content, owner, document["source"], clock.parse(document["created_at"]), clock.parse(document["updated_at"])
    )
