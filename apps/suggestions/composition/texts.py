"""Fill the texts of archetypes: slots, optional fragments, names as titles and sentences spell them.

`{slot}` stands for the names of a slot, `{a+b}` for those of both, `{a|b}` for those of the first that has any. A
bracketed [fragment] is left out where a name in it is missing, and so is a whole text where one outside of brackets is.
"""

import re
from collections.abc import Callable, Sequence

_FRAGMENT = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{([a-z_+|.0-9]+)\}")
_SPACES = re.compile(r" {2,}")
# Stands before how a food is when it is done, until that has joined what the text says before it.
_DONE = "\ue000"
# What is done is said once, "vàng, vàng đều", and has one subject, "golden and it is hot". In a list of foods,
# "trứng, trứng cút" are two.
_SAID_TWICE = re.compile(rf"\b(\w+), {_DONE}(?=\1\b)")
_ANOTHER_SUBJECT = re.compile(rf"\b(golden|browned|crisp) and {_DONE}(?:it is|they are) ")


def fill(text: str, names: Callable[[str], str]) -> str | None:
    """Return the text with its slots filled from `names`; None where a name outside of brackets is missing."""
    kept = _kept(text, names)
    if not kept or not all(names(slot) for slot in _SLOT.findall(kept)):
        return None

    def named(match: re.Match[str]) -> str:
        slot = match.group(1)
        return (_DONE if slot.endswith(".done") else "") + names(slot)

    filled = _ANOTHER_SUBJECT.sub(r"\1 and ", _SAID_TWICE.sub("", _SLOT.sub(named, kept)))
    filled = _SPACES.sub(" ", filled.replace(_DONE, "")).strip()
    return filled[:1].upper() + filled[1:]


def slots(text: str, names: Callable[[str], str]) -> list[str]:
    """Return the expressions that `fill` fills, in their order."""
    return _SLOT.findall(_kept(text, names))


def _kept(text: str, names: Callable[[str], str]) -> str:
    def fragment(match: re.Match[str]) -> str:
        inner = match.group(1)
        return inner if all(names(slot) for slot in _SLOT.findall(inner)) else ""

    return _FRAGMENT.sub(fragment, text)


def joined(names: Sequence[str], language: str) -> str:
    """Return "a, b và c", or "a, b and c"."""
    if len(names) < 2:  # noqa: PLR2004  one name needs no "and"
        return "".join(names)
    word = "and" if language == "en" else "và"
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


def plural(name: str) -> str:
    """Return an English plural; names that are plural already, or have none, stay: shrimp, dragon fruit."""
    if name.endswith(
        (
            "s",
            "fruit",
            "shrimp",
            "squid",
            "fish",
            "corn",
            "rice",
            "bread",
            "spinach",
            "garlic",
            "shiitake",
            "enoki",
            "maitake",
            "matsutake",
            "porcini",
            "edamame",
            "broccoli",
        )
    ):
        return name
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return name[:-1] + "ies"
    # "jalapeno" and "avocado" take a plain s; among the names at hand only these take es.
    takes_es = ("tomato", "potato", "mango", "ch", "sh", "x")
    return name + ("es" if name.endswith(takes_es) else "s")


# How a title names what the master list names in full.
_TITLE_NAMES = {
    "vi": (
        (re.compile(r"^thịt (?=(bò|gà|vịt|dê|cừu|ngan|ếch)\b)"), ""),
        (re.compile(r"^trứng gà$"), "trứng"),
        (re.compile(r"^hành lá$"), "hành"),
        (re.compile(r"^(cơm nguội)$"), "cơm"),
        (re.compile(r" (còn thừa|nguyên kem|không đường|đa dụng)$"), ""),
        (re.compile(r"^mì ý$"), "mì Ý"),
        (re.compile(r" (hộp|nấu canh)$"), ""),
    ),
    "en": (
        (re.compile(r"^chicken egg$"), "egg"),
        (re.compile(r"^(leftover|cooked|canned|unsalted|ground|boiled|stale) "), ""),
        (re.compile(r"^whole milk$"), "milk"),
        (re.compile(r"(noodle|sprout|wrapper|breadcrumb)$"), r"\1s"),
    ),
}


_OF_ONE = (
    (re.compile(r"\bit is\b"), "they are"),
    (re.compile(r"\bit has\b"), "they have"),
    (re.compile(r"\bits\b"), "their"),
)


def said_of_several(text: str) -> str:
    """Return what English says of one thing as it is said of several: "it is tender", "they are tender"."""
    for pattern, other in _OF_ONE:
        text = pattern.sub(other, text)
    return text


_LABELS = re.compile(r"^(stale|leftover) ")


def label_name(name: str, language: str) -> str:
    """Return how steps name a food: what the list of ingredients calls stale bread is bread in the pan."""
    return _LABELS.sub("", name) if language == "en" else name


def title_name(name: str, language: str) -> str:
    for pattern, shorter in _TITLE_NAMES[language]:
        name = pattern.sub(shorter, name)
    return name
