"""Paths of one's own statistics."""

from django.urls import path

from apps.insights import views

urlpatterns = [path("users/me/stats", views.OwnFigures.as_view())]
