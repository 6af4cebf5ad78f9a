"""All paths of the service."""

from importlib import import_module

from django.contrib import admin
from django.urls import include, path

from smartcooking.url_segments import BySegment

_V1 = (
    "apps.rights.urls",
    "apps.users.urls",
    "apps.media.urls",
    "apps.jobs.urls",
    "apps.notifications.urls",
    "apps.friends.urls",
    "apps.ingredients.urls",
    "apps.households.urls",
    "apps.pantry.urls",
    "apps.recipes.urls",
    "apps.suggestions.urls",
    "apps.cooking.urls",
    "apps.posts.urls",
    "apps.feed.urls",
    "apps.imports.urls",
    "apps.plans.urls",
    "apps.moderation.urls",
    "apps.insights.urls",
)
urlpatterns = [
    BySegment("v1/", [pattern for name in _V1 for pattern in import_module(name).urlpatterns]),
    path("admin/", admin.site.urls),
    path("", include("apps.health.urls")),
    path("", include("apps.web.urls")),
]

handler400 = "apps.core.problems.bad_request"
handler404 = "apps.core.problems.not_found"
handler500 = "apps.core.problems.server_error"
