"""Which words of a phrase name the food: the head noun, with words around it that leave it that food."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from apps.ingredients import grammar_table, quantities
from apps.ingredients.entry import Category, Ingredient
from apps.ingredients.grammar_table import Words
from apps.ingredients.lines import Language, ParsedLine, Phrase
from apps.ingredients.quantities import Amount
from apps.ingredients.reading import word_of

_AND = frozenset({"and", "+", "plus", "và", "cùng"})
_OF = frozenset({"of", "from"})
# After these, whatever follows is an example.
_EXAMPLES = frozenset({"such", "like", "including", "e.g", "eg", "i", "như", "ví"})
_OR = frozenset({"or", "/", "hoặc", "hay", "|"})
# Of these, a state like "dried" tells no other allergens.
_PLAIN = frozenset(
    {Category.SPICE, Category.VEGETABLE, Category.MEAT, Category.SEAFOOD, Category.GRAIN, Category.LEGUME}
)
# Behind a comma these are a part of the food before, not a food besides.
_PART_NOUNS = frozenset(
    "skin skins bone bones seed seeds fat zest rind peel shell shells stem stems stalk stalks root roots tops ends end "
    "leaves leaf whites white yolks yolk green greens part parts juice juices liquid water brine syrup oil ice head "
    "heads tail tails core cores pith membrane sides side layer layers room cut meat flesh crust crusts rinds".split()
)
_LONGEST_NAME = 7
_MOST_UNKNOWN = 3
_FEWEST = 2
_SHORTEST_BRAND = 3
# Seasonings are listed one after the other without anything between: "muối tiêu", "hành tỏi băm".
_ENUMERATED = frozenset({Category.SPICE, Category.VEGETABLE})


@dataclass(frozen=True, slots=True)
class Known:
    """What some words mean as they stand: of several ingredients any can be meant."""

    ingredients: tuple[Ingredient, ...]
    confidence: float


# The ids of what an ingredient is, is a kind of and is made of.
Contains = Callable[[str], frozenset[str]]
# Looks a name up as it is spelt, in a line of that language (None: in either).
LookUp = Callable[[str, Language | None], Known | None]


@dataclass(frozen=True, slots=True)
class Food:
    """A food in a line: what its name can mean, how much of it, and what was left of the phrase beyond the name.

    `joined` is "or" where it may be taken instead of the food before, "and" where it is one more. `unknown` are words
    in front of the name that are in no list: brands and origins.
    """

    known: Known
    name: str
    amount: Amount = Amount()
    preparation: tuple[str, ...] = ()
    joined: str = ""
    unknown: tuple[str, ...] = ()
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class _Cover:
    """A name within words: `left` and `right` of it are read as saying nothing about which food it is."""

    known: Known
    start: int
    end: int
    unknown: int


class Namer:
    """Finds the foods of parsed lines among the names that `look_up` knows.

    `is_word` says whether a word stands in any name: such a word in front of a food may make another food of it.
    """

    def __init__(self, look_up: LookUp, is_word: Callable[[str], bool], contains: Contains) -> None:
        self._known, self._is_word, self._contains = look_up, is_word, contains

    def foods(self, line: ParsedLine) -> list[Food]:
        """Return the foods of a line in their order; nothing where the head of the line is no known name."""
        for language in _languages(line):
            found = self._in_phrases(line, language)
            if found:
                return found
        return []

    def cores(self, line: ParsedLine) -> list[tuple[str, Amount]]:
        """Return what is left of the first phrase that says more than states, for whoever looks for misspelt names."""
        for phrase in (*line.phrases, *line.asides):
            cores: dict[str, Amount] = {}
            if phrase.starts[-1][0] == phrase.end:
                continue
            for language in _languages(line):
                for start, amount in phrase.starts:
                    words = phrase.words[start : phrase.end]
                    for core in (words, self._core(words, grammar_table.words(language))):
                        if not _AND.isdisjoint(core) or not _OR.isdisjoint(core):
                            continue
                        if core and any(word[0].isalpha() for word in core):
                            cores[" ".join(core)] = amount
            if cores:
                return list(cores.items())
        return []

    def _look_up(self, name: str, language: Language | None) -> Known | None:
        found = self._known(name, language)
        if found or language == "en":
            return found
        variants = grammar_table.words("vi").variants
        other = " ".join(variants.get(word, word) for word in name.split(" "))
        return self._known(other, language) if other != name else None

    def _core(self, words: Sequence[str], table: Words) -> Sequence[str]:
        start, end = _left_end(words, table), len(words)
        language: Language = "en" if "of" in table.fillers else "vi"
        for place in range(start + 1, len(words)):
            if _says_what_to_do(words[place:], table, language):
                end = place
                break
        return words[start:end]

    def _in_phrases(self, line: ParsedLine, language: Language) -> list[Food]:
        table = grammar_table.words(language)
        foods: list[Food] = []
        before: tuple[str, ...] = ()
        amount = Amount()
        is_example = False
        for place, phrase in enumerate(line.phrases):
            if foods:
                is_example = is_example or not _EXAMPLES.isdisjoint(phrase.words)
                foods = _noted(foods, phrase) if is_example else self._add(foods, phrase, language)
                continue
            found = self._in_phrase(phrase, language)
            if found and self._describes_next(line.phrases[place : place + 2], language):
                found = []
            if found:
                said = replace(found[0], preparation=(*before, *found[0].preparation))
                foods = [said if said.amount != Amount() else replace(said, amount=amount), *found[1:]]
            elif self._says_nothing(phrase, table):
                amount = phrase.starts[-1][1] if amount == Amount() else amount
                before = (*before, " ".join(phrase.words[phrase.starts[-1][0] : phrase.end]))
            elif place + 1 < len(line.phrases) and line.phrases[place + 1].before == ":":
                # A heading of somebody's own: "Bánh flan: 3 trứng".
                before = ()
            else:
                break
        asides = line.asides
        if not foods and line.phrases and len(line.phrases[0].words) <= _LONGEST_NAME or line.heading:
            asides, foods = self._from_asides(asides, foods, language)
        is_example = False
        for aside in asides if foods else ():
            is_example = (is_example and aside.before != "(") or not _EXAMPLES.isdisjoint(aside.words)
            foods = _noted(foods, aside) if is_example else self._add(foods, aside, language)
        return foods

    def _from_asides(
        self, asides: tuple[Phrase, ...], foods: list[Food], language: Language
    ) -> tuple[tuple[Phrase, ...], list[Food]]:
        """Take what stands in brackets for the name where nothing before it is one: "EVOO (extra virgin olive oil)"."""
        if foods:
            return asides, foods
        for place, aside in enumerate(asides):
            table = grammar_table.words(language)
            if table.links.end(aside.words, 0):
                continue
            found = self._in_phrase(aside, language)
            if found and not found[0].unknown:
                return asides[place + 1 :], found
            if not self._says_nothing(aside, table):
                break
        return asides, []

    def _describes_next(self, phrases: Sequence[Phrase], language: Language) -> bool:
        """Say whether a phrase is an adjective before a comma, though a food is called so too: "crisp, sweet apples"."""
        if len(phrases) < 2 or language != "en" or phrases[1].before != ",":
            return False
        words = phrases[0].words[phrases[0].starts[-1][0] : phrases[0].end]
        table = grammar_table.words(language)
        return _left_end(words, table) == len(words) and bool(self._in_phrase(phrases[1], language))

    def _says_nothing(self, phrase: Phrase, table: Words) -> bool:
        words = phrase.words[phrase.starts[-1][0] : phrase.end]
        return not words or _left_end(words, table) == len(words) or bool(_tail_length(words, table))

    def _add(self, foods: list[Food], phrase: Phrase, language: Language) -> list[Food]:
        """Add what a further phrase says: a closer name, another food, an alternative, or what to do with it."""
        last, table = foods[-1], grammar_table.words(language)
        words = phrase.words[phrase.starts[-1][0] : phrase.end]
        closer = self._closer(last, words, language, table) if len(foods) == 1 and phrase.before in {",", "("} else None
        if closer:
            return [closer]
        joined = "or" if words and words[0] in _OR else "and"
        rest = words[1:] if words and words[0] in _AND | _OR else words
        is_listed = joined == "or" or phrase.before in {",", ";", ":"}
        if rest and is_listed and not self._is_note(rest, phrase, table):
            others = self._in_words(rest, phrase.starts[-1][1], language)
            others = [other for other in others if not self._is_part(other, rest, phrase, language)]
            if others:
                return [*foods, replace(others[0], joined=joined), *others[1:]]
        return _noted(foods, phrase)

    def _is_note(self, words: Sequence[str], phrase: Phrase, table: Words) -> bool:
        return (
            bool(table.links.end(words, 0) or table.notes.end(words, 0))
            or bool(_tail_length(words, table) and not self._look_up(" ".join(words), None))
            or (phrase.before == "(" and words[0] not in _OR and phrase.words[0] not in _OR)
        )

    def _is_part(self, food: Food, words: Sequence[str], phrase: Phrase, language: Language) -> bool:
        """Say whether what stands behind a comma is about the food before: "leeks, white part", "eggs, beaten"."""
        if language == "vi" or words is not phrase.words and phrase.words[0] in _OR:
            return bool(food.unknown)
        is_whole = len(food.name.split()) == len(words) or phrase.has_amount or food.joined
        return not (is_whole and food.name.split()[-1] not in _PART_NOUNS) or bool(food.unknown)

    def _closer(self, food: Food, words: Sequence[str], language: Language, table: Words) -> Food | None:
        """Return the food that a name and the words behind the comma are together: "sugar, brown", "eggs, yolks only"."""
        kept = [word for word in words if word not in table.fillers and word != "only"]
        if not kept or len(kept) > 2 or all(word in table.cuts for word in kept):
            return None
        said = " ".join(kept)
        if kept[-1] not in _PART_NOUNS and self._look_up(said, language):
            return None
        for name in (f"{said} {food.name}", f"{food.name} {said}", f"{_singular(food.name)} {said}"):
            known = self._look_up(name, language)
            if known and known.ingredients != food.known.ingredients and known.confidence == 1:
                return replace(food, known=known, name=name)
        return None

    def _in_phrase(self, phrase: Phrase, language: Language) -> list[Food]:
        """Return the foods of a phrase, its amount taken off as little as makes a name of the rest."""
        table = grammar_table.words(language)
        best: list[Food] = []
        for start, amount in phrase.starts:
            words = phrase.words[start : phrase.end]
            found = self._in_words(words, amount, language)
            counted = phrase.words[start - 1] if start else ""
            if counted in table.leaves and not all(_is_called_so(counted, food.known, table) for food in found):
                continue
            if found and (not best or _looseness(found) < _looseness(best) or _is_counted(found, best)):
                best = found
        return best

    def _in_words(self, words: Sequence[str], amount: Amount, language: Language) -> list[Food]:
        table = grammar_table.words(language)
        whole = self._look_up(" ".join(words), language) if 0 < len(words) <= _LONGEST_NAME else None
        if whole:
            return [Food(whole, " ".join(words), amount)]
        words = words[: _first_link(words, table)]
        parts = _parted(words)
        if len(parts) == 1:
            food = self._in_part(words, amount, language)
            return [food] if food else self._enumerated(words, amount, language)
        return self._joined(parts, amount, language)

    def _in_part(self, words: Sequence[str], amount: Amount, language: Language) -> Food | None:
        if not words:
            return None
        table = grammar_table.words(language)
        if language == "en" and not _OF.isdisjoint(words[1:-1]):
            turned = self._turned(words, amount, language, table)
            if turned:
                return turned
        cover = self._cover(words, language, table)
        if cover is None:
            return None
        unknown = tuple(_unknown(words, cover, table))
        preparation = tuple(filter(None, (" ".join(words[: cover.start]), " ".join(words[cover.end :]))))
        return Food(cover.known, " ".join(words[cover.start : cover.end]), amount, preparation, unknown=unknown)

    def _turned(self, words: Sequence[str], amount: Amount, language: Language, table: Words) -> Food | None:
        """Read "juice of 2 limes" as lime juice, and "can of chickpeas", "leaves of basil" as what they are of."""
        place = next(place for place, word in enumerate(words) if place and word in _OF)
        head, found = words[:place], quantities.amounts_at(words, place + 1)
        inner, start = (found[0][0][0], found[1]) if found[0] else (amount, place + 1)
        rest = words[start:]
        if not rest:
            return None
        if head[-1] in table.of_links:
            rest = rest[_noun_start(rest, table) :]
            noun = rest[: next((n for n, word in enumerate(rest) if _tail_length(rest[n:], table)), len(rest))]
            for name in (
                " ".join((*noun, head[-1])),
                " ".join((*noun[:-1], _singular(noun[-1]), head[-1])) if noun else "",
            ):
                known = self._look_up(name, language)
                if known:
                    return Food(known, name, inner)
            return None
        if all(_is_left(head, n, table) or _is_unit(head[n]) or head[n] in table.parts for n in range(len(head))):
            return self._in_part(rest, inner, language)
        return None

    def _cover(self, words: Sequence[str], language: Language, table: Words) -> _Cover | None:
        """Return the name that is the head: fewest words around it that nobody knows, then the longest."""
        best: tuple[tuple[int, int, int], _Cover] | None = None
        count = len(words)
        lefts = _lefts(words, table, language)
        for start in range(count):
            for end in range(min(count, start + _LONGEST_NAME), start, -1):
                known = self._look_up(" ".join(words[start:end]), language)
                if known is None:
                    continue
                unknown = self._around(words, start, end, known, language, table, lefts)
                if unknown is None:
                    continue
                rank = (unknown, start - end, -start if language == "en" else start)
                if best is None or rank < best[0]:
                    best = rank, _Cover(known, start, end, unknown)
        return best[1] if best else None

    def _around(
        self, words: Sequence[str], start: int, end: int, known: Known, language: Language, table: Words,
        lefts: Sequence[bool],
    ) -> int | None:  # fmt: skip
        """Return how many words around a name are in no list; None where they make another food of it."""
        if _is_risky(words, start, end, known, table):
            return None
        unknown = 0
        for place in range(start):
            if lefts[place]:
                continue
            word = words[place]
            if self._is_also(word, known, language) or _is_called_so(word, known, table):
                continue
            if language == "vi" or word in table.changers or self._may_change(word) or word in _AND | _OR:
                return None
            unknown += 1
        if unknown and end - start == 1 and words[start] in table.generic_heads:
            return None
        right = self._right(words, start, end, known, language, table)
        if right is None or unknown + right > _MOST_UNKNOWN:
            return None
        return unknown + right

    def _right(
        self, words: Sequence[str], start: int, end: int, known: Known, language: Language, table: Words
    ) -> int | None:
        rest = words[end:]
        if not rest:
            return 0
        while rest:
            also = next((n for n in (2, 1) if len(rest) >= n and self._is_also(" ".join(rest[:n]), known, language)), 0)
            if not also:
                break
            rest = rest[also:]
        if language == "en":
            return 0 if not rest or _may_follow(rest, words[end - 1], table) else None
        if words[start] in table.generic_heads or " ".join(words[start : start + 2]) in table.generic_heads:
            return _neutral(rest, table, may_be_branded=end - start > 1)
        place, unknown = 0, 0
        while place < len(rest):
            if _is_end(rest, place, table):
                return unknown
            after = max(part.end(rest, place) for part in (table.preparations, table.states, table.either, table.notes))
            if after == place and rest[place] in table.changers:
                return None
            if after == place:
                if self._may_change(rest[place]) or not _may_be_brand(rest[place]):
                    return None
                unknown, after = unknown + 1, place + 1
            place = after
        return unknown

    def _is_also(self, word: str, known: Known, language: Language) -> bool:
        """Say whether a word beside a name only says what it is anyway: "feta cheese", "sesame tahini", "cá tuna"."""
        if word == "sauce" and all(one.category == Category.PROCESSED for one in known.ingredients):
            return True
        other = self._look_up(word, language)
        if other is None or len(other.ingredients) > _MOST_UNKNOWN:
            return False
        ids = {one.id for one in other.ingredients}
        return all(not ids.isdisjoint(self._contains(one.id) - {one.id}) for one in known.ingredients)

    def _may_change(self, word: str) -> bool:
        """Say whether a word can make another food of a name: one that stands in names itself."""
        return not word[0].isalpha() or self._is_word(word) or self._is_word(_singular(word))

    def _joined(self, parts: Sequence[tuple[str, Sequence[str]]], amount: Amount, language: Language) -> list[Food]:
        """Read "salt and pepper", "butter or margarine", "beef or chicken stock": what the others lack is shared."""
        table = grammar_table.words(language)
        foods: list[Food] = []
        for place, (joint, words) in enumerate(parts):
            others = [other for n, (_, other) in enumerate(parts) if n != place]
            shared = self._shared(words, others, amount, language) if len(words) <= _MOST_UNKNOWN else None
            inner, start = quantities.amounts_at(words, 0)
            own = self._in_words(words[start:], inner[0][0] if inner else amount, language) if not shared else []
            for food in [shared] if shared else own:
                foods.append(replace(food, joined=joint if foods else ""))
            is_unknown = not shared and not own and not self._is_said(words, table)
            if is_unknown and not _is_choice(parts, place):
                # One more food that nobody knows: then the line is not understood.
                return []
        return foods

    def _is_said(self, words: Sequence[str], table: Words) -> bool:
        language: Language = "en" if "of" in table.fillers else "vi"
        return not words or _left_end(words, table) == len(words) or _says_what_to_do(words, table, language)

    def _shared(
        self, words: Sequence[str], others: Sequence[Sequence[str]], amount: Amount, language: Language
    ) -> Food | None:
        """Return the food that words name with the head of another part: the "beef" of "beef or chicken stock"."""
        table = grammar_table.words(language)
        core = words[_left_end(words, table) :]
        while len(core) > 1 and not self._may_change(core[0]):
            core = core[1:]
        if not core:
            return None
        for other in others:
            for size in range(1, len(other)):
                name = [*core, *other[-size:]] if language == "en" else [*other[:size], *core]
                if core[-1] in table.of_links:
                    # "zest and juice of a lemon"
                    name = [*other[-size:], *core]
                known = self._look_up(" ".join(name), language)
                if known and known.confidence == 1 and not (size == 1 and len(other) == 1):
                    return Food(known, " ".join(name), amount)
        return None

    def _enumerated(self, words: Sequence[str], amount: Amount, language: Language) -> list[Food]:
        """Read "hành tỏi băm", "muối tiêu": names of one syllable one after the other, all of them seasonings."""
        if len(words) < _FEWEST:
            return []
        table = grammar_table.words(language)
        foods: list[Food] = []
        for place, word in enumerate(words):
            known = self._look_up(word, language)
            listed = _ENUMERATED if language == "vi" else {Category.SPICE}
            if known is None or not all(one.category in listed for one in known.ingredients):
                is_tail = len(foods) > 1 and self._right(words, place - 1, place, foods[-1].known, language, table) == 0
                return foods if is_tail else []
            foods.append(Food(known, word, amount, joined="and" if foods else ""))
        return foods


def _languages(line: ParsedLine) -> Sequence[Language]:
    """Return the languages to read a line in: English words stand in Vietnamese recipes more than the reverse."""
    return (line.language,) if line.language else ("vi", "en")


def _looseness(foods: Sequence[Food]) -> int:
    return sum(len(food.unknown) for food in foods)


def _noted(foods: Sequence[Food], phrase: Phrase) -> list[Food]:
    """Add a phrase to what is said of the last food."""
    last = foods[-1]
    return [*foods[:-1], replace(last, preparation=(*last.preparation, *_text(phrase)))]


def _is_counted(found: Sequence[Food], best: Sequence[Food]) -> bool:
    """Say whether the same foods have a unit now: of "2 quả cà chua" both "quả cà chua" and "cà chua" are a name."""
    same = [food.known.ingredients for food in found] == [food.known.ingredients for food in best]
    return same and _looseness(found) == _looseness(best) and not best[0].amount.unit


def _text(phrase: Phrase) -> tuple[str, ...]:
    return (" ".join(phrase.words),) if phrase.words else ()


def _parted(words: Sequence[str]) -> list[tuple[str, Sequence[str]]]:
    """Split words at "and" and "or"; each part with what joins it to the one before."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    for word in words:
        if word in _AND or word in _OR:
            parts.append(("and" if word in _AND else "or", []))
        else:
            parts[-1][1].append(word)
    return [part for part in parts if part[1]] or [("", [])]


def _is_choice(parts: Sequence[tuple[str, Sequence[str]]], place: int) -> bool:
    """Say whether a part may be left out: another one can be taken instead."""
    return parts[place][0] == "or" or (place + 1 < len(parts) and parts[place + 1][0] == "or")


def _first_link(words: Sequence[str], table: Words) -> int:
    """Return where a note begins: "oil for frying", "dầu để chiên"."""
    start = _left_end(words, table)
    while 0 < start < len(words) and (end := table.links.end(words, start)) > start:
        # "ripe but firm peaches": nothing has been named yet.
        start = end + _left_end(words[end:], table)
    for place in range(max(1, start), len(words)):
        if words[place] in _OF and words[place - 1] in table.of_links:
            continue
        if table.links.end(words, place) > place or table.notes.end(words, place) > place:
            return place
    return len(words)


def _is_left(words: Sequence[str], place: int, table: Words) -> bool:
    word = words[place]
    return (
        word in table.before or word in table.states or word in table.preparations or word in table.fillers
        or not word[0].isalpha() or word in grammar_table.units().sizes
    )  # fmt: skip


def _is_compound(word: str, table: Words) -> bool:
    """Say whether a word with a hyphen says how something is: "low-salt", "italian-style", "sun-ripened"."""
    parts = word.split("-")
    return len(parts) > 1 and (parts[-1] in table.compounds or all(part in table.before for part in parts))


def _is_unit(word: str) -> bool:
    return grammar_table.units().units.look_up([word], 0) is not None


def _lefts(words: Sequence[str], table: Words, language: Language) -> list[bool]:
    """Say of each word whether it may stand in front of a food."""
    found = [False] * len(words)
    place = 0
    while place < len(words):
        end = max(table.before.end(words, place), table.either.end(words, place), table.fillers.end(words, place))
        if end == place and language == "en":
            end = place + (_is_left(words, place, table) or _is_compound(words[place], table))
        elif end == place:
            end = max(
                place, grammar_table.units().counters.end(words, place), grammar_table.units().sizes.end(words, place)
            )
        for inside in range(place, end):
            found[inside] = True
        place = max(end, place + 1)
    return found


def _left_end(words: Sequence[str], table: Words) -> int:
    """Return where the words end that may stand in front of a food."""
    lefts = _lefts(words, table, "en" if "of" in table.fillers else "vi")
    return next((place for place, is_left in enumerate(lefts) if not is_left), len(words))


def _noun_start(words: Sequence[str], table: Words) -> int:
    """Return where the noun begins behind words that only describe it; the last word is the noun in any case."""
    return min(_past(words, 0, table.before), len(words) - 1)


def _past(words: Sequence[str], start: int, table: grammar_table.Phrases) -> int:
    while start < len(words) and table.end(words, start) > start:
        start = table.end(words, start)
    return start


def _tail_length(words: Sequence[str], table: Words) -> int:
    """Return how many words at the beginning say what to do with a food; 0 where they name something."""
    return max(table.preparations.end(words, 0), table.links.end(words, 0), table.notes.end(words, 0))


def _says_what_to_do(words: Sequence[str], table: Words, language: Language) -> bool:
    """Say whether words are no part of a name: in Vietnamese all of them must be known to be none."""
    if language == "en":
        return _tail_length(words, table) > 0
    place = 0
    while place < len(words):
        if _is_end(words, place, table):
            return True
        end = max(part.end(words, place) for part in (table.preparations, table.states, table.either, table.notes))
        if end == place:
            return False
        place = end
    return True


def _is_end(words: Sequence[str], place: int, table: Words) -> bool:
    """Say whether a note begins: what follows is no part of the name."""
    return table.links.end(words, place) > place or words[place] in _AND | _OR or words[place].isdigit()


def _is_called_so(word: str, known: Known, table: Words) -> bool:
    """Say whether a food is called by a part of the plant too, "lá húng quế", or "thịt" is said of flesh."""
    if word == "thịt":
        return all(one.category in {Category.MEAT, Category.SEAFOOD} for one in known.ingredients)
    heads = table.leaves.get(word)
    if heads is None:
        return False
    return all(
        any(name.split(" ")[0] in heads for name in (one.vi, *one.aliases.get("vi", ()))) for one in known.ingredients
    )


def _may_be_brand(word: str) -> bool:
    return len(word) >= _SHORTEST_BRAND and not word_of(word).is_syllable


def _neutral(rest: Sequence[str], table: Words, *, may_be_branded: bool) -> int | None:
    """Return how many words behind "nước mắm" and alike are brands; None where they may make another thing of it."""
    place, unknown = 0, 0
    while place < len(rest):
        if _is_end(rest, place, table):
            return unknown
        end = max(table.neutral.end(rest, place), table.notes.end(rest, place))
        if may_be_branded:
            end = max(end, table.colours.end(rest, place))
        if end == place:
            if not may_be_branded or not _may_be_brand(rest[place]):
                return None
            unknown, end = unknown + 1, place + 1
        place = end
    return unknown


def _may_follow(rest: Sequence[str], last: str, table: Words) -> bool:
    """Say whether words behind an English name leave it that food: parts of it, then what to do with it."""
    place = 0
    while place < len(rest):
        word = rest[place]
        if _is_part_of(word, last, table) or word in table.fillers or word in table.states:
            place += 1
            continue
        return bool(_tail_length(rest[place:], table)) or not word[0].isalpha()
    return True


def _is_part_of(word: str, name: str, table: Words) -> bool:
    if word in table.part_of:
        return name in table.part_of[word]
    return word in table.parts


def _is_risky(words: Sequence[str], start: int, end: int, known: Known, table: Words) -> bool:
    """Say whether a state around a name may add an allergen that the food by itself lacks: "dried" of fruit."""
    around = (*words[:start], *words[end:])
    if all(one.category in _PLAIN for one in known.ingredients):
        return False
    return any(word in table.risky for word in around)


def _unknown(words: Sequence[str], cover: _Cover, table: Words) -> Iterator[str]:
    if cover.unknown:
        left = [words[place] for place in range(cover.start) if not _is_left(words, place, table)]
        yield from left or words[cover.end :]


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("oes", "shes", "ches", "xes", "sses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
