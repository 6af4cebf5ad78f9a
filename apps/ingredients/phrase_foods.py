"""The foods of a phrase: one, several joined by "and" or "or", or "juice of 2 limes"."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from apps.ingredients import grammar_table, numerals, quantities
from apps.ingredients.entry import Category
from apps.ingredients.grammar_table import Words
from apps.ingredients.head_nouns import LONGEST_NAME, MOST_UNKNOWN, Heads, unknown_words
from apps.ingredients.lines import Language
from apps.ingredients.noun_phrases import (
    AND,
    OF,
    UNKNOWN,
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
from apps.ingredients.tokens import word_of

_FEWEST = 2
# Behind a verb these are the food before.
_OBJECTS = frozenset({"it", "them"})
# Of the longest Vietnamese seasoning: "hành tím phi".
_SYLLABLES = 3
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

    def read(self, words: Sequence[str], amount: Amount, language: Language, *, is_further: bool = False) -> list[Food]:
        """Return the foods; of several joined ones, in a `is_further` phrase of a line, those that nobody knows too."""
        table = grammar_table.words(language)
        whole = self._heads.look_up(" ".join(words), language) if 0 < len(words) <= LONGEST_NAME else None
        if whole:
            return [Food(whole, " ".join(words), amount)]
        words = words[: self._end_of_names(words, language, table)]
        parts = split_at_joints(words)
        if len(parts) == 1:
            food = self._in_part(words, amount, language)
            return [food] if food else self._enumerated(words, amount, language)
        return self._joined(parts, amount, language, is_further=is_further)

    def _end_of_names(self, words: Sequence[str], language: Language, table: Words) -> int:
        """Return where a note begins; a word that links elsewhere may stand within a name: "nước dùng xương"."""
        end = first_link(words, table)
        if 1 < end < len(words) and words[end] in _OBJECTS and words[end - 2] in AND:
            # "a fresh tomato and mash it"
            return end - 2
        if end < len(words) and language == "vi":
            for start in range(max(0, end - 2), end):
                longest = min(len(words), end + 3)
                for last in range(longest, end, -1):
                    if self._heads.look_up(" ".join(words[start:last]), language):
                        return last + first_link(words[last:], table) if last < len(words) else last
        return end

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
                # "juice from 1 tantalizing lemon"
                " ".join((singular_of(noun[-1]), head[-1])) if noun and not self._heads.may_change(noun[0]) else "",
            ):
                known = self._heads.look_up(name, language)
                if known:
                    return Food(known, name, inner)
            return None
        if all(may_precede(head, n, table) or is_unit(head[n]) or head[n] in table.parts for n in range(len(head))):
            return self._in_part(rest, inner, language)
        return None

    def _joined(
        self, parts: Sequence[tuple[str, Sequence[str]]], amount: Amount, language: Language, *, is_further: bool
    ) -> list[Food]:
        """Read "salt and pepper", "butter or margarine", "beef or chicken stock": what the others lack is shared."""
        table = grammar_table.words(language)
        foods: list[Food] = []
        for place, (joint, words) in enumerate(parts):
            others = [other for n, (_, other) in enumerate(parts) if n != place]
            has_own = len(words) > 1 and self._is_sure(words, language)
            is_short = len(words) <= MOST_UNKNOWN and not has_own
            shared = self._shared(words, others, amount, language) if is_short else None
            inner, start = self._amount_of(words, amount, language)
            own = self.read(words[start:], inner, language) if not shared else []
            for food in [shared] if shared else own:
                foods.append(replace(food, joined=joint if foods else ""))
            is_unknown = not shared and not own and not self._is_said(words, table)
            if is_unknown and is_further and not any(word in table.part_nouns for word in words):
                foods.append(Food(UNKNOWN, " ".join(words), amount, joined=joint if foods else ""))
            elif is_unknown and not is_further and (place == 0 or not _is_choice(parts, place)):
                # One more food that nobody knows: then the line is not understood.
                return []
        return foods if any(food.known is not UNKNOWN for food in foods) else []

    def _amount_of(self, words: Sequence[str], amount: Amount, language: Language) -> tuple[Amount, int]:
        """Return the amount in front of a joined food, and where its name begins: "2 củ cải trắng" keeps its "củ"."""
        inner, start = quantities.amounts_at(words, 0)
        if not inner:
            return amount, start
        number = numerals.number_at(words, 0)
        if language == "vi" and number and number.end < start and self._heads.keeps_counter(words[number.end :], "vi"):
            return Amount(number.value, None, number.upper), number.end
        return inner[0][0], start

    def _is_sure(self, words: Sequence[str], language: Language) -> bool:
        """Say whether words are a name with a head of its own: "orange juice" needs none of "lemon or orange juice"."""
        known = self._heads.look_up(" ".join(words), language)
        return known is not None and known.confidence == 1

    def _is_staple(self, words: Sequence[str], language: Language) -> bool:
        """Say whether words are a staple by themselves: the sugar of "sugar or maple syrup" is no sugar syrup."""
        known = self._heads.look_up(" ".join(words), language)
        return known is not None and all(one.staple for one in known.ingredients)

    def _is_said(self, words: Sequence[str], table: Words) -> bool:
        language: Language = "en" if "of" in table.fillers else "vi"
        return not words or end_of_modifiers(words, table) == len(words) or are_notes(words, table, language)

    def _shared(
        self, words: Sequence[str], others: Sequence[Sequence[str]], amount: Amount, language: Language
    ) -> Food | None:
        """Return the food that words name with the head of another part: the "beef" of "beef or chicken stock"."""
        table = grammar_table.words(language)
        # "dark or bittersweet chocolate chips": what only describes elsewhere names a kind here.
        core = words[end_of_modifiers(words, table) :] or words
        while len(core) > 1 and not self._heads.may_change(core[0]):
            core = core[1:]
        if not core or self._is_staple(core, language):
            return None
        if language == "vi" and len(core) > 1 and self._is_sure(core, language):
            return None
        for other in others:
            if language == "vi" and not word_of(other[0]).is_syllable:
                # "vegan fish sauce or fish sauce": what stands in front is no Vietnamese head.
                continue
            for size in range(1, len(other)):
                name = [*core, *other[-size:]] if language == "en" else [*other[:size], *core]
                if core[-1] in table.of_links:
                    # "zest and juice of 3 lemons"
                    name = [*other[-size:-1], singular_of(other[-1]), *core]
                known = self._heads.look_up(" ".join(name), language)
                if known and known.confidence == 1 and not (size == 1 and len(other) == 1):
                    return Food(known, " ".join(name), amount)
        return None

    def _enumerated(self, words: Sequence[str], amount: Amount, language: Language) -> list[Food]:
        """Read "hành tỏi băm", "muối đường bột ngọt": names one after the other, all of them seasonings or staples."""
        listed = _ENUMERATED if language == "vi" else {Category.SPICE}
        named = self._seasonings(words, 0, language, listed)
        if named is None or len(named) < _FEWEST:
            return []
        return [Food(known, name, amount, joined="and" if n else "") for n, (known, name) in enumerate(named)]

    def _seasonings(
        self, words: Sequence[str], place: int, language: Language, listed: Collection[Category]
    ) -> list[tuple[Known, str]] | None:
        """Part words into names of seasonings, long names first; None where something else is left over.

        "đường bột" is icing sugar, but "đường bột ngọt" sugar and MSG.
        """
        if place == len(words):
            return []
        for end in range(min(len(words), place + (_SYLLABLES if language == "vi" else 1)), place, -1):
            name = " ".join(words[place:end])
            known = self._heads.look_up(name, language)
            if known is None or not all(one.category in listed or one.staple for one in known.ingredients):
                continue
            rest = self._seasonings(words, end, language, listed)
            if rest is not None:
                return [(known, name), *rest]
            if place and self._is_tail(words, end, known, language):
                return [(known, name)]
        return None

    def _is_tail(self, words: Sequence[str], end: int, known: Known, language: Language) -> bool:
        table = grammar_table.words(language)
        return self._heads.words_behind(words, end - 1, end, known, language, table) == 0


def _is_choice(parts: Sequence[tuple[str, Sequence[str]]], place: int) -> bool:
    """Say whether a part may be left out: another one can be taken instead."""
    return parts[place][0] == "or" or (place + 1 < len(parts) and parts[place + 1][0] == "or")
