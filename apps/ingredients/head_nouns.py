"""The head noun of a phrase: the name that decides which food it is, and the words that may surround it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from apps.ingredients import grammar_table
from apps.ingredients.entry import Category, Ingredient
from apps.ingredients.grammar_table import Words
from apps.ingredients.lines import Language
from apps.ingredients.noun_phrases import (
    AND,
    OR,
    Known,
    begins_a_note,
    count_brands_behind,
    is_named_after_part,
    may_add_allergens,
    may_all_precede,
    may_be_brand,
    may_follow,
    may_precede,
    singular_of,
)

# What mixtures of spices are called besides: "Cajun seasoning spice", "Italian dressing seasoning mix".
_SPICE_WORDS = frozenset({"seasoning", "spice", "spices", "blend", "mix", "mixture"})
LONGEST_NAME = 7
MOST_UNKNOWN = 3
# Behind these stands what a food is cooked with.
_COOKED = frozenset({"xào", "nấu", "kho", "trộn", "cuốn", "nhồi", "rim", "om", "hầm", "hấp", "chiên", "rang", "nướng"})
# Small shrimp, and the clove or the pulp of these.
_SHRIMP = "tép"
_IN_CLOVES = frozenset({"tỏi", "hành", "sả", "xả", "hẹ", "kiệu", "cam", "quýt", "bưởi", "chanh", "tắc"})
# Classifiers inside a Vietnamese name say nothing more: "vỏ quả quýt" is "vỏ quýt".
_CLASSIFIERS = frozenset({"quả", "trái", "củ", "cây"})
# Words that say what a food lacks, which leave a food that never has it what it is: "gluten-free baking powder".
_LACKING = {
    "gluten-free": frozenset({"gluten"}), "wheat-free": frozenset({"gluten"}), "dairy-free": frozenset({"milk"}),
    "milk-free": frozenset({"milk"}), "lactose-free": frozenset({"milk"}), "nondairy": frozenset({"milk"}),
    "non-dairy": frozenset({"milk"}), "egg-free": frozenset({"eggs"}), "eggless": frozenset({"eggs"}),
    "nut-free": frozenset({"nuts", "peanuts"}), "soy-free": frozenset({"soy"}),
}  # fmt: skip
_COLOURS = frozenset({"black", "brown", "red", "green", "white", "yellow", "purple", "sweet", "sour", "bitter"})
_KEEPING = {"vegan": "vegan", "plant-based": "vegan", "vegetarian": "vegetarian", "veggie": "vegetarian"}
# Returns the ids of what an ingredient is, is a kind of and is made of.
Contains = Callable[[str], frozenset[str]]
# Looks up a name as spelt, in a line of that language (None: either).
LookUp = Callable[[str, Language | None], Known | None]


@dataclass(frozen=True, slots=True)
class Head:
    """A name within words. The words to its `left` and `right` don't change which food it is."""

    known: Known
    start: int
    end: int
    unknown: int


class Heads:
    """Finds names within phrases.

    `is_word` says whether a word occurs in any name. Such a word before a food may turn it into another food, unless
    `contains` says that the food is of that kind anyway.
    """

    def __init__(self, look_up: LookUp, is_word: Callable[[str], bool], contains: Contains) -> None:
        self._known, self._is_word, self._contains = look_up, is_word, contains

    def look_up(self, name: str, language: Language | None) -> Known | None:
        """Return the meaning of a whole name, also in alternative spellings: "xốt" is "sốt"."""
        found = self._known(name, language)
        if found or language == "en":
            return found
        variants = grammar_table.words("vi").variants
        other = " ".join(variants.get(word, word) for word in name.split(" "))
        if other != name and (found := self._known(other, language)):
            return found
        first, *inner = other.split(" ")
        if _CLASSIFIERS.isdisjoint(inner[:-1]):
            return None
        return self._known(" ".join([first, *(word for word in inner if word not in _CLASSIFIERS)]), language)

    def keeps_counter(self, words: Sequence[str], language: Language) -> bool:
        """Say whether a unit in front is part of the name: "củ cải trắng", "tai heo", but not "củ hành tím"."""
        whole, whole_end = self._longest(words, 0, language)
        bare, bare_end = self._longest(words, 1, language)
        if whole is None or whole_end == 1 or whole_end < bare_end:
            return False
        return bare is None or bare.ingredients != whole.ingredients

    def begins_with_name(self, words: Sequence[str]) -> bool:
        """Say whether Vietnamese words begin with a name of several syllables."""
        known, end = self._longest(words, 0, "vi")
        return known is not None and end > 1 and known.confidence == 1

    def _longest(self, words: Sequence[str], start: int, language: Language) -> tuple[Known | None, int]:
        for end in range(min(len(words), start + LONGEST_NAME), start, -1):
            known = self.look_up(" ".join(words[start:end]), language)
            if known:
                return known, end
        return None, start

    def find(self, words: Sequence[str], language: Language, table: Words) -> Head | None:
        """Return the name that is the head: the one with the fewest unknown words around it, then the longest."""
        best: tuple[tuple[int, int, int], Head] | None = None
        count = len(words)
        lefts = may_all_precede(words, table, language)
        for start in range(count):
            is_longer = False
            for end in range(min(count, start + LONGEST_NAME), start, -1):
                known = self.look_up(" ".join(words[start:end]), language)
                if known is None:
                    continue
                # "tôm khô" that is not understood is no "tôm".
                unknown = self._around(words, start, end, known, language, table, lefts, is_whole=not is_longer)
                if unknown is None:
                    is_longer = True
                    continue
                rank = (unknown, start - end, -start if language == "en" else start)
                if best is None or rank < best[0]:
                    best = rank, Head(known, start, end, unknown)
        return best[1] if best else None

    def _around(
        self, words: Sequence[str], start: int, end: int, known: Known, language: Language, table: Words,
        lefts: Sequence[bool], *, is_whole: bool,
    ) -> int | None:  # fmt: skip
        """Return the number of unknown words around a name; None if the words turn it into another food."""
        if may_add_allergens(words, start, end, known, table):
            return None
        if start and language == "en" and self._names_another(words, start, end, known, table):
            return None
        unknown = 0
        for place in range(start):
            if lefts[place]:
                continue
            word = words[place]
            if _says_it_lacks(words, place, known):
                continue
            if self._is_also(word, known, language) or is_named_after_part(word, known, table):
                continue
            if language == "vi" or word in table.changers or self.may_change(word) or word in AND | OR:
                return None
            unknown += 1
        if unknown and end - start == 1 and words[start] in table.generic_heads:
            return None
        right = self.words_behind(words, start, end, known, language, table, is_whole=is_whole)
        if right is None or unknown + right > MOST_UNKNOWN:
            return None
        return unknown + right

    def _names_another(self, words: Sequence[str], start: int, end: int, known: Known, table: Words) -> bool:
        """Say whether a colour belongs to the first word of a product: "black rice" of "black rice vinegar"."""
        if end - start == 1 or words[start - 1] not in _COLOURS or words[end - 1] not in table.generic_heads:
            return False
        other = self.look_up(f"{words[start - 1]} {words[start]}", "en")
        if other is None or other.confidence < 1:
            return False
        plain = self.look_up(words[start], "en")
        return (plain is None or plain.ingredients != other.ingredients) and not self.are_related(other, known)

    def words_behind(
        self, words: Sequence[str], start: int, end: int, known: Known, language: Language, table: Words,
        *, is_whole: bool = True,
    ) -> int | None:  # fmt: skip
        """Return the number of unknown words behind a name; None if one may turn it into another food.

        `is_whole` says that no longer name begins where this one does.
        """
        rest = words[end:]
        if not rest:
            return 0
        rest = self._past_other_names(rest, known, language)
        if language == "en":
            return 0 if not rest or may_follow(rest, words[end - 1], table) else None
        if self._is_made_with(words, start, end):
            return None
        if rest and table.links.end(rest, 0) and self.look_up(" ".join((*words[start:end], rest[0])), language):
            # "nước dùng xương" is no water: the name goes on.
            return None
        if words[start] in table.generic_heads or " ".join(words[start : start + 2]) in table.generic_heads:
            return count_brands_behind(rest, table, may_be_branded=end - start > 1)
        return self._brands_behind(rest, table, may_be_branded=end - start > 1, is_whole=is_whole)

    def _is_made_with(self, words: Sequence[str], start: int, end: int) -> bool:
        """Say whether another food stands behind a Vietnamese name, though the word may count or describe too.

        "bí đỏ xào tép" and "khoai mỡ tép" have shrimp in them; "tỏi tép" are cloves.
        """
        if any(words[place - 1] in _COOKED and self.look_up(words[place], "vi") for place in range(end, len(words))):
            return True
        return _SHRIMP in words[end:] and _IN_CLOVES.isdisjoint(words[start:end])

    def _past_other_names(self, rest: Sequence[str], known: Known, language: Language) -> Sequence[str]:
        """Skip additional names of the same food: "panko bread crumbs", "cá tuna"."""
        while rest:
            also = next((n for n in (2, 1) if len(rest) >= n and self._is_also(" ".join(rest[:n]), known, language)), 0)
            if not also:
                break
            rest = rest[also:]
        return rest

    def _brands_behind(self, rest: Sequence[str], table: Words, *, may_be_branded: bool, is_whole: bool) -> int | None:
        """Return the number of brand words after a Vietnamese name; None if one may turn it into another food.

        After a single word ("rau", "cá") every word specifies the food. Behind what is done to it nothing does that
        is in no name: "hành lá chẻ sợi mảnh".
        """
        place, unknown, is_told = 0, 0, False
        while place < len(rest):
            if begins_a_note(rest, place, table):
                return unknown
            after = max(part.end(rest, place) for part in (table.preparations, table.states, table.either, table.notes))
            if after == place and rest[place] in table.changers:
                return None
            is_told = is_told or (is_whole and table.preparations.end(rest, place) > place)
            if after == place and is_told and not self.may_change(rest[place]):
                after = place + 1
            if after == place:
                if self.may_change(rest[place]) or not may_be_brand(rest[place]) or not may_be_branded:
                    return None
                unknown, after = unknown + 1, place + 1
            place = after
        return unknown

    def _is_also(self, word: str, known: Known, language: Language) -> bool:
        """Return whether a word beside a name is redundant: "feta cheese", "sesame tahini", "cá tuna"."""
        if word == "sauce" and all(one.category == Category.PROCESSED for one in known.ingredients):
            return True
        if word in _SPICE_WORDS and all(_is_seasoning(one) for one in known.ingredients):
            return True
        if word == "powder" and all(one.category == Category.SPICE for one in known.ingredients):
            # "cumin powder"; what is another food as a powder has a name of its own: "garlic powder".
            return True
        other = self.look_up(word, language)
        if other is None or len(other.ingredients) > MOST_UNKNOWN:
            return False
        ids = {one.id for one in other.ingredients}
        return all(not ids.isdisjoint(self._contains(one.id) - {one.id}) for one in known.ingredients)

    def are_related(self, one: Known, other: Known) -> bool:
        """Return whether one is a kind of the other, or made of it."""
        ones, others = ({each.id for each in known.ingredients} for known in (one, other))
        return any(not others.isdisjoint(self._contains(id_)) for id_ in ones) or any(
            not ones.isdisjoint(self._contains(id_)) for id_ in others
        )

    def may_change(self, word: str) -> bool:
        """Return whether a word can turn a name into another food because it occurs in names itself."""
        return not word[0].isalpha() or self._is_word(word) or self._is_word(singular_of(word))


def _says_it_lacks(words: Sequence[str], place: int, known: Known) -> bool:
    """Say whether a word denies what a food never has: "gluten-free vanilla", "vegan stock", "dairy free oil"."""
    said = [words[place], *(f"{words[n]}-{words[n + 1]}" for n in (place - 1, place) if 0 <= n < len(words) - 1)]
    lacking = next((_LACKING[word] for word in said if word in _LACKING), None)
    if lacking:
        return all(lacking.isdisjoint(one.allergens) for one in known.ingredients)
    diet = next((_KEEPING[word] for word in said if word in _KEEPING), None)
    return diet is not None and all(diet not in one.breaks for one in known.ingredients)


def _is_seasoning(ingredient: Ingredient) -> bool:
    return ingredient.category == Category.SPICE or ingredient.en.endswith(("seasoning", "mix"))


def unknown_words(words: Sequence[str], cover: Head, table: Words) -> Iterator[str]:
    if cover.unknown:
        left = [words[place] for place in range(cover.start) if not may_precede(words, place, table)]
        yield from left or words[cover.end :]
