"""Phrases in which an amount begins another food without a comma: "1 carrot 2 onions", "100g tôm 100g mực"."""

from collections.abc import Callable, Iterator, Sequence

from apps.ingredients import quantities
from apps.ingredients.lines import Phrase, phrase_of
from apps.ingredients.noun_phrases import AND, OF, OR, Known

# What may stand between a food and the amount of the next one.
_JOINTS = AND | {"with", "với"}
# "2 tbsp fried onions a pinch of salt"
_ARTICLES = frozenset({"a", "an"})
# Returns what words mean that are the whole name of a food, with what may stand around it.
NameOf = Callable[[Sequence[str]], Known | None]
AreRelated = Callable[[Known, Known], bool]


def parted(phrases: Sequence[Phrase], name_of: NameOf, are_related: AreRelated) -> Iterator[Phrase]:
    """Yield the phrases, those that hold several counted foods in parts: each part must be a food by itself.

    "trứng gà 2 trứng" is one food: without a word between them the second may not be a kind of the first.
    """
    for phrase in phrases:
        yield from _parts(phrase, name_of, are_related)


def _parts(phrase: Phrase, name_of: NameOf, are_related: AreRelated) -> Iterator[Phrase]:
    words, begins = phrase.words, phrase.starts[-1][0]
    for place in range(begins + 1, len(words) - 1):
        end = _end_of_amount(words, place)
        if end is None or end >= len(words) or words[place - 1] in OF | OR:
            continue
        joint = place - 1 if words[place - 1] in _JOINTS else place
        following = next((n for n in range(end + 1, len(words)) if _end_of_amount(words, n)), len(words))
        one = name_of(words[begins:joint]) if joint > begins else None
        other = name_of(_without_joint(words[end:following])) if one else None
        if one and other and (joint < place or not are_related(one, other)):
            yield phrase_of(words[:joint], phrase.capitals[:joint], phrase.before)
            # A semicolon: what follows is a food of its own, never a closer name of the one before.
            yield from _parts(phrase_of(words[place:], phrase.capitals[place:], ";"), name_of, are_related)
            return
    yield phrase


def _end_of_amount(words: Sequence[str], place: int) -> int | None:
    found, end = quantities.amounts_at(words, place)
    if not found or not (words[place][0].isdigit() or (words[place] in _ARTICLES and found[0][0].unit)):
        return None
    return end


def _without_joint(words: Sequence[str]) -> Sequence[str]:
    return words[:-1] if len(words) > 1 and words[-1] in _JOINTS else words
