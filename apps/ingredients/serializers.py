"""The wire format of ingredients."""

from typing import Any

from rest_framework import serializers

from apps.core import fields
from apps.core.language import current
from apps.ingredients.entry import ALLERGENS, DIETS, Category, Ingredient
from apps.ingredients.matching import Match

STATUSES = ("exact", "corrected", "ambiguous", "unknown", "invalid")


class AliasOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    language = serializers.ChoiceField(["vi", "en"])


class IngredientOut(serializers.Serializer[Any]):
    """An ingredient. `name` is in the language of the request; `breaks` are the diets that don't allow it."""

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
    quantity_max = serializers.FloatField(required=False, help_text='The upper end of a range: 3 in "2-3".')
    unit = serializers.CharField(required=False)
    preparation = serializers.CharField(required=False, help_text="Words beyond the name and the amount.")
    suggestions = IngredientOut(many=True)
    foods = IngredientOut(many=True, required=False, help_text="The distinct foods, if the text names several.")
    is_choice = serializers.BooleanField(required=False, help_text='With `foods`: only one of them is meant ("or").')


class ValidateOut(serializers.Serializer[Any]):
    results = MatchOut(many=True)


class CompletionQuery(fields.PageQuery):
    q = serializers.CharField(required=False, default="", allow_blank=True, max_length=100)
    category = fields.Choice([category.value for category in Category], required=False)


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
    for field in ("quantity", "quantity_max", "unit", "preparation"):
        if (value := getattr(match, field)) is not None:
            rendered[field] = value
    if match.foods:
        rendered["foods"] = [render(ingredient) for ingredient in match.foods]
        rendered["is_choice"] = match.is_choice
    return rendered
