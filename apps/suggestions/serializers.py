"""The wire format of suggestions."""

from typing import Any, ClassVar

from django.conf import settings
from rest_framework import serializers

from apps.core import clock, fields, keys
from apps.recipes.rendering import render_recipe
from apps.recipes.serializers import LANGUAGES, MEALS, METHODS, RecipeOut
from apps.suggestions.entries import entries_of
from apps.suggestions.models import Status, SuggestionRow
from apps.suggestions.question import Wish
from apps.suggestions.services import Answer

SOURCES = ["catalogue", "ai", "rules"]
STATUSES = [status.value for status in Status]


class SuggestionIn(fields.Strict):
    ingredients = fields.BoundedList(
        child=fields.TextField(max_length=100), min_length=0, max_length=20, required=False, default=list
    )
    recipe_count = fields.WholeNumber(required=False, allow_null=True, min_value=1, max_value=5)
    cuisine = fields.Slug(required=False, allow_null=True)
    method = fields.Choice(METHODS, required=False, allow_null=True)
    meal = fields.Choice(MEALS, required=False, allow_null=True)
    max_minutes = fields.WholeNumber(required=False, allow_null=True, min_value=5, max_value=24 * 60)
    max_missing = fields.WholeNumber(required=False, allow_null=True, min_value=0, max_value=20)
    use_pantry = fields.Flag(required=False, default=False)
    language = fields.Choice(
        LANGUAGES,
        required=False,
        allow_null=True,
        help_text="Only recipes in this language; by default the caller's, and others where none fits.",
    )
    eaters = fields.UniqueList(
        required=False, child=fields.PersonId(), max_length=10, help_text="Household members who eat along."
    )


class SubstituteOut(serializers.Serializer[Any]):
    """An ingredient of the recipe, and the substitute that is at hand."""

    ingredient = serializers.CharField()
    by = serializers.CharField()


class ShortOut(serializers.Serializer[Any]):
    """An ingredient of which there is too little. Both amounts are in the recipe's unit."""

    ingredient = serializers.CharField()
    have = serializers.FloatField()
    need = serializers.FloatField()
    unit = serializers.CharField(allow_null=True)


class FitOut(serializers.Serializer[Any]):
    """How a recipe fits. `score` is the share of counted ingredients at hand. Unknown ingredients are given by name.

    `why` says in a sentence why the recipe is offered. `warnings` name possible allergens, for people who accept
    traces.
    """

    score = serializers.FloatField(min_value=0, max_value=1)
    have = serializers.ListField(child=serializers.CharField())
    missing = serializers.ListField(child=serializers.CharField())
    substitutes = SubstituteOut(many=True)
    short = ShortOut(many=True)
    why = serializers.CharField(allow_blank=True)
    warnings = serializers.ListField(child=serializers.CharField())


class SuggestedOut(serializers.Serializer[Any]):
    source = serializers.ChoiceField(SOURCES)  # type: ignore[assignment]  # DRF takes the field off the class
    match = FitOut()
    recipe = RecipeOut()


class SuggestionStatsOut(serializers.Serializer[Any]):
    requested = serializers.IntegerField()
    from_catalogue = serializers.IntegerField()
    from_ai = serializers.IntegerField()
    from_rules = serializers.IntegerField()
    coverage_percent = serializers.FloatField()
    cost_usd = serializers.FloatField()
    cost_saved_usd = serializers.FloatField()


class WarningOut(serializers.Serializer[Any]):
    """What was left out or handled differently. `suggestions` are ingredients that may have been meant."""

    code = serializers.CharField()
    message = serializers.CharField()
    input = serializers.CharField(allow_null=True)
    suggestions = serializers.ListField(child=fields.Id())


class SuggestionOut(serializers.Serializer[Any]):
    SENDS_LOCATION: ClassVar[tuple[int, ...]] = (200, 202)

    id = fields.Id()
    status = serializers.ChoiceField(STATUSES)
    recipes = SuggestedOut(many=True)
    stats = SuggestionStatsOut()
    warnings = WarningOut(many=True)
    created_at = serializers.DateTimeField()


class SuggestedBriefOut(serializers.Serializer[Any]):
    source = serializers.ChoiceField(SOURCES)  # type: ignore[assignment]  # DRF takes the field off the class
    match = FitOut()
    recipe_id = fields.Id()


class SuggestionBriefOut(serializers.Serializer[Any]):
    """A suggestion in the caller's list, with recipes by id only."""

    id = fields.Id()
    status = serializers.ChoiceField(STATUSES)
    ingredient_ids = serializers.ListField(child=fields.Id())
    recipes = SuggestedBriefOut(many=True)
    stats = SuggestionStatsOut()
    created_at = serializers.DateTimeField()


class WaitQuery(fields.Query):
    wait = fields.WholeNumber(required=False, min_value=0, max_value=10, default=0)


class FeedbackIn(fields.Strict):
    accepted = fields.Flag()
    recipe_id = fields.Id(
        required=False, allow_null=True, help_text="A recipe of the suggestion. Left out, the feedback is about all."
    )
    stars = fields.WholeNumber(required=False, allow_null=True, min_value=1, max_value=5)
    comment = fields.TextField(required=False, allow_null=True, allow_blank=True, max_length=500)


def to_wish(values: dict[str, Any]) -> Wish:
    return Wish(names=tuple(values.pop("ingredients")), eaters=tuple(values.pop("eaters", ())), **values)


def render(answer: Answer) -> dict[str, Any]:
    row = answer.row
    return {
        "id": keys.last_part(row.sk),
        "status": row.status,
        "recipes": [
            {"source": entry.source, "match": entry.fit.as_dict(), "recipe": render_recipe(recipe)}
            for entry, recipe in answer.recipes
        ],
        "stats": _stats(row),
        "warnings": row.warnings,
        "created_at": clock.iso(row.created_at),
    }


def render_brief(row: SuggestionRow) -> dict[str, Any]:
    return {
        "id": keys.last_part(row.sk),
        "status": row.status,
        "ingredient_ids": row.request["ingredient_ids"],
        "recipes": [
            {"source": one.source, "match": one.fit.as_dict(), "recipe_id": one.recipe_id} for one in entries_of(row)
        ],
        "stats": _stats(row),
        "created_at": clock.iso(row.created_at),
    }


def _stats(row: SuggestionRow) -> dict[str, Any]:
    sources = [one.source for one in entries_of(row)]
    requested = row.request["recipe_count"]
    return {
        "requested": requested,
        "from_catalogue": sources.count("catalogue"),
        "from_ai": sources.count("ai"),
        "from_rules": sources.count("rules"),
        "coverage_percent": round(100 * sources.count("catalogue") / requested, 1),
        "cost_usd": float(row.cost_usd),
        "cost_saved_usd": float(row.cost_saved_usd),
    }


def retry_after() -> str:
    """Seconds after which to poll a suggestion that is being generated."""
    return str(max(1, round(settings.AI_DEADLINE / 4)))
