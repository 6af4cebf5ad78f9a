"""The wire format of plans."""

from datetime import date, timedelta
from typing import Any, ClassVar

from rest_framework import serializers

from apps.core import clock, fields, http
from apps.plans import calendar_urls, texts
from apps.plans.dishes import Dish
from apps.plans.models import MAX_DAYS, Brief, Climate, Kitchen, PlanMeal, PlanRow, PlanStatus, Slot
from apps.plans.reading import PlanView
from apps.plans.slot_changes import SlotChange
from apps.recipes.rendering import render_card
from apps.recipes.serializers import METHODS, RecipeCardOut
from apps.users.preferences import BUDGET_LEVELS

MEALS = [meal.value for meal in PlanMeal]
CLIMATES = [climate.value for climate in Climate]
KITCHENS = [kitchen.value for kitchen in Kitchen]
STATUSES = [status.value for status in PlanStatus]
# A day counts as hot from, and as cold up to, these degrees Celsius.
HOT_FROM, COLD_UP_TO = 28, 17
_RAIN = ("rain", "shower", "storm", "drizzle", "mưa", "dông", "giông", "bão")


class MinutesIn(fields.Strict):
    weekday = fields.WholeNumber(required=False, allow_null=True, min_value=5, max_value=480)
    weekend = fields.WholeNumber(required=False, allow_null=True, min_value=5, max_value=480)


class WeatherIn(fields.Strict):
    """A day's weather, given by the caller. The service doesn't fetch forecasts."""

    date = serializers.DateField()
    temperature = fields.Number(required=False, allow_null=True, min_value=-60, max_value=60, help_text="°C by day.")
    conditions = fields.TextField(required=False, allow_null=True, allow_blank=True, max_length=100)


class _Starting(fields.Strict):
    def validate_start(self, value: date) -> date:
        """Refuse a start date so late that the longest plan would exceed the last date that Python can represent."""
        if value > date.max - timedelta(days=MAX_DAYS):
            raise serializers.ValidationError(str(texts.TOO_LATE), code="max_value")
        return value


class PlanIn(_Starting):
    """A request for a plan. Without `eaters`, everybody in the household eats, and all dishes are safe for them."""

    start = fields.Day()
    days = fields.WholeNumber(min_value=1, max_value=MAX_DAYS)
    meals = fields.UniqueList(child=fields.Choice(MEALS), min_length=1, max_length=len(MEALS))
    servings = fields.WholeNumber(required=False, min_value=1, max_value=50, default=2)
    eaters = fields.UniqueList(required=False, child=fields.PersonId(), max_length=10)
    climate = fields.Choice(CLIMATES, required=False, allow_null=True)
    weather = fields.BoundedList(required=False, child=WeatherIn(), max_length=MAX_DAYS)
    place = fields.LineField(required=False, allow_null=True, max_length=100)
    use_pantry = fields.Flag(required=False, default=False)
    max_minutes = MinutesIn(required=False, allow_null=True)
    budget_level = fields.Choice(BUDGET_LEVELS, required=False, allow_null=True)
    kitchen = fields.Choice(KITCHENS, required=False, default=Kitchen.FULL.value)


class PlanCopyIn(_Starting):
    start = fields.Day()


class SlotChangeIn(fields.Strict):
    """A change of a slot. `swap` chooses another dish, `recipe_id` a given one; `date` and `meal` move the slot."""

    id = fields.Id()
    swap = fields.Flag(required=False, default=False)
    recipe_id = fields.Id(required=False, allow_null=True)
    clear = fields.Flag(required=False, default=False)
    locked = fields.Flag(required=False)
    servings = fields.WholeNumber(required=False, min_value=1, max_value=50)
    date = serializers.DateField(required=False)
    meal = fields.Choice(MEALS, required=False)
    leftovers_of = fields.Id(required=False, allow_null=True, help_text="The slot whose leftovers are eaten.")


class DaysIn(fields.Strict):
    one = serializers.DateField()
    other = serializers.DateField()


class PlanChangeIn(fields.Strict):
    slots = fields.BoundedList(required=False, child=SlotChangeIn(), max_length=60)
    exchange_days = DaysIn(required=False, help_text="Exchange the meals of two days.")


class PlannedRecipeOut(RecipeCardOut):
    """A recipe's card, with the fields by which plans vary dishes."""

    method = serializers.ChoiceField(METHODS)
    cuisine = serializers.CharField(allow_null=True)


class SlotOut(serializers.Serializer[Any]):
    """A slot. `recipe` is null if nothing is planned, or if the dish is gone or not safe for all who eat."""

    id = fields.Id()
    date = serializers.DateField()
    meal = serializers.ChoiceField(MEALS)
    recipe = PlannedRecipeOut(allow_null=True)
    servings = serializers.IntegerField()
    locked = serializers.BooleanField()
    leftovers_of = fields.Id(allow_null=True)
    why = serializers.CharField(allow_blank=True)


class PlanBriefOut(serializers.Serializer[Any]):
    id = fields.Id()
    status = serializers.ChoiceField(STATUSES)
    start = serializers.DateField()
    days = serializers.IntegerField()
    meals = serializers.ListField(child=serializers.ChoiceField(MEALS))
    servings = serializers.IntegerField()
    place = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()


class PlanOut(PlanBriefOut):
    """A plan. `job_id` is the job that fills the remaining slots; `calendar` is the calendar's secret URL."""

    SENDS_ETAG: ClassVar[bool] = True
    SENDS_LOCATION: ClassVar[tuple[int, ...]] = (201,)

    job_id = fields.Id(allow_null=True)
    eaters = serializers.ListField(child=serializers.CharField())
    slots = SlotOut(many=True)
    calendar = serializers.CharField()


class CalendarQuery(fields.Query):
    key = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)


def to_brief(body: dict[str, Any]) -> Brief:
    """Convert validated data of `PlanIn` to the planner's brief."""
    weather = {one["date"].isoformat(): one for one in body.get("weather", ())}
    minutes = body.get("max_minutes") or {}
    climates = {day: climate for day, one in weather.items() if (climate := _climate(one.get("temperature")))}
    rainy = tuple(day for day, one in weather.items() if _rains(one.get("conditions")))
    return Brief(
        start=body["start"].isoformat(),
        days=body["days"],
        meals=tuple(meal for meal in MEALS if meal in body["meals"]),
        servings=body["servings"],
        eaters=tuple(body.get("eaters", ())),
        climate=body.get("climate"),
        weather=climates,
        rainy=rainy,
        place=body.get("place"),
        use_pantry=body["use_pantry"],
        minutes=(minutes.get("weekday"), minutes.get("weekend")),
        budget_level=body.get("budget_level"),
        kitchen=body["kitchen"],
    )


def _climate(temperature: float | None) -> str | None:
    if temperature is None:
        return None
    if temperature >= HOT_FROM:
        return Climate.HOT.value
    return Climate.COLD.value if temperature <= COLD_UP_TO else Climate.MILD.value


def _rains(conditions: str | None) -> bool:
    return any(word in (conditions or "").lower() for word in _RAIN)


def to_changes(body: dict[str, Any]) -> list[SlotChange]:
    return [
        SlotChange(
            id=one["id"],
            swap=one["swap"],
            recipe_id=one.get("recipe_id"),
            locked=one.get("locked"),
            servings=one.get("servings"),
            date=one["date"].isoformat() if "date" in one else None,
            meal=one.get("meal"),
            leftovers_of=one.get("leftovers_of"),
            cleared=one["clear"],
        )
        for one in body.get("slots", ())
    ]


def to_exchange(body: dict[str, Any]) -> tuple[str, str] | None:
    days: dict[str, date] | None = body.get("exchange_days")
    return (days["one"].isoformat(), days["other"].isoformat()) if days else None


def render_brief(row: PlanRow) -> dict[str, Any]:
    asked = row.asked
    return {
        "id": row.id,
        "status": row.status,
        "start": asked.start,
        "days": asked.days,
        "meals": list(asked.meals),
        "servings": asked.servings,
        "place": asked.place,
        "created_at": clock.iso(row.created_at),
    }


def render(view: PlanView) -> dict[str, Any]:
    return {
        **render_brief(view.row),
        "job_id": view.row.job_id,
        "eaters": list(view.row.asked.eaters),
        "slots": [_render_slot(slot, view) for slot in view.row.slots],
        "calendar": calendar_urls.calendar_address(view),
    }


def _render_slot(slot: Slot, view: PlanView) -> dict[str, Any]:
    dish = view.dishes.get(slot.recipe_id or "")
    is_lost = slot.recipe_id is not None and dish is None
    lost = "unsafe" if slot.recipe_id in view.unsafe else "gone"
    return {
        "id": slot.id,
        "date": slot.date,
        "meal": slot.meal,
        "recipe": _render_dish(dish) if dish else None,
        "servings": slot.servings,
        "locked": slot.locked,
        "leftovers_of": slot.leftovers_of,
        "why": texts.say(((lost, ""),) if is_lost else slot.why),
    }


def _render_dish(dish: Dish) -> dict[str, Any]:
    return {**render_card(dish.recipe), "method": dish.method, "cuisine": dish.cuisine or None}


def etag(view: PlanView) -> str:
    return http.etag(int(view.row.version or 0))
