"""Paths of people's rights over their data."""

from django.urls import path

from apps.rights import views

urlpatterns = [
    path("users/me/export", views.Exports.as_view()),
    path("users/me/recipes/archive", views.RecipeArchive.as_view()),
    path("users/me/export/<str:archive_id>", views.ExportDetail.as_view()),
]
