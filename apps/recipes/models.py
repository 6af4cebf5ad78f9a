"""Rows of recipes: content, state, ratings, favorites, cooks, and grants of access."""

from dataclasses import asdict
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
)


class RecipeRow(Item, discriminator="recipe"):
    """What a recipe says. Its `version` is the ETag: ratings and approval move the state, not this row."""

    owner_id = UnicodeAttribute(null=True)
    owner_name = UnicodeAttribute(null=True)
    source = UnicodeAttribute()
    body = BodyAttribute()
    created_at = MomentAttribute()
    updated_at = MomentAttribute()

    def content(self) -> RecipeContent:
        return from_body(self.body)


class RecipeState(Item, discriminator="recipe_state"):
    """How a recipe stands: small, because every rating rewrites it. Its figures are those of the ratings that count.

    It lies in the catalogue's feed from the first approval on and stays there, so that processes that hold the
    catalogue in memory also learn of revocations, hides and deletions.
    """

    SCHEMA = 2
    # Shape 1 did not say what approved a recipe: taken for a moderator, whom no rating overrules.
    UPCASTERS = {1: lambda raw: {**raw, "approved_by_ratings": {"BOOL": False}}}

    approval = UnicodeAttribute(default=Approval.PENDING.value)
    approved_by_ratings = BooleanAttribute(default=False)
    hidden = BooleanAttribute(default=False)
    deleted = BooleanAttribute(default=False)
    rating_sum = NumberAttribute(default=0)
    rating_count = NumberAttribute(default=0)
    cook_count = NumberAttribute(default=0)
    # Counts what is cooked: title, ingredients, steps. Figures are those of ratings of this edition.
    edition = NumberAttribute(default=1)
    # The edition that waits in a row of its own while this one is approved.
    new_edition = NumberAttribute(null=True)
    # The latest edition that was ever begun, where that is not the current one: no number is given twice.
    latest_edition = NumberAttribute(null=True)
    # The version of the recipe's row that this state speaks of.
    content_version = NumberAttribute(default=1)
    # Whoever a recipe was generated for: read with the recipe, where a row of access would be a second unit.
    made_for = UnicodeAttribute(null=True)
    # The recipe that stays, where a moderator found this one to be a duplicate of it.
    merged_into = UnicodeAttribute(null=True)
    # An imported recipe whose owner has not declared the right to publish it: nothing approves it.
    needs_rights = BooleanAttribute(null=True)
    # What a model said of its tags: name → confidence. Below what people say, and below the rules (`tags.py`).
    # Under a name that the catalogue's feed holds: every process searches by them.
    ai_tags = BodyAttribute(null=True, attr_name="body")
    # Somebody said what its tags are: no model adds any.
    tags_settled = BooleanAttribute(null=True)
    # Whose ratings counted lately (apps/users/voices.py).
    voices = BodyAttribute(default=list)

    @property
    def is_public(self) -> bool:
        return self.approval == Approval.APPROVED and not self.hidden and not self.deleted


class RecipeEdition(Item, discriminator="recipe_edition"):
    """A text that its owner wants in place of an approved one, which stays in the catalogue until then.

    There is one only while the recipe is approved; moderators reject it without touching what is approved.
    """

    number = NumberAttribute()
    approval = UnicodeAttribute(default=Approval.PENDING.value)
    body = BodyAttribute()
    created_at = MomentAttribute()
    updated_at = MomentAttribute()

    def content(self) -> RecipeContent:
        return from_body(self.body)


class RatingRow(Item, discriminator="rating"):
    """One person's stars for an edition of a recipe; where it `counts`, they are in the figures of that edition."""

    SCHEMA = 2
    # In shape 1 the figures were those of all ratings.
    UPCASTERS = {1: lambda raw: {**raw, "counts": {"BOOL": True}}}

    user_id = UnicodeAttribute()
    username = UnicodeAttribute()
    stars = NumberAttribute()
    comment = UnicodeAttribute(null=True)
    counts = BooleanAttribute(default=True)
    # Of an account that may well be the same person as another who has rated: it never counts.
    is_echo = BooleanAttribute(default=False)
    # Whose voice it was when it was given, which makes others echoes for a day.
    voice = BodyAttribute(null=True)
    edition = NumberAttribute(default=1)
    verified_cook = BooleanAttribute(default=False)
    # Of a duplicate: the recipe to which it was given. There: from which one it came, and what its author said before.
    merged_into = UnicodeAttribute(null=True)
    merged_from = UnicodeAttribute(null=True)
    replaced = BodyAttribute(null=True)
    created_at = MomentAttribute()
    updated_at = MomentAttribute()


class OwnedRecipe(Item, discriminator="owned_recipe"):
    """Lists a recipe among its owner's."""


class RatedRecipe(Item, discriminator="rated_recipe"):
    """Lists a recipe among those that somebody has rated; the rating lies with the recipe."""


class Favorite(Item, discriminator="favorite"):
    created_at = MomentAttribute()


class Access(Item, discriminator="recipe_access"):
    """Somebody may see a recipe that is not public: it was suggested to or shared with them."""


class CookedRow(Item, discriminator="cooked"):
    """That somebody cooked a recipe to the end, how often and when last."""

    user_id = UnicodeAttribute()
    times = NumberAttribute(default=0)
    last_cooked_at = MomentAttribute()


_FIELDS = frozenset(RecipeContent.__dataclass_fields__)
_EMPTY: tuple[Any, ...] = (None, "", (), [], False)
_ENUMERATIONS = {"method": Method, "language": Language, "meal": Meal, "difficulty": Difficulty}


def to_body(content: RecipeContent) -> dict[str, Any]:
    """Return the content as it comes back from the table, without what is empty: absent and null are read alike."""
    whole = asdict(content)
    whole["ingredients"] = [_without_empty(line) for line in whole["ingredients"]]
    whole["steps"] = [_without_empty(step) for step in whole["steps"]]
    whole["reasons"] = [_without_empty(reason) for reason in whole["reasons"]]
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
    """Leave out what reads back as the default. Zero stays: it is a number that somebody gave, and equal to False."""
    return {name: value for name, value in values.items() if value not in _EMPTY or type(value) in {int, float}}
