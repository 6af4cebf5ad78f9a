"""Foods that a text mentions only in passing: an alternative, a side dish, a comparison.

They may or may not be in the dish; callers decide what that means.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from apps.ingredients.tokens import Gap, Tokens


class Aside(StrEnum):
    """How a food is named in passing."""

    CHOICE = "choice"  # "bread or polenta": another one will do
    BESIDE = "beside"  # "good with bread", "chấm bánh mì"
    LIKENESS = "likeness"  # "mềm như đậu hũ"
    TEST = "test"  # "a cube of bread browns in a minute": how hot the oil is


_OR = frozenset({"or", "hay", "hoặc"})
# Maximum number of words between the conjunction and a food: "or inside a toasted bun".
_NEAR = 3
# Maximum number of words in a list before the conjunction: "noodles, boiled rice or mash".
_LIST = 8
_SMALL = frozenset({
    "a", "an", "the", "in", "into", "inside", "on", "onto", "over", "some", "good", "hot", "toasted",
    "buttered", "crusty", "with", "of", "your",
})  # fmt: skip
_NUMBERS = frozenset({
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "một", "hai", "ba", "bốn",
    "năm", "sáu", "bảy", "tám", "chín", "mười",
})  # fmt: skip
_MEALS = ("lunch", "dinner", "supper", "meal", "itself", "course")
_GOOD = ("good", "great", "lovely", "nice", "well", "best", "delicious", "perfect", "ideal", "wonderful", "tasty")
_EATEN = ("eat", "eaten", "it", "them", "served", "serve", "goes", "go", "comes", "come", "pairs", "enjoy", "enjoyed")
_SAUCES = ("dip", "sauce", "dressing", "filling", "topping", "spread", "relish", "side")
# Words before a side dish.
_BESIDE = frozenset(
    [
        *((word, "with") for word in (*_MEALS, *_GOOD, *_EATEN)),
        *((word, "for") for word in _SAUCES),
        *((word, "on") for word in ("good", "great", "spread", "pile", "it")),
        *((word, "over") for word in ("spoon", "spooned", "pour", "served", "good", "it")),
        ("for", "dipping"), ("side", "dish"), ("alongside",), ("to", "go", "with"),
        ("ăn", "với"), ("ăn", "kèm"), ("ăn", "cùng"), ("ăn", "chung"), ("dùng", "với"), ("dùng", "kèm"),
        ("dùng", "cùng"), ("dùng", "chung"), ("ăn", "cháo"), ("ăn", "cơm"), ("ăn", "xôi"),
        ("kèm",), ("kẹp",), ("chấm",), ("chan",),
        ("hợp", "với"), ("phết",), ("trộn", "cơm"), ("rưới", "lên"),
    ]
)  # fmt: skip
_BESIDE_FIRST = frozenset(cue[-1] for cue in _BESIDE)
# Words after a side dish.
_BESIDE_AFTER = (
    ("nearby",), ("beside",), ("alongside",), ("on", "the", "side"), ("to", "mop"), ("to", "dip"), ("for", "dipping"),
    ("for", "mopping"), ("to", "serve"), ("if", "you", "like"), ("nếu", "thích"), ("ăn", "kèm"), ("stands", "in"),
    ("works", "too"),
)  # fmt: skip
_AFTER_WITHIN = 2
_LIKE = frozenset({"như", "giống", "tựa", "kiểu"})
_LIKE_PHRASES = frozenset(
    {("like", "a"), ("like", "an"), ("consistency", "of"), ("texture", "of"), ("substitute", "like")}
)
# Words between "consistency of" and a food: "of thick mayonnaise".
_TEXTURES = frozenset({"a", "an", "thick", "thin", "heavy", "soft", "unbeaten", "whipped", "light", "runny", "double"})
_SIZES = frozenset({"smaller", "larger", "bigger"})
# Bits that are dropped into oil, and what they do there.
_BITS = frozenset({"square", "cube", "piece", "bit", "crust", "chunk", "crumb"})
_IN_OIL = frozenset({"oil", "fat", "temperature", "fryer", "ready"})
_BROWNS = frozenset({"brown", "browns", "browned", "golden", "sizzle", "sizzles", "bubble", "bubbles", "crisp"})
# "Hạt như hạt điều" gives examples of contained foods.
_EXAMPLES = frozenset({
    "loại", "hạt", "rau", "quả", "củ", "đồ", "món", "thịt", "cá", "hải", "sản", "gia", "vị", "nước", "bột",
    "thêm", "kèm", "phẩm", "chất", "topping",
})  # fmt: skip


def of(tokens: Tokens, span: tuple[int, int], others: Sequence[tuple[int, int]]) -> Aside | None:
    """Return how the food in these words is mentioned in passing; None if it isn't.

    `others` are the places of foods with the same allergens: if all alternatives have them, there is no choice.
    """
    first, last = span
    start, end = _sentence(tokens, first)
    if _is_likened(tokens, first, start) or _is_likened_behind(tokens, last, end):
        return Aside.LIKENESS
    if _is_test(tokens, span, (start, end)):
        return Aside.TEST
    joints = [*_joints(tokens, span, (start, end))]
    if joints and not any(_is_across(place, span, other) for place in joints for other in others):
        return Aside.CHOICE
    if _has_cue(tokens, first, start) or _is_followed(tokens, last, end):
        return Aside.BESIDE
    return None


def _is_likened(tokens: Tokens, first: int, start: int) -> bool:
    """Return whether a comparison precedes: "mềm như miếng cá", "like a pasta bake"."""
    spelt = [word.spelt for word in tokens.words[start:first]]
    for back in (1, 2):
        if len(spelt) < back or (back > 1 and tokens.partings[first - 1].gap == Gap.PARTED):
            break
        if spelt[-back] in _LIKE:
            return _EXAMPLES.isdisjoint(spelt[max(0, len(spelt) - back - 2) : len(spelt) - back])
    if tuple(spelt[-2:]) in _LIKE_PHRASES or (spelt[-2:-1] == ["than"] and not _SIZES.isdisjoint(spelt[-3:-2])):
        return True
    while spelt and spelt[-1] in _TEXTURES:
        spelt.pop()
    return spelt[-2:] in (["consistency", "of"], ["consistency", "to"], ["texture", "of"])


def _is_likened_behind(tokens: Tokens, last: int, end: int) -> bool:
    """Return whether "-like" follows: "a custard-like consistency"."""
    return last < end and tokens.words[last].spelt == "like" and tokens.partings[last].tight


def _is_test(tokens: Tokens, span: tuple[int, int], bounds: tuple[int, int]) -> bool:
    """Return whether a bit of the food only shows how hot the oil is: "until a cube of bread browns in it"."""
    (first, last), (start, end) = span, bounds
    before = [word.spelt for word in tokens.words[start:first]]
    behind = {word.spelt for word in tokens.words[last:end]}
    if before[-1:] != ["of"] or _BITS.isdisjoint(before[-2:-1]) or _BROWNS.isdisjoint(behind):
        return False
    return not _IN_OIL.isdisjoint({*before, *behind})


def _joints(tokens: Tokens, span: tuple[int, int], bounds: tuple[int, int]) -> Iterator[int]:
    """Yield the places of an "or" between the food and something else, directly or in a list."""
    words, (first, last), (start, end) = tokens.words, span, bounds
    for place in range(first - 1, max(start, first - _NEAR) - 1, -1):
        if words[place].spelt in _OR:
            yield place
        if words[place].spelt not in _SMALL:
            break
    for place in range(last, min(end, last + _LIST)):
        if words[place].spelt in _OR and place + 1 < end and not _is_number(words[place + 1].spelt):
            if place == last or tokens.partings[last].gap == Gap.PARTED:
                yield place
            break


def _is_number(word: str) -> bool:
    return word[:1].isdigit() or word in _NUMBERS


def _is_across(joint: int, span: tuple[int, int], other: tuple[int, int]) -> bool:
    """Return whether another food is near the conjunction, on its other side."""
    if span[0] > joint:
        return joint - _NEAR <= other[1] <= joint
    return joint < other[0] <= joint + _NEAR


def _has_cue(tokens: Tokens, first: int, start: int) -> bool:
    spelt = tuple(word.spelt for word in tokens.words[max(start, first - _LIST) : first])
    return any(
        word in _BESIDE_FIRST and any(spelt[max(0, place + 1 - size) : place + 1] in _BESIDE for size in (1, 2, 3))
        for place, word in enumerate(spelt)
    )


def _is_followed(tokens: Tokens, last: int, end: int) -> bool:
    spelt = tuple(word.spelt for word in tokens.words[last : min(end, last + _AFTER_WITHIN + 3)])
    return any(spelt[place : place + len(cue)] == cue for cue in _BESIDE_AFTER for place in range(_AFTER_WITHIN))


def _sentence(tokens: Tokens, place: int) -> tuple[int, int]:
    start, end = place, place + 1
    while start > 0 and not tokens.partings[start].ends:
        start -= 1
    while end < len(tokens.words) and not tokens.partings[end].ends:
        end += 1
    return start, end
