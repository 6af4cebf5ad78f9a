"""Preferences: diets, tastes, skills and equipment; their allowed values and defaults."""

from dataclasses import asdict, dataclass
from typing import Any, Self

COOKING_METHODS = (
    "stir_fry", "soup", "steam", "fry", "grill", "boil", "braise", "salad", "bake", "raw", "other",
)  # fmt: skip
SPICE_LEVELS = ("none", "mild", "medium", "hot")
SKILL_LEVELS = ("beginner", "intermediate", "advanced")
BUDGET_LEVELS = ("low", "medium", "high")
HEALTH_GOALS = (
    "eat_balanced", "lose_weight", "keep_weight", "gain_muscle", "more_protein", "more_fiber", "more_vegetables",
    "less_sugar", "less_salt", "less_fat",
)  # fmt: skip

RECIPE_COUNT = 3
# An IANA name: every "today" is the person's.
TIMEZONE = "Asia/Ho_Chi_Minh"

_LISTS = ("dietary_restrictions", "allergies", "favorite_cuisines", "cooking_methods", "health_goals")


@dataclass(frozen=True, slots=True)
class Preferences:
    """Empty and None mean "not given". `allergies` holds regulated allergens and ids of ingredients."""

    dietary_restrictions: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()
    favorite_cuisines: tuple[str, ...] = ()
    cooking_methods: tuple[str, ...] = ()
    recipe_count: int = RECIPE_COUNT
    spice_level: str | None = None
    skill_level: str | None = None
    max_minutes: int | None = None
    household_size: int | None = None
    budget_level: str | None = None
    health_goals: tuple[str, ...] = ()
    # Whether to offer, with a warning, foods in which only some makers' products contain an allergen.
    accepts_traces: bool = False
    timezone: str = TIMEZONE

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Self:
        """Build from JSON: unknown fields are ignored, missing ones get their default."""
        known: dict[str, Any] = {name: value for name, value in fields.items() if name in cls.__slots__}
        known |= {name: tuple(known[name]) for name in _LISTS if name in known}
        return cls(**known)

    def as_dict(self) -> dict[str, Any]:
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    def for_generation(self) -> dict[str, Any]:
        """Return everything that affects generation, in an order that doesn't depend on the input's."""
        return {
            name: sorted(value) if isinstance(value, list) else value
            for name, value in sorted(self.as_dict().items())
            if name not in {"recipe_count", "timezone"}
        }
