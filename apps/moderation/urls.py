"""Path of reports."""

from django.urls import path

from apps.moderation import views

urlpatterns = [path("reports", views.Reports.as_view())]
