"""What a recipe says: the part that cooks write, separate from approval, ratings and counters."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Approval(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class Source(StrEnum):
    """Where a recipe comes from; only those of users have an owner."""

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
    """One line of the list of ingredients; `ingredient_id` is None while its name is not in the master list.

    Without an `essential` ingredient it is another dish. `substitutes` are ids of ingredients that do the same job.
    """

    name: str
    ingredient_id: str | None = None
    quantity: float | None = None
    unit: str | None = None
    preparation: str | None = None
    optional: bool = False
    essential: bool = False
    substitutes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    text: str
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class RecipeContent:
    """A recipe as written, with its ingredients resolved; `allergens` and `diets` are derived, never typed.

    `diets` are those that the recipe keeps. With an unresolved ingredient `allergens_complete` is False and
    `diets` is empty: nothing is promised about a name that nobody knows.
    """

    title: str
    ingredients: tuple[IngredientLine, ...]
    steps: tuple[Step, ...]
    language: Language
    method: Method
    # The title in the other of the two languages, where somebody wrote one.
    translated_title: str = ""
    description: str = ""
    cuisine: str = ""
    meal: Meal | None = None
    difficulty: Difficulty | None = None
    prep_minutes: int | None = None
    cook_minutes: int | None = None
    servings: int = 4
    nutrition: dict[str, float] | None = None
    # A picture, as `media.links` reads it.
    image: str | None = None
    tags: tuple[str, ...] = ()
    allergens: tuple[str, ...] = ()
    diets: tuple[str, ...] = ()
    allergens_complete: bool = False

    @property
    def total_minutes(self) -> int | None:
        """Preparation and cooking together, None where neither is known."""
        if self.prep_minutes is None and self.cook_minutes is None:
            return None
        return (self.prep_minutes or 0) + (self.cook_minutes or 0)

    def scaled_to(self, servings: int) -> "RecipeContent":
        """Return the recipe for so many servings: every quantity in proportion, to 3 decimals."""
        factor = servings / self.servings
        lines = tuple(
            line if line.quantity is None else replace(line, quantity=round(line.quantity * factor, 3))
            for line in self.ingredients
        )
        return replace(self, servings=servings, ingredients=lines)
