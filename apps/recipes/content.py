"""The content of a recipe: what cooks write, separate from approval, ratings and counters."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class Approval(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class Source(StrEnum):
    """Where a recipe comes from. Only recipes by users have an owner."""

    USER = "user"
    SEED = "seed"
    AI = "ai"
    RULES = "rules"


class Method(StrEnum):
    STIR_FRY = "stir_fry"
    SOUP = "soup"
    STEAM = "steam"
    FRY = "fry"
    GRILL = "grill"
    BOIL = "boil"
    BRAISE = "braise"
    SALAD = "salad"
    BAKE = "bake"
    RAW = "raw"
    OTHER = "other"


class Meal(StrEnum):
    BREAKFAST = "breakfast"
    LUNCH = "lunch"
    DINNER = "dinner"
    SNACK = "snack"
    DESSERT = "dessert"


class Difficulty(StrEnum):
    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class Language(StrEnum):
    VI = "vi"
    EN = "en"


@dataclass(frozen=True, slots=True)
class IngredientLine:
    """One line of the list of ingredients. `ingredient_id` is None if its name is not in the master list.

    An ingredient is `essential` if the dish would be another one without it. `substitutes` are ids of ingredients that
    can replace it.
    """

    name: str
    ingredient_id: str | None = None
    quantity: float | None = None
    # The upper end of a range: 3 in "2-3 cloves".
    quantity_max: float | None = None
    unit: str | None = None
    preparation: str | None = None
    optional: bool = False
    essential: bool = False
    substitutes: tuple[str, ...] = ()


class Tier(StrEnum):
    """How certain an allergen is: in typical products, or only in some brands' products or some of the alternatives."""

    CONTAINS = "contains"
    MAY_CONTAIN = "may_contain"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a recipe has an allergen: the ingredient or word that carries it, and its position.

    `place` is the field of the recipe ("ingredients", "steps", "title"…), `position` the index if the field is a list.
    `start` and `end` are offsets of characters in the text, or None if the ingredient itself is the reason.
    """

    allergen: str
    tier: Tier
    because: str
    place: str
    position: int = 0
    ingredient_id: str | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    text: str
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class RecipeContent:
    """A recipe as written, with its ingredients resolved. `allergens`, `may_contain` and `diets` are derived.

    `diets` are those that the recipe complies with. If an ingredient is unresolved, `allergens_complete` is False and
    `diets` is empty, since nothing is known about it.
    """

    title: str
    ingredients: tuple[IngredientLine, ...]
    steps: tuple[Step, ...]
    language: Language
    method: Method
    # The title in the other language, if its author wrote one.
    translated_title: str = ""
    description: str = ""
    cuisine: str = ""
    meal: Meal | None = None
    difficulty: Difficulty | None = None
    prep_minutes: int | None = None
    cook_minutes: int | None = None
    servings: int = 4
    nutrition: dict[str, float] | None = None
    # A reference to a picture; `media.links` turns it into URLs.
    image: str | None = None
    tags: tuple[str, ...] = ()
    # Corrections of tags by people: name → {"kind", "by", "holds"}. They override the rules.
    tag_corrections: dict[str, dict[str, str | bool]] | None = None
    # Meanings of ingredient names decided by moderators: normalized name → ingredient. They override the matcher.
    meanings: dict[str, str] | None = None
    # Where an imported recipe came from: url, site and author, each None if unknown.
    origin: dict[str, str | None] | None = None
    # The owner has declared the right to publish this imported recipe.
    rights_declared: bool = False
    allergens: tuple[str, ...] = ()
    # Allergens in some brands' products or in alternatives. Disjoint from `allergens`.
    may_contain: tuple[str, ...] = ()
    # One reason, the most certain, for each allergen in `allergens` and `may_contain`.
    reasons: tuple[Reason, ...] = ()
    diets: tuple[str, ...] = ()
    allergens_complete: bool = False

    def title_in(self, language: str) -> str:
        """Return the title in a language, or the one that there is."""
        return self.translated_title if self.translated_title and language != self.language.value else self.title

    @property
    def needs_rights(self) -> bool:
        """Return whether publishing the recipe needs a declaration of rights that is missing."""
        return self.origin is not None and not self.rights_declared

    @property
    def total_minutes(self) -> int | None:
        """Preparation plus cooking time; None if neither is known."""
        if self.prep_minutes is None and self.cook_minutes is None:
            return None
        return (self.prep_minutes or 0) + (self.cook_minutes or 0)

    def scaled_to(self, servings: int) -> "RecipeContent":
        """Return the recipe with all quantities scaled to `servings`, rounded to 3 decimals; thirds stay thirds."""
        factor = servings / self.servings
        lines = tuple(
            replace(line, quantity=_scaled(line.quantity, factor), quantity_max=_scaled(line.quantity_max, factor))
            for line in self.ingredients
        )
        return replace(self, servings=servings, ingredients=lines)


def _scaled(quantity: float | None, factor: float) -> float | None:
    """Return a quantity times the factor; 0.333 is a third: rounding it would grow with the factor."""
    if quantity is None:
        return None
    sixths = round(quantity * 6)
    exact = sixths / 6 if round(sixths / 6, 3) == quantity else quantity
    return round(exact * factor, 3)


def fields_of(value: Any) -> dict[str, Any]:
    """Return the fields of a dataclass, to be written at once: `asdict` would copy all that they hold."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}
