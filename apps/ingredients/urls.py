"""Paths of ingredients and pantries."""

from django.urls import path

from apps.ingredients import views

urlpatterns = [
    path("ingredients", views.Completion.as_view()),
    path("ingredients/validate", views.Validation.as_view()),
    path("ingredients/<str:ingredient_id>", views.IngredientDetail.as_view()),
    path("pantry", views.Pantry.as_view()),
    path("pantry/<str:ingredient_id>", views.PantryItem.as_view()),
]
