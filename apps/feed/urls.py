"""Paths of the feed."""

from django.urls import path

from apps.feed import views

urlpatterns = [path("feed", views.Feed.as_view())]
