"""Paths of reports, appeals and moderation."""

from django.urls import path

from apps.moderation import views

urlpatterns = [
    path("reports", views.Reports.as_view()),
    path("reports/<str:target_type>/<str:target_id>", views.OwnReport.as_view()),
    path("appeals", views.Appeals.as_view()),
    path("moderation/queues", views.ModerationQueues.as_view()),
    path("moderation/queues/<str:name>", views.ModerationQueue.as_view()),
    path("moderation/audit", views.AuditLog.as_view()),
    path("moderation/<str:kind>/<str:target_id>", views.ModerationSubject.as_view()),
    path("moderation/<str:kind>/<str:target_id>/<str:act>", views.ModerationAct.as_view()),
]
