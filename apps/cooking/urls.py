"""Paths of cooking."""

from django.urls import path

from apps.cooking import views

urlpatterns = [
    path("cooking/sessions", views.Sessions.as_view()),
    path("cooking/sessions/<str:session_id>", views.SessionDetail.as_view()),
    path("cooking/sessions/<str:session_id>/complete", views.SessionCompletion.as_view()),
    path("cooking/sessions/<str:session_id>/abandon", views.SessionAbandonment.as_view()),
    path("cooking/stats", views.Stats.as_view()),
    path("users/<str:user_id>/cooking", views.PersonsCooking.as_view()),
]
