"""The wire format of a person's statistics."""

from dataclasses import asdict
from typing import Any

from rest_framework import serializers

from apps.insights.figures import Figures


class FiguresOut(serializers.Serializer[Any]):
    """Statistics of a person. `cooked` counts completed sessions, `recipes_cooked` the distinct recipes among them."""

    recipes = serializers.IntegerField(min_value=0)
    favorites = serializers.IntegerField(min_value=0)
    ratings = serializers.IntegerField(min_value=0)
    cooked = serializers.IntegerField(min_value=0)
    recipes_cooked = serializers.IntegerField(min_value=0)
    friends = serializers.IntegerField(min_value=0)


def render(figures: Figures) -> dict[str, Any]:
    return asdict(figures)
