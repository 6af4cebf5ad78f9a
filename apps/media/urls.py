"""Paths of uploads."""

from django.urls import path

from apps.media import views

urlpatterns = [
    path("uploads", views.Uploads.as_view()),
    path("uploads/<str:upload_id>", views.UploadDetail.as_view()),
    path("uploads/<str:upload_id>/complete", views.UploadCompletion.as_view()),
]
