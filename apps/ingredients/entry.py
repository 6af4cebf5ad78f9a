"""An ingredient of the master list, as matching, recipes and suggestions see it."""

from dataclasses import dataclass
from enum import StrEnum

from apps.core.food import ALLERGENS, DIETS

__all__ = ["ALLERGENS", "DIETS", "Category", "Ingredient"]


class Category(StrEnum):
    MEAT = "meat"
    SEAFOOD = "seafood"
    VEGETABLE = "vegetable"
    FRUIT = "fruit"
    GRAIN = "grain"
    LEGUME = "legume"
    NUT = "nut"
    DAIRY = "dairy"
    SPICE = "spice"
    BEVERAGE = "beverage"
    PROCESSED = "processed"


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One entry of the master list; `aliases` maps a language to names, `breaks` are diets it is not allowed in."""

    id: str
    key: str
    vi: str
    en: str
    category: Category
    aliases: dict[str, tuple[str, ...]]
    allergens: frozenset[str]
    breaks: frozenset[str]
    staple: bool = False

    def name(self, language: str) -> str:
        return self.en if language == "en" else self.vi
