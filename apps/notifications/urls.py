"""Paths of notifications."""

from django.urls import path

from apps.notifications import views

urlpatterns = [
    path("notifications", views.Notifications.as_view()),
    path("notifications/unread-count", views.UnreadCount.as_view()),
    path("notifications/read-all", views.ReadingOfAll.as_view()),
    path("notifications/<str:notification_id>", views.NotificationDetail.as_view()),
    path("notifications/<str:notification_id>/read", views.NotificationReading.as_view()),
    path("users/me/notification-settings", views.NotificationSettings.as_view()),
]
