"""Paths of suggestions."""

from django.urls import path

from apps.suggestions import views

urlpatterns = [
    path("suggestions", views.Suggestions.as_view()),
    path("suggestions/<str:suggestion_id>", views.SuggestionDetail.as_view()),
    path("suggestions/<str:suggestion_id>/feedback", views.SuggestionFeedback.as_view()),
]
