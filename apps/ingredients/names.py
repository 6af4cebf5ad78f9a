"""Look up names of the master list as spelt or without diacritics, depending on the language."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from apps.core.text import fold
from apps.ingredients import grammar_table, spelling
from apps.ingredients.entry import Ingredient
from apps.ingredients.noun_phrases import Known
from apps.ingredients.spelling import Name
from apps.ingredients.tokens import word_of

EXACT = 1.0
FOLDED = 0.95


class Names:
    """Every name, plurals of English ones included, by its spelling and by its form without diacritics; immutable."""

    def __init__(self, ingredients: Iterable[Ingredient]) -> None:
        entries = tuple(ingredients)
        self.own = tuple(name for entry in entries for name in _names(entry))
        taken = {name.words for name in self.own}
        names = [*self.own, *_inflected(entries, taken)]
        # Most names are alone under both of their keys: the same tuple of one serves both.
        alone = [(name,) for name in names]
        self._exact = _by(alone, lambda name: spelling.canonical(name.words))
        self.by_folded: Mapping[str, tuple[Name, ...]] = _by(alone, lambda name: name.folded)
        self.words = spelling.words_in(name.words for name in names)
        self._english = spelling.words_in(name.words for name in names if name.language != "vi")

    def is_word(self, word: str) -> bool:
        """Say whether a word, with its diacritics, stands in any name."""
        return word in self.words

    def look_up(self, typed: str, language: str | None = None) -> Known | None:
        """Return what `typed` means as a whole: its exact name, or names that it is without some of their diacritics.

        In a line of one language a word is not taken for one of the other without diacritics: "long" of an English
        line is no "lòng". Where the language is open, a word without diacritics means everything that it could be.
        """
        words = _words_of(typed)
        if not words:
            return None
        exact = self._exact.get(spelling.canonical(words), ())
        if not words.isascii():
            agreeing = [name for name in self.by_folded.get(fold(words), ()) if self._agrees(words, name.words)]
            foreign = self.by_folded.get(fold(words), ()) if language != "vi" else ()
            loaned = [name for name in foreign if name.language != "vi" and name.words.isascii()]
            return _known(exact, EXACT) or _known(agreeing, FOLDED) or _known(loaned, EXACT)
        alike = self.by_folded.get(words, ())
        if language == "en":
            own = [name for name in exact if name.language != "vi" or not word_of(words).is_syllable]
            return _known(own, EXACT) or (_known(alike, FOLDED) if self._is_bare_vietnamese(words) else None)
        if language == "vi":
            own = [name for name in exact if name.language != "en"]
            return _known(own, EXACT) or _known(exact, EXACT) or _known(alike, FOLDED)
        return _known((*exact, *alike), EXACT if exact else FOLDED)

    def _agrees(self, typed: str, name: str) -> bool:
        """Say whether a phrase with some diacritics lacks others: a word that is one as it stands lacks none."""
        if not spelling.agrees(typed, name):
            return False
        pairs = zip(typed.split(" "), name.split(" "), strict=True)
        return not any(mine != theirs and mine.isascii() and mine in self.words for mine, theirs in pairs)

    def _is_bare_vietnamese(self, words: str) -> bool:
        """Say whether English text can hold these words as a Vietnamese name: "nuoc mam", not "long" or "ban me"."""
        parts = words.split(" ")
        if len(parts) == 1 or not all(word_of(part).is_syllable for part in parts):
            return False
        return not any(part in self._english or _is_english(part) for part in parts)


# Of a line several phrases are looked up in each of the languages that it may be in.
_words_of = lru_cache(maxsize=4096)(spelling.words_of)


def canonical(name: str) -> str:
    return spelling.canonical(spelling.words_of(name))


def _is_english(word: str) -> bool:
    table = grammar_table.words("en")
    return any(word in phrases for phrases in (table.before, table.preparations, table.links, table.parts))


def _known(names: Sequence[Name], confidence: float) -> Known | None:
    return Known(in_order(name.ingredient for name in names), confidence) if names else None


def in_order(entries: Iterable[Ingredient]) -> tuple[Ingredient, ...]:
    """Return each entry once, the most common one first: everyday foods have the shorter names."""
    unique = {entry.id: entry for entry in entries}
    return tuple(sorted(unique.values(), key=lambda entry: (len(entry.vi), entry.vi, entry.key)))


def _names(entry: Ingredient) -> Iterator[Name]:
    spoken: dict[str, str] = {}
    for language in ("vi", "en"):
        for name in (entry.name(language), *entry.aliases.get(language, ())):
            words = spelling.words_of(name)
            # One string for both: nine of ten names are written as they are looked up.
            words = name if words == name else words
            spoken[words] = "" if spoken.get(words, language) != language else language
    yield from (_name(words, entry, language) for words, language in spoken.items())


def _name(words: str, ingredient: Ingredient, language: str) -> Name:
    """Make a name that holds one string where folding changes nothing: half of the names are English."""
    folded = fold(words)
    return Name(words, words if folded == words else folded, ingredient, language)


def _by(alone: Iterable[tuple[Name]], key: Callable[[Name], str]) -> dict[str, tuple[Name, ...]]:
    """Group names; tuples, since a list of one takes twice their memory."""
    groups: dict[str, tuple[Name, ...]] = {}
    for one in alone:
        place = key(one[0])
        held = groups.get(place)
        groups[place] = held + one if held else one
    return groups


def _inflected(entries: Iterable[Ingredient], taken: set[str]) -> Iterator[Name]:
    """Yield the plurals of English names that are not themselves names ("cloves" are a spice)."""
    for entry in entries:
        english = (entry.en, *entry.aliases.get("en", ()))
        forms = {form for name in english for form in spelling.inflections(spelling.words_of(name))}
        yield from (_name(form, entry, "en") for form in sorted(forms - taken))
