"""Notes that people type among the ingredients: who eats, how much time there is, what there is to cook with."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from apps.core.text import fold

# Under this age nothing is salted, nor sweetened, and honey is dangerous under one year (WHO, complementary feeding).
BABY_UNDER = 24
_LONGEST = 240
_HOUR = 60
# Months that somebody means who gives no age.
_BABY, _TODDLER, _CHILD = 8, 18, 60


class Appliance(StrEnum):
    AIR_FRYER = "air_fryer"
    RICE_COOKER = "rice_cooker"
    MICROWAVE = "microwave"


@dataclass(frozen=True, slots=True)
class Note:
    """What one note asks for, or several together."""

    minutes: int | None = None
    child_months: int | None = None
    is_gentle: bool = False
    has_oven: bool = True
    appliance: Appliance | None = None


_AGE = r"(?P<{0}>\d{{1,2}})[- ]?(?P<{0}_unit>thang|tuoi|months?|mos?|years?|yrs?)(?: tuoi|[- ]old)?"
_BEFORE, _AFTER = _AGE.format("before"), _AGE.format("after")
_BABIES = r"em be|be(?: gai| trai| yeu| nho)?|baby|babies|infant|toddler"
_CHILDREN = r"con(?: gai| trai| nho)?|tre(?: em| nho)?|kids?|child|children"
_TO_WHOM = r"(?:mon |do an |nau )?(?:cho|danh cho|for|to feed) (?:a |an |my |our |the )?"
_CHILD_NOTES = [
    re.compile(
        rf"{_TO_WHOM}(?:{_BEFORE}[- ])?(?P<who>{_BABIES}|{_CHILDREN})(?: an dam)?"
        rf"(?: (?:duoi|tu|duoc|of|aged|under))?(?: \(?{_AFTER}\)?)?"
    ),
    re.compile(rf"(?P<who>{_BABIES}) (?:(?:duoi|duoc|of|aged|under) )?\(?{_AFTER}\)?"),
    re.compile(rf"{_BEFORE}[- ](?P<who>{_BABIES}|child)"),
    re.compile(r"(?:mon |do |chao )?(?:cho )?(?P<who>(?:be )?an dam|baby food|weaning(?: food)?)"),
]
_OLD = re.compile(
    rf"{_TO_WHOM}(?:nguoi (?:gia|lon tuoi|cao tuoi)|ong ba|elderly(?: \w+)?|old people"
    r"|grand(?:ma|pa|parents?|mother|father))"
)
_UP_TO = (
    r"(?:toi |i |we )?(?:chi co|chi|co|trong(?: vong)?|toi da|duoi|khoang|only(?: have)?|just|in|under|within"
    r"|max(?:imum)?|about|up to|have(?: only)?|less than) "
)
_TIME = re.compile(
    rf"(?:{_UP_TO})*(?P<number>\d{{1,3}}) ?(?P<unit>phut|p|minutes?|mins?|tieng|hours?|hrs?)"
    r"(?: (?:thoi|la xong|max|only|nau an|de nau|to cook|meal|dinner))?"
)
_NO_OVEN = re.compile(
    r"(?:(?:nha )?(?:khong|ko|k)(?: co| dung| xai)?|no|without(?: an?)?|i have no|don'?t have an) (?:lo nuong|lo|oven)"
)
_WITH = r"(?:(?:nha )?(?:chi )?(?:co|dung|bang|voi|nau bang|lam bang)|use|using|with|in|i have)? ?(?:an |a |the |my )?"
_APPLIANCES = {
    Appliance.AIR_FRYER: r"(?:noi chien khong dau|noi chien|nckd|air[ -]?fryer)",
    Appliance.RICE_COOKER: r"(?:noi com dien|rice cooker)",
    Appliance.MICROWAVE: r"(?:lo vi song|microwave)",
}
_OWNED = {appliance: re.compile(f"{_WITH}{words}") for appliance, words in _APPLIANCES.items()}
_MENTIONED = {appliance: re.compile(rf"\b{words}") for appliance, words in _APPLIANCES.items()}


def read(text: str) -> Note | None:
    """Return what a line asks for, None where it is no note: "cho bé 10 tháng", "15 minutes", "no oven"."""
    line = fold(text).strip(" .,;:!-")
    if found := next((match for note in _CHILD_NOTES if (match := note.fullmatch(line))), None):
        return Note(child_months=_months(found.groupdict()), is_gentle=True)
    if _OLD.fullmatch(line):
        return Note(is_gentle=True)
    if found := _TIME.fullmatch(line):
        minutes = int(found["number"]) * (_HOUR if found["unit"][0] in "th" else 1)
        return Note(minutes=min(minutes, _LONGEST)) if minutes else None
    if _NO_OVEN.fullmatch(line):
        return Note(has_oven=False)
    owned = next((appliance for appliance, words in _OWNED.items() if words.fullmatch(line)), None)
    return Note(appliance=owned) if owned else None


def split(lines: Sequence[str]) -> tuple[Note, list[str]]:
    """Return what all notes of a question ask for together, and the lines that are none."""
    notes: list[Note] = []
    others: list[str] = []
    for line in lines:
        note = read(line)
        if note:
            notes.append(note)
        else:
            others.append(line)
    return _together(notes), others


def mentions(appliance: Appliance, texts: Iterable[str]) -> bool:
    return any(_MENTIONED[appliance].search(fold(text)) for text in texts)


def _together(notes: Sequence[Note]) -> Note:
    minutes = [note.minutes for note in notes if note.minutes is not None]
    months = [note.child_months for note in notes if note.child_months is not None]
    return Note(
        minutes=min(minutes, default=None),
        child_months=min(months, default=None),
        is_gentle=any(note.is_gentle for note in notes),
        has_oven=all(note.has_oven for note in notes),
        appliance=next((note.appliance for note in notes if note.appliance), None),
    )


def _months(found: dict[str, str | None]) -> int:
    number, unit = found.get("before") or found.get("after"), found.get("before_unit") or found.get("after_unit")
    if number and unit:
        return int(number) * (1 if unit.startswith(("m", "thang")) else 12)
    who = found["who"] or ""
    if who in {"toddler", "tre nho"}:
        return _TODDLER
    return _CHILD if who.startswith(("con", "tre", "kid", "child")) else _BABY
