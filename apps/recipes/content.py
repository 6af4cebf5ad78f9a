"""The content of a recipe: what cooks write, separate from approval, ratings and counters."""

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
    # The upper end of a range: 3 of "2-3 cloves".
    quantity_max: float | None = None
    unit: str | None = None
    preparation: str | None = None
    optional: bool = False
    essential: bool = False
    substitutes: tuple[str, ...] = ()


class Tier(StrEnum):
    """How surely an allergen is in a recipe: typical products have it, or some makers' products and some choices."""

    CONTAINS = "contains"
    MAY_CONTAIN = "may_contain"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a recipe has an allergen: the name or word that says so, where it stands.

    `place` is the field of the recipe ("ingredients", "steps", "title"…), `position` that in a list of them, `start`
    and `end` the characters in its text; they are None where the ingredient itself is the reason.
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
    """A recipe as written, with its ingredients resolved; `allergens`, `may_contain` and `diets` are derived.

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
    # What people said of its tags: name → {"kind", "by", "holds"}. It wins over what rules say.
    tag_corrections: dict[str, dict[str, str | bool]] | None = None
    # What moderators said that names of its ingredients mean: normalized name → ingredient. It wins over the names.
    meanings: dict[str, str] | None = None
    # Where an imported recipe came from: url, site and author, each of which may be unknown.
    origin: dict[str, str | None] | None = None
    # Its owner says that they may publish it although it came from somewhere else.
    rights_declared: bool = False
    allergens: tuple[str, ...] = ()
    # Allergens of some makers' products and of alternatives; none that is in `allergens`.
    may_contain: tuple[str, ...] = ()
    # One for each allergen of the two, the surest.
    reasons: tuple[Reason, ...] = ()
    diets: tuple[str, ...] = ()
    allergens_complete: bool = False

    @property
    def needs_rights(self) -> bool:
        """Say whether it may not be published: it is somebody else's text, as far as we know."""
        return self.origin is not None and not self.rights_declared

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
            replace(line, quantity=_scaled(line.quantity, factor), quantity_max=_scaled(line.quantity_max, factor))
            for line in self.ingredients
        )
        return replace(self, servings=servings, ingredients=lines)


def _scaled(quantity: float | None, factor: float) -> float | None:
    return None if quantity is None else round(quantity * factor, 3)
