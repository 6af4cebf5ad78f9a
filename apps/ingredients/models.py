"""Rows of the master list, and of unknown names that people typed."""

from functools import cache
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from apps.core.models import BodyAttribute, Item, MomentAttribute
from apps.ingredients.entry import Category, Ingredient


class IngredientRow(Item, discriminator="ingredient"):
    """One entry of the master list. `seed_hash` tells whether its seed has changed since it was written."""

    body = BodyAttribute()
    seed_hash = UnicodeAttribute(null=True)
    deleted = BooleanAttribute(default=False)

    def entry(self) -> Ingredient:
        return from_body(self.body)


class UnknownName(Item, discriminator="unknown_name"):
    """A typed name that the master list lacks. It enters the moderators' queue after reports by 5 distinct people."""

    name = UnicodeAttribute()
    reporters = NumberAttribute(default=0)
    first_seen_at = MomentAttribute()
    # open, mapped (to `ingredient_id`) or dismissed.
    status = UnicodeAttribute(default="open")
    ingredient_id = UnicodeAttribute(null=True)


class UnknownNameReporter(Item, discriminator="unknown_name_reporter"):
    user_id = UnicodeAttribute()


def to_body(entry: Ingredient) -> dict[str, Any]:
    return {
        "id": entry.id,
        "key": entry.key,
        "vi": entry.vi,
        "en": entry.en,
        "category": entry.category.value,
        "aliases": {language: list(names) for language, names in sorted(entry.aliases.items())},
        "allergens": sorted(entry.allergens),
        "breaks": sorted(entry.breaks),
        "staple": entry.staple,
        "kind_of": entry.kind_of,
        "made_of": list(entry.made_of),
        "may_contain": sorted(entry.may_contain),
    }


def from_body(body: dict[str, Any]) -> Ingredient:
    return Ingredient(
        id=body["id"],
        key=body["key"],
        vi=body["vi"],
        en=body["en"],
        category=Category(body["category"]),
        aliases={language: tuple(names) for language, names in body["aliases"].items()},
        allergens=_shared(tuple(body["allergens"])),
        breaks=_shared(tuple(body["breaks"])),
        staple=body["staple"],
        kind_of=body.get("kind_of"),
        made_of=tuple(body.get("made_of") or ()),
        may_contain=_shared(tuple(body.get("may_contain") or ())),
    )


@cache
def _shared(words: tuple[str, ...]) -> frozenset[str]:
    """Return a shared set for all entries with these words: dozens of sets instead of thousands."""
    return frozenset(words)
