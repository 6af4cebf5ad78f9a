"""HTTP resources of a person's statistics."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api import Endpoint
from apps.insights import figures, serializers


class OwnFigures(Endpoint):
    @extend_schema(responses=serializers.FiguresOut)
    def get(self, request: Request) -> Response:
        """Count your recipes, favorites, ratings, cooking sessions and friends."""
        return Response(serializers.render(figures.count_figures(self.actor)))
