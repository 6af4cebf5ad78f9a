"""The wire format of posts, comments and reactions."""

from dataclasses import asdict
from typing import Any, ClassVar

from rest_framework import serializers

from apps.core import clock, fields, http
from apps.core.language import Text
from apps.core.schema import list_of
from apps.media import services as media
from apps.media.serializers import PictureOut
from apps.posts import attached_recipes
from apps.posts.attached_recipes import HiddenFrom, RecipeHint, RecipeSummary
from apps.posts.comments import CommentView
from apps.posts.content import Reaction, Visibility
from apps.posts.models import PostRow, Written
from apps.posts.reactions import ReactionSummary
from apps.posts.services import PostView
from apps.recipes.rendering import picture_links
from apps.recipes.serializers import LANGUAGES

VISIBILITIES = [visibility.value for visibility in Visibility]
REACTIONS = [reaction.value for reaction in Reaction]
_HINTS = {
    (HiddenFrom.STRANGERS, True): Text(
        "Công thức này chưa công khai: chỉ bạn bè của bạn mở được. Bạn có thể chia sẻ nó với mọi người đọc bài này.",
        "This recipe isn't public: only your friends can open it. You can share it with everybody who reads this post.",
    ),
    (HiddenFrom.EVERYBODY, False): Text(
        "Người đọc bài này không mở được công thức: nó không phải của bạn hoặc đang bị ẩn.",
        "Nobody who reads this post can open the recipe: it isn't yours to share, or it is hidden.",
    ),
}


class PostIn(fields.Strict):
    content = fields.TextField(max_length=5000)
    recipe_id = fields.Id(required=False, allow_null=True)
    share_recipe = fields.Flag(
        required=False,
        default=False,
        help_text="Let all readers open the recipe although it is not in the catalogue (`POST /v1/posts/{id}/recipe`).",
    )
    images = fields.UniqueList(required=False, child=fields.Id(), max_length=10, help_text="Ids of uploads.")
    visibility = fields.Choice(VISIBILITIES, required=False, default=Visibility.PUBLIC.value)


class CommentIn(fields.Strict):
    """A comment. `parent_id` is the comment to reply to; replies can't have replies."""

    content = fields.TextField(max_length=2000)
    parent_id = fields.Id(required=False, allow_null=True)


class CommentChangeIn(fields.Strict):
    content = fields.TextField(max_length=2000)


class ReactionIn(fields.Strict):
    reaction = fields.Choice(REACTIONS)


class AuthorOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    username = serializers.CharField()
    avatar = PictureOut(allow_null=True)


class PostRecipeOut(serializers.Serializer[Any]):
    """A recipe as a post shows it. `title` is in `language`."""

    id = fields.Id()
    title = serializers.CharField()
    translated_title = serializers.CharField(allow_null=True, help_text="The title in the other language.")
    language = serializers.ChoiceField(LANGUAGES)
    image = PictureOut(allow_null=True)


class RecipeHintOut(serializers.Serializer[Any]):
    """Which readers can't open the post's recipe. `can_share` says that `share_recipe` would let them."""

    hidden_from = serializers.ChoiceField([one.value for one in HiddenFrom])
    can_share = serializers.BooleanField()
    message = serializers.CharField()


class AudienceOut(serializers.Serializer[Any]):
    """Which readers couldn't open a recipe, by the visibility of the post; null if all could."""

    public = RecipeHintOut(allow_null=True)
    friends = RecipeHintOut(allow_null=True)
    private = RecipeHintOut(allow_null=True)


class PostImageOut(PictureOut):  # type: ignore[misc]  # made by a call of type()
    """A picture of a post. `id` is its upload's; an edit that lists it keeps the picture."""

    id = fields.Id()


class ReactionsOut(serializers.Serializer[Any]):
    like = serializers.IntegerField()
    love = serializers.IntegerField()
    wow = serializers.IntegerField()


class PostOut(serializers.Serializer[Any]):
    """A post. `recipe` is null if the reader may not see it."""

    SENDS_ETAG: ClassVar[bool] = True
    SENDS_LOCATION: ClassVar[tuple[int, ...]] = (201,)

    id = fields.Id()
    author = AuthorOut()
    content = serializers.CharField()
    visibility = serializers.ChoiceField(VISIBILITIES)
    recipe = PostRecipeOut(allow_null=True)
    recipe_shared = serializers.BooleanField(help_text="The author lets all readers open the recipe.")
    recipe_hint = RecipeHintOut(allow_null=True, help_text="Only for the author.")
    images = PostImageOut(many=True)
    reaction_count = serializers.IntegerField()
    reactions = ReactionsOut()
    my_reaction = serializers.ChoiceField(REACTIONS, allow_null=True)
    comment_count = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


PostList = list_of(PostOut)


class CommentOut(serializers.Serializer[Any]):
    SENDS_ETAG: ClassVar[bool] = True
    SENDS_LOCATION: ClassVar[tuple[int, ...]] = (201,)

    id = fields.Id()
    author = AuthorOut()
    content = serializers.CharField()
    parent_id = fields.Id(allow_null=True)
    reaction_count = serializers.IntegerField()
    my_reaction = serializers.ChoiceField(REACTIONS, allow_null=True)
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)


class StandingOut(serializers.Serializer[Any]):
    """The reactions to a post or comment after the caller's reaction."""

    reaction_count = serializers.IntegerField()
    reactions = ReactionsOut()
    my_reaction = serializers.ChoiceField(REACTIONS, allow_null=True)


def render_author(written: Written) -> dict[str, Any]:
    return {"id": written.user_id, "username": written.username, "avatar": media.links(written.avatar, public=True)}


def render_recipe(recipe: RecipeSummary) -> dict[str, Any]:
    image = picture_links(recipe.id, recipe.image, public=True)
    return {"id": recipe.id, **asdict(recipe.titles), "image": image}


def render_hint(hint: RecipeHint | None) -> dict[str, Any] | None:
    if hint is None:
        return None
    message = str(_HINTS[hint.hidden_from, hint.can_share])
    return {"hidden_from": hint.hidden_from.value, "can_share": hint.can_share, "message": message}


def render_audience(hints: dict[str, RecipeHint | None]) -> dict[str, Any]:
    return {visibility: render_hint(hint) for visibility, hint in hints.items()}


def render_images(post: PostRow) -> list[Any]:
    """Return ids and links that expire soon, since a public post may become visible to friends only."""
    return [
        {"id": media.upload_id_of(picture), **(media.links(picture, public=False) or {})}
        for picture in post.body.get("images", ())
    ]


def render_figures(figures: dict[Reaction, int], mine: str | None) -> dict[str, Any]:
    reactions = {kind.value: number for kind, number in figures.items()}
    return {"reaction_count": sum(figures.values()), "reactions": reactions, "my_reaction": mine}


def render_standing(standing: ReactionSummary) -> dict[str, Any]:
    return render_figures(standing.figures, standing.mine)


def render_post(view: PostView) -> dict[str, Any]:
    post = view.post
    return {
        "id": post.id,
        "author": render_author(post),
        "content": post.body["content"],
        "visibility": post.visibility,
        "recipe": render_recipe(view.recipe) if view.recipe else None,
        "recipe_shared": attached_recipes.is_shared(post),
        "recipe_hint": render_hint(view.recipe.hint) if view.recipe else None,
        "images": render_images(post),
        **render_figures(view.counts.reactions, view.my_reaction),
        "comment_count": view.counts.comments,
        "created_at": clock.iso(post.created_at),
        "updated_at": clock.iso(post.updated_at),
    }


def render_comment(view: CommentView) -> dict[str, Any]:
    comment = view.comment
    return {
        "id": comment.id,
        "author": render_author(comment),
        "content": comment.content,
        "parent_id": comment.parent_id,
        "reaction_count": view.reaction_count,
        "my_reaction": view.my_reaction,
        "created_at": clock.iso(comment.created_at),
        "edited_at": clock.iso(comment.edited_at) if comment.edited_at else None,
    }


def post_etag(post: PostRow) -> str:
    return http.etag(int(post.edition))


def comment_etag(view: CommentView) -> str:
    return http.etag(int(view.comment.edition))
