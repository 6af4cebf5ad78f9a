"""HTTP resources of one's own statistics."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api import Endpoint
from apps.insights import figures, serializers


class OwnFigures(Endpoint):
    @extend_schema(responses=serializers.FiguresOut)
    def get(self, request: Request) -> Response:
        """What one has written, kept, rated and cooked, and how many friends one has."""
        return Response(serializers.render(figures.count_figures(self.actor)))
