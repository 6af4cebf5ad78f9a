"""Text in which an input method left its keys is what was meant, in whatever order and place the keys were typed."""

import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import product

import pytest

from apps.core.text import fold
from apps.ingredients import input_methods
from apps.ingredients.tokens import word_of
from tests.support.ingredients import listed
from tests.support.matching import match, meant, offered

# Keys of each method: of the tones and of the marks.
TONES = {
    "vni": {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"},
    "telex": {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"},
}
MARKS = {
    "vni": {"\u0302": "6", "\u031b": "7", "\u0306": "8", "đ": "9"},
    "telex": {"\u0302": "", "\u031b": "w", "\u0306": "w", "đ": "d"},
}


def _is_typed_so(word: str) -> bool:
    plain = fold(word)
    return plain != word and len(word) > 1 and "oo" not in plain and word_of(word).is_syllable


@cache
def syllables() -> list[str]:
    """All syllables with diacritics in the Vietnamese names of foods, but for a long o, which Telex has no keys for."""
    names = (name for entry in listed() for name in (entry.vi, *entry.aliases.get("vi", ())))
    words = {word for name in names for word in unicodedata.normalize("NFC", name.lower()).split()}
    return sorted(word for word in words if _is_typed_so(word))


def taken_apart(syllable: str) -> tuple[list[tuple[str, str]], str]:
    """Return the letters of a syllable, each with its mark or "", and the tone of all of them or ""."""
    letters, tone = [], ""
    for letter in syllable:
        base, *diacritics = list(unicodedata.normalize("NFD", letter))
        marks = [one for one in diacritics if one not in TONES["vni"]]
        tone = next((one for one in diacritics if one in TONES["vni"]), tone)
        letters.append(("d", "đ") if base == "đ" else (base, marks[0] if marks else ""))
    return letters, tone


def typed(syllable: str, method: str) -> Iterator[str]:
    """Yield the keys of a syllable: marks behind their letters or at the end, the tone before or behind them."""
    letters, tone = taken_apart(syllable)
    tone_key = TONES[method].get(tone, "")
    keys = [MARKS[method].get(mark, "") or (letter if mark else "") for letter, mark in letters]
    plain = "".join(letter for letter, _ in letters)
    within = "".join(letter + key for (letter, _), key in zip(letters, keys, strict=True))
    at_end = "".join(dict.fromkeys(filter(None, keys)))
    vowel = max(place for place, (letter, _) in enumerate(letters) if letter in "aeiouy")
    yield within + tone_key
    yield plain + at_end + tone_key
    yield plain + tone_key + at_end
    until = "".join(letter + key for (letter, _), key in zip(letters[: vowel + 1], keys, strict=False))
    yield until + tone_key + plain[vowel + 1 :]


def is_undone(keys: str, syllable: str) -> bool:
    """Say whether the keys make the syllable: its letters with their marks, and its tone wherever that is written."""
    return taken_apart(syllable) in map(taken_apart, input_methods.decoded(keys))


@pytest.mark.parametrize("method", ["vni", "telex"])
def test_every_order_and_place_of_the_keys_makes_the_syllable(method: str) -> None:
    wrong = {
        f"{syllable}: {keys}"
        for syllable in syllables()
        for keys in typed(syllable, method)
        if keys != syllable and not is_undone(keys, syllable)
    }

    assert wrong == set()


def test_one_key_is_enough_for_both_letters_of_a_horned_pair() -> None:
    for keys in ("nuo7c1", "nu7oc1", "nu7o7c1", "nuoc71", "nuoc17"):
        assert (match(f"{keys} ma8m1").status, meant(f"{keys} ma8m1")) == ("exact", "fish sauce"), keys
    for keys in ("nuowcs", "nuwocs", "nuwowcs", "nuocws", "nuocsw"):
        assert (match(f"{keys} mawms").status, meant(f"{keys} mawms")) == ("exact", "fish sauce"), keys


@pytest.mark.parametrize(("first", "second"), list(product("1234", "1345")))
def test_wrong_tones_of_several_syllables_that_name_one_food_are_corrected(first: str, second: str) -> None:
    found = match(f"thit{first} bo{second}")

    assert (found.status, meant(f"thit{first} bo{second}")) == ("corrected", "beef")
    assert found.confidence >= 0.8


@pytest.mark.parametrize("keys", ["bo3", "dua3", "dua4 hau", "dau3 dua3"])
def test_a_wrong_tone_is_offered_and_never_taken_where_syllables_name_several_foods_or_one_is_alone(keys: str) -> None:
    assert match(keys).ingredient is None
    assert match(keys).confidence < 0.8


@pytest.mark.parametrize("keys", ["thịt1 bo2", "thịt bo2"])
def test_a_digit_behind_a_word_with_diacritics_was_typed_for_nothing(keys: str) -> None:
    assert meant(keys) == "beef"


def test_a_wrong_tone_in_telex_is_offered_with_its_amount() -> None:
    found = match("300g thits bof")

    assert (found.status, found.ingredient, found.quantity, found.unit) == ("unknown", None, 300, "g")
    assert "beef" in offered("300g thits bof")


@pytest.mark.parametrize(
    "text", ["boots", "thaws", "coax", "sofas", "b12", "omega3", "h2o", "mp3", "covid19", "r2d2", "a4"]
)
def test_other_words_are_not_read_as_keys(text: str) -> None:
    found = match(text)

    assert found.ingredient is None
    assert not found.suggestions or not list(input_methods.bare(text))


def understood(name: str) -> set[str]:
    found = match(name)
    return {one.key for one in (found.ingredient, *found.foods, *found.suggestions) if one}


def test_english_names_of_foods_are_never_read_as_keys() -> None:
    names = [(entry, name) for entry in listed() for name in (entry.en, *entry.aliases.get("en", ()))]

    assert [name for entry, name in names if entry.key not in understood(name)] == []
