"""Match a typed name to an ingredient: exactly, without diacritics, or despite typos; report what is ambiguous."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from apps.core.text import clean
from apps.ingredients import input_methods, lines, measures, spelling
from apps.ingredients.completion import Completer
from apps.ingredients.entry import Category, Ingredient
from apps.ingredients.head_nouns import Heads
from apps.ingredients.kinds import Kinds
from apps.ingredients.lines import Language, ParsedLine
from apps.ingredients.names import EXACT, Names, canonical, in_order
from apps.ingredients.naming import Namer
from apps.ingredients.noun_phrases import UNKNOWN
from apps.ingredients.phrase_foods import Food
from apps.ingredients.quantities import NO_AMOUNT, Amount
from apps.ingredients.spelling import Name
from apps.ingredients.typos import Near, NearNames

Status = Literal["exact", "corrected", "ambiguous", "unknown", "invalid"]

# Maximum length of a name, and of a line of a recipe, in characters.
MAX_LENGTH = 100
MAX_LINE = lines.MAX_LENGTH
MAX_SUGGESTIONS = 3

# Another name with a score at most this much lower counts as equally near, as shorter names score lower.
_RIVALRY = 0.05
# The best name is accepted only if no food of another category, or with other allergens, scores within this of it.
_OTHER_FOOD = 0.08
# Mere suggestions get a confidence below the threshold of acceptance.
_JUST_BELOW = 0.01
# Maximum number of remaining parts of a line that are checked for typos, each in up to half a millisecond.
_MISSPELT = 3
# A brand or an origin in front of a name leaves it what it is, and is not known to do so.
_UNKNOWN_WORDS = 0.9
# As sure as a name without its diacritics.
_DECODED = 0.95
# The least that a correction is sure of.
_LEAST = 0.8
# Line breaks and tabs are spaces; other control characters and halves of surrogate pairs are nobody's spelling.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Match:
    """The meaning of a name: `ingredient` if exact or corrected, else up to three `suggestions`, best first.

    `confidence` is 1.0 for an exact name, 0.95 if diacritics are missing, else the score of the best candidate. `foods`
    are the distinct foods of a line with several: both in "salt and pepper", one of them in "butter or margarine"
    (`is_choice`). `preparation` is the text beyond name and amount.
    """

    status: Status
    ingredient: Ingredient | None
    confidence: float
    quantity: float | None = None
    unit: str | None = None
    suggestions: tuple[Ingredient, ...] = ()
    quantity_max: float | None = None
    preparation: str | None = None
    foods: tuple[Ingredient, ...] = ()
    is_choice: bool = False


@dataclass(frozen=True, slots=True)
class LineFood:
    """One food of a line of a recipe. `ingredient` is None if its name is unknown or ambiguous.

    `alternatives` may replace it.
    """

    name: str
    ingredient: Ingredient | None
    amount: Amount = NO_AMOUNT
    preparation: str | None = None
    is_optional: bool = False
    # Nothing but the name was in the line.
    is_whole: bool = False
    alternatives: tuple[Ingredient, ...] = ()


class Matcher:
    """Matches the names of one master list. Immutable, so that threads can share it.

    `accept` is the minimum score for accepting a misspelt name, `suggest` the minimum for suggesting one.
    """

    def __init__(self, ingredients: Iterable[Ingredient], *, accept: float = 0.8, suggest: float = 0.6) -> None:
        entries = tuple(ingredients)
        self._accept, self._suggest = accept, suggest
        self._names = Names(entries)
        self._by_key = {entry.key: entry for entry in entries}
        self.kinds = Kinds({entry.id: entry for entry in entries})
        self._namer = Namer(Heads(self._names.look_up, self._names.is_word, self.kinds.contains))
        self._near = NearNames(self._names.by_folded, self._names.words)
        self._completer = Completer(list(self._names.own), near=self._near, suggest=suggest)

    def match(self, text: str, language: Language | None = None) -> Match:
        """Return the meaning of `text`, a name or a line of at most 500 characters. Never raises.

        A name is exact with its diacritics, or without any of them, or with some; then misspelt. Diacritics that
        were typed count: "dứa" is never "dừa". The beginning of a name is not the name. Takes 0.04 ms for a name
        that is known, 0.5 ms for a line, up to 1.5 ms for what nobody knows (2,600 ingredients with their plurals).
        """
        if not _is_readable(text):
            return Match("invalid", None, 0.0)
        whole = self._whole(text, language)
        if whole:
            return self._answer([whole])
        if text.isascii() and lines.is_no_food(text):
            return Match("invalid", None, 0.0)
        return self._match_line(text, lines.parse_line(text, language))

    def resolve(self, name: str, language: Language | None = None) -> Ingredient | None:
        """Return the ingredient of a recipe's `name`, without corrections; None if it is unknown or ambiguous.

        Of several that share the name, the one whose Vietnamese or English name it is, not an alias; the most common
        one where they differ in nothing that anybody has to avoid.
        """
        if not _is_readable(name):
            return None
        foods = self._foods(name, language) or self._decoded(name)
        return self._decided(foods[0]) if foods and all(_same(foods[0], food) for food in foods) else None

    def read_line(self, text: str, language: Language | None = None) -> list[LineFood]:
        """Return the foods of a line of a recipe, at least one. Unknown foods have only a name and an amount.

        Returns nothing for headings and equipment.
        """
        whole = self._whole(text, language)
        if whole:
            return [LineFood(whole.name, self._decided(whole), is_whole=True)]
        line = lines.parse_line(text, language)
        foods = self._foods_of(line, text) or self._decoded(text) or self._branded(text, line)
        if not foods:
            if line.is_equipment or (line.heading and not line.phrases):
                return []
            return [_unknown_food(text, line)]
        found: list[LineFood] = []
        company = _keys(foods)
        for food in foods:
            decided = self._decided(food, company)
            if food.joined == "or" and found:
                more = [*found[-1].alternatives, *([decided] if decided else food.known.ingredients)]
                name = f"{found[-1].name} {'hoặc' if line.language == 'vi' else 'or'} {food.name}"
                found[-1] = replace(found[-1], name=name, alternatives=in_order(more))
            else:
                is_alone = len(foods) == 1 and not food.preparation and food.amount == NO_AMOUNT
                behind = _said_behind(food, line) if is_alone else None
                said, is_whole = behind or _said(food), is_alone and not behind
                found.append(LineFood(food.name, decided, food.amount, said, line.is_optional, is_whole))
        return found

    @property
    def by_folded(self) -> Mapping[str, Sequence[Name]]:
        """Every name without its diacritics, plurals included → the names that are it then."""
        return self._names.by_folded

    def is_word(self, word: str) -> bool:
        """Say whether a word, with its diacritics, stands in any name."""
        return self._names.is_word(word)

    def complete(self, prefix: str, *, category: Category | None = None, limit: int) -> list[Ingredient]:
        """Return at most `limit` ingredients for what was typed so far; see `Completer.complete` for their order."""
        return self._completer.complete(prefix, category=category, limit=limit)

    def _foods(self, text: str, language: Language | None = None) -> list[Food]:
        whole = self._whole(text, language)
        return [whole] if whole else self._foods_of(lines.parse_line(text, language), text)

    def _foods_of(self, line: ParsedLine, text: str) -> list[Food]:
        """Return the foods of a line that is more than a name."""
        return [] if lines.is_no_food(text) else self._namer.foods(line)

    def _match_line(self, text: str, line: ParsedLine) -> Match:
        foods = self._namer.foods(line) or self._decoded(text) or self._branded(text, line)
        if foods and any(food.unknown for food in foods):
            # "corriander seed" is a slip, "heinz ketchup" a brand.
            nearest = self._nearest(line, reaches=(self._accept - _RIVALRY,))
            return nearest if nearest.status in {"corrected", "ambiguous"} else self._answer(foods)
        if foods:
            return self._answer(foods)
        if line.is_equipment or not self._namer.cores(line):
            return Match("invalid", None, 0.0)
        nearest = self._nearest(line, reaches=(self._accept - _RIVALRY, self._suggest))
        return nearest if nearest.status != "unknown" or nearest.suggestions else self._but_for_keys(text) or nearest

    def _whole(self, text: str, language: Language | None) -> Food | None:
        """Return the food that a text names as it stands, without parsing it: most that people type are names."""
        name = clean(text)
        known = self._names.look_up(name, lines.language_of(name, language)) if len(text) <= MAX_LENGTH else None
        if known is None or (known.confidence < EXACT and lines.is_no_food(text)):
            return None
        return Food(known, name)

    def _decoded(self, text: str) -> list[Food]:
        """Return the foods of a text typed with an input method that did not finish, or in an old font."""
        for meant in input_methods.decoded(clean(text)):
            foods = self._foods(meant)
            if foods and not any(food.unknown for food in foods):
                return [replace(food, known=replace(food.known, confidence=_DECODED)) for food in foods]
        return []

    def _branded(self, text: str, line: ParsedLine) -> list[Food]:
        """Return the foods of a text without diacritics whose brand made it look English: "tuong ot chinsu"."""
        if line.language != "en" or not text.isascii():
            return []
        foods = self._namer.foods(lines.parse_line(text, "vi"))
        is_sure = all(" " in food.name and not food.unknown for food in foods)
        return [replace(food, known=replace(food.known, confidence=_DECODED)) for food in foods] if is_sure else []

    def _but_for_keys(self, text: str) -> Match | None:
        """Offer what a text is but for its diacritics where the keys in it make no name.

        It is taken as a correction where a digit is in each of several syllables that name one food: "thit1 bo2".
        """
        for plain in input_methods.bare(clean(text)):
            foods = self._foods(plain, "vi")
            if foods and not any(food.unknown for food in foods) and all(_same(foods[0], food) for food in foods):
                meant = self._meant(foods[0])
                if len(foods) == len(meant) == 1 and input_methods.has_digits(clean(text)):
                    return Match("corrected", meant[0], max(self._accept, _LEAST))
                amount, confidence = foods[0].amount, min(_DECODED, self._accept - _JUST_BELOW)
                return Match(
                    "unknown", None, confidence, amount.quantity, amount.unit, meant[:MAX_SUGGESTIONS],
                    amount.quantity_max,
                )  # fmt: skip
        return None

    def _meant(self, food: Food, company: Collection[str] = frozenset()) -> tuple[Ingredient, ...]:
        return measures.narrowed(food, self._by_key, company)

    def _decided(self, food: Food, company: Collection[str] = frozenset()) -> Ingredient | None:
        meant = self._meant(food, company)
        if len(meant) == 1:
            return meant[0]
        typed = canonical(food.name)
        named = [entry for entry in meant if typed in map(canonical, (entry.vi, entry.en))]
        if len(named) == 1:
            return named[0]
        # "hành" and "peppers": whichever it is, nobody must avoid one who may eat the other.
        return meant[0] if food.known.confidence == 1 and len(set(map(_limits, meant))) == 1 else None

    def _answer(self, foods: list[Food]) -> Match:
        first, company = foods[0], _keys(foods)
        meant = [self._meant(food, company) for food in foods]
        is_one = all(each == meant[0] for each in meant)
        alone = is_one and len(meant[0]) == 1
        confidence = first.known.confidence * (_UNKNOWN_WORDS if first.unknown else 1)
        match = Match(
            "exact" if alone else "ambiguous", meant[0][0] if alone else None, confidence, first.amount.quantity,
            first.amount.unit, quantity_max=first.amount.quantity_max, preparation=_said(first),
        )  # fmt: skip
        if alone:
            return match
        if is_one:
            return replace(match, suggestions=meant[0][:MAX_SUGGESTIONS])
        every = tuple({entry.id: entry for each in meant for entry in each}.values())
        is_choice = all(food.joined == "or" for food in foods[1:])
        if first.known is UNKNOWN:
            match = replace(match, status="unknown")
        return replace(match, suggestions=every[:MAX_SUGGESTIONS], foods=every, is_choice=is_choice)

    def _nearest(self, line: ParsedLine, *, reaches: Sequence[float]) -> Match:
        """Look for what may be meant, and, where there is nothing, for what to suggest."""
        misspelt = [
            (words, amount)
            for name, amount in self._namer.cores(line)
            if (words := spelling.words_of(name)) and not _DIGIT.search(words)
        ][-_MISSPELT:]
        for reach in reaches:
            found = [(amount, self._near.find(words, reach=reach)) for words, amount in misspelt]
            best, near = max(found, key=lambda pair: pair[1][0].score if pair[1] else 0.0, default=(line.amount, []))
            match = self._judge(near)
            if match.status != "unknown":
                break
        amount = best if match.status != "unknown" and best != NO_AMOUNT else line.amount
        if match.ingredient and not amount.unit:
            amount = _counted(found, match.ingredient) or amount
        return replace(match, quantity=amount.quantity, unit=amount.unit, quantity_max=amount.quantity_max)

    def _judge(self, near: list[Near]) -> Match:
        """Take the best name that may be meant, unless another ingredient is as near."""
        best = next((one for one in near if one.takeable and one.cost and one.score >= self._accept), None)
        if best is None:
            suggestions = tuple(one.ingredient for one in near[:MAX_SUGGESTIONS])
            confidence = min(near[0].score, self._accept - _JUST_BELOW) if near else 0.0
            return Match("unknown", None, confidence, suggestions=suggestions)
        rivals = [one for one in near if one is not best and one.cost <= best.cost]
        others = [one for one in near if one.score >= best.score - _OTHER_FOOD and _is_other(one, best)]
        if others and not rivals:
            suggestions = tuple(one.ingredient for one in near[:MAX_SUGGESTIONS])
            return Match("unknown", None, min(best.score, self._accept - _JUST_BELOW), suggestions=suggestions)
        if rivals:
            suggestions = tuple(one.ingredient for one in [best, *rivals][:MAX_SUGGESTIONS])
            return Match("ambiguous", None, best.score, suggestions=suggestions)
        return Match("corrected", best.ingredient, best.score)


def _counted(found: Sequence[tuple[Amount, list[Near]]], ingredient: Ingredient) -> Amount | None:
    """Return the amount with a unit of "2 quả cà chau" where the same ingredient is near without it too."""
    for amount, near in found:
        if amount.unit and any(one.ingredient is ingredient for one in near):
            return amount
    return None


def _is_other(near: Near, best: Near) -> bool:
    one, other = near.ingredient, best.ingredient
    return one.category != other.category or one.allergens != other.allergens


def _same(food: Food, other: Food) -> bool:
    return food.known.ingredients == other.known.ingredients


def _keys(foods: Sequence[Food]) -> frozenset[str]:
    """Return the keys of what foods of one line are, where each is sure."""
    return frozenset(one.key for food in foods if len(foods) > 1 for one in food.known.ingredients[:1])


def _limits(entry: Ingredient) -> tuple[object, ...]:
    return entry.category, entry.allergens, entry.may_contain, entry.breaks


def _said(food: Food) -> str | None:
    return ", ".join(food.preparation) or None


def _said_behind(food: Food, line: ParsedLine) -> str | None:
    """Return what stands behind a name that begins its line: "to taste", "for frying"."""
    words, name = line.phrases[0].words if len(line.phrases) == 1 else (), tuple(food.name.split())
    behind = words[len(name) :] if words[: len(name)] == name else ()
    return " ".join(behind) if behind and behind[0].isalpha() else None


def _unknown_food(text: str, line: ParsedLine) -> LineFood:
    """Return the name of a line that nobody knows as it was written, without its amount where there is one."""
    phrase = line.phrases[0] if line.phrases else None
    if phrase is None:
        return LineFood(text, None, is_whole=True)
    start, amount = phrase.starts[-1]
    said = [" ".join(other.words) for other in (*line.phrases[1:], *line.asides)]
    return LineFood(" ".join(phrase.words[start : phrase.end]) or text, None, amount, ", ".join(said) or None)


def _is_readable(text: str) -> bool:
    """Say whether there is text to look at: letters, or a picture."""
    return (
        len(text) <= MAX_LINE and not _NOT_TEXT.search(text) and any(char.isalpha() or char > "\u2190" for char in text)
    )
