"""The index against a simple reference implementation, on small catalogues with random changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.text import fold, normalize
from apps.search.index import (
    Catalogue,
    Entry,
    Figures,
    Line,
    MatchQuery,
    SearchQuery,
    Sort,
    changes,
    compaction,
    orders,
    postings,
)
from tests.search.index_entries import entry, recipe_id, walked

IDS = [recipe_id(1_000 + n) for n in range(8)]
WORDS = ["ga", "gà", "canh", "cánh", "cảnh", "hành", "chua", "chưa", "thịt", "thích", "dứa", "dừa", "xào", "chuan"]
KITCHEN = ["egg", "rice", "salt", "tofu", "fish"]
ALLERGENS, DIETS = ["milk", "fish", "soy"], ["vegan", "halal"]
METHODS, CUISINES, MEALS = ["soup", "fry"], ["", "Việt", "Ý"], [None, "lunch"]


def some(values: list[str], most: int = 2) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), max_size=most)


phrases = st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join)
lines = st.builds(
    lambda known, name, optional, staple, essential, substitutes: Line(
        name if known else None, name, optional, staple, bool(known and essential), tuple(substitutes)
    ),
    st.integers(0, 5).map(bool),
    st.sampled_from(KITCHEN),
    st.integers(0, 3).map(lambda n: n == 0),
    st.integers(0, 3).map(lambda n: n == 0),
    st.integers(0, 3).map(lambda n: n == 0),
    some(KITCHEN, 2),
)
entries = st.builds(
    entry,
    title=phrases,
    recipe_id=st.sampled_from(IDS),
    description=phrases,
    tags=st.lists(phrases, max_size=2).map(tuple),
    ingredients=st.lists(lines, max_size=5).map(tuple),
    cuisine=st.sampled_from(CUISINES),
    method=st.sampled_from(METHODS),
    meal=st.sampled_from(MEALS),
    total_minutes=st.sampled_from([None, 10, 20, 30]),
    allergens=some(ALLERGENS),
    diets=some(DIETS),
    allergens_complete=st.booleans(),
    rating_sum=st.integers(0, 5),
    rating_count=st.integers(0, 2),
    cook_count=st.integers(0, 3),
    created_at=st.integers(0, 3),
)
figures = st.builds(Figures, st.sampled_from(IDS), st.integers(0, 5), st.integers(0, 2), st.integers(0, 3))


@dataclass(frozen=True)
class Change:
    upserts: list[Entry]
    figures: list[Figures]
    removals: list[str]
    reload: bool


change = st.builds(
    Change,
    st.lists(entries, max_size=5),
    st.lists(figures, max_size=2),
    st.lists(st.sampled_from(IDS), max_size=2),
    st.integers(0, 3).map(lambda n: n == 0),
)
searches = st.builds(
    SearchQuery,
    q=phrases | st.lists(st.sampled_from(["cahn", "chuaz", "ga", "dua", "thit", *WORDS]), max_size=2).map(" ".join),
    ingredient_ids=some(KITCHEN, 1),
    cuisine=st.sampled_from([None, "viet"]),
    method=st.sampled_from([None, *METHODS]),
    max_minutes=st.sampled_from([None, 20]),
    diets=some(DIETS, 1),
    without_allergens=some(ALLERGENS, 1),
    sort=st.sampled_from([None, *Sort]),
)
matches = st.builds(
    MatchQuery,
    have=st.dictionaries(st.sampled_from([*KITCHEN, "unheard-of"]), st.sampled_from([1.0, 0.75]), max_size=4),
    excluded_allergens=some(ALLERGENS, 1),
    excluded_ingredients=some(KITCHEN, 1),
    required_diets=some(DIETS, 1),
    meal=st.sampled_from(MEALS),
    max_minutes=st.sampled_from([None, 20]),
    min_coverage=st.sampled_from([0.0, 0.3, 1 / 3, 0.5, 2 / 3, 1.0]),
    needs_complete=st.booleans(),
    exclude=some(IDS, 2),
    limit=st.integers(1, 8),
)


@pytest.mark.parametrize("small", [False, True])
@settings(max_examples=100)
@given(history=st.lists(change, max_size=5), search=searches, match=matches, limit=st.integers(1, 5))
def test_the_index_does_as_its_rules_say(
    history: list[Change], search: SearchQuery, match: MatchQuery, limit: int, *, small: bool
) -> None:
    with thresholds(small=small):
        searched, kept = followed(history)
        matched, found = searched.match(match), walked(searched, search, limit)

    assert len(searched) == len(kept)
    assert [each.recipe_id for each in matched] == [each.recipe_id for each in expected_match(kept, match)]
    if search.order is Sort.RELEVANCE:
        check_relevance(found, kept, search)
    else:
        assert found == [each.recipe_id for each in expected_list(kept, search)]


@contextmanager
def thresholds(*, small: bool) -> Iterator[None]:
    """If `small`, lower all size thresholds, so that their effects occur at once."""
    with pytest.MonkeyPatch.context() as patched:
        if small:
            patched.setattr(changes, "_BATCH", 2)
            patched.setattr(compaction, "_DEAD_LEAST", 0)
            patched.setattr(postings, "_RECENT_LEAST", 3)
            patched.setattr(orders, "_SORT_INSTEAD", 3)
            patched.setattr(orders, "_FIRST_STEP", 1)
        yield


def followed(history: list[Change]) -> tuple[Catalogue, dict[str, Entry]]:
    searched = Catalogue()
    kept: dict[str, Entry] = {}
    for each in history:
        searched.apply(each.upserts, each.figures, each.removals)
        kept.update((made.recipe_id, made) for made in each.upserts)
        for moved in each.figures:
            if moved.recipe_id in kept:
                kept[moved.recipe_id] = with_figures(kept[moved.recipe_id], moved)
        for gone in each.removals:
            kept.pop(gone, None)
        if each.reload:
            with TemporaryDirectory() as directory:
                searched.save(Path(directory))
                searched = Catalogue.load(Path(directory))
    return searched, kept


def with_figures(made: Entry, moved: Figures) -> Entry:
    given = {name: getattr(moved, name) for name in ("rating_sum", "rating_count", "cook_count")}
    return Entry(**{name: given.get(name, getattr(made, name)) for name in Entry.__slots__})


def meets(made: Entry, query: SearchQuery) -> bool:
    return (
        (query.cuisine is None or fold(made.cuisine) == query.cuisine)
        and (query.method is None or made.method == query.method)
        and (query.max_minutes is None or (made.total_minutes or 99) <= query.max_minutes)
        and query.diets <= made.diets
        and (not query.without_allergens or made.allergens_complete)
        and not query.without_allergens & made.allergens
        and query.ingredient_ids <= {line.ingredient_id for line in made.ingredients}
    )


def words_of(made: Entry) -> set[str]:
    texts = [made.title, made.description, *made.tags, *(line.name for line in made.ingredients)]
    return set(normalize(" ".join(texts)).split())


def strictly(word: str, made: Entry) -> int:
    """Return 3 if the recipe has the word as typed, with its diacritics; 2 as somebody writes it who types none."""
    if word != fold(word):
        return 3 if word in words_of(made) else 2 * (fold(word) in words_of(made))
    return 2 * (word in {fold(each) for each in words_of(made)})


def how(word: str, made: Entry, kept: dict[str, Entry], *, forgiving: bool) -> int:
    """Return as `strictly`, and 1 by a guess, which is made if `forgiving`, or where no recipe has the word."""
    stems = {fold(each) for each in words_of(made)}
    known = any(strictly(word, other) for other in kept.values())
    guessed = fold(word) in stems or (len(word) >= 4 and any(within_one_edit(fold(word), stem) for stem in stems))
    return strictly(word, made) or int(guessed and (forgiving or not known))


def matching(kept: dict[str, Entry], query: SearchQuery) -> tuple[list[Entry], bool]:
    """Return the recipes with every word, and whether words had to be forgiven for that."""
    words = normalize(query.q).split()
    for forgiving in (False, True):
        found = [
            each
            for each in kept.values()
            if meets(each, query) and all(how(word, each, kept, forgiving=forgiving) for word in words)
        ]
        if found:
            return found, forgiving
    return [], True


def within_one_edit(a: str, b: str) -> bool:
    edited = {a}
    for at in range(len(a) + 1):
        edited |= {a[:at] + a[at + 1 :], a[:at] + a[at : at + 2][::-1] + a[at + 2 :]}
        for letter in b:
            edited |= {a[:at] + letter + a[at:], a[:at] + letter + a[at + 1 :]}
    return b in edited


def expected_list(kept: dict[str, Entry], query: SearchQuery) -> list[Entry]:
    found, _ = matching(kept, query)
    keys = {
        Sort.NEWEST: lambda made: (made.created_at, made.recipe_id),
        Sort.RATING: lambda made: (made.figures.average, made.rating_count, made.recipe_id),
        Sort.POPULAR: lambda made: (made.cook_count, made.recipe_id),
    }
    return sorted(found, key=keys[query.order], reverse=True)


def check_relevance(found: list[str], kept: dict[str, Entry], query: SearchQuery) -> None:
    """All that have every word are found; more words as written, then more diacritics as typed, come first."""
    words = list(dict.fromkeys(normalize(query.q).split()))
    right, forgiving = matching(kept, query)
    hows = {each: [how(word, kept[each], kept, forgiving=forgiving) for word in words] for each in kept}

    assert set(found) == {each.recipe_id for each in right}
    tiers = [(sum(tier > 1 for tier in hows[each]), sum(tier > 2 for tier in hows[each])) for each in found]
    assert tiers == sorted(tiers, reverse=True)
    assert len(found) == len(set(found))


def expected_match(kept: dict[str, Entry], query: MatchQuery) -> list[Entry]:
    ranked = []
    for made in kept.values():
        counted, essential, can_be_had = ingredients_of(made, query)
        have = counted & can_be_had
        share = len(have) / len(counted) if have else 0.0
        if have and share >= query.min_coverage and essential <= can_be_had and may_be_offered(made, query):
            stars = (made.rating_sum + 17.5) / (made.rating_count + 5)
            degrees = sum(degree_of(each, made, query) for each in counted)
            missing = len(counted) - len(have)
            score = 0.45 * degrees / len(counted) + 0.4 + 0.05 * (stars - 3.5) / 1.5 - 0.12 * missing
            ranked.append(((round(score, 5), round(stars, 9), made.rating_count, made.recipe_id), made))
    ranked.sort(key=lambda pair: pair[0], reverse=True)
    return [made for _, made in ranked][: query.limit]


def ingredients_of(made: Entry, query: MatchQuery) -> tuple[set[str], set[str], set[str]]:
    """Return the counted and essential ingredients, and which of them are satisfied directly or by a substitute."""
    essential = {line.ingredient_id for line in made.ingredients if line.ingredient_id and line.essential}
    counted = {
        line.ingredient_id or f"~{line.name}"
        for line in made.ingredients
        if line.essential or not line.optional | line.staple
    }
    had = {each for each in counted if degree_of(each, made, query)}
    return counted, essential, had


def degree_of(name: str, made: Entry, query: MatchQuery) -> float:
    substitutes = {other for line in made.ingredients if line.ingredient_id == name for other in line.substitutes}
    return max([query.have.get(name, 0.0), *(0.9 * query.have.get(other, 0.0) for other in substitutes)])


def may_be_offered(made: Entry, query: MatchQuery) -> bool:
    return (
        not query.excluded_allergens & made.allergens
        and (made.allergens_complete or not (query.needs_complete or query.excluded_allergens))
        and not query.excluded_ingredients & {line.ingredient_id for line in made.ingredients}
        and query.required_diets <= made.diets
        and query.meal in (None, made.meal)
        and (query.max_minutes is None or (made.total_minutes or 99) <= query.max_minutes)
        and made.recipe_id not in query.exclude
    )
