"""Foods that a text names in order to say that they are not there. Only what is certain counts; the rest is food."""

from collections.abc import Sequence

from apps.ingredients.reading import Gap, Word

_DENIALS = frozenset({"no", "without"})
_FREE_FOLLOWED_BY = frozenset({"range", "roaming", "flowing", "running", "standing"})
# Words that turn a denial round, or make it a condition: "not nut-free", "it is nothing without peanuts".
_DOUBTFUL = frozenset(
    """not isn isnt isn't arent aren't never nothing cannot cant can't won wont won't dont don't doesnt doesn't hardly
    neither nor if unless when incomplete instead almost nearly contains may might less more than only just without
    no but except""".split()
)  # fmt: skip
_KHONG = "không"
_KHONG_VERBS = frozenset({"có", "chứa", "dùng", "kèm"})
_KHONG_DOUBTFUL = frozenset(
    """không chẳng chả chưa đừng nếu khi lúc mà thì là vì thiếu mất kém chỉ phải thể nào vẫn sẽ bao hết ngoài trừ
    nhưng""".split()
)  # fmt: skip


def outside(text: str, words: Sequence[Word], spans: Sequence[tuple[int, int]]) -> list[bool]:
    """Say for each span of words whether it counts as food, because nothing certain denies it."""
    denials = {place for span in spans if (place := _denial(words, span)) is not None}
    return [not (_is_free(words, last) or _is_denied(text, words, (first, last), denials)) for first, last in spans]


def _is_free(words: Sequence[Word], last: int) -> bool:
    """Say whether "-free" follows, and neither what is before nor what is behind takes it back."""
    if last >= len(words) or words[last].bare != "free" or words[last].gap != Gap.JOINED:
        return False
    behind = words[last + 1] if last + 1 < len(words) else None
    if behind and behind.gap == Gap.JOINED and behind.bare in _FREE_FOLLOWED_BY:
        return False
    start, _ = _sentence(words, last)
    return _DOUBTFUL.isdisjoint(word.spelt for word in words[start:last])


def _is_denied(text: str, words: Sequence[Word], span: tuple[int, int], denials: set[int]) -> bool:
    """Say whether "no", "without", "không có" stand before it, and nothing in the sentence makes that doubtful.

    Other denials do not, if they too deny food: "không trứng, không sữa".
    """
    denial, last = _denial(words, span), span[1]
    if denial is None or text[words[last - 1].end :].lstrip().startswith("?"):
        return False
    start, end = _sentence(words, span[0])
    doubtful = _KHONG_DOUBTFUL if words[denial].spelt == _KHONG else _DOUBTFUL
    return doubtful.isdisjoint(words[place].spelt for place in range(start, end) if place not in denials)


def _denial(words: Sequence[Word], span: tuple[int, int]) -> int | None:
    """Return the place of the word that denies a span right before it, where no more is said of it behind."""
    first, last = span
    if first == 0 or words[first].gap != Gap.JOINED:
        return None
    ends = last == len(words) or words[last].gap == Gap.PARTED or words[last].spelt == _KHONG
    before = first - 1
    if before and words[before].spelt in _KHONG_VERBS and words[before].gap == Gap.JOINED:
        before -= 1
        return before if ends and words[before].spelt == _KHONG else None
    return before if ends and (words[before].spelt == _KHONG or words[before].bare in _DENIALS) else None


def _sentence(words: Sequence[Word], place: int) -> tuple[int, int]:
    """Return the bounds of the sentence around a word."""
    start, end = place, place + 1
    while start > 0 and not words[start].opens:
        start -= 1
    while end < len(words) and not words[end].opens:
        end += 1
    return start, end
