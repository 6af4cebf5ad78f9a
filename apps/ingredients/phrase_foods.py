"""The foods of a phrase: one, several joined by "and" or "or", or "juice of 2 limes"."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from apps.ingredients import grammar_table, quantities
from apps.ingredients.entry import Category
from apps.ingredients.grammar_table import Words
from apps.ingredients.head_nouns import LONGEST_NAME, MOST_UNKNOWN, Heads, unknown_words
from apps.ingredients.lines import Language
from apps.ingredients.noun_phrases import (
    OF,
    Known,
    are_notes,
    end_of_modifiers,
    first_link,
    is_unit,
    length_of_note,
    may_precede,
    singular_of,
    split_at_joints,
    start_of_noun,
)
from apps.ingredients.quantities import NO_AMOUNT, Amount

_FEWEST = 2
# Seasonings are listed one after the other without anything between: "muối tiêu", "hành tỏi băm".
_ENUMERATED = frozenset({Category.SPICE, Category.VEGETABLE})


@dataclass(frozen=True, slots=True)
class Food:
    """A food in a line: what its name can mean, how much of it, and what was left of the phrase beyond the name.

    `joined` is "or" where it may be taken instead of the food before, "and" where it is one more. `unknown` are words
    in front of the name that are in no list: brands and origins.
    """

    known: Known
    name: str
    amount: Amount = NO_AMOUNT
    preparation: tuple[str, ...] = ()
    joined: str = ""
    unknown: tuple[str, ...] = ()
    has_more: bool = False


class Phrases:
    """Reads the foods of phrases whose amounts are taken off."""

    def __init__(self, heads: Heads) -> None:
        self._heads = heads

    def read(self, words: Sequence[str], amount: Amount, language: Language) -> list[Food]:
        table = grammar_table.words(language)
        whole = self._heads.look_up(" ".join(words), language) if 0 < len(words) <= LONGEST_NAME else None
        if whole:
            return [Food(whole, " ".join(words), amount)]
        words = words[: first_link(words, table)]
        parts = split_at_joints(words)
        if len(parts) == 1:
            food = self._in_part(words, amount, language)
            return [food] if food else self._enumerated(words, amount, language)
        return self._joined(parts, amount, language)

    def _in_part(self, words: Sequence[str], amount: Amount, language: Language) -> Food | None:
        if not words:
            return None
        table = grammar_table.words(language)
        if language == "en" and not OF.isdisjoint(words[1:-1]):
            turned = self._turned(words, amount, language, table)
            if turned:
                return turned
        cover = self._heads.find(words, language, table)
        if cover is None:
            return None
        unknown = tuple(unknown_words(words, cover, table))
        preparation = tuple(filter(None, (" ".join(words[: cover.start]), " ".join(words[cover.end :]))))
        return Food(cover.known, " ".join(words[cover.start : cover.end]), amount, preparation, unknown=unknown)

    def _turned(self, words: Sequence[str], amount: Amount, language: Language, table: Words) -> Food | None:
        """Read "juice of 2 limes" as lime juice, and "can of chickpeas", "leaves of basil" as what they are of."""
        place = next(place for place, word in enumerate(words) if place and word in OF)
        head, found = words[:place], quantities.amounts_at(words, place + 1)
        inner, start = (found[0][0][0], found[1]) if found[0] else (amount, place + 1)
        rest = words[start:]
        if not rest:
            return None
        if head[-1] in table.of_links:
            rest = rest[start_of_noun(rest, table) :]
            noun = rest[: next((n for n, word in enumerate(rest) if length_of_note(rest[n:], table)), len(rest))]
            for name in (
                " ".join((*noun, head[-1])),
                " ".join((*noun[:-1], singular_of(noun[-1]), head[-1])) if noun else "",
            ):
                known = self._heads.look_up(name, language)
                if known:
                    return Food(known, name, inner)
            return None
        if all(may_precede(head, n, table) or is_unit(head[n]) or head[n] in table.parts for n in range(len(head))):
            return self._in_part(rest, inner, language)
        return None

    def _joined(self, parts: Sequence[tuple[str, Sequence[str]]], amount: Amount, language: Language) -> list[Food]:
        """Read "salt and pepper", "butter or margarine", "beef or chicken stock": what the others lack is shared."""
        table = grammar_table.words(language)
        foods: list[Food] = []
        for place, (joint, words) in enumerate(parts):
            others = [other for n, (_, other) in enumerate(parts) if n != place]
            shared = self._shared(words, others, amount, language) if len(words) <= MOST_UNKNOWN else None
            inner, start = quantities.amounts_at(words, 0)
            own = self.read(words[start:], inner[0][0] if inner else amount, language) if not shared else []
            for food in [shared] if shared else own:
                foods.append(replace(food, joined=joint if foods else ""))
            is_unknown = not shared and not own and not self._is_said(words, table)
            if is_unknown and not _is_choice(parts, place):
                # One more food that nobody knows: then the line is not understood.
                return []
        return foods

    def _is_said(self, words: Sequence[str], table: Words) -> bool:
        language: Language = "en" if "of" in table.fillers else "vi"
        return not words or end_of_modifiers(words, table) == len(words) or are_notes(words, table, language)

    def _shared(
        self, words: Sequence[str], others: Sequence[Sequence[str]], amount: Amount, language: Language
    ) -> Food | None:
        """Return the food that words name with the head of another part: the "beef" of "beef or chicken stock"."""
        table = grammar_table.words(language)
        core = words[end_of_modifiers(words, table) :]
        while len(core) > 1 and not self._heads.may_change(core[0]):
            core = core[1:]
        if not core:
            return None
        for other in others:
            for size in range(1, len(other)):
                name = [*core, *other[-size:]] if language == "en" else [*other[:size], *core]
                if core[-1] in table.of_links:
                    # "zest and juice of a lemon"
                    name = [*other[-size:], *core]
                known = self._heads.look_up(" ".join(name), language)
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
            known = self._heads.look_up(word, language)
            listed = _ENUMERATED if language == "vi" else {Category.SPICE}
            if known is None or not all(one.category in listed for one in known.ingredients):
                is_tail = (
                    len(foods) > 1
                    and self._heads.words_behind(words, place - 1, place, foods[-1].known, language, table) == 0
                )
                return foods if is_tail else []
            foods.append(Food(known, word, amount, joined="and" if foods else ""))
        return foods


def _is_choice(parts: Sequence[tuple[str, Sequence[str]]], place: int) -> bool:
    """Say whether a part may be left out: another one can be taken instead."""
    return parts[place][0] == "or" or (place + 1 < len(parts) and parts[place + 1][0] == "or")
