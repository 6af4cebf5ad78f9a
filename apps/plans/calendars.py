"""Plans as iCalendar (RFC 5545): one event per meal, in the reader's local time."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from apps.core import clock, language
from apps.core.language import Text
from apps.plans.models import PlanMeal, Slot
from apps.plans.reading import PlanView

MEDIA_TYPE = "text/calendar; charset=utf-8"
# Lines are folded at 75 octets (section 3.1).
_OCTETS = 75
_HOURS = {PlanMeal.BREAKFAST: 7, PlanMeal.LUNCH: 12, PlanMeal.DINNER: 18, PlanMeal.SNACK: 15}
_MEALS = {
    PlanMeal.BREAKFAST: Text("Bữa sáng", "Breakfast"),
    PlanMeal.LUNCH: Text("Bữa trưa", "Lunch"),
    PlanMeal.DINNER: Text("Bữa tối", "Dinner"),
    PlanMeal.SNACK: Text("Bữa phụ", "Snack"),
}
_LEFTOVERS = Text("ăn lại", "leftovers")


def write(view: PlanView) -> str:
    """Return the calendar of a plan; meals without a dish are left out."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Smart Cooking//Plans//EN", "METHOD:PUBLISH"]
    for slot in view.row.slots:
        if slot.recipe_id in view.dishes:
            lines += _event(slot, view)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(slot: Slot, view: PlanView) -> list[str]:
    meal, dish = PlanMeal(slot.meal), view.dishes[slot.recipe_id or ""]
    start = datetime.combine(datetime.fromisoformat(slot.date), time(_HOURS[meal]))
    again = f" ({_LEFTOVERS})" if slot.leftovers_of else ""
    names = ", ".join(line.name for line in dish.lines)
    return [
        "BEGIN:VEVENT",
        f"UID:{slot.id}@smartcooking",
        f"DTSTAMP:{clock.now():%Y%m%dT%H%M%SZ}",
        f"DTSTART:{start:%Y%m%dT%H%M%S}",
        f"DTEND:{start + timedelta(hours=1):%Y%m%dT%H%M%S}",
        f"SUMMARY:{_escaped(f'{_MEALS[meal]}: {dish.content.title_in(language.current.get())}{again}')}",
        f"DESCRIPTION:{_escaped(names)}",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    """Escape TEXT (section 3.3.11)."""
    for char in ("\\", ";", ","):
        text = text.replace(char, f"\\{char}")
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Fold a line after at most 75 octets, never within a character; continuation lines start with a space."""
    part = ""
    for char in line:
        if len((part + char).encode()) > _OCTETS:
            yield part
            part = " "
        part += char
    yield part
