"""Parse free text about what is at home: "2 hộp sữa chua hết hạn thứ 6, ngăn mát"."""

import calendar
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from apps.core.text import clean, fold
from apps.pantry.lots import Place

MAX_ENTRIES = 50
# A date without a year that is further in the past is taken as next year's.
_RECENTLY = timedelta(days=60)
_CENTURY = 2000
# 29 February is at most eight years away.
_LEAP_YEARS = 8

_SPLIT = re.compile(r"[\n;•]+|(?<!\d),|,(?!\d)")
_DATE_WORDS = (
    r"(?:\b(?:con )?(?:ngay(?= ?\d{1,2}[/.-]\d)"
    r"|han su dung|han dung|het han(?: su dung)?|hsd|han|dung truoc|dung den|an truoc"
    r"|exp(?:ires?|iring|iry)?(?: date)?|best before|best by|use by|use before|good until|until|bbe|bbd|sell by)"
    r"\b[ :.]*(?:(?:vao|ngay|la|den|on|in|by|is)\b ?)*)"
)
_WEEKDAYS = {
    "thu hai": 0, "thu 2": 0, "t2": 0, "monday": 0, "mon": 0, "thu ba": 1, "thu 3": 1, "t3": 1, "tuesday": 1, "tue": 1,
    "thu tu": 2, "thu 4": 2, "t4": 2, "wednesday": 2, "wed": 2, "thu nam": 3, "thu 5": 3, "t5": 3, "thursday": 3,
    "thu": 3, "thu sau": 4, "thu 6": 4, "t6": 4, "friday": 4, "fri": 4, "thu bay": 5, "thu 7": 5, "t7": 5,
    "saturday": 5, "sat": 5, "chu nhat": 6, "cn": 6, "sunday": 6, "sun": 6,
}  # fmt: skip
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name} | {
    name.lower(): number for number, name in enumerate(calendar.month_abbr) if name
}
_DAYS_IN = {"ngay": 1, "hom": 1, "day": 1, "tuan": 7, "week": 7, "thang": 30, "month": 30}
_NUMBERS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "a": 1, "one": 1, "two": 2, "three": 3}

# As printed on packs: such food keeps until the end of the month.
_MONTH_YEAR = re.compile(r"(?:thang )?(\d{1,2})(?:[/.-]| nam )(\d{4})(?![\d/])")
_MONTH_SHORT_YEAR = re.compile(r"(\d{1,2})/(\d{2})(?![\d/])")
_NAMED_MONTH_YEAR = re.compile(r"(" + "|".join(_MONTHS) + r")\.?,? (\d{4})(?!\d)")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_MONTH = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?(?![\d/])")
_NAMED_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? (?:of )?(" + "|".join(_MONTHS) + r")\b\.?,?(?: (\d{4}))?")
_MONTH_FIRST = re.compile(r"(" + "|".join(_MONTHS) + r")\.? (\d{1,2})(?:st|nd|rd|th)?\b,?(?: (\d{4}))?")
_THANG = re.compile(r"(\d{1,2}) thang (\d{1,2})(?: nam (\d{4}))?")
_AFTER = re.compile(
    r"(?:trong|sau|con|in|within|them)? ?(\d{1,3}|"
    + "|".join(_NUMBERS)
    + r") (ngay|hom|tuan|thang|days?|weeks?|months?)"
    r"(?: nua| left| toi)?\b"
)
_WEEKDAY = re.compile(
    r"(next |this )?\b(" + "|".join(sorted(_WEEKDAYS, key=len, reverse=True)) + r")\b( tuan sau| tuan toi| tuan nay)?"
)
_WORD_DAYS = re.compile(
    r"\b(ngay mai|ngay kia|ngay mot|hom nay|toi nay|mai|mot|tomorrow|today|tonight|day after tomorrow)\b"
)
_ENDS = re.compile(r"\b(cuoi tuan(?: nay)?|(?:this )?weekend|cuoi thang(?: nay)?|end of (?:the |this )?month)\b")
# Dates without "expires": only unambiguous ones. "1/2" is a half, "2-3" a range, "11/2" one and a half; nobody writes
# 29 halves.
_ALONE = re.compile(
    r"(?:\bcon (?:\d{1,3}|" + "|".join(_NUMBERS) + r") (?:ngay|hom|tuan|thang)\b(?: nua)?"
    r"|\b\d{4}-\d{1,2}-\d{1,2}|(?<![\d/.-])\d{1,2}(?P<mark>[/.-])\d{1,2}(?P=mark)(?:\d{4}|\d{2})"
    r"|(?<![\d/.-])(?:1[3-9]|2\d|3[01])/(?:0?[1-9]|1[0-2])|\bngay mai\b|\btomorrow\b"
    r"|\bthu (?:hai|ba|tu|nam|sau|bay|[2-7])\b|\bchu nhat\b)\s*$"
)
_UNREAD = re.compile(_DATE_WORDS + r"(?P<date>\d{1,4}(?:[/.-]\d{1,4}){1,2})(?![\d/.-])")
_PLACES = (
    (Place.FREEZER, r"ngan da|ngan dong|tu dong|tu da|freezer"),
    (Place.FRIDGE, r"ngan mat|tu lanh|tu mat|fridge|refrigerator"),
    (Place.CUPBOARD, r"tu bep|ke bep|tu do kho|chan bep|cupboard|pantry shelf|on the shelf|shelf"),
)
_PLACE = [
    (place, re.compile(r"(?:\b(?:de|cat|trong|o|in|in the|from the|at)\b )*\b(?:the )?(?:" + words + r")\b"))
    for place, words in _PLACES
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One food: `text` is its name and amount, without date and place.

    `unread_date` is what stands where a date should, "30/2", and is none.
    """

    text: str
    expires_on: date | None = None
    place: Place | None = None
    unread_date: str | None = None


def read_entries(text: str, today: date) -> list[Entry]:
    """Return the foods that a text lists: one per line, or separated by commas. At most 50.

    A part that contains only a date or a place belongs to the food before it.
    """
    entries: list[Entry] = []
    for part in _SPLIT.split(unicodedata.normalize("NFC", text)):
        entry = read_entry(part, today)
        if entry.text or not entries:
            entries.append(entry)
        else:
            last = entries[-1]
            entries[-1] = Entry(
                last.text, entry.expires_on or last.expires_on, entry.place or last.place,
                entry.unread_date or last.unread_date,
            )  # fmt: skip
    return [entry for entry in entries if entry.text][:MAX_ENTRIES]


def read_entry(text: str, today: date) -> Entry:
    """Split off the date and place of one entry."""
    rest = clean(text)
    rest, expires_on = _take_date(rest, today)
    rest, unread = (rest, None) if expires_on else _take_unread(rest)
    rest, place = _take_place(rest)
    return Entry(rest.strip(" -–:,.()\t*"), expires_on, place, unread)


def _bare(text: str) -> str:
    """Fold a text letter by letter, so that offsets stay valid in the original."""
    folded = (fold(char) or char for char in text)
    return "".join(one if len(one) == 1 else char for one, char in zip(folded, text, strict=True))


def _take_place(text: str) -> tuple[str, Place | None]:
    bare = _bare(text)
    for place, pattern in _PLACE:
        if found := pattern.search(bare):
            return _without(text, found.start(), found.end()), place
    return text, None


def _take_date(text: str, today: date) -> tuple[str, date | None]:
    bare = _bare(text)
    for said in re.finditer(_DATE_WORDS, bare):
        found = _date_at(bare, said.end(), today)
        if found:
            return _without(text, said.start(), found[1]), found[0]
        before = _date_before(bare, said.start(), today)
        if before:
            return _without(text, before[1], said.end()), before[0]
    alone = _ALONE.search(bare)
    if alone and alone.start() > 0:
        found = _date_at(bare, alone.start(), today)
        if found:
            return _without(text, alone.start(), found[1]), found[0]
    return text, None


def _take_unread(text: str) -> tuple[str, str | None]:
    """Split off a date that is in no calendar, "hsd 30/2": without words that announce a date it may be an amount."""
    said = _UNREAD.search(_bare(text))
    if said is None:
        return text, None
    return _without(text, said.start(), said.end()), text[said.start("date") : said.end("date")]


def _without(text: str, start: int, end: int) -> str:
    return f"{text[:start].rstrip()} {text[end:].lstrip()}".strip()


def _date_at(bare: str, start: int, today: date) -> tuple[date, int] | None:
    """Return the date written at an offset, and the offset at which it ends."""
    for pattern, meaning in _DATES:
        found = pattern.match(bare, start)
        if found:
            try:
                return meaning(found, today), found.end()
            except ValueError:
                continue
    return None


def _date_before(bare: str, end: int, today: date) -> tuple[date, int] | None:
    """Return the date that ends at an offset ("mai hết hạn"), and the offset at which it starts."""
    stop = len(bare[:end].rstrip())
    for start in range(max(0, stop - 20), stop):
        found = _date_at(bare, start, today) if start == 0 or bare[start - 1] == " " else None
        if found and found[1] == stop:
            return found[0], start
    return None


def _in_year(day: int, month: int, year: str | None, today: date) -> date:
    if year:
        return date(_year(year), month, day)
    for number in range(today.year, today.year + _LEAP_YEARS + 1):
        if day <= calendar.monthrange(number, month)[1] and date(number, month, day) >= today - _RECENTLY:
            return date(number, month, day)
    raise ValueError(day)


def _year(written: str) -> int:
    number = int(written) if len(written) > 2 else _CENTURY + int(written)  # noqa: PLR2004  two digits
    if number < _CENTURY:
        raise ValueError(written)
    return number


def _end_of_month(month: int, year: str) -> date:
    number = _year(year)
    return date(number, month, calendar.monthrange(number, month)[1])


def _weekday(found: re.Match[str], today: date) -> date:
    """Return the next such weekday, including today; next week's if the text says so."""
    wanted = _WEEKDAYS[found[2]]
    if "next" in (found[1] or "") or "sau" in (found[3] or "") or "toi" in (found[3] or ""):
        return today - timedelta(days=today.weekday()) + timedelta(days=7 + wanted)
    return today + timedelta(days=(wanted - today.weekday()) % 7)


def _after(found: re.Match[str], today: date) -> date:
    number = int(found[1]) if found[1].isdigit() else _NUMBERS[found[1]]
    return today + timedelta(days=number * _DAYS_IN[found[2].rstrip("s")])


def _word_day(found: re.Match[str], today: date) -> date:
    word = found[1]
    if word in {"hom nay", "toi nay", "today", "tonight"}:
        return today
    far = word in {"ngay kia", "ngay mot", "mot", "day after tomorrow"}
    return today + timedelta(days=2 if far else 1)


def _end_of(found: re.Match[str], today: date) -> date:
    if "thang" in found[1] or "month" in found[1]:
        return today.replace(day=calendar.monthrange(today.year, today.month)[1])
    return today + timedelta(days=6 - today.weekday())


_DATES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date]], ...] = (
    (_ISO, lambda found, _: date(_year(found[1]), int(found[2]), int(found[3]))),
    (_MONTH_YEAR, lambda found, _: _end_of_month(int(found[1]), found[2])),
    (_NAMED_MONTH_YEAR, lambda found, _: _end_of_month(_MONTHS[found[1]], found[2])),
    (_DAY_MONTH, lambda found, today: _in_year(int(found[1]), int(found[2]), found[3], today)),
    (_MONTH_SHORT_YEAR, lambda found, _: _end_of_month(int(found[1]), found[2])),
    (_THANG, lambda found, today: _in_year(int(found[1]), int(found[2]), found[3], today)),
    (_NAMED_MONTH, lambda found, today: _in_year(int(found[1]), _MONTHS[found[2]], found[3], today)),
    (_MONTH_FIRST, lambda found, today: _in_year(int(found[2]), _MONTHS[found[1]], found[3], today)),
    (_AFTER, _after),
    (_WEEKDAY, _weekday),
    (_WORD_DAYS, _word_day),
    (_ENDS, _end_of),
)
