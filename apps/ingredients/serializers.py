"""The wire format of ingredients."""

from typing import Any

from rest_framework import serializers

from apps.core import clock, fields
from apps.core.language import current
from apps.ingredients.entry import ALLERGENS, DIETS, Category, Ingredient
from apps.ingredients.matching import Match
from apps.ingredients.models import PantryRow

STATUSES = ("exact", "corrected", "ambiguous", "unknown", "invalid")


class AliasOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    language = serializers.ChoiceField(["vi", "en"])


class IngredientOut(serializers.Serializer[Any]):
    """`name` is in the language of the request; `breaks` are the diets that it is not allowed in."""

    id = fields.Id()
    name = serializers.CharField()
    name_vi = serializers.CharField()
    name_en = serializers.CharField()
    aliases = AliasOut(many=True)
    category = serializers.ChoiceField([category.value for category in Category])
    allergens = serializers.ListField(child=serializers.ChoiceField(ALLERGENS))
    breaks = serializers.ListField(child=serializers.ChoiceField(DIETS))
    staple = serializers.BooleanField()


class ValidateIn(fields.Strict):
    ingredients = fields.BoundedList(
        child=fields.TextField(max_length=100, allow_blank=True, trim_whitespace=False), min_length=1, max_length=20
    )


class MatchOut(serializers.Serializer[Any]):
    input = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(STATUSES)
    ingredient = IngredientOut(allow_null=True)
    confidence = serializers.FloatField(min_value=0, max_value=1)
    quantity = serializers.FloatField(required=False)
    unit = serializers.CharField(required=False)
    suggestions = IngredientOut(many=True)


class ValidateOut(serializers.Serializer[Any]):
    results = MatchOut(many=True)


class CompletionQuery(fields.PageQuery):
    q = serializers.CharField(required=False, default="", allow_blank=True, max_length=100)
    category = fields.Choice([category.value for category in Category], required=False)


class PantryIn(fields.Strict):
    quantity = fields.Number(required=False, allow_null=True, min_value=0, max_value=1_000_000)
    unit = fields.TextField(required=False, allow_null=True, max_length=20)
    expires_on = serializers.DateField(required=False, allow_null=True)


class PantryItemOut(serializers.Serializer[Any]):
    ingredient = IngredientOut()
    quantity = serializers.FloatField(allow_null=True)
    unit = serializers.CharField(allow_null=True)
    expires_on = serializers.DateField(allow_null=True)
    updated_at = serializers.DateTimeField()


def render(ingredient: Ingredient) -> dict[str, Any]:
    return {
        "id": ingredient.id,
        "name": ingredient.name(current.get()),
        "name_vi": ingredient.vi,
        "name_en": ingredient.en,
        "aliases": [
            {"name": name, "language": language} for language, names in ingredient.aliases.items() for name in names
        ],
        "category": ingredient.category.value,
        "allergens": sorted(ingredient.allergens),
        "breaks": sorted(ingredient.breaks),
        "staple": ingredient.staple,
    }


def render_match(name: str, match: Match) -> dict[str, Any]:
    rendered: dict[str, Any] = {
        "input": name,
        "status": match.status,
        "ingredient": render(match.ingredient) if match.ingredient else None,
        "confidence": round(match.confidence, 3),
        "suggestions": [render(ingredient) for ingredient in match.suggestions],
    }
    if match.quantity is not None:
        rendered["quantity"] = match.quantity
    if match.unit is not None:
        rendered["unit"] = match.unit
    return rendered


def render_pantry_item(ingredient: Ingredient, row: PantryRow) -> dict[str, Any]:
    return {
        "ingredient": render(ingredient),
        "quantity": row.quantity,
        "unit": row.unit,
        "expires_on": row.expires_on,
        "updated_at": clock.iso(row.updated_at),
    }
