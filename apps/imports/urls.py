"""Paths of imports."""

from django.urls import path

from apps.imports import views

urlpatterns = [
    path("imports", views.Imports.as_view()),
    path("imports/<str:import_id>", views.ImportDetail.as_view()),
    path("imports/<str:import_id>/accept", views.ImportAcceptance.as_view()),
]
