"""HTTP resources of posts, comments and reactions."""

from functools import partial
from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import api, fields, http
from apps.core.api import Endpoint
from apps.core.idempotency import idempotent
from apps.core.schema import IF_MATCH, list_of
from apps.posts import attached_recipes, comments, reactions, serializers, services
from apps.posts.comments import CommentView
from apps.posts.content import Reaction, Visibility
from apps.posts.services import PostView
from apps.recipes.rendering import render_recipe
from apps.recipes.serializers import RecipeOut

CommentList = list_of(serializers.CommentOut)


class Posts(Endpoint):
    budgets: ClassVar[dict[str, str]] = {"POST": api.MESSAGES}

    @extend_schema(request=serializers.PostIn, responses={201: serializers.PostOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Create a post."""
        body = api.read_body(request, serializers.PostIn)
        view = services.create_post(
            post_id=request.new_id,  # type: ignore[attr-defined]
            content=body["content"],
            visibility=Visibility(body["visibility"]),
            recipe_id=body.get("recipe_id"),
            images=body.get("images", []),
            share_recipe=body["share_recipe"],
            actor=self.actor,
        )
        response = _post(view, status=201)
        response["Location"] = f"/v1/posts/{view.post.id}"
        return response


class PostDetail(Endpoint):
    @extend_schema(responses=serializers.PostOut)
    def get(self, request: Request, post_id: str) -> Response:
        """Read a post."""
        return _post(services.get_post(post_id, actor=self.actor))

    @extend_schema(request=serializers.PostIn, responses=serializers.PostOut, parameters=[IF_MATCH])
    def patch(self, request: Request, post_id: str) -> Response:
        """Change fields of your own post."""
        changes = api.read_body(request, serializers.PostIn, partial=True)
        check = http.version_check(request)
        return _post(services.edit_post(post_id, actor=self.actor, changes=changes, check=check))

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: Request, post_id: str) -> Response:
        """Delete your own post with its comments, reactions and pictures."""
        services.delete_post(post_id, actor=self.actor, check=http.version_check(request))
        return Response(status=204)


class PostRecipe(Endpoint):
    @extend_schema(request=None, responses=RecipeOut)
    def post(self, request: Request, post_id: str) -> Response:
        """Open the recipe of a friend's post, or of one whose author shares it with all readers.

        From then on you can see, cook and rate the recipe.
        """
        recipe = services.open_recipe(post_id, actor=self.actor)
        return Response(render_recipe(recipe), headers={"ETag": http.etag(recipe.tag)})


class RecipeAudience(Endpoint):
    @extend_schema(responses=serializers.AudienceOut)
    def get(self, request: Request, recipe_id: str) -> Response:
        """Tell which readers couldn't open a recipe if you posted it, for each visibility of the post."""
        return Response(serializers.render_audience(attached_recipes.foresee(recipe_id, actor=self.actor)))


class PersonsPosts(Endpoint):
    @extend_schema(parameters=[fields.PageQuery], responses=serializers.PostList)
    def get(self, request: Request, user_id: str) -> Response:
        """List those of somebody's posts that you may see, newest first."""
        page, _ = api.read_page(request, f"posts:{user_id}")
        return api.page_of(page, partial(services.list_posts_of, user_id, actor=self.actor), serializers.render_post)


class PostReaction(Endpoint):
    budgets: ClassVar[dict[str, str]] = {"PUT": api.MESSAGES}

    @extend_schema(request=serializers.ReactionIn, responses=serializers.StandingOut)
    def put(self, request: Request, post_id: str) -> Response:
        """React to a post, or change your reaction."""
        return _react(self, request, post_id, None)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, post_id: str) -> Response:
        """Remove your reaction."""
        reactions.delete_reaction(post_id, None, actor=self.actor)
        return Response(status=204)


class Comments(Endpoint):
    budgets: ClassVar[dict[str, str]] = {"POST": api.MESSAGES}

    @extend_schema(parameters=[fields.PageQuery], responses=CommentList)
    def get(self, request: Request, post_id: str) -> Response:
        """List the comments on a post with their replies, oldest first."""
        page, _ = api.read_page(request, f"comments:{post_id}")
        read = partial(comments.list_comments, post_id, actor=self.actor)
        return api.page_of(page, read, serializers.render_comment)

    @extend_schema(request=serializers.CommentIn, responses={201: serializers.CommentOut})
    @idempotent
    def post(self, request: Request, post_id: str) -> Response:
        """Comment on a post, or reply to a comment."""
        body = api.read_body(request, serializers.CommentIn)
        view = comments.create_comment(
            post_id=post_id,
            comment_id=request.new_id,  # type: ignore[attr-defined]
            content=body["content"],
            parent_id=body.get("parent_id"),
            actor=self.actor,
        )
        response = _comment(view, status=201)
        response["Location"] = f"/v1/posts/{post_id}/comments/{view.comment.id}"
        return response


class CommentDetail(Endpoint):
    @extend_schema(responses=serializers.CommentOut)
    def get(self, request: Request, post_id: str, comment_id: str) -> Response:
        """Read a comment. You can read your own even if the post is no longer visible to you."""
        return _comment(comments.get_comment(post_id, comment_id, actor=self.actor))

    @extend_schema(request=serializers.CommentChangeIn, responses=serializers.CommentOut, parameters=[IF_MATCH])
    def patch(self, request: Request, post_id: str, comment_id: str) -> Response:
        """Change your own comment."""
        body = api.read_body(request, serializers.CommentChangeIn, partial=True)
        check = http.version_check(request)
        view = comments.edit_comment(post_id, comment_id, actor=self.actor, content=body.get("content"), check=check)
        return _comment(view)

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: Request, post_id: str, comment_id: str) -> Response:
        """Delete a comment with its replies: your own, or any on your own post."""
        check = http.version_check(request)
        comments.delete_comment(post_id, comment_id, actor=self.actor, check=check)
        return Response(status=204)


class CommentReaction(Endpoint):
    budgets: ClassVar[dict[str, str]] = {"PUT": api.MESSAGES}

    @extend_schema(request=serializers.ReactionIn, responses=serializers.StandingOut)
    def put(self, request: Request, post_id: str, comment_id: str) -> Response:
        """React to a comment, or change your reaction."""
        return _react(self, request, post_id, comment_id)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, post_id: str, comment_id: str) -> Response:
        """Remove your reaction."""
        reactions.delete_reaction(post_id, comment_id, actor=self.actor)
        return Response(status=204)


def _react(endpoint: Endpoint, request: Request, post_id: str, comment_id: str | None) -> Response:
    body = api.read_body(request, serializers.ReactionIn)
    standing = reactions.set_reaction(post_id, comment_id, actor=endpoint.actor, reaction=Reaction(body["reaction"]))
    return Response(serializers.render_standing(standing))


def _post(view: PostView, status: int = 200) -> Response:
    return Response(serializers.render_post(view), status=status, headers={"ETag": serializers.post_etag(view.post)})


def _comment(view: CommentView, status: int = 200) -> Response:
    headers = {"ETag": serializers.comment_etag(view)}
    return Response(serializers.render_comment(view), status=status, headers=headers)
