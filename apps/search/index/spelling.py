"""What somebody may have meant who typed words that no recipe has."""

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from apps.search.index.ranking import WordMatches
from apps.search.index.state import State
from apps.search.index.words import INGREDIENT, Word

# Looking for a word costs a millisecond at 20,000 stems, and a query with more strange words than this is not one of
# spelling.
_MOST_UNKNOWN = 3
_LETTERS_PER_EDIT = 3


def correct_spelling(state: State, words: Sequence[Word]) -> str | None:
    """Return the query with its unknown words replaced by the nearest known ones, as recipes write these.

    None if every word is known, or one has nothing near: within one edit more than the search forgave, in long words
    within one for each three letters.
    """
    unknown = [word for word in words if not WordMatches.of(state, word, forgiving=True).is_alive(state)]
    if not 1 <= len(unknown) <= _MOST_UNKNOWN:
        return None
    nearest = {word.typed: _nearest(state, word) for word in unknown}
    corrected = [nearest.get(word.typed, word.typed) for word in words]
    return None if None in corrected else " ".join(map(str, corrected))


def _nearest(state: State, word: Word) -> str | None:
    """Return the form nearest to `word` that stands in a title or among ingredients, the most frequent of equals."""
    edits = max(1 + word.forgives_a_typo, len(word.stem) // _LETTERS_PER_EDIT)
    near = state.letters.near(word.stem, state.vocabulary.stems, edits)
    ranked = [
        (distance, _marks_apart(state, form, word), -recipes, form)
        for distance, stem in near
        for form in state.vocabulary.forms_of[stem]
        if (recipes := _prominence(state, form))
    ]
    return state.vocabulary.forms[min(ranked)[3]] if ranked else None


def _prominence(state: State, form: int) -> int:
    """Recipes with `form` in their title or ingredients: no other places together weigh as much."""
    slots, weights = state.words.of([form])
    return int((state.live[slots] & (weights >= INGREDIENT)).sum())


def _marks_apart(state: State, form: int, word: Word) -> int:
    """Edits between `form` and what was typed, if diacritics were; without them, all forms are as near."""
    return OSA.distance(word.typed, state.vocabulary.forms[form]) if word.is_marked else 0
