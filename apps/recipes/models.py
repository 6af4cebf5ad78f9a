"""Rows of recipes: content, state, ratings, favorites, cooks, and grants of access."""

from typing import Any

import orjson
from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from apps.core.models import BodyAttribute, Item, MomentAttribute
from apps.recipes.content import (
    Approval,
    Difficulty,
    IngredientLine,
    Language,
    Meal,
    Method,
    Reason,
    RecipeContent,
    Step,
    Tier,
    fields_of,
)


class RecipePart(Item):
    """What a recipe is stored as: a query of these names three kinds of rows instead of all."""


class RecipeRow(RecipePart, discriminator="recipe"):
    """The content of a recipe. Its `version` is the ETag: ratings and approval change the state, not this row."""

    owner_id = UnicodeAttribute(null=True)
    owner_name = UnicodeAttribute(null=True)
    source = UnicodeAttribute()
    body = BodyAttribute()
    created_at = MomentAttribute()
    updated_at = MomentAttribute()

    def content(self) -> RecipeContent:
        return from_body(self.body)


class RecipeState(RecipePart, discriminator="recipe_state"):
    """Approval and counters of a recipe. Small, because every rating rewrites it. Includes only ratings that count.

    It enters the catalogue's change feed with the first approval and stays there, so that processes that hold the
    catalogue in memory also learn of revocations, hides and deletions.
    """

    SCHEMA = 2
    # Schema 1 didn't store who approved a recipe. Assume a moderator, whom no rating overrules.
    UPCASTERS = {1: lambda raw: {**raw, "approved_by_ratings": {"BOOL": False}}}

    approval = UnicodeAttribute(default=Approval.PENDING.value)
    approved_by_ratings = BooleanAttribute(default=False)
    hidden = BooleanAttribute(default=False)
    deleted = BooleanAttribute(default=False)
    rating_sum = NumberAttribute(default=0)
    rating_count = NumberAttribute(default=0)
    cook_count = NumberAttribute(default=0)
    # Number of the current edition of text and picture. Sum and count are those of its ratings.
    edition = NumberAttribute(default=1)
    # Number of the edition that waits in a row of its own while this one is approved.
    new_edition = NumberAttribute(null=True)
    # Number of the latest edition ever begun, if that isn't the current one: numbers are never reused.
    latest_edition = NumberAttribute(null=True)
    # The version of the recipe's row that belongs to this state.
    content_version = NumberAttribute(default=1)
    # The person for whom the recipe was generated. Stored here because an access row would cost another read unit.
    made_for = UnicodeAttribute(null=True)
    # The recipe that stays, if a moderator marked this one as its duplicate.
    merged_into = UnicodeAttribute(null=True)
    # An imported recipe whose owner has not declared the right to publish it. It can't be approved.
    needs_rights = BooleanAttribute(null=True)
    # Tags by a model: name → confidence. People and rules override them (`tags.py`). The stored name is one that gsi1
    # projects, since every process searches by these tags.
    ai_tags = BodyAttribute(null=True, attr_name="body")
    # Somebody set the tags, so no model adds any.
    tags_settled = BooleanAttribute(null=True)
    # Whose ratings were counted recently (apps/users/voices.py).
    voices = BodyAttribute(default=list)

    @property
    def is_public(self) -> bool:
        return self.approval == Approval.APPROVED and not self.hidden and not self.deleted


class RecipeEdition(RecipePart, discriminator="recipe_edition"):
    """A waiting edition: the text with which the owner wants to replace the approved one.

    It exists only while the recipe is approved. Moderators can reject it without affecting the approved text.
    """

    number = NumberAttribute()
    approval = UnicodeAttribute(default=Approval.PENDING.value)
    body = BodyAttribute()
    created_at = MomentAttribute()
    updated_at = MomentAttribute()

    def content(self) -> RecipeContent:
        return from_body(self.body)


class RatingRow(Item, discriminator="rating"):
    """One person's stars for an edition of a recipe. If it `counts`, they are part of that edition's average."""

    SCHEMA = 2
    # In schema 1 all ratings counted.
    UPCASTERS = {1: lambda raw: {**raw, "counts": {"BOOL": True}}}

    user_id = UnicodeAttribute()
    username = UnicodeAttribute()
    stars = NumberAttribute()
    comment = UnicodeAttribute(null=True)
    counts = BooleanAttribute(default=True)
    # From an account that is probably the same person as another rater. It never counts.
    is_echo = BooleanAttribute(default=False)
    # Whose voice it was when it was given, which makes others echoes for a day.
    voice = BodyAttribute(null=True)
    edition = NumberAttribute(default=1)
    verified_cook = BooleanAttribute(default=False)
    # On a duplicate's rating: the recipe to which it was copied. On the copy: the duplicate that it came from, and the
    # rating it replaced.
    merged_into = UnicodeAttribute(null=True)
    merged_from = UnicodeAttribute(null=True)
    replaced = BodyAttribute(null=True)
    created_at = MomentAttribute()
    updated_at = MomentAttribute()


class OwnedRecipe(Item, discriminator="owned_recipe"):
    """Lists a recipe among its owner's recipes."""


class RatedRecipe(Item, discriminator="rated_recipe"):
    """Lists a recipe among those that somebody has rated. The rating itself is stored with the recipe."""


class Favorite(Item, discriminator="favorite"):
    created_at = MomentAttribute()


class Access(Item, discriminator="recipe_access"):
    """Grants somebody access to a private recipe that was suggested to or shared with them."""


class CookedRow(Item, discriminator="cooked"):
    """How often somebody completed a recipe, and when last."""

    user_id = UnicodeAttribute()
    times = NumberAttribute(default=0)
    last_cooked_at = MomentAttribute()


_FIELDS = frozenset(RecipeContent.__dataclass_fields__)
_EMPTY: tuple[Any, ...] = (None, "", (), [], False)
_ENUMERATIONS = {"method": Method, "language": Language, "meal": Meal, "difficulty": Difficulty}


def to_body(content: RecipeContent) -> dict[str, Any]:
    """Return the content as the table stores it, without empty values: absent and null are read alike."""
    whole = fields_of(content)
    for name in ("ingredients", "steps", "reasons"):
        whole[name] = [_without_empty(fields_of(one)) for one in whole[name]]
    plain: dict[str, Any] = orjson.loads(orjson.dumps(_without_empty(whole)))
    return plain


def from_body(body: dict[str, Any]) -> RecipeContent:
    given = {name: value for name, value in body.items() if value is not None and name in _FIELDS}
    given["ingredients"] = tuple(_line(line) for line in body["ingredients"])
    given["steps"] = tuple(Step(step["text"], step.get("minutes")) for step in body["steps"])
    for name, kind in _ENUMERATIONS.items():
        if name in given:
            given[name] = kind(given[name])
    given["reasons"] = tuple(_reason(reason) for reason in body.get("reasons") or ())
    for name in ("tags", "allergens", "may_contain", "diets"):
        given[name] = tuple(given.get(name, ()))
    return RecipeContent(**given)


def _line(line: dict[str, Any]) -> IngredientLine:
    return IngredientLine(**{**line, "substitutes": tuple(line.get("substitutes", ()))})


def _reason(reason: dict[str, Any]) -> Reason:
    return Reason(**{**reason, "tier": Tier(reason["tier"])})


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    """Leave out values that read back as the default. Zero stays: it equals False, but somebody entered it."""
    return {name: value for name, value in values.items() if value not in _EMPTY or type(value) in {int, float}}
