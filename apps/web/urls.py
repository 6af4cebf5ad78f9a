"""Paths of pages. The client answers every path that no other app does."""

from django.urls import path, re_path

from apps.web import views
from smartcooking.contract import site

urlpatterns = [
    path("r/<str:recipe_id>", views.PublicRecipe.as_view()),
    path("r/<str:recipe_id>/<slug:version>-<int:size>.webp", views.RecipePicture.as_view()),
    path("sitemap.xml", views.Sitemap.as_view()),
    path("robots.txt", views.Robots.as_view()),
    path("", views.Client.as_view()),
    re_path(rf"^(?P<path>{site.PAGE})$", views.Client.as_view()),
]
