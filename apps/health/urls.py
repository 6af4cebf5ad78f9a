"""Paths that need no access token: liveness, health, and the API's description."""

from django.urls import path
from drf_spectacular.renderers import OpenApiJsonRenderer
from rest_framework.renderers import TemplateHTMLRenderer

from apps.health import views

_DOCUMENT = [OpenApiJsonRenderer, views.PlainJsonRenderer]

urlpatterns = [
    path("livez", views.Liveness.as_view()),
    path("health", views.HealthReport.as_view()),
    path(
        "v1/schema",
        views.SchemaDocument.as_view(renderer_classes=[OpenApiJsonRenderer, views.PlainJsonRenderer]),
        name="schema",
    ),
    path("docs", views.Docs.as_view(url_name="schema", renderer_classes=[TemplateHTMLRenderer])),
]
