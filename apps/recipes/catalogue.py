"""This process's catalogue in memory: built from the change feed or a snapshot, updated every two seconds."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache

import structlog

from apps.core import keys
from apps.core.change_feed import ChangeFeedFollower
from apps.ingredients import services as ingredients
from apps.recipes import rendering, repositories, search_terms, snapshots, tags
from apps.recipes.content import Approval, IngredientLine, RecipeContent, Source
from apps.recipes.derivation import derive
from apps.recipes.essentials import with_essentials
from apps.recipes.models import RecipeRow, RecipeState, to_body
from apps.recipes.recipe import Recipe, from_index, written_of
from apps.recipes.search_terms import SearchTerms
from apps.search.index import Catalogue, Entry, Figures, Line
from apps.search.index.words import split_words

log = structlog.get_logger()

# Recipes read in one batch: two requests of 100 keys each.
_CHUNK = 200


class LiveCatalogue:
    """This process's copy of the catalogue, at most five seconds behind the table."""

    def __init__(self) -> None:
        self.index = Catalogue()
        self._follower = self._follow()
        self._lock = threading.Lock()
        self._loaded = False
        # Recipe id → hash of the tags that a model gave. Snapshots don't contain these, so such recipes are read again.
        self._ai_tags: dict[str, int] = {}

    def load(self) -> None:
        """Load the latest snapshot, if there is one, then follow the change feed. Call once per process."""
        if self._loaded:
            return
        with self._lock:
            if not self._loaded:
                self._load()
                self._loaded = True

    def _follow(self, since: datetime | None = None) -> ChangeFeedFollower:
        feed = keys.catalogue_feed("-", "-").pk
        return ChangeFeedFollower("catalogue", feed, self.apply, model=RecipeState, since=since)

    def _load(self) -> None:
        started = time.perf_counter()
        ingredients.refresh()
        snapshot = snapshots.fetch_snapshot()
        if snapshot:
            self.index = snapshot.catalogue
            self._follower = self._follow(since=snapshot.complete_until)
        changed = self._follower.catch_up()
        self._follower.start()
        log.info(
            "catalogue_loaded",
            recipes=len(self.index),
            from_snapshot=snapshot is not None,
            changes=changed,
            seconds=round(time.perf_counter() - started, 2),
        )

    def hold(self, contents: Mapping[str, RecipeContent]) -> None:
        """Hold these recipes without following the change feed, for tools that run without the table."""
        index = Catalogue()
        index.apply(_held(contents))
        self.index, self._loaded = index, True

    @property
    def complete_until(self) -> datetime:
        """The moment up to which all changes are in memory."""
        if self._follower.watermark is None:
            message = "the catalogue has not been loaded"
            raise RuntimeError(message)
        return self._follower.watermark

    def refresh(self) -> None:
        """Poll the change feed now."""
        self._follower.catch_up()

    def apply(self, states: Sequence[RecipeState]) -> None:
        """Apply changed states. Reads a recipe's content only if it changed; ratings and counters don't need it."""
        latest = {repositories.recipe_id_of(state): state for state in states}
        gone = [id_ for id_, state in latest.items() if not state.is_public]
        public = {id_: state for id_, state in latest.items() if state.is_public}
        changed = {id_ for id_, state in public.items() if self._is_another(id_, state)}
        moved = [figures(id_, state) for id_, state in public.items() if id_ not in changed]
        self.index.apply(_entries(sorted(changed), public), moved, gone)
        for recipe_id in changed:
            self._note_tags(recipe_id, public[recipe_id])

    def learn(self, state: RecipeState) -> None:
        """Apply a change that this process has just written, so that its next response shows it."""
        if self._loaded and state.gsi1pk:
            self._follower.learn(state)

    def _is_another(self, recipe_id: str, state: RecipeState) -> bool:
        """Return whether the index must replace a recipe's entry: its content, or its tags by a model, changed."""
        found = self.index.get(recipe_id)
        if found is None or found.content_version != int(state.content_version):
            return True
        return self._ai_tags.get(recipe_id, 0) != _hash_of(state.ai_tags)

    def _note_tags(self, recipe_id: str, state: RecipeState) -> None:
        if state.ai_tags:
            self._ai_tags[recipe_id] = _hash_of(state.ai_tags)
        else:
            self._ai_tags.pop(recipe_id, None)


def _hash_of(ai_tags: Mapping[str, float] | None) -> int:
    return hash(frozenset(ai_tags.items())) if ai_tags else 0


def _entries(recipe_ids: Sequence[str], states: dict[str, RecipeState]) -> Iterator[Entry]:
    for start in range(0, len(recipe_ids), _CHUNK):
        rows = repositories.read_rows(recipe_ids[start : start + _CHUNK])
        for recipe_id, row in rows.items():
            yield entry(recipe_id, row, states[recipe_id])


def _held(contents: Mapping[str, RecipeContent]) -> Iterator[Entry]:
    for recipe_id, content in contents.items():
        stored = repositories.build_recipe(
            recipe_id, body=to_body(derive(content)), source=Source.SEED, approval=Approval.APPROVED
        )
        yield entry(recipe_id, stored.row, stored.state)


def entry(recipe_id: str, row: RecipeRow, state: RecipeState) -> Entry:
    """Return the index entry of a recipe."""
    written = written_of(row)
    content = written.content
    effective = tags.effective_tags(content, state.ai_tags)
    return Entry(
        recipe_id=recipe_id,
        content_version=int(row.version or 0),
        title=content.title,
        description=content.description,
        cuisine=content.cuisine,
        method=content.method.value,
        meal=content.meal.value if content.meal else None,
        difficulty=content.difficulty.value if content.difficulty else None,
        total_minutes=content.total_minutes,
        language=content.language.value,
        tags=content.tags,
        ingredients=tuple(_line(line) for line in with_essentials(content).ingredients),
        allergens=frozenset(content.allergens),
        diets=frozenset(content.diets),
        allergens_complete=content.allergens_complete,
        rating_sum=int(state.rating_sum),
        rating_count=int(state.rating_count),
        cook_count=int(state.cook_count),
        created_at=int(row.created_at.timestamp()),
        document=rendering.render_written(recipe_id, written),
        image=content.image,
        translated_title=content.translated_title,
        title_ingredients=_named_in_titles(content),
        labels=frozenset(tag.name for tag in effective if tag.name in tags.vocabulary()),
    )


def _named_in_titles(content: RecipeContent) -> frozenset[str]:
    """Return the ids of ingredients that a title names, including those they are kinds of.

    A title that names a food in general names the kind that the recipe uses if that is named after it: "trứng chiên"
    of "trứng gà". "Rau củ" does not name each vegetable.
    """
    titles = [f" {' '.join(split_words(title))} " for title in (content.title, content.translated_title) if title]
    listed = {line.ingredient_id for line in content.ingredients if line.ingredient_id}
    terms = search_terms.current()
    candidates = listed.union(*(ingredients.ancestors(id_) for id_ in listed if ingredients.find(id_)))
    in_titles = {
        id_: names
        for id_ in candidates
        if (names := [name for name in terms.names_of(id_) if any(f" {name} " in title for title in titles)])
    }
    return frozenset(in_titles).union(
        id_ for id_ in listed - in_titles.keys() if _is_named_after(id_, in_titles, terms)
    )


def _is_named_after(ingredient_id: str, in_titles: Mapping[str, list[str]], terms: SearchTerms) -> bool:
    """Say whether an ingredient has in its own name that of what it is a kind of, as titles name it."""
    general = [name for id_ in ingredients.ancestors(ingredient_id)[:1] for name in in_titles.get(id_, ())]
    return any(f" {name} " in f" {own} " for name in general for own in terms.names_of(ingredient_id))


def _line(line: IngredientLine) -> Line:
    known = ingredients.find(line.ingredient_id) if line.ingredient_id else None
    return Line(
        line.ingredient_id, line.name, line.optional, bool(known and known.staple), line.essential, line.substitutes
    )


def figures(recipe_id: str, state: RecipeState) -> Figures:
    return Figures(recipe_id, int(state.rating_sum), int(state.rating_count), int(state.cook_count))


@cache
def live() -> LiveCatalogue:
    return LiveCatalogue()


def current() -> Catalogue:
    """Return this process's catalogue, loading it on first use."""
    catalogue = live()
    catalogue.load()
    return catalogue.index


def find_recipe(recipe_id: str) -> Recipe | None:
    """Return a recipe of the catalogue from memory: 0 read units."""
    found = current().get(recipe_id)
    return from_index(found) if found else None
