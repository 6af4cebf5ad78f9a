"""Paths of recipes, ratings and favorites."""

from django.urls import path

from apps.recipes import views

urlpatterns = [
    path("recipes", views.Recipes.as_view()),
    path("recipes/<str:recipe_id>", views.RecipeDetail.as_view()),
    path("recipes/<str:recipe_id>/edition", views.NewEdition.as_view()),
    path("recipes/<str:recipe_id>/favorite", views.RecipeFavorite.as_view()),
    path("tags", views.Tags.as_view()),
    path("recipes/<str:recipe_id>/tags", views.RecipeTags.as_view()),
    path("recipes/<str:recipe_id>/rating", views.RecipeRating.as_view()),
    path("recipes/<str:recipe_id>/ratings", views.RecipeRatings.as_view()),
    path("recipes/<str:recipe_id>/friends", views.RecipeFriends.as_view()),
    path("favorites", views.Favorites.as_view()),
    path("users/me/recipes", views.OwnRecipes.as_view()),
]
