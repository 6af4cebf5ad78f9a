"""Mentions of foods in free text: every name that stands in it, longest first, and what each carries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from apps.core.text import fold
from apps.ingredients import negation, spelling
from apps.ingredients.carrier_table import HARMLESS, Carrier, Table
from apps.ingredients.entry import Ingredient
from apps.ingredients.matching import Matcher
from apps.ingredients.misspelt import Misspelt
from apps.ingredients.reading import Gap, Tongue, Word, is_english, is_syllable, read

# Letters from which on a name is recognised with one of them wrong.
_LONG = 6
# So many pieces of a word are put together ("pea-nut", "but.ter").
_PIECES = 3
_FLESH = frozenset({"fish", "crustaceans", "molluscs"})
_FLESHLESS = frozenset({"vegetarian", "vegan", "kosher", "halal", "no_pork", "no_beef"})
# What imitations of meat and fish are made of.
_IMITATION = frozenset({"soy", "gluten"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A place of a text that names food; `text[start:end]` is the place, `term` its canonical name in English.

    Of what a name can mean, everything counts. `made` says that the recipe itself may make it ("the stock").
    """

    term: str
    start: int
    end: int
    ingredient_ids: frozenset[str]
    allergens: frozenset[str]
    breaks: frozenset[str]
    made: bool = False


@dataclass(slots=True)
class _Hit:
    """Words `first` to `last` (exclusive) are these names; one that `covers` hides those inside it."""

    first: int
    last: int
    names: list[tuple[str, Ingredient | Carrier]]
    covers: bool


class Scanner:
    """Scans with one state of the master list and the table; never changed, so that threads share it.

    It holds no second copy of the names: which lengths (in words) names with a certain first word have is all that it
    adds to the matcher's and the table's own maps.
    """

    def __init__(self, matcher: Matcher, table: Table) -> None:
        self._matcher, self._table = matcher, table
        lengths: dict[str, int] = defaultdict(int)
        for folded in (*matcher.folded_names(), *table.by_folded):
            first, _, rest = folded.partition(" ")
            lengths[first] |= 1 << (rest.count(" ") + 1 if rest else 0)
        self._lengths = dict(lengths)
        self._misspelt = Misspelt(self._dangerous(), self._vocabulary())

    def scan(self, text: str) -> list[Mention]:
        """Return the mentions in `text`; see `carriers.mentions`."""
        words = read(text)
        hits = _uncovered([*self._hits(words)])
        hits += self._slips(words, hits)
        spans = [(hit.first, hit.last) for hit in hits]
        stated = negation.outside(text, words, spans)
        found = [self._mention(words, hit) for hit, counts in zip(hits, stated, strict=True) if counts]
        return sorted(filter(None, found), key=lambda mention: (mention.start, mention.end))

    def _hits(self, words: Sequence[Word]) -> Iterator[_Hit]:
        for place, word in enumerate(words):
            lengths = self._lengths.get(word.bare, 0)
            last, phrase, covers = place, "", True
            while lengths:
                if last > place:
                    if last == len(words) or words[last].gap == Gap.PARTED:
                        break
                    covers = covers and words[last].gap == Gap.JOINED
                phrase = f"{phrase} {words[last].bare}" if phrase else word.bare
                last += 1
                if lengths & 1 and (names := self._named(phrase, words[place:last])):
                    yield _Hit(place, last, names, covers)
                lengths >>= 1
            yield from self._put_together(words, place)

    def _put_together(self, words: Sequence[Word], place: int) -> Iterator[_Hit]:
        """Yield the names whose letters something stands between: "pea-nut", "but.ter"."""
        for last in range(place + 2, min(place + _PIECES, len(words)) + 1):
            if not words[last - 1].tight:
                return
            pieces = words[place:last]
            bare = "".join(piece.bare for piece in pieces)
            whole = Word("".join(piece.spelt for piece in pieces), bare, 0, 0, Gap.JOINED)
            whole.tongue = words[place].tongue
            if names := self._named(bare, [whole]):
                yield _Hit(place, last, names, covers=False)

    def _named(self, bare: str, words: Sequence[Word]) -> list[tuple[str, Ingredient | Carrier]]:
        """Return the names that `words`, without marks `bare`, can be; none of those that are harmless in free text."""
        own = self._table.by_folded.get(bare, ())
        named = self._matcher.named(bare)
        if not own and not named:
            return []
        typed = words[0].spelt if len(words) == 1 else " ".join(word.spelt for word in words)
        names: list[tuple[str, Ingredient | Carrier]] = [
            (name, meaning) for name, meaning in (*own, *named) if spelling.agrees(typed, name)
        ]
        exact = [(name, meaning) for name, meaning in names if name == typed]
        if len(exact) < len(names) and not self._may_lack_marks(words, known=bool(exact)):
            names = [pair for pair in names if _has_marks_of(typed, pair[0])]
        return [pair for pair in names if self._is_of_its_language(pair[0], words[0].tongue)]

    def _may_lack_marks(self, words: Sequence[Word], *, known: bool) -> bool:
        """Say whether these words can be others whose marks were left out: `known` if they are names as they stand."""
        tongue = words[0].tongue
        if tongue == Tongue.ENGLISH:
            is_foreign = any(not is_syllable(word.bare) for word in words)
            return is_foreign or (len(words) > 1 and not all(is_english(word.bare) for word in words))
        if tongue == Tongue.MARKED:
            return not known and not (len(words) == 1 and words[0].bare in self._table.unmarked)
        return True

    def _is_of_its_language(self, name: str, tongue: Tongue) -> bool:
        if tongue == Tongue.MARKED:
            return name not in self._table.english_only
        return tongue != Tongue.ENGLISH or name not in self._table.vietnamese_only

    def _slips(self, words: Sequence[Word], hits: Sequence[_Hit]) -> Iterator[_Hit]:
        """Yield the dangerous names with one letter or mark wrong, where nothing is named as it stands."""
        taken = {place for hit in hits if hit.covers for place in range(hit.first, hit.last)}
        for first, last, name in self._misspelt.find(words, taken):
            if names := [pair for pair in self._all(fold(name)) if pair[0] == name]:
                yield _Hit(first, last, names, covers=False)

    def _all(self, folded: str) -> tuple[tuple[str, Ingredient | Carrier], ...]:
        return (*self._table.by_folded.get(folded, ()), *self._matcher.named(folded))

    def _dangerous(self) -> Iterator[str]:
        """Yield the names that carry something; long ones, since only those are recognised misspelt."""
        for folded in {*self._matcher.folded_names(), *self._table.by_folded}:
            if len(folded) - folded.count(" ") < _LONG:
                continue
            names = self._all(folded)
            harmless = {name for name, meaning in names if meaning is HARMLESS}
            yield from sorted({name for name, meaning in names if name not in harmless and _is_dangerous(meaning)})

    def _vocabulary(self) -> Iterator[str]:
        yield from self._table.words
        for folded in (*self._matcher.folded_names(), *self._table.by_folded):
            yield from (word for name, _ in self._all(folded) for word in name.split(" "))

    def _mention(self, words: Sequence[Word], hit: _Hit) -> Mention | None:
        harmless = {name for name, meaning in hit.names if meaning is HARMLESS}
        meanings = [meaning for _, meaning in hit.names if meaning is not HARMLESS]
        counted = [meaning for name, meaning in hit.names if name not in harmless]
        ids = frozenset(meaning.id for meaning in meanings if isinstance(meaning, Ingredient))
        if not ids and not counted:
            return None
        allergens = frozenset().union(*(meaning.allergens for meaning in counted))
        breaks = frozenset().union(*(meaning.breaks for meaning in counted))
        if _is_imitation(words, hit):
            allergens, breaks = (allergens - _FLESH) | _IMITATION, (breaks - _FLESHLESS) | {"gluten_free"}
        return Mention(
            _term(counted or meanings), words[hit.first].start, words[hit.last - 1].end, ids, allergens, breaks,
            made=all(name in self._table.made for name, _ in hit.names),
        )  # fmt: skip


def _has_marks_of(typed: str, name: str) -> bool:
    """Say whether no word of `typed` lacks marks that the name has; a tone may stand on another vowel."""
    return all(
        mine == theirs or not mine.isascii() for mine, theirs in zip(typed.split(" "), name.split(" "), strict=True)
    )


def _uncovered(hits: list[_Hit]) -> list[_Hit]:
    """Leave out what stands inside a longer name: the "milk" of "coconut milk"."""
    furthest: dict[int, int] = {}
    for hit in hits:
        if hit.covers:
            furthest[hit.first] = max(furthest.get(hit.first, 0), hit.last)
    before: dict[int, int] = {}
    last_place = 0
    for place in range(max((hit.first for hit in hits), default=0) + 1):
        before[place] = last_place
        last_place = max(last_place, furthest.get(place, 0))
    return [hit for hit in hits if before[hit.first] < hit.last and furthest.get(hit.first, 0) <= hit.last]


def _is_imitation(words: Sequence[Word], hit: _Hit) -> bool:
    """Say whether the name of an animal is that of an imitation: "mực chay", "vegan tuna"."""
    after = words[hit.last] if hit.last < len(words) else None
    if after and after.gap == Gap.JOINED and after.spelt == "chay":
        return True
    before = words[hit.first - 1] if hit.first else None
    return bool(before and words[hit.first].gap == Gap.JOINED and before.bare in {"vegan", "meatless"})


def _is_dangerous(meaning: Ingredient | Carrier) -> bool:
    return bool(meaning.allergens or meaning.breaks - {"low_carb"})


def _term(meanings: Iterable[Ingredient | Carrier]) -> str:
    """Return the canonical name of the first meaning that carries something."""
    listed = list(meanings)
    first = next(filter(_is_dangerous, listed), listed[0])
    return first.en if isinstance(first, Ingredient) else first.term
