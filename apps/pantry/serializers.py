"""The wire format of pantries."""

from typing import Any

from rest_framework import serializers

from apps.core import clock, fields
from apps.ingredients.serializers import IngredientOut
from apps.ingredients.serializers import render as render_ingredient
from apps.pantry import measuring
from apps.pantry.adding_text import EntryResult
from apps.pantry.lots import Lot, Place
from apps.pantry.measuring import Amount
from apps.pantry.models import PantryMonth, Reason
from apps.pantry.stock import Item
from apps.pantry.using import Offer, Use

PLACES = [place.value for place in Place]
REASONS = [reason.value for reason in Reason]
ENTRY_STATUSES = ("added", "ambiguous", "unknown")
_ADDED = "added"


class PantryIn(fields.Strict):
    quantity = fields.Number(required=False, allow_null=True, min_value=0, max_value=1_000_000)
    unit = fields.TextField(required=False, allow_null=True, max_length=20)
    expires_on = fields.Day(required=False, allow_null=True)
    place = fields.Choice(PLACES, required=False, allow_null=True)


class PantryTextIn(fields.Strict):
    text = fields.TextField(
        max_length=2000, help_text="One item per line, or separated by commas, with dates and places."
    )


class PantryUseLineIn(fields.Strict):
    ingredient_id = fields.Id()
    quantity = fields.Number(required=False, allow_null=True, min_value=0, max_value=1_000_000)
    unit = fields.TextField(required=False, allow_null=True, max_length=20)


class PantryUseIn(fields.Strict):
    """Amounts used; without `quantity`, all of an ingredient. With `session_id`, once per cooking session."""

    items = fields.BoundedList(child=PantryUseLineIn(), min_length=1, max_length=40)
    session_id = fields.Id(required=False, allow_null=True)


class PantryQuery(fields.PageQuery):
    sort = fields.Choice(["name", "expires"], required=False, help_text="`expires`: by expiry date, earliest first.")


class LotRemovalQuery(fields.Query):
    reason = fields.Choice(REASONS, required=False, default=Reason.MISTAKE.value)


class WasteQuery(fields.Query):
    month = serializers.RegexField(
        r"^\d{4}-(0[1-9]|1[0-2])\Z", required=False, help_text="As yyyy-mm; the default is this month."
    )


class LotOut(serializers.Serializer[Any]):
    id = fields.Id()
    quantity = serializers.FloatField(allow_null=True)
    unit = serializers.CharField(allow_null=True)
    expires_on = serializers.DateField(allow_null=True)
    place = serializers.ChoiceField(PLACES, allow_null=True)
    added_on = serializers.DateField(allow_null=True)


class PantryItemOut(serializers.Serializer[Any]):
    """An ingredient at home. `quantity` is the sum of its lots if they can be added, `expires_on` the first date."""

    ingredient = IngredientOut()
    quantity = serializers.FloatField(allow_null=True)
    unit = serializers.CharField(allow_null=True)
    expires_on = serializers.DateField(allow_null=True)
    lots = LotOut(many=True)
    updated_at = serializers.DateTimeField()


class PantryItemsOut(serializers.Serializer[Any]):
    items = PantryItemOut(many=True)


class ReadLotOut(serializers.Serializer[Any]):
    """Amount, date and place that were read from a text."""

    quantity = serializers.FloatField(allow_null=True)
    unit = serializers.CharField(allow_null=True)
    expires_on = serializers.DateField(allow_null=True)
    place = serializers.ChoiceField(PLACES, allow_null=True)


class PantryEntryOut(serializers.Serializer[Any]):
    """An entry of the text. If it was not added, `suggestions` are what it may mean: add `lot` to one of them."""

    text = serializers.CharField()
    status = serializers.ChoiceField(ENTRY_STATUSES)
    item = PantryItemOut(allow_null=True)
    lot = ReadLotOut()
    suggestions = IngredientOut(many=True)
    unread_date = serializers.CharField(
        allow_null=True, help_text="A date that is in no calendar, such as 30/2: what was added expires on no day."
    )


class PantryEntriesOut(serializers.Serializer[Any]):
    results = PantryEntryOut(many=True)


class AmountOut(serializers.Serializer[Any]):
    quantity = serializers.FloatField()
    unit = serializers.CharField()


class PantryOfferOut(serializers.Serializer[Any]):
    """What a recipe uses of an ingredient, and what is at home. Confirm it with `POST /v1/pantry/use`."""

    ingredient_id = fields.Id()
    name = serializers.CharField()
    quantity = serializers.FloatField(allow_null=True)
    unit = serializers.CharField(allow_null=True)
    at_hand = AmountOut(many=True)


class WasteOut(serializers.Serializer[Any]):
    """A month's statistics, in grams if known, and in times. `saved` was used within three days of its expiry date."""

    month = serializers.CharField()
    used_grams = serializers.FloatField()
    saved_grams = serializers.FloatField()
    wasted_grams = serializers.FloatField()
    used = serializers.IntegerField()
    saved = serializers.IntegerField()
    wasted = serializers.IntegerField()


def to_lot(body: dict[str, Any]) -> dict[str, Any]:
    """Return the given fields of a lot, with dates as text."""
    expires_on = body.get("expires_on")
    return {**body, "expires_on": expires_on.isoformat()} if expires_on else dict(body)


def to_uses(items: list[dict[str, Any]]) -> list[Use]:
    return [Use(one["ingredient_id"], measuring.measured(one.get("quantity"), one.get("unit"))) for one in items]


def render(item: Item) -> dict[str, Any]:
    quantity, unit = item.row.total(item.ingredient)
    return {
        "ingredient": render_ingredient(item.ingredient),
        "quantity": quantity,
        "unit": unit,
        "expires_on": item.row.expires_on,
        "lots": [_render_lot(lot) for lot in item.row.stock],
        "updated_at": clock.iso(item.row.updated_at),
    }


def _render_lot(lot: Lot) -> dict[str, Any]:
    return {
        "id": lot.id,
        "quantity": lot.quantity,
        "unit": lot.unit,
        "expires_on": lot.expires_on,
        "place": lot.place,
        "added_on": lot.added_on,
    }


def render_entry(result: EntryResult) -> dict[str, Any]:
    offered = [] if result.item else list(result.match.suggestions)
    return {
        "text": result.text,
        "status": _ADDED if result.item else ("ambiguous" if offered else "unknown"),
        "item": render(result.item) if result.item else None,
        "lot": result.lot,
        "suggestions": [render_ingredient(one) for one in offered],
        "unread_date": result.unread_date,
    }


def render_offer(offer: Offer) -> dict[str, Any]:
    wanted = measuring.shown(offer.wanted) if offer.wanted else None
    return {
        "ingredient_id": offer.ingredient.id,
        "name": render_ingredient(offer.ingredient)["name"],
        "quantity": wanted.quantity if wanted else None,
        "unit": wanted.unit if wanted else None,
        "at_hand": [render_amount(amount) for amount in offer.at_hand],
    }


def render_amount(amount: Amount) -> dict[str, Any]:
    short = measuring.shown(amount)
    return {"quantity": short.quantity, "unit": short.unit}


def render_month(month: str, row: PantryMonth) -> dict[str, Any]:
    return {
        "month": month,
        "used_grams": float(row.used_grams),
        "saved_grams": float(row.saved_grams),
        "wasted_grams": float(row.wasted_grams),
        "used": int(row.used),
        "saved": int(row.saved),
        "wasted": int(row.wasted),
    }
