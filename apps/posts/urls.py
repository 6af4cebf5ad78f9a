"""Paths of posts, comments and reactions."""

from django.urls import path

from apps.posts import views

urlpatterns = [
    path("posts", views.Posts.as_view()),
    path("posts/<str:post_id>", views.PostDetail.as_view()),
    path("posts/<str:post_id>/recipe", views.PostRecipe.as_view()),
    path("recipes/<str:recipe_id>/audience", views.RecipeAudience.as_view()),
    path("posts/<str:post_id>/reaction", views.PostReaction.as_view()),
    path("posts/<str:post_id>/comments", views.Comments.as_view()),
    path("posts/<str:post_id>/comments/<str:comment_id>", views.CommentDetail.as_view()),
    path("posts/<str:post_id>/comments/<str:comment_id>/reaction", views.CommentReaction.as_view()),
    path("users/<str:user_id>/posts", views.PersonsPosts.as_view()),
]
