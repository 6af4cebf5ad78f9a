"""Words that may stand before and after the name of a food without changing which food it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.ingredients import grammar_table
from apps.ingredients.entry import Category, Ingredient
from apps.ingredients.grammar_table import Words
from apps.ingredients.lines import Language
from apps.ingredients.tokens import word_of

AND = frozenset({"and", "+", "plus", "và", "cùng"})
OF = frozenset({"of", "from"})
OR = frozenset({"or", "/", "hoặc", "hay", "|"})
# Of these, a state like "dried" tells no other allergens.
_PLAIN = frozenset(
    {Category.SPICE, Category.VEGETABLE, Category.MEAT, Category.SEAFOOD, Category.GRAIN, Category.LEGUME}
)
_SHORTEST_BRAND = 3


@dataclass(frozen=True, slots=True)
class Known:
    """What some words mean as they stand: of several ingredients any can be meant."""

    ingredients: tuple[Ingredient, ...]
    confidence: float


# A name that is in no list.
UNKNOWN = Known((), 0.0)


def split_at_joints(words: Sequence[str]) -> list[tuple[str, Sequence[str]]]:
    """Split words at "and" and "or"; each part with what joins it to the one before."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    for word in words:
        if word in AND or word in OR:
            parts.append(("and" if word in AND else "or", []))
        else:
            parts[-1][1].append(word)
    return [part for part in parts if part[1]] or [("", [])]


def first_link(words: Sequence[str], table: Words) -> int:
    """Return where a note begins: "oil for frying", "dầu để chiên"."""
    start = end_of_modifiers(words, table)
    while 0 < start < len(words) and (end := table.links.end(words, start)) > start:
        # "ripe but firm peaches": nothing has been named yet.
        start = end + end_of_modifiers(words[end:], table)
    for place in range(max(1, start), len(words)):
        if words[place] in OR or (words[place] in OF and words[place - 1] in table.of_links):
            continue
        if table.links.end(words, place) > place or table.notes.end(words, place) > place:
            return place
    return len(words)


def may_precede(words: Sequence[str], place: int, table: Words) -> bool:
    word = words[place]
    return (
        word in table.before or word in table.states or word in table.preparations or word in table.fillers
        or not word[0].isalpha() or word in grammar_table.units().sizes
    )  # fmt: skip


def is_compound(word: str, table: Words) -> bool:
    """Say whether a word with a hyphen says how something is: "low-salt", "italian-style", "sun-ripened"."""
    parts = word.split("-")
    return len(parts) > 1 and (parts[-1] in table.compounds or all(part in table.before for part in parts))


def is_unit(word: str) -> bool:
    return grammar_table.units().units.look_up([word], 0) is not None


def may_all_precede(words: Sequence[str], table: Words, language: Language) -> list[bool]:
    """Say of each word whether it may stand in front of a food."""
    found = [False] * len(words)
    place = 0
    while place < len(words):
        end = max(table.before.end(words, place), table.either.end(words, place), table.fillers.end(words, place))
        if end == place and language == "en":
            end = place + (may_precede(words, place, table) or is_compound(words[place], table))
        elif end == place:
            end = max(
                place, grammar_table.units().counters.end(words, place), grammar_table.units().sizes.end(words, place)
            )
        for inside in range(place, end):
            found[inside] = True
        place = max(end, place + 1)
    return found


def end_of_modifiers(words: Sequence[str], table: Words) -> int:
    """Return where the words end that may stand in front of a food."""
    lefts = may_all_precede(words, table, "en" if "of" in table.fillers else "vi")
    return next((place for place, is_left in enumerate(lefts) if not is_left), len(words))


def start_of_noun(words: Sequence[str], table: Words) -> int:
    """Return where the noun begins behind words that only describe it; the last word is the noun in any case."""
    return min(past(words, 0, table.before), len(words) - 1)


def past(words: Sequence[str], start: int, table: grammar_table.Phrases) -> int:
    while start < len(words) and table.end(words, start) > start:
        start = table.end(words, start)
    return start


def length_of_note(words: Sequence[str], table: Words) -> int:
    """Return how many words at the beginning say what to do with a food; 0 where they name something."""
    return max(table.preparations.end(words, 0), table.links.end(words, 0), table.notes.end(words, 0))


def are_only_notes(words: Sequence[str], table: Words) -> bool:
    """Say whether words begin like what is done to a food, and no noun follows: "chopped", "cut into strips"."""
    length = length_of_note(words, table)
    place = length
    while 0 < place < len(words):
        if table.links.end(words, place) > place or words[place] in AND | OR or not words[place][0].isalpha():
            return True
        end = max(part.end(words, place) for part in (table.preparations, table.states, table.notes, table.before))
        if end == place:
            return False
        place = end
    return length > 0


def are_notes(words: Sequence[str], table: Words, language: Language) -> bool:
    """Say whether words are no part of a name: in Vietnamese all of them must be known to be none."""
    if language == "en":
        return length_of_note(words, table) > 0
    place = 0
    while place < len(words):
        if begins_a_note(words, place, table):
            return True
        end = max(part.end(words, place) for part in (table.preparations, table.states, table.either, table.notes))
        if end == place:
            return False
        place = end
    return True


def begins_a_note(words: Sequence[str], place: int, table: Words) -> bool:
    """Say whether a note begins: what follows is no part of the name."""
    return table.links.end(words, place) > place or words[place] in AND | OR or words[place].isdigit()


def is_named_after_part(word: str, known: Known, table: Words) -> bool:
    """Say whether a food is called by a part of the plant too, "lá húng quế", or "thịt" is said of flesh."""
    if word == "thịt":
        return all(one.category in {Category.MEAT, Category.SEAFOOD} for one in known.ingredients)
    heads = table.leaves.get(word)
    if heads is None:
        return False
    return all(
        any(name.split(" ")[0] in heads for name in (one.vi, *one.aliases.get("vi", ()))) for one in known.ingredients
    )


def may_be_brand(word: str) -> bool:
    return len(word) >= _SHORTEST_BRAND and not word_of(word).is_syllable


def count_brands_behind(rest: Sequence[str], table: Words, *, may_be_branded: bool) -> int | None:
    """Return how many words behind "nước mắm" and alike are brands; None where they may make another thing of it."""
    place, unknown = 0, 0
    while place < len(rest):
        if begins_a_note(rest, place, table):
            return unknown
        end = max(table.neutral.end(rest, place), table.notes.end(rest, place))
        if may_be_branded:
            end = max(end, table.colours.end(rest, place))
        if end == place:
            if not may_be_branded or not may_be_brand(rest[place]):
                return None
            unknown, end = unknown + 1, place + 1
        place = end
    return unknown


def may_follow(rest: Sequence[str], last: str, table: Words) -> bool:
    """Say whether words behind an English name leave it that food: parts of it, then what to do with it."""
    place = 0
    while place < len(rest):
        word = rest[place]
        if is_part_of(word, last, table) or word in table.fillers or word in table.states or word in table.before:
            place += 1
            continue
        return bool(length_of_note(rest[place:], table)) or not word[0].isalpha()
    return True


def is_part_of(word: str, name: str, table: Words) -> bool:
    if word in table.part_of:
        return name in table.part_of[word]
    return word in table.parts


def may_add_allergens(words: Sequence[str], start: int, end: int, known: Known, table: Words) -> bool:
    """Say whether a state around a name may add an allergen that the food by itself lacks: "dried" of fruit."""
    around = (*words[:start], *words[end:])
    if all(one.category in _PLAIN for one in known.ingredients):
        return False
    return any(word in table.risky for word in around)


def singular_of(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("oes", "shes", "ches", "xes", "sses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
