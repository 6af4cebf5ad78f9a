"""Spelling suggestions for query words that no recipe contains."""

from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA

from apps.search.index.ranking import Guessing, WordMatches
from apps.search.index.state import State
from apps.search.index.words import INGREDIENT, Word

# Looking for a word costs a millisecond at 20,000 stems, and a query with more strange words than this is not one of
# spelling.
_MOST_UNKNOWN = 3
_LETTERS_PER_EDIT = 3


def suggest_queries(state: State, words: Sequence[Word]) -> Iterator[str]:
    """Yield queries that may have been meant, the likeliest first; whether they find anything is not checked.

    Unknown words are replaced by the nearest known ones as recipes write these, within one edit more than the search
    forgives, in long words within one for each three letters. Then words are left out: those with nothing near, or one
    after the other where all are known.
    """
    unknown = {
        word.typed for word in words if not WordMatches.of(state, word, Guessing.ALWAYS).is_alive(state)
    }  # fmt: skip
    if len(unknown) > _MOST_UNKNOWN:
        return
    nearest = {word.typed: _nearest(state, word) if word.typed in unknown else word.typed for word in words}
    known = [form for form in nearest.values() if form is not None]
    if known and unknown:
        yield " ".join(known)
    for left_out in known if len(known) > 1 else ():
        yield " ".join(form for form in known if form != left_out)


def _nearest(state: State, word: Word) -> str | None:
    """Return the form nearest to `word` that stands in a title or among ingredients, the most frequent of equals."""
    edits = max(1 + word.forgives_a_typo, len(word.stem) // _LETTERS_PER_EDIT)
    if len(word.stem) <= edits:
        # Nothing of what was typed would be left: "C++" means none of the words of two letters.
        return None
    near = state.letters.near(word.stem, state.vocabulary.stems, edits)
    ranked = [
        (distance, _diacritics_apart(state, form, word), -recipes, form)
        for distance, stem in near
        for form in state.vocabulary.forms_of[stem]
        if (recipes := _prominence(state, form))
    ]
    return state.vocabulary.forms[min(ranked)[3]] if ranked else None


def _prominence(state: State, form: int) -> int:
    """Recipes with `form` in their title or ingredients: no other places together weigh as much."""
    slots, weights = state.words.of([form])
    return int((state.live[slots] & (weights >= INGREDIENT)).sum())


def _diacritics_apart(state: State, form: int, word: Word) -> int:
    """Edits between `form` and what was typed, if diacritics were; without them, all forms are as near."""
    return OSA.distance(word.typed, state.vocabulary.forms[form]) if word.is_marked else 0
