"""What a cook knows of an ingredient: its class, from the reviewed list in data/rules/classes.yaml."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from apps.recipes.content import Language, Method
from apps.suggestions.providers.port import AtHand

DATA = Path(__file__).parents[2] / "data" / "rules"

Both = dict[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class FoodClass:
    """How the ingredients of one class are measured, prepared and cooked; the fields are told in classes.yaml."""

    key: str
    role: str
    names: tuple[str, ...]
    amount: float = 0
    unit: tuple[str, str] = ("g", "g")
    family: str = ""
    many: bool = False
    raw: bool = False
    cooked_cold: bool = False
    hot: bool = False
    savoury: bool = False
    minutes: dict[str, int] = field(default_factory=dict)
    prep: dict[str, Any] | None = None
    prep_for: dict[str, dict[str, Any]] = field(default_factory=dict)
    done: Both = field(default_factory=dict)
    done_for: dict[str, Both] = field(default_factory=dict)
    ahead: Both = field(default_factory=dict)
    ahead_minutes: int = 0
    how: dict[str, Both] = field(default_factory=dict)
    how_minutes: dict[str, int] = field(default_factory=dict)
    late: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """An ingredient at hand with its class."""

    at_hand: AtHand
    kind: FoodClass

    @property
    def role(self) -> str:
        return self.kind.role

    def preparation(self, method: Method, heat: str) -> dict[str, Any] | None:
        chosen = self.kind.prep_for.get(method.value) or self.kind.prep_for.get(heat)
        return chosen or self.kind.prep

    def label(self, language: Language, servings: int) -> str:
        """Return the name as a sentence uses it: in English in the plural where there are several."""
        name = self.at_hand.name(language)
        several = self.kind.many or (self.kind.unit[1] == "piece" and round(self.kind.amount * servings, 1) > 1)
        return plural(name) if several and language == Language.EN else name


def plural(name: str) -> str:
    """Return an English plural; names that are plural already, or have none, stay: shrimp, dragon fruit."""
    if name.endswith(("s", "fruit", "shrimp", "squid", "fish", "corn")):
        return name
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return name[:-1] + "ies"
    # "jalapeno" and "avocado" take a plain s; among the names at hand only these take es.
    takes_es = ("tomato", "potato", "mango", "ch", "sh", "x")
    return name + ("es" if name.endswith(takes_es) else "s")


@cache
def classes() -> tuple[dict[str, FoodClass], dict[str, FoodClass]]:
    """Return the class of each English name, and that of each category for names that no class lists."""
    written = yaml.load((DATA / "classes.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    classes = {key: _food_class(key, fields) for key, fields in written["classes"].items()}
    by_name = {name: kind for kind in classes.values() for name in kind.names}
    return by_name, {category: classes[key] for category, key in written["defaults"].items()}


def _food_class(key: str, fields: dict[str, Any]) -> FoodClass:
    tuples: dict[str, Any] = {
        name: tuple(fields[name]) for name in ("names", "unit", "late", "never") if name in fields
    }
    return FoodClass(key=key, **{**fields, **tuples})


def class_of(at_hand: AtHand) -> FoodClass | None:
    """Return the class, None for what is not cooked with: alcohol, chemicals, ferments of their own kind."""
    by_name, by_category = classes()
    kind = by_name.get(at_hand.name_en) or by_category.get(at_hand.category)
    return None if kind is None or kind.role == "none" else kind
