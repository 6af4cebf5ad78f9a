"""Addresses of pages; whatever no other app answers is the client's."""

from django.urls import path, re_path

from apps.web import views

urlpatterns = [
    path("r/<str:recipe_id>", views.PublicRecipe.as_view()),
    path("sitemap.xml", views.Sitemap.as_view()),
    path("robots.txt", views.Robots.as_view()),
    path("", views.Client.as_view()),
    # Pages of the client; not what belongs to the interface, the admin, or files.
    re_path(r"^(?!v1(?:/|$)|admin(?:/|$)|static/|assets/|docs$|health|livez$)(?P<path>[^.]+)$", views.Client.as_view()),
]
