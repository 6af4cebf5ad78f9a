"""Paths of households."""

from django.urls import path

from apps.households import views

urlpatterns = [
    path("household", views.Household.as_view()),
    path("household/members/<str:user_id>", views.HouseholdMember.as_view()),
    path("household/invitations", views.HouseholdInvitations.as_view()),
    path("household/invitations/<str:code>", views.HouseholdInvitation.as_view()),
    path("household/invitations/<str:code>/accept", views.HouseholdAcceptance.as_view()),
]
