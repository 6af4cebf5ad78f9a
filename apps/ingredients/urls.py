"""Paths of ingredients."""

from django.urls import path

from apps.ingredients import views

urlpatterns = [
    path("ingredients", views.Completion.as_view()),
    path("ingredients/validate", views.Validation.as_view()),
    path("ingredients/<str:ingredient_id>", views.IngredientDetail.as_view()),
]
