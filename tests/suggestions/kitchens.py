"""Build questions for tests from the names that people type."""

from datetime import date
from typing import Any

from apps.core.language import current
from apps.suggestions import question
from apps.suggestions.composition import composing
from apps.suggestions.composition.composing import Composed
from apps.suggestions.composition.kitchen import kitchen
from apps.suggestions.question import Question, Wish
from apps.users.preferences import Preferences


def ask(*names: str, language: str = "vi", pantry: tuple[Any, ...] = (), **preferences: Any) -> Question:
    current.set(language)
    given = Preferences.of(preferences)
    return question.understand(Wish(names), preferences=given, pantry=pantry, today=date(2026, 1, 2))


def composed(*names: str, language: str = "vi", **preferences: Any) -> list[Composed]:
    asked = ask(*names, language=language, **preferences)
    size = asked.preferences.household_size or 2
    place = kitchen(asked.at_hand, language=language, limits=asked.limits, servings=size)
    return composing.compose(place)
