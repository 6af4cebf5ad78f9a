"""Paths of people's rights; before those of apps/users, one of which has another verb here."""

from django.urls import path

from apps.rights import views

urlpatterns = [
    path("users/me", views.OwnProfile.as_view()),
    path("users/me/export", views.Exports.as_view()),
    path("users/me/export/<str:archive_id>", views.ExportDetail.as_view()),
]
