"""The wire format of recipes and ratings."""

from typing import Any, ClassVar

from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework import serializers

from apps.core import clock, fields, text
from apps.ingredients.entry import ALLERGENS, DIETS
from apps.media.serializers import PictureOut
from apps.recipes import tags
from apps.recipes.approval import average
from apps.recipes.content import (
    Approval,
    Difficulty,
    IngredientLine,
    Language,
    Meal,
    Method,
    RecipeContent,
    Source,
    Step,
    Tier,
)
from apps.recipes.cooks import Cook
from apps.recipes.models import RatingRow
from apps.recipes.ratings import Rated
from apps.recipes.tag_rules import TagKind
from apps.users.serializers.people import CardOut, render_card

TAG_KINDS = [kind.value for kind in TagKind]
TAG_SOURCES = ("rules", "ai", "owner", "moderator")
METHODS = [method.value for method in Method]
MEALS = [meal.value for meal in Meal]
DIFFICULTIES = [difficulty.value for difficulty in Difficulty]
SOURCES = [source.value for source in Source]
LANGUAGES = [language.value for language in Language]
NUTRIENTS = ("calories", "protein_g", "fat_g", "carbohydrates_g", "fiber_g", "sugar_g", "salt_g")
_LONGEST = 24 * 60


class IngredientLineIn(fields.Strict):
    """A line of the list of ingredients: an object, or one string such as "2 cups flour, sifted"."""

    ingredient_id = fields.Id(required=False, allow_null=True)
    name = fields.TextField(max_length=500)
    quantity = fields.Number(required=False, allow_null=True, min_value=0, max_value=1_000_000)
    quantity_max = fields.Number(required=False, allow_null=True, min_value=0, max_value=1_000_000)
    unit = fields.TextField(required=False, allow_null=True, max_length=20)
    preparation = fields.TextField(required=False, allow_null=True, max_length=200)
    optional = fields.Flag(required=False, default=False)
    essential = fields.Flag(required=False, default=False)
    substitutes = fields.UniqueList(required=False, child=fields.Id(), max_length=10)

    def to_internal_value(self, data: Any) -> IngredientLine:
        given = super().to_internal_value({"name": data} if isinstance(data, str) else data)
        return IngredientLine(**{**given, "substitutes": tuple(given.get("substitutes", ()))})


class IngredientLineSchema(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]  # registers itself
    """A line is an object or one string."""

    target_class = "apps.recipes.serializers.IngredientLineIn"

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        whole = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)  # noqa: SLF001  no public way
        return {"oneOf": [{"type": "string", "minLength": 1, "maxLength": 500, "pattern": text.VISIBLE}, whole]}


class StepIn(fields.Strict):
    text = fields.TextField(max_length=2000)
    minutes = fields.WholeNumber(required=False, allow_null=True, min_value=0, max_value=_LONGEST)

    def to_internal_value(self, data: Any) -> Step:
        return Step(**super().to_internal_value(data))


class NutritionIn(fields.Strict):
    """Per serving."""

    calories = fields.Number(required=False, min_value=0, max_value=100_000)
    protein_g = fields.Number(required=False, min_value=0, max_value=100_000)
    fat_g = fields.Number(required=False, min_value=0, max_value=100_000)
    carbohydrates_g = fields.Number(required=False, min_value=0, max_value=100_000)
    fiber_g = fields.Number(required=False, min_value=0, max_value=100_000)
    sugar_g = fields.Number(required=False, min_value=0, max_value=100_000)
    salt_g = fields.Number(required=False, min_value=0, max_value=100_000)


class RecipeIn(fields.Strict):
    """A recipe as its owner writes it. Allergens and diets are derived and can't be set."""

    title = fields.LineField(max_length=200)
    translated_title = fields.LineField(
        required=False, allow_blank=True, allow_null=True, max_length=200, help_text="The title in the other language."
    )
    description = fields.TextField(required=False, allow_blank=True, max_length=2000)
    cuisine = fields.Slug(required=False, allow_null=True)
    method = fields.Choice(METHODS)
    meal = fields.Choice(MEALS, required=False, allow_null=True)
    difficulty = fields.Choice(DIFFICULTIES, required=False, allow_null=True)
    prep_minutes = fields.WholeNumber(required=False, allow_null=True, min_value=0, max_value=_LONGEST)
    cook_minutes = fields.WholeNumber(required=False, allow_null=True, min_value=0, max_value=_LONGEST)
    servings = fields.WholeNumber(required=False, min_value=1, max_value=50)
    ingredients = fields.BoundedList(child=IngredientLineIn(), min_length=1, max_length=50)
    steps = fields.BoundedList(child=StepIn(), min_length=1, max_length=50)
    nutrition = NutritionIn(required=False, allow_null=True)
    tags = fields.UniqueList(required=False, child=fields.TextField(max_length=30), max_length=20)
    language = fields.Choice(LANGUAGES, required=False)
    image = fields.Id(required=False, allow_null=True, help_text="The id of an upload.")
    rights_declared = fields.Flag(
        required=False, help_text="Declare the right to publish a recipe that was imported from elsewhere."
    )


class IngredientLineOut(serializers.Serializer[Any]):
    ingredient_id = fields.Id(allow_null=True)
    name = serializers.CharField()
    quantity = serializers.FloatField(allow_null=True)
    quantity_max = serializers.FloatField(allow_null=True)
    unit = serializers.CharField(allow_null=True)
    preparation = serializers.CharField(allow_null=True)
    optional = serializers.BooleanField()
    essential = serializers.BooleanField()
    substitutes = serializers.ListField(child=fields.Id())


class StepAmountOut(serializers.Serializer[Any]):
    """An amount in the text of a step: show `quantity` in place of the characters from `start` to `end`."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()
    quantity = serializers.FloatField(help_text="Scaled to the requested servings; the text is not changed.")
    quantity_max = serializers.FloatField(allow_null=True)


class StepOut(serializers.Serializer[Any]):
    text = serializers.CharField()
    minutes = serializers.IntegerField(allow_null=True)
    amounts = StepAmountOut(many=True, required=False)


class ReasonOut(serializers.Serializer[Any]):
    """Why a recipe has an allergen. `start` and `end` are offsets of characters in the text at `place`, `position`."""

    allergen = serializers.ChoiceField(ALLERGENS)
    tier = serializers.ChoiceField([tier.value for tier in Tier])
    because = serializers.CharField()
    place = serializers.CharField()
    position = serializers.IntegerField()
    ingredient_id = fields.Id(allow_null=True)
    start = serializers.IntegerField(allow_null=True)
    end = serializers.IntegerField(allow_null=True)


class OwnerOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    username = serializers.CharField()


class RatingFiguresOut(serializers.Serializer[Any]):
    average = serializers.FloatField(allow_null=True)
    count = serializers.IntegerField(min_value=0)


class OriginOut(serializers.Serializer[Any]):
    """Where an imported recipe came from."""

    url = serializers.CharField(allow_null=True)
    site = serializers.CharField(allow_null=True)
    author = serializers.CharField(allow_null=True)


class RecipeOut(serializers.Serializer[Any]):
    """A recipe; `owner` is null if the service itself wrote it."""

    SENDS_ETAG: ClassVar[bool] = True
    SENDS_LOCATION: ClassVar[tuple[int, ...]] = (201,)

    id = fields.Id()
    owner = OwnerOut(allow_null=True)
    source = serializers.ChoiceField(SOURCES)  # type: ignore[assignment]  # DRF takes it off
    title = serializers.CharField()
    translated_title = serializers.CharField(allow_null=True)
    description = serializers.CharField(allow_blank=True)
    cuisine = serializers.CharField(allow_null=True)
    method = serializers.ChoiceField(METHODS)
    meal = serializers.ChoiceField(MEALS, allow_null=True)
    difficulty = serializers.ChoiceField(DIFFICULTIES, allow_null=True)
    prep_minutes = serializers.IntegerField(allow_null=True)
    cook_minutes = serializers.IntegerField(allow_null=True)
    servings = serializers.IntegerField()
    ingredients = IngredientLineOut(many=True)
    steps = StepOut(many=True)
    nutrition = serializers.DictField(child=serializers.FloatField(), allow_null=True)
    image = PictureOut(allow_null=True)
    origin = OriginOut(required=False, allow_null=True)
    rights_declared = serializers.BooleanField(required=False)
    tags = serializers.ListField(child=serializers.CharField())
    language = serializers.ChoiceField(LANGUAGES)
    allergens = serializers.ListField(child=serializers.ChoiceField(ALLERGENS))
    may_contain = serializers.ListField(
        child=serializers.ChoiceField(ALLERGENS), help_text="Allergens of some brands' products and of alternatives."
    )
    reasons = ReasonOut(many=True)
    allergens_complete = serializers.BooleanField()
    diets = serializers.ListField(child=serializers.ChoiceField(DIETS))
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    approval = serializers.ChoiceField(
        [approval.value for approval in Approval], help_text="Of this edition; the owner reads their latest one."
    )
    in_catalogue = serializers.BooleanField(
        required=False, help_text="Everybody sees an approved edition. A newer one may wait for approval."
    )
    rating = RatingFiguresOut()
    cook_count = serializers.IntegerField(min_value=0)


class RecipeCardOut(serializers.Serializer[Any]):
    """The short form of a recipe in lists. `minutes` is preparation plus cooking time; `title` is in `language`."""

    id = fields.Id()
    title = serializers.CharField()
    translated_title = serializers.CharField(allow_null=True, help_text="The title in the other language.")
    image = PictureOut(allow_null=True)
    minutes = serializers.IntegerField(allow_null=True)
    difficulty = serializers.ChoiceField(DIFFICULTIES, allow_null=True)
    servings = serializers.IntegerField()
    rating = RatingFiguresOut()
    allergens = serializers.ListField(child=serializers.ChoiceField(ALLERGENS))
    diets = serializers.ListField(child=serializers.ChoiceField(DIETS))
    tags = serializers.ListField(child=serializers.CharField())
    language = serializers.ChoiceField(LANGUAGES)
    source = serializers.ChoiceField(SOURCES)  # type: ignore[assignment]  # DRF takes it off
    approval = serializers.ChoiceField([approval.value for approval in Approval])
    in_catalogue = serializers.BooleanField(
        help_text="Everybody can find an approved edition. The owner's latest one may be pending or rejected."
    )


class RecipeSearchOut(serializers.Serializer[Any]):
    """A page of the catalogue. `did_you_mean` offers another spelling if nothing was found."""

    items = RecipeCardOut(many=True)
    next = serializers.CharField(allow_null=True)
    did_you_mean = serializers.CharField(allow_null=True)


class RecipeQuery(fields.PageQuery):
    q = serializers.CharField(required=False, allow_blank=True, max_length=200)
    ingredient = fields.CommaSeparatedList(required=False, child=fields.Id(), max_length=20)
    cuisine = fields.Slug(required=False)
    method = fields.Choice(METHODS, required=False)
    meal = fields.Choice(MEALS, required=False)
    difficulty = fields.Choice(DIFFICULTIES, required=False)
    max_minutes = fields.WholeNumber(required=False, min_value=1, max_value=_LONGEST)
    diet = fields.CommaSeparatedList(required=False, child=fields.Choice(DIETS), max_length=len(DIETS))
    without_allergen = fields.CommaSeparatedList(
        required=False, child=fields.Choice(ALLERGENS), max_length=len(ALLERGENS)
    )
    without_ingredient = fields.CommaSeparatedList(
        required=False,
        child=fields.Id(),
        max_length=20,
        help_text="Exclude recipes with this ingredient or any kind of it.",
    )
    language = fields.Choice(LANGUAGES, required=False)
    tag = fields.CommaSeparatedList(
        required=False, child=fields.Choice(sorted(tags.vocabulary())), max_length=10, help_text="See `GET /v1/tags`."
    )
    sort = fields.Choice(["relevance", "rating", "newest", "popular"], required=False)


class TagsIn(fields.Strict):
    """All tags of a recipe, set by its owner or a moderator. Tags that are left out are removed."""

    tags = fields.UniqueList(child=fields.Choice(sorted(tags.vocabulary())), max_length=40)


class TagOut(serializers.Serializer[Any]):
    """A tag with a confidence from 0 to 1. `by` says who set it: no rule overrides a person."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(TAG_KINDS)
    confidence = serializers.FloatField()
    by = serializers.ChoiceField(TAG_SOURCES)


class TagsOut(serializers.Serializer[Any]):
    tags = TagOut(many=True)


class KnownTagOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.ChoiceField(TAG_KINDS)


class KnownTagsOut(serializers.Serializer[Any]):
    items = KnownTagOut(many=True)


class OwnRecipesQuery(fields.PageQuery):
    q = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="Words in the title; the last one is a prefix."
    )
    language = fields.Choice(LANGUAGES, required=False)


class FavoritesQuery(fields.PageQuery):
    sort = fields.Choice(
        ["newest", "added"],
        required=False,
        help_text="Sort by the age of the recipe (the default), or by when it was added.",
    )
    language = fields.Choice(LANGUAGES, required=False)
    recipe = fields.CommaSeparatedList(
        required=False,
        child=fields.Id(),
        max_length=20,
        help_text="List only those of these recipes that are favorites.",
    )


class RatingsQuery(fields.PageQuery):
    mine = fields.Flag(required=False, help_text="`true`: list only your own rating, if you gave one.")


class RecipeDetailQuery(fields.Query):
    servings = fields.WholeNumber(required=False, min_value=1, max_value=50)
    edition = fields.Choice(
        ["latest", "approved"],
        required=False,
        help_text="`approved`: read the edition in the catalogue, as the owner of a newer one.",
    )


class RatingIn(fields.Strict):
    stars = fields.WholeNumber(min_value=1, max_value=5)
    comment = fields.TextField(required=False, allow_null=True, allow_blank=True, max_length=500)


class RatingOut(serializers.Serializer[Any]):
    user = OwnerOut()
    stars = serializers.IntegerField(min_value=1, max_value=5)
    comment = serializers.CharField(allow_null=True)
    verified_cook = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class RatedOut(RatingOut):
    """The caller's rating, and the recipe's average and approval after it."""

    rating = RatingFiguresOut()
    approval = serializers.ChoiceField([approval.value for approval in Approval])


class CookOut(serializers.Serializer[Any]):
    """A friend who cooked a recipe."""

    user = CardOut()
    times = serializers.IntegerField(min_value=1)
    last_cooked_at = serializers.DateTimeField()


def render_cook(cook: Cook) -> dict[str, Any]:
    return {
        "user": render_card(cook.user),
        "times": int(cook.mark.times),
        "last_cooked_at": clock.iso(cook.mark.last_cooked_at),
    }


def to_content(values: dict[str, Any], *, language: str) -> RecipeContent:
    """Convert validated data of `RecipeIn` to content, without the picture, which isn't checked yet."""
    given = {name: value for name, value in values.items() if value is not None and name != "image"}
    given["ingredients"], given["steps"] = tuple(values["ingredients"]), tuple(values["steps"])
    given["tags"] = tuple(values.get("tags", ()))
    given["method"], given["language"] = Method(values["method"]), Language(values.get("language", language))
    given["meal"] = Meal(given["meal"]) if "meal" in given else None
    given["difficulty"] = Difficulty(given["difficulty"]) if "difficulty" in given else None
    return RecipeContent(**given)


def render_rating(rating: RatingRow) -> dict[str, Any]:
    return {
        "user": {"id": rating.user_id, "username": rating.username},
        "stars": int(rating.stars),
        "comment": rating.comment,
        "verified_cook": rating.verified_cook,
        "created_at": clock.iso(rating.created_at),
        "updated_at": clock.iso(rating.updated_at),
    }


def render_rated(rated: Rated) -> dict[str, Any]:
    rating_sum, count = int(rated.state.rating_sum), int(rated.state.rating_count)
    figures = {"average": average(rating_sum, count), "count": count}
    return {**render_rating(rated.rating), "rating": figures, "approval": rated.state.approval}
