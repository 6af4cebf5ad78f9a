"""Paths of insight into one's own use."""

from django.urls import path

from apps.insights import views

urlpatterns = [path("users/me/stats", views.OwnFigures.as_view())]
