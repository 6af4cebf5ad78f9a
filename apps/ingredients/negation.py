"""Foods that a text mentions as absent ("without egg"), and imitations of foods.

Only what is certain counts; the rest is food.
"""

from collections.abc import Sequence
from itertools import pairwise

from apps.ingredients.tokens import Gap, Spoken, Tokens, Word

_DENIALS = frozenset({"no", "without"})
# What stands before a food that another one replaces: "instead of", "in place of", "substitute for", "thay cho".
_REPLACED = (
    ("instead", "of"), ("in", "place", "of"), ("substitute", "for"), ("substitutes", "for"), ("substitution", "for"),
    ("replacement", "for"), ("alternative", "to"), ("replaces",), ("replacing",), ("rather", "than"), ("swap", "for"),
    ("thay", "cho"), ("thay", "thế"), ("thay", "thế", "cho"), ("thay", "vì"), ("thế", "cho"),
)  # fmt: skip
_ARTICLES = frozenset({"a", "an", "the", "any", "some"})
_CUES = frozenset({"free", "khong", "thay", "the", "place", "instead", "than", "swap", *_DENIALS})
_CUES |= {"substitute", "substitutes", "substitution", "replacement", "alternative", "replaces", "replacing"}

_FLESH = frozenset({"fish", "crustaceans", "molluscs"})
_ANIMAL = _FLESH | {"milk", "eggs"}
_FLESHLESS = frozenset({"vegetarian", "vegan", "kosher", "halal", "no_pork", "no_beef"})
# Words in front of a name, or behind it, and what the food then has not; what imitations are made of instead varies.
_IMITATIONS = {
    "vegan": (_ANIMAL, _FLESHLESS | {"dairy_free"}),
    "plant-based": (_ANIMAL, _FLESHLESS | {"dairy_free"}),
    "plant based": (_ANIMAL, _FLESHLESS | {"dairy_free"}),
    "meatless": (_FLESH, _FLESHLESS),
    "vegetarian": (_FLESH, _FLESHLESS - {"vegan"}),
    "dairy-free": (frozenset({"milk"}), frozenset({"dairy_free"})),
    "dairy free": (frozenset({"milk"}), frozenset({"dairy_free"})),
    "non-dairy": (frozenset({"milk"}), frozenset({"dairy_free"})),
    "non dairy": (frozenset({"milk"}), frozenset({"dairy_free"})),
    "nondairy": (frozenset({"milk"}), frozenset({"dairy_free"})),
    "egg free": (frozenset({"eggs"}), frozenset[str]()),
    "eggless": (frozenset({"eggs"}), frozenset[str]()),
    "gluten free": (frozenset({"gluten"}), frozenset({"gluten_free"})),
    "wheat free": (frozenset({"gluten"}), frozenset({"gluten_free"})),
    "nut free": (frozenset({"nuts", "peanuts"}), frozenset[str]()),
    "soy free": (frozenset({"soy"}), frozenset[str]()),
    "không trứng": (frozenset({"eggs"}), frozenset[str]()),
    "không sữa": (frozenset({"milk"}), frozenset({"dairy_free"})),
    "chay": (_ANIMAL, _FLESHLESS),
    "không gluten": (frozenset({"gluten"}), frozenset({"gluten_free"})),
}
_FRONT_WORDS = 2
# What imitations of meat and fish, and of milk and eggs, may be made of.
_LIKE_FLESH = frozenset({"soy", "gluten"})
_LIKE_MILK = frozenset({"soy", "nuts"})
# What "free" is said of in a list: "gluten, egg, dairy & sugar free".
_LISTED_WORDS = """
    gluten wheat grain egg eggs dairy milk lactose casein nut nuts peanut peanuts soy sesame fish shellfish corn yeast
    sugar fat alcohol meat
"""
_LISTED_AS_FREE = frozenset(_LISTED_WORDS.split())
_ALIKE = {"eggs": "egg", "milk": "dairy", "lactose": "dairy", "nuts": "nut"}
_FREE_FOLLOWED_BY = frozenset({"range", "roaming", "flowing", "running", "standing"})
# Words that turn a denial round, or make it a condition: "not nut-free", "it is nothing without peanuts".
_DOUBTFUL_WORDS = """
    not isn isnt arent never nothing cannot cant won wont dont doesnt hardly
    neither nor if unless when incomplete instead almost nearly contains may might less more than only just without
    no except until till visible remain remains remaining left see show shows
"""
_DOUBTFUL = frozenset(_DOUBTFUL_WORDS.split())
# Words that take the claim of a title back, or offer it as a choice.
_UNCLAIMED_BEFORE = frozenset({"non", "not", "isn't", "isnt", "never", "nearly", "almost", "semi", "un", "or", "hoặc"})
_UNCLAIMED_BEHIND = frozenset({"option", "options", "optional", "adaptable", "alternative", "variation", "or", "hoặc"})
# Allergens in English that a Vietnamese syllable is spelt like.
_ALSO_ENGLISH = frozenset({"nut", "soy"})
_KHONG = "không"
# What may follow a denied food: it is denied all the same.
_AFTER_DENIED = frozenset({_KHONG, "needed", "required", "necessary"})
_JOINTS = frozenset({"and", "or", "nor", "và", "hay", "hoặc"})
_OR = frozenset({"or", "hay", "hoặc"})
# What goes on after a denied food without taking it back; "without nuts or seeds" is left in doubt.
_FURTHER = frozenset({"and", "và", "hay", "hoặc"})
# What may follow a denied food as a clause of its own: "without flour that even a toddler likes".
_CLAUSES = frozenset({"that", "which", "who"})
_KHONG_VERBS = frozenset({"có", "chứa", "dùng", "kèm", "cần", "thêm", "bỏ", "cho"})
_KHONG_DOUBTFUL_WORDS = """
    không chẳng chả chưa đừng nếu khi lúc mà thì là vì thiếu mất kém chỉ phải thể nào vẫn sẽ bao hết ngoài trừ
    nhưng đến còn thấy
"""
_KHONG_DOUBTFUL = frozenset(_KHONG_DOUBTFUL_WORDS.split())


def may_be_in(tokens: Tokens) -> bool:
    """Say whether a text has any word that could deny something: most have none, and are done with this."""
    return not _CUES.isdisjoint([word.bare for word in tokens.words])


def outside(text: str, tokens: Tokens, spans: Sequence[tuple[int, int]]) -> list[bool]:
    """Say for each span of words whether it counts as food, because nothing certain denies it."""
    denials = {place for span in spans if (place := _denial(tokens, span)) is not None}
    listed = _listed_as_free(text, tokens)
    return [
        not (
            listed.issuperset(range(*span))
            or _is_free(tokens, span)
            or _is_denied(text, tokens, span, denials)
            or _is_replaced(tokens, span)
        )
        for span in spans
    ]


def without(
    tokens: Tokens,
    span: tuple[int, int],
    allergens: frozenset[str],
    may_contain: frozenset[str],
    breaks: frozenset[str],
) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return what a food has that may be called an imitation: "vegan butter", "gluten-free soy sauce", "mực chay"."""
    found = _imitation(tokens, span)
    if found is None:
        return allergens, may_contain, breaks
    lacking, kept = found
    made_of = frozenset[str]()
    if lacking & allergens & {"milk", "eggs"}:
        made_of = _LIKE_MILK
    elif lacking & _FLESH and (lacking & allergens or "vegetarian" in breaks & kept):
        made_of = _LIKE_FLESH
    left = allergens - lacking
    return left, (may_contain - lacking) | (made_of - lacking - left), breaks - kept


def claimed(text: str, tokens: Tokens) -> tuple[frozenset[str], frozenset[str]]:
    """Return what a title denies, and the diets that it claims: "Vegan lasagna", "Phở chay"."""
    words = [word.spelt for word in tokens.words]
    phrases = {*words, *(" ".join(pair) for pair in pairwise(words))}
    listed = {tokens.words[place].bare for place in _listed_as_free(text, tokens)}
    phrases |= {f"{_ALIKE.get(word, word)} free" for word in listed}
    phrases -= _unclaimed(words)
    found = [_IMITATIONS[phrase] for phrase in phrases if phrase in _IMITATIONS]
    return frozenset[str]().union(*(lack for lack, _ in found)), frozenset[str]().union(*(kept for _, kept in found))


def _unclaimed(words: Sequence[str]) -> frozenset[str]:
    """Return phrases that a title denies or only offers: "non-vegetarian", "not vegan", "vegan option"."""
    found: set[str] = set()
    for place, word in enumerate(words):
        for length in (1, 2):
            before, behind = words[place - 1] if place else "", words[place + length : place + length + 1]
            if before in _UNCLAIMED_BEFORE or not _UNCLAIMED_BEHIND.isdisjoint(behind):
                found.add(" ".join([word, *words[place + 1 : place + length]]))
    return frozenset(found)


def _imitation(tokens: Tokens, span: tuple[int, int]) -> tuple[frozenset[str], frozenset[str]] | None:
    words, partings = tokens.words, tokens.partings
    first, last = span
    if last < len(words) and words[last].spelt == "chay" and partings[last].gap == Gap.JOINED:
        return _IMITATIONS["chay"]
    before: list[str] = []
    for place in range(first, max(0, first - _FRONT_WORDS), -1):
        if partings[place].gap == Gap.PARTED:
            break
        before.insert(0, words[place - 1].bare)
        found = _IMITATIONS.get(" ".join(before))
        if found:
            return found
    return None


def _is_replaced(tokens: Tokens, span: tuple[int, int]) -> bool:
    """Say whether another food stands in for this one: "instead of butter", "thay cho nước mắm"."""
    end = _before_article(tokens, span[0])
    for cue in _REPLACED:
        start = end - len(cue)
        if start >= 0 and tuple(word.spelt for word in tokens.words[start:end]) == cue:
            return all(tokens.partings[place].gap == Gap.JOINED for place in range(start + 1, span[0] + 1))
    return False


def _before_article(tokens: Tokens, first: int) -> int:
    """Return the place of the article before a name, or of the name: "instead of a brown butter glaze"."""
    return first - 1 if first and tokens.words[first - 1].spelt in _ARTICLES else first


def _is_free(tokens: Tokens, span: tuple[int, int]) -> bool:
    """Say whether "-free" follows, and neither what is before nor what is behind takes it back."""
    words, partings, last = tokens.words, tokens.partings, span[1]
    if last >= len(words) or words[last].bare != "free" or partings[last].gap != Gap.JOINED:
        return False
    if not _is_english(tokens, span):
        return False
    if last + 1 < len(words) and partings[last + 1].gap == Gap.JOINED and words[last + 1].bare in _FREE_FOLLOWED_BY:
        return False
    start, _ = _sentence(tokens, last)
    return _DOUBTFUL.isdisjoint(word.spelt for word in words[start:last])


def _listed_as_free(text: str, tokens: Tokens) -> frozenset[int]:
    """Return the places of all that a list says something is free of: "(gluten, egg, dairy & sugar free)".

    The list must be joined by "and" and begin its phrase: "with egg, gluten and dairy free" may well have the egg.
    """
    words, partings = tokens.words, tokens.partings
    found: set[int] = set()
    for free, word in enumerate(words):
        if word.bare != "free" or (free + 1 < len(words) and words[free + 1].bare in _FREE_FOLLOWED_BY):
            continue
        items: list[int] = []
        is_joined = False
        for place in range(free - 1, -1, -1):
            if words[place].bare in _LISTED_AS_FREE:
                items.append(place)
            elif not items or words[place].spelt not in _JOINTS:
                break
            is_joined = is_joined or words[place].spelt in _JOINTS
            is_joined = is_joined or (place > 0 and "&" in text[tokens.ends[place - 1] : tokens.ends[place]])
            if partings[place].ends:
                break
        if len(items) > 1 and is_joined and (items[-1] == 0 or partings[items[-1]].gap == Gap.PARTED):
            start, _ = _sentence(tokens, free)
            if _DOUBTFUL.isdisjoint(each.spelt for each in words[start:free]):
                found.update(items)
    return frozenset(found)


def _is_denied(text: str, tokens: Tokens, span: tuple[int, int], denials: set[int]) -> bool:
    """Say whether "no", "without", "không có" stand before it, and nothing in the sentence makes that doubtful.

    Other denials do not, if they too deny food: "không trứng, không sữa".
    """
    denial, last = _denial(tokens, span), span[1]
    if denial is None or text[tokens.ends[last - 1] :].lstrip().startswith("?"):
        return False
    start, end = _sentence(tokens, span[0])
    words = tokens.words
    if denial > start and words[denial - 1].spelt in _OR and not any(start <= other < denial for other in denials):
        return False  # "with or without peanuts"
    doubtful = _KHONG_DOUBTFUL if words[denial].spelt == _KHONG else _DOUBTFUL
    again = last + 1 if last + 1 < end and words[last].spelt in _JOINTS else -1
    return doubtful.isdisjoint(words[place].spelt for place in range(start, end) if place not in denials | {again})


def _denial(tokens: Tokens, span: tuple[int, int]) -> int | None:
    """Return the place of the word that denies a span right before it, where no more is said of it behind."""
    words, partings = tokens.words, tokens.partings
    first, last = span
    if first == 0 or partings[first].gap != Gap.JOINED:
        return None
    ends = last == len(words) or partings[last].gap == Gap.PARTED or _says_no_more(words[last : last + 2])
    before = first - 1
    if before and words[before].spelt in _KHONG_VERBS and partings[before].gap == Gap.JOINED:
        before -= 1
        return before if ends and words[before].spelt == _KHONG else None
    if words[before].bare in _DENIALS and _is_english(tokens, span):
        return before if ends else None
    return before if ends and words[before].spelt == _KHONG else None


def _says_no_more(following: Sequence[Word]) -> bool:
    """Say whether the words behind a denied food leave it denied: another denial, or that it is not needed."""
    first = following[0].spelt
    if first in _AFTER_DENIED or first in _CLAUSES or first in _FURTHER:
        return True
    return first in _JOINTS and len(following) > 1 and following[1].spelt in {_KHONG, *_DENIALS}


def _is_english(tokens: Tokens, span: tuple[int, int]) -> bool:
    """Say whether a name is surely English: "no" is "full" in Vietnamese, and "free" costs nothing."""
    words = tokens.words[span[0] : span[1]]
    is_foreign = any(not word.is_syllable or word.bare in _ALSO_ENGLISH for word in words)
    return is_foreign and tokens.languages[span[0]] != Spoken.MARKED


def _sentence(tokens: Tokens, place: int) -> tuple[int, int]:
    """Return the bounds of the sentence around a word."""
    start, end = place, place + 1
    while start > 0 and not tokens.partings[start].ends:
        start -= 1
    while end < len(tokens.words) and not tokens.partings[end].ends:
        end += 1
    return start, end
