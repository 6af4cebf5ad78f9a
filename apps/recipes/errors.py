"""Errors of the recipes app."""

from apps.core.errors import Conflict, NotFound
from apps.core.language import Text


class RecipeNotFound(NotFound):
    code = "recipe_not_found"
    title = Text("Không có công thức này", "There is no such recipe")


class EditionNotFound(NotFound):
    code = "edition_not_found"
    title = Text("Công thức này không có bản mới đang chờ duyệt", "No new edition of this recipe is waiting")


class FavoriteNotFound(NotFound):
    code = "favorite_not_found"
    title = Text("Công thức này không có trong mục yêu thích", "This recipe is not among your favorites")


class RatingNotFound(NotFound):
    code = "rating_not_found"
    title = Text("Bạn chưa đánh giá công thức này", "You have not rated this recipe")


class OwnRecipe(Conflict):
    code = "own_recipe"
    title = Text("Không thể tự đánh giá công thức của mình", "You cannot rate your own recipe")


class RecipeExists(Conflict):
    code = "recipe_exists"
    title = Text("Công thức này đã được tạo", "This recipe was created already")
