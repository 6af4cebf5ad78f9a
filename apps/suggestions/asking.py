"""From what somebody typed to a question that can be answered: ids, limits, warnings."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.conf import settings

from apps.core.language import Text, current
from apps.ingredients import services as ingredients
from apps.ingredients.entry import Ingredient
from apps.suggestions import safety
from apps.suggestions.errors import NotEnoughIngredients
from apps.suggestions.safety import Limits
from apps.users.preferences import Preferences

FEWEST = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """What the request says, validated but not understood."""

    names: tuple[str, ...]
    recipe_count: int | None = None
    cuisine: str | None = None
    method: str | None = None
    meal: str | None = None
    max_minutes: int | None = None
    use_pantry: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What was understood. `have` is all that is at hand, `named` what was named for this meal."""

    named: tuple[Ingredient, ...]
    have: frozenset[str]
    count: int
    language: str
    limits: Limits
    preferences: Preferences
    cuisine: str | None = None
    method: str | None = None
    meal: str | None = None
    max_minutes: int | None = None
    warnings: list[dict[str, Any]] = field(default_factory=list)

    def as_body(self) -> dict[str, Any]:
        """Return the question as it is stored: ids and enumerations, nothing of what was typed."""
        return {
            "ingredient_ids": [ingredient.id for ingredient in self.named],
            "recipe_count": self.count,
            "cuisine": self.cuisine,
            "method": self.method,
            "meal": self.meal,
            "max_minutes": self.max_minutes,
            "language": self.language,
        }

    def fingerprint(self, methods: Sequence[str]) -> str:
        """Return the same hash for the same ingredients, wishes and preferences, whoever asks."""
        body = {
            **self.as_body(),
            "ingredient_ids": sorted(ingredient.id for ingredient in self.named),
            "recipe_count": None,
            "methods": list(methods),
            "preferences": self.preferences.for_generation(),
        }
        return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()


def understand(asked: Asked, *, preferences: Preferences, pantry: Sequence[str]) -> Question:
    """Match the names, leave out what cannot or must not be used, and say so.

    NotEnoughIngredients where fewer than two are left: the reasons are in its `errors`.
    """
    limits = safety.limits_of(preferences)
    warnings: list[dict[str, Any]] = []
    named = _usable(asked.names, limits, warnings)
    at_home = [found for id_ in pantry if (found := ingredients.find(id_)) and not safety.forbids(limits, found)]
    if len(named) < FEWEST:
        raise NotEnoughIngredients("; ".join(one["message"] for one in warnings))
    return Question(
        named=tuple(named),
        have=frozenset(ingredient.id for ingredient in [*named, *at_home]),
        count=asked.recipe_count or preferences.recipe_count,
        language=current.get(),
        limits=limits,
        preferences=preferences,
        cuisine=asked.cuisine,
        method=asked.method,
        meal=asked.meal,
        max_minutes=asked.max_minutes or preferences.max_minutes,
        warnings=warnings,
    )


def _usable(names: Sequence[str], limits: Limits, warnings: list[dict[str, Any]]) -> list[Ingredient]:
    """Return what the names mean, each once, and add a warning for each that means nothing usable."""
    usable: dict[str, Ingredient] = {}
    for name, match in zip(names, ingredients.match(names), strict=True):
        found = match.ingredient
        if found is None or match.status not in {"exact", "corrected"}:
            warnings.append(warning(f"{match.status}_ingredient", name, suggestions=match.suggestions))
        elif safety.forbids(limits, found):
            warnings.append(warning("forbidden_ingredient", name, ingredient=found))
        else:
            usable.setdefault(found.id, found)
            if match.status == "corrected":
                warnings.append(warning("corrected_ingredient", name, ingredient=found))
    return list(usable.values())


_MESSAGES = {
    "unknown_ingredient": Text("Không biết nguyên liệu “{input}”", "“{input}” is not an ingredient we know"),
    "invalid_ingredient": Text("“{input}” không phải là nguyên liệu", "“{input}” is not an ingredient"),
    "ambiguous_ingredient": Text("“{input}” có thể là: {names}", "“{input}” may be: {names}"),
    "corrected_ingredient": Text("Hiểu “{input}” là {names}", "“{input}” was read as {names}"),
    "forbidden_ingredient": Text(
        "Bỏ {names}: bạn dị ứng hoặc kiêng món này", "{names} was left out: you are allergic to it or avoid it"
    ),
    "quota_exceeded": Text("Đã hết lượt tạo công thức hôm nay", "The day's quota of generated recipes is used up"),
    "quota_nearly_exceeded": Text(
        "Chỉ còn {count} lượt tạo công thức hôm nay", "Only {count} generated recipes were left of the day's quota"
    ),
    "ai_unavailable": Text(
        "AI không cho công thức dùng được; phần còn lại được soạn theo mẫu",
        "The AI gave no recipe that could be used; what there is was composed by rule",
    ),
    "ai_budget_exhausted": Text(
        "Đã hết ngân sách AI tháng này; công thức được soạn theo mẫu",
        "The month's budget for AI is used up; recipes were composed by rule",
    ),
    "not_generated": Text("Không tạo được {count} công thức", "{count} recipes could not be generated"),
    "too_late": Text("{count} công thức không kịp tạo", "{count} recipes were not ready in time"),
}


def with_warning(warnings: Sequence[dict[str, Any]], code: str | None) -> list[dict[str, Any]]:
    """Add a warning that is worth saying once."""
    known = code is None or any(one["code"] == code for one in warnings)
    return list(warnings) if known else [*warnings, warning(str(code))]


def saved(count: int) -> float:
    """Return the US dollars that so many recipes would have cost to generate."""
    return round(count * settings.AI_RECIPE_COST_USD, 6)


def warning(
    code: str,
    name: str | None = None,
    *,
    ingredient: Ingredient | None = None,
    suggestions: Sequence[Ingredient] = (),
    count: int = 0,
) -> dict[str, Any]:
    """Say what was left out or done otherwise; `suggestions` are ids of what may have been meant."""
    names = ", ".join(one.name(current.get()) for one in ([ingredient] if ingredient else suggestions))
    message = str(_MESSAGES[code].format(input=name or "", names=names or "?", count=count))
    return {"code": code, "message": message, "input": name, "suggestions": [one.id for one in suggestions]}
