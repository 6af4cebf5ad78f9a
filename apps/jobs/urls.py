"""Paths of jobs."""

from django.urls import path

from apps.jobs import views

urlpatterns = [
    path("jobs", views.Jobs.as_view()),
    path("jobs/<str:job_id>", views.JobDetail.as_view()),
]
