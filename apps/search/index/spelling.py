"""Spelling suggestions for query words that no recipe contains."""

from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA

from apps.search.index.state import State
from apps.search.index.word_matches import Guessing, WordMatches
from apps.search.index.words import IN_INGREDIENT, Word

# Correcting a word costs a millisecond at 20,000 stems. A query with more unknown words than this has another problem
# than spelling.
_MOST_UNKNOWN = 3
_LETTERS_PER_EDIT = 3
# Beginnings of words that are often taken for each other, in Vietnamese and in English.
_SAME_SOUND = {
    "ch": "ch", "tr": "ch", "s": "s", "x": "s", "gi": "d", "r": "d", "d": "d", "v": "d", "l": "n", "n": "n", "ph": "f",
    "f": "f", "k": "c", "c": "c", "qu": "c", "z": "s", "y": "i", "i": "i",
}  # fmt: skip


def suggest_queries(state: State, words: Sequence[Word]) -> Iterator[str]:
    """Yield probable corrections of a query, most likely first, without checking that they find anything.

    Unknown words are replaced by the nearest known ones, within one edit more than the search forgives, or one per
    three letters in long words. Then words are dropped: those without similar ones, or if all are known, one at a time.
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


def sounds_alike(typed: str, meant: str) -> bool:
    """Say whether two words without diacritics begin alike: a wrong first letter is rare, unless it sounds the same.

    Of "paella" nobody would recognise "alla".
    """
    return first_sound(typed) == first_sound(meant) or typed[:2] == meant[1::-1]


def first_sound(word: str) -> str:
    """Return how a word without diacritics begins, the same for beginnings that are taken for each other."""
    onset = next((each for each in _SAME_SOUND if word.startswith(each)), word[:1])
    return _SAME_SOUND.get(onset, onset)


def _nearest(state: State, word: Word) -> str | None:
    """Return the form nearest to `word` in titles or ingredients, preferring frequent ones."""
    edits = max(1 + word.forgives_a_typo, len(word.stem) // _LETTERS_PER_EDIT)
    if len(word.stem) <= edits:
        # Nothing typed would be left: "C++" is not similar to any word of two letters.
        return None
    near = state.letters.near(word.stem, state.vocabulary.stems, edits)
    ranked = [
        (distance, _diacritics_apart(state, form, word), -recipes, form)
        for distance, stem in near
        if sounds_alike(word.stem, state.vocabulary.stems[stem])
        for form in state.vocabulary.forms_of[stem]
        if (recipes := _prominence(state, form))
    ]
    return state.vocabulary.forms[min(ranked)[3]] if ranked else None


def _prominence(state: State, form: int) -> int:
    """Number of recipes with `form` in their title, tags or ingredients. A description weighs less."""
    slots, weights = state.words.of([form])
    return int((state.live[slots] & (weights >= IN_INGREDIENT)).sum())


def _diacritics_apart(state: State, form: int, word: Word) -> int:
    """Edits between `form` and the typed word, if that has diacritics. Without them all forms are equally near."""
    return OSA.distance(word.typed, state.vocabulary.forms[form]) if word.is_marked else 0
