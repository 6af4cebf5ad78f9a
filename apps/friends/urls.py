"""Paths of friends, requests and blocks."""

from django.urls import path

from apps.friends import views

urlpatterns = [
    path("friends", views.Friends.as_view()),
    path("friends/requests", views.FriendRequests.as_view()),
    path("friends/requests/<str:user_id>", views.FriendRequestDetail.as_view()),
    path("friends/requests/<str:user_id>/accept", views.FriendRequestAcceptance.as_view()),
    path("friends/requests/<str:user_id>/reject", views.FriendRequestRejection.as_view()),
    path("friends/<str:user_id>", views.FriendDetail.as_view()),
    path("users/me/blocks", views.Blocks.as_view()),
    path("users/<str:user_id>/block", views.Block.as_view()),
]
