"""Foods that a text names in order to say that they are not there. Only what is certain counts; the rest is food."""

from collections.abc import Sequence

from apps.ingredients.reading import Gap, Passage, Tongue

_DENIALS = frozenset({"no", "without"})
_CUES = frozenset({"free", "khong", *_DENIALS})
_FREE_FOLLOWED_BY = frozenset({"range", "roaming", "flowing", "running", "standing"})
# Words that turn a denial round, or make it a condition: "not nut-free", "it is nothing without peanuts".
_DOUBTFUL_WORDS = """
    not isn isnt arent never nothing cannot cant won wont dont doesnt hardly
    neither nor if unless when incomplete instead almost nearly contains may might less more than only just without
    no but except
"""
_DOUBTFUL = frozenset(_DOUBTFUL_WORDS.split())
_KHONG = "không"
_KHONG_VERBS = frozenset({"có", "chứa", "dùng", "kèm"})
_KHONG_DOUBTFUL_WORDS = """
    không chẳng chả chưa đừng nếu khi lúc mà thì là vì thiếu mất kém chỉ phải thể nào vẫn sẽ bao hết ngoài trừ
    nhưng
"""
_KHONG_DOUBTFUL = frozenset(_KHONG_DOUBTFUL_WORDS.split())


def may_be_in(passage: Passage) -> bool:
    """Say whether a text has any word that could deny something: most have none, and are done with this."""
    return not _CUES.isdisjoint([word.bare for word in passage.words])


def outside(text: str, passage: Passage, spans: Sequence[tuple[int, int]]) -> list[bool]:
    """Say for each span of words whether it counts as food, because nothing certain denies it."""
    denials = {place for span in spans if (place := _denial(passage, span)) is not None}
    return [not (_is_free(passage, span) or _is_denied(text, passage, span, denials)) for span in spans]


def _is_free(passage: Passage, span: tuple[int, int]) -> bool:
    """Say whether "-free" follows, and neither what is before nor what is behind takes it back."""
    words, partings, last = passage.words, passage.partings, span[1]
    if last >= len(words) or words[last].bare != "free" or partings[last].gap != Gap.JOINED:
        return False
    if not _is_english(passage, span):
        return False
    if last + 1 < len(words) and partings[last + 1].gap == Gap.JOINED and words[last + 1].bare in _FREE_FOLLOWED_BY:
        return False
    start, _ = _sentence(passage, last)
    return _DOUBTFUL.isdisjoint(word.spelt for word in words[start:last])


def _is_denied(text: str, passage: Passage, span: tuple[int, int], denials: set[int]) -> bool:
    """Say whether "no", "without", "không có" stand before it, and nothing in the sentence makes that doubtful.

    Other denials do not, if they too deny food: "không trứng, không sữa".
    """
    denial, last = _denial(passage, span), span[1]
    if denial is None or text[passage.ends[last - 1] :].lstrip().startswith("?"):
        return False
    start, end = _sentence(passage, span[0])
    doubtful = _KHONG_DOUBTFUL if passage.words[denial].spelt == _KHONG else _DOUBTFUL
    return doubtful.isdisjoint(passage.words[place].spelt for place in range(start, end) if place not in denials)


def _denial(passage: Passage, span: tuple[int, int]) -> int | None:
    """Return the place of the word that denies a span right before it, where no more is said of it behind."""
    words, partings = passage.words, passage.partings
    first, last = span
    if first == 0 or partings[first].gap != Gap.JOINED:
        return None
    ends = last == len(words) or partings[last].gap == Gap.PARTED or words[last].spelt == _KHONG
    before = first - 1
    if before and words[before].spelt in _KHONG_VERBS and partings[before].gap == Gap.JOINED:
        before -= 1
        return before if ends and words[before].spelt == _KHONG else None
    if words[before].bare in _DENIALS and _is_english(passage, span):
        return before if ends else None
    return before if ends and words[before].spelt == _KHONG else None


def _is_english(passage: Passage, span: tuple[int, int]) -> bool:
    """Say whether a name is surely English: "no" is "full" in Vietnamese, and "free" costs nothing."""
    words = passage.words[span[0] : span[1]]
    is_foreign = any(not word.is_syllable or word.bare == "nut" for word in words)
    return is_foreign and passage.tongues[span[0]] != Tongue.MARKED


def _sentence(passage: Passage, place: int) -> tuple[int, int]:
    """Return the bounds of the sentence around a word."""
    start, end = place, place + 1
    while start > 0 and not passage.partings[start].ends:
        start -= 1
    while end < len(passage.words) and not passage.partings[end].ends:
        end += 1
    return start, end
