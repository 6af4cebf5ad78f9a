"""The wire format of shopping lists."""

from typing import Any, ClassVar

from rest_framework import serializers

from apps.core import clock, fields
from apps.plans.aisles import AISLES
from apps.plans.list_texts import covered_of, item_name, name_of
from apps.plans.models import ListItemRow, ShoppingListRow
from apps.plans.shopping import ListView

FORMATS = ("json", "text")


class ListRecipeIn(fields.Strict):
    recipe_id = fields.Id()
    servings = fields.WholeNumber(min_value=1, max_value=200)


class ListIn(fields.Strict):
    name = fields.LineField(required=False, allow_null=True, max_length=100)
    recipes = fields.BoundedList(child=ListRecipeIn(), min_length=1, max_length=60)


class ListItemIn(fields.Strict):
    """Fields to change; omitted ones stay. An unknown item is created if it has a name."""

    name = fields.LineField(required=False, max_length=100)
    quantity = fields.Number(required=False, allow_null=True, min_value=0, max_value=1_000_000)
    unit = fields.TextField(required=False, allow_null=True, max_length=20)
    note = fields.TextField(required=False, allow_null=True, allow_blank=True, max_length=200)
    checked = fields.Flag(required=False)


class ListQuery(fields.Query):
    format = fields.Choice(FORMATS, required=False, default="json")


class ListAmountOut(serializers.Serializer[Any]):
    quantity = serializers.FloatField()
    unit = serializers.CharField()


class ListPacksOut(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    size = serializers.FloatField()
    unit = serializers.CharField()


class ListItemOut(serializers.Serializer[Any]):
    """`for` are the slots or recipes that need it, `have` is the amount that was at home, `packs` are packs to buy."""

    id = fields.Id()
    name = serializers.CharField()
    ingredient_id = fields.Id(allow_null=True)
    quantity = serializers.FloatField(allow_null=True)
    unit = serializers.CharField(allow_null=True)
    aisle = serializers.ChoiceField(AISLES)
    have = ListAmountOut(allow_null=True)
    packs = ListPacksOut(allow_null=True)
    checked = serializers.BooleanField()
    checked_by = serializers.CharField(allow_null=True)
    note = serializers.CharField(allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "for": serializers.ListField(child=fields.Id())}


class ListBriefOut(serializers.Serializer[Any]):
    id = fields.Id()
    name = serializers.CharField()
    plan_id = fields.Id(allow_null=True)
    created_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)


class ShoppingListOut(ListBriefOut):
    """Items in the order of aisles; `covered` names the ingredients that are already at home."""

    SENDS_LOCATION: ClassVar[tuple[int, ...]] = (201,)

    items = ListItemOut(many=True)
    covered = serializers.ListField(child=serializers.CharField())


def to_values(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "note": body["note"] or None} if "note" in body else dict(body)


def render_brief(row: ShoppingListRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": name_of(row),
        "plan_id": row.plan_id,
        "created_at": clock.iso(row.created_at),
        "done_at": clock.iso(row.done_at) if row.done_at else None,
    }


def render(view: ListView) -> dict[str, Any]:
    items = [render_item(item) for item in view.items]
    return {**render_brief(view.row), "items": items, "covered": covered_of(view.row)}


def render_item(row: ListItemRow) -> dict[str, Any]:
    have, packs = row.have, row.packs
    return {
        "id": row.id,
        "name": item_name(row),
        "ingredient_id": row.ingredient_id,
        "quantity": float(row.quantity) if row.quantity is not None else None,
        "unit": row.unit,
        "aisle": row.aisle,
        "for": row.slots,
        "have": {"quantity": have[0], "unit": have[1]} if have else None,
        "packs": {"count": packs[0], "size": packs[1], "unit": packs[2]} if packs else None,
        "checked": row.checked,
        "checked_by": row.checked_by,
        "note": row.note,
    }
