"""Paths of pantries."""

from django.urls import path

from apps.pantry import views

urlpatterns = [
    path("pantry", views.Pantry.as_view()),
    path("pantry/use", views.PantryUse.as_view()),
    path("pantry/use-first", views.PantryUseFirst.as_view()),
    path("pantry/waste", views.PantryWaste.as_view()),
    path("pantry/<str:ingredient_id>", views.PantryItem.as_view()),
    path("pantry/<str:ingredient_id>/lots", views.PantryLots.as_view()),
    path("pantry/<str:ingredient_id>/lots/<str:lot_id>", views.PantryLot.as_view()),
]
