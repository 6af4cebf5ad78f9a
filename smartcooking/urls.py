"""All paths of the service."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("v1/", include("apps.rights.urls")),
    path("v1/", include("apps.users.urls")),
    path("v1/", include("apps.media.urls")),
    path("v1/", include("apps.jobs.urls")),
    path("v1/", include("apps.notifications.urls")),
    path("v1/", include("apps.friends.urls")),
    path("v1/", include("apps.ingredients.urls")),
    path("v1/", include("apps.households.urls")),
    path("v1/", include("apps.pantry.urls")),
    path("v1/", include("apps.recipes.urls")),
    path("v1/", include("apps.suggestions.urls")),
    path("v1/", include("apps.cooking.urls")),
    path("v1/", include("apps.posts.urls")),
    path("v1/", include("apps.feed.urls")),
    path("v1/", include("apps.imports.urls")),
    path("v1/", include("apps.plans.urls")),
    path("v1/", include("apps.moderation.urls")),
    path("v1/", include("apps.insights.urls")),
    path("admin/", admin.site.urls),
    path("", include("apps.health.urls")),
    path("", include("apps.web.urls")),
]

handler400 = "apps.core.problems.bad_request"
handler404 = "apps.core.problems.not_found"
handler500 = "apps.core.problems.server_error"
