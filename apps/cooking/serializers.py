"""The wire format of cooking."""

from typing import Any, ClassVar

from rest_framework import serializers

from apps.cooking.models import CookingStats, SessionRow, Status
from apps.cooking.services import Shown
from apps.core import clock, fields, http, keys
from apps.core.language import Text
from apps.media import services as media
from apps.pantry.serializers import PantryOfferOut, render_offer
from apps.pantry.using import Offer
from apps.recipes.rendering import card_of
from apps.recipes.serializers import LANGUAGES, RecipeCardOut, RecipeOut

STATUSES = [status.value for status in Status]

_STARS_NEEDED = Text("Muốn viết nhận xét thì cần chấm sao.", "A comment needs stars.")


class SessionIn(fields.Strict):
    recipe_id = fields.Id()
    servings = fields.WholeNumber(required=False, allow_null=True, min_value=1, max_value=50)


class SessionChangeIn(fields.Strict):
    notes = fields.TextField(required=False, allow_null=True, allow_blank=True, max_length=2000)
    current_step = fields.WholeNumber(required=False, min_value=0, max_value=50)


class CompletionIn(fields.Strict):
    notes = fields.TextField(required=False, allow_null=True, allow_blank=True, max_length=2000)
    stars = fields.WholeNumber(required=False, allow_null=True, min_value=1, max_value=5)
    comment = fields.TextField(
        required=False, allow_null=True, allow_blank=True, max_length=500, help_text="Goes with stars."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("comment") and not attrs.get("stars"):
            message = str(_STARS_NEEDED)
            raise serializers.ValidationError({"stars": [serializers.ErrorDetail(message, "required")]})
        return attrs


class SessionQuery(fields.PageQuery):
    status = fields.Choice(STATUSES, required=False)


class SessionOut(serializers.Serializer[Any]):
    """A cooking session. `recipe` is as it was when cooking began; `current_step` counts from 0."""

    SENDS_ETAG: ClassVar[bool] = True
    SENDS_LOCATION: ClassVar[tuple[int, ...]] = (201,)

    id = fields.Id()
    recipe_id = fields.Id()
    recipe = RecipeOut()
    status = serializers.ChoiceField(STATUSES)
    servings = serializers.IntegerField()
    current_step = serializers.IntegerField()
    notes = serializers.CharField(allow_null=True)
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class SessionBriefOut(serializers.Serializer[Any]):
    """A session in a list, without ingredients and steps."""

    id = fields.Id()
    recipe_id = fields.Id()
    recipe = RecipeCardOut()
    status = serializers.ChoiceField(STATUSES)
    servings = serializers.IntegerField()
    current_step = serializers.IntegerField()
    notes = serializers.CharField(allow_null=True)
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class CompletedSessionOut(SessionOut):
    """A completed session. `pantry` is what the recipe used of the pantry; confirm it with `POST /v1/pantry/use`."""

    pantry = PantryOfferOut(many=True)


class CookedOut(serializers.Serializer[Any]):
    """A completed session as other people see it."""

    recipe_id = fields.Id()
    title = serializers.CharField()
    translated_title = serializers.CharField(allow_null=True, help_text="The title in the other language.")
    language = serializers.ChoiceField(LANGUAGES)
    cooked_at = serializers.DateTimeField()


class CookingStatsOut(serializers.Serializer[Any]):
    completed = serializers.IntegerField()
    recipes = serializers.IntegerField()
    minutes = serializers.IntegerField()
    methods = serializers.DictField(child=serializers.IntegerField())
    last_cooked_at = serializers.DateTimeField(allow_null=True)


def render(row: SessionRow, shown: Shown) -> dict[str, Any]:
    image = row.snapshot.get("image") if shown.picture else None
    owner = row.snapshot.get("owner") if shown.owner else None
    return {
        "id": keys.last_part(row.sk),
        "recipe_id": row.recipe_id,
        # Sessions of before recipes had a second title lack it.
        "recipe": {"translated_title": None, **row.snapshot, "image": media.links(image, public=False), "owner": owner},
        "status": row.status,
        "servings": int(row.servings),
        "current_step": int(row.current_step),
        "notes": row.notes,
        "started_at": clock.iso(row.started_at),
        "ended_at": clock.iso(row.ended_at) if row.ended_at else None,
    }


def render_brief(row: SessionRow, pictures: frozenset[str]) -> dict[str, Any]:
    whole = render(row, Shown(picture=row.recipe_id in pictures, owner=False))
    return {**whole, "recipe": card_of(whole["recipe"])}


def render_completed(row: SessionRow, shown: Shown, offers: list[Offer]) -> dict[str, Any]:
    return {**render(row, shown), "pantry": [render_offer(offer) for offer in offers]}


def render_cooked(row: SessionRow) -> dict[str, Any]:
    return {
        "recipe_id": row.recipe_id,
        "title": row.snapshot["title"],
        "translated_title": row.snapshot.get("translated_title"),
        "language": row.snapshot["language"],
        "cooked_at": clock.iso(row.ended_at or row.started_at),
    }


def render_stats(stats: CookingStats) -> dict[str, Any]:
    return {
        "completed": int(stats.completed),
        "recipes": int(stats.recipes),
        "minutes": int(stats.minutes),
        "methods": stats.methods,
        "last_cooked_at": clock.iso(stats.last_cooked_at) if stats.last_cooked_at else None,
    }


def etag(row: SessionRow) -> str:
    return http.etag(int(row.version or 0))
