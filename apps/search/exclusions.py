"""Foods that a query does not want: "without eggs", "không hành", "nut free", "eggless"."""

from collections.abc import Sequence

from apps.search.phrases import Phrases

_WITHOUT = frozenset({"without", "không", "khong", "no", "not", "minus", "bỏ"})
# Words between that and the food: "without any milk", "không có trứng".
_BETWEEN = frozenset({"any", "added", "using", "the", "có", "dùng", "cần", "cho", "bỏ", "co", "dung", "can"})
_AND = frozenset({"or", "and", "nor", "hoặc", "và", "hay"})
_LESS = "less"


def find_exclusion(
    words: Sequence[str], ingredients: Phrases[frozenset[str]], *, longest: int
) -> tuple[int, frozenset[str]]:
    """Return the number of words at the beginning of `words` that exclude foods, and their ids; 0 if none do."""
    if words[0] in _WITHOUT:
        return _after_without(words, ingredients, longest)
    if words[0].endswith(_LESS) and (found := ingredients.find(words[0].removesuffix(_LESS))):
        return 1, frozenset().union(*found)
    for size in range(min(longest, len(words)) - 1, 0, -1):
        if words[size] == "free" and (found := ingredients.find(" ".join(words[:size]))):
            return size + 1, frozenset().union(*found)
    return 0, frozenset()


def _after_without(
    words: Sequence[str], ingredients: Phrases[frozenset[str]], longest: int
) -> tuple[int, frozenset[str]]:
    """Read foods after "without", joined by "or" and the like."""
    end, ids = 0, frozenset[str]()
    start = 2 if len(words) > 1 and words[1] in _BETWEEN else 1
    while size := _food(words[start : start + longest], ingredients):
        end = start + size
        ids = ids.union(*ingredients.find(" ".join(words[start:end])))
        if words[end : end + 1] and words[end] in _AND:
            start = end + 1
        else:
            break
    return end, ids


def _food(words: Sequence[str], ingredients: Phrases[frozenset[str]]) -> int:
    """Return the number of words of the longest name of a food at the beginning; 0 if there is none."""
    return next((size for size in range(len(words), 0, -1) if ingredients.find(" ".join(words[:size]))), 0)
