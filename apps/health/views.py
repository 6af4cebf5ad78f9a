"""Liveness, health, and the description of the API."""

from typing import Any

from django.conf import settings
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import clock, rate_limits
from apps.core.api import Endpoint
from apps.core.client_address import client_address
from apps.health import services
from smartcooking.contract import page_headers


class LivenessOut(serializers.Serializer[Any]):
    status = serializers.CharField()


class HealthOut(serializers.Serializer[Any]):
    status = serializers.ChoiceField(services.STATUSES)
    timestamp = serializers.DateTimeField()
    version = serializers.CharField()
    services = serializers.DictField(child=serializers.CharField())
    latency_ms = serializers.DictField(child=serializers.FloatField())


class Liveness(Endpoint):
    """Liveness: checks only that the process answers."""

    public = True
    budget = None

    @extend_schema(responses=LivenessOut, auth=[])
    def get(self, request: Request) -> Response:
        """Check that the process answers."""
        return Response({"status": "alive"})


class HealthReport(Endpoint):
    """The state of the service's dependencies: 503 if the database is down, `degraded` if another one is."""

    public = True
    budget = None

    @extend_schema(responses={200: HealthOut, 503: HealthOut}, auth=[])
    def get(self, request: Request) -> Response:
        """Report the state of the services on which this one depends."""
        health = services.check_services()
        report = {
            "status": health.status,
            "timestamp": clock.iso(clock.now()),
            "version": settings.VERSION,
            "services": health.services,
            "latency_ms": health.latency_ms,
        }
        is_down = health.status == "unavailable"
        return Response(report, status=503 if is_down else 200, headers={"Retry-After": "5"} if is_down else None)


class PlainJsonRenderer(OpenApiJsonRenderer):
    """The API's description for programs that ask for plain JSON instead of its own media type."""

    media_type = "application/json"


class SchemaDocument(SpectacularAPIView):
    """OpenAPI 3.1 as JSON."""

    authentication_classes = ()
    permission_classes = ()
    _standing: rate_limits.Standing | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self._standing = rate_limits.buckets.take("schema", client_address(request._request))  # noqa: SLF001

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Add the headers of the rate limit."""
        for name, value in (self._standing.headers() if self._standing else {}).items():
            response.headers.setdefault(name, value)
        return super().finalize_response(request, response, *args, **kwargs)


class Docs(SpectacularSwaggerSplitView):
    """Browsable documentation of the API. Its scripts and styles are files served from here, none of them inline."""

    authentication_classes = ()
    permission_classes = ()
    template_name = "health/docs.html"

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in page_headers.of_documentation().items():
            response[name] = value
        return response
