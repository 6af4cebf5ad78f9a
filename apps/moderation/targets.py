"""Targets of reports: find one as its reporter sees it, hide it, and show it again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from apps.core.authentication import Actor
from apps.core.transactions import Transaction
from apps.moderation.content import Target
from apps.posts import comments
from apps.posts import services as posts
from apps.posts.comments import Comment
from apps.posts.services import Post
from apps.recipes import services as recipes
from apps.recipes.services import StoredRecipe
from apps.users import relations
from apps.users import services as users
from apps.users.errors import UserNotFound


class SetHidden(Protocol):
    def __call__(self, transaction: Transaction, *, hidden: bool) -> None: ...


def _nothing() -> None: ...


@dataclass(frozen=True, slots=True)
class Reportable:
    """Something that can be hidden: its owner (or ""), how to hide it in a transaction, and what to do afterwards.

    `version` is the version of the row that stores whether it is hidden; 0 for people, whose row is not read.
    """

    owner_id: str
    set_hidden: SetHidden
    after_commit: Callable[[], None] = _nothing
    version: int = 0


def get_visible_target(target: Target, target_id: str, *, actor: Actor) -> Reportable:
    """Return a target to report; the 404 of its kind if the actor can't see it."""
    return _FINDERS[target](target_id, actor)


def get_target(target: Target, target_id: str) -> Reportable:
    """Return a reported target, for moderators; the 404 of its kind if it was deleted."""
    return _GETTERS[target](target_id)


def _find_post(post_id: str, actor: Actor) -> Reportable:
    return _post(posts.get_visible_post(post_id, actor=actor)[1])


def _find_comment(comment_id: str, actor: Actor) -> Reportable:
    return _comment(comments.get_visible_comment_by_id(comment_id, actor=actor))


def _find_recipe(recipe_id: str, actor: Actor) -> Reportable:
    return _recipe(recipes.get_visible_recipe(recipe_id, actor=actor))


def _find_user(user_id: str, actor: Actor) -> Reportable:
    """Find a person, unless they and the reporter are blocked. Includes people with private or hidden profiles."""
    found = _get_user(user_id)
    if relations.load_relations(actor.id).is_blocked(user_id):
        raise UserNotFound
    return found


def _get_user(user_id: str) -> Reportable:
    users.require_person(user_id)

    def set_hidden(transaction: Transaction, *, hidden: bool) -> None:
        users.set_hidden(transaction, user_id=user_id, hidden=hidden)

    return Reportable(user_id, set_hidden)


def _post(post: Post) -> Reportable:
    def set_hidden(transaction: Transaction, *, hidden: bool) -> None:
        posts.set_hidden(transaction, post, hidden=hidden)

    return Reportable(post.user_id, set_hidden, version=int(post.version or 0))


def _comment(comment: Comment) -> Reportable:
    def set_hidden(transaction: Transaction, *, hidden: bool) -> None:
        comments.set_hidden(transaction, comment, hidden=hidden)

    return Reportable(comment.user_id, set_hidden, version=int(comment.version or 0))


def _recipe(stored: StoredRecipe) -> Reportable:
    def set_hidden(transaction: Transaction, *, hidden: bool) -> None:
        recipes.set_hidden(transaction, stored, hidden=hidden)

    return Reportable(
        stored.row.owner_id or "",
        set_hidden,
        lambda: recipes.apply_committed_state(stored),
        version=int(stored.state.version or 0),
    )


_FINDERS: dict[Target, Callable[[str, Actor], Reportable]] = {
    Target.POST: _find_post,
    Target.COMMENT: _find_comment,
    Target.RECIPE: _find_recipe,
    Target.USER: _find_user,
}
_GETTERS: dict[Target, Callable[[str], Reportable]] = {
    Target.POST: lambda id_: _post(posts.get_stored_post(id_)),
    Target.COMMENT: lambda id_: _comment(comments.get_stored_comment(id_)),
    Target.RECIPE: lambda id_: _recipe(recipes.get_stored_recipe(id_)),
    Target.USER: _get_user,
}
