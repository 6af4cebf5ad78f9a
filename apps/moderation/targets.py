"""What can be reported: finding it as its reporter sees it, and hiding it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from apps.core.authentication import Actor
from apps.core.transactions import Transaction
from apps.moderation.models import Target
from apps.posts import comments
from apps.posts import services as posts
from apps.posts.visibility import reader
from apps.recipes import services as recipes
from apps.users import services as users
from apps.users.errors import UserNotFound


def _nothing() -> None: ...


@dataclass(frozen=True, slots=True)
class Found:
    """Something that its reporter can see: whose it is (nobody's: empty), and how it is hidden in a transaction."""

    owner_id: str
    hide: Callable[[Transaction], None]
    after_hiding: Callable[[], None] = _nothing


def find(target: Target, target_id: str, *, actor: Actor) -> Found:
    """Return what is to be reported; the 404 of its kind where the actor cannot see it."""
    return _FINDERS[target](target_id, actor)


def _post(post_id: str, actor: Actor) -> Found:
    _, post = posts.read_visible(post_id, actor=actor)
    return Found(post.user_id, partial(posts.set_hidden, post=post, hidden=True))


def _comment(comment_id: str, actor: Actor) -> Found:
    comment = comments.find_visible(comment_id, actor=actor)
    return Found(comment.user_id, partial(comments.set_hidden, comment=comment, hidden=True))


def _recipe(recipe_id: str, actor: Actor) -> Found:
    stored = recipes.read_visible(recipe_id, actor=actor)
    return Found(
        stored.row.owner_id or "",
        partial(recipes.set_hidden, stored=stored, hidden=True),
        partial(recipes.show_state, stored),
    )


def _user(user_id: str, actor: Actor) -> Found:
    """Find anybody who is there and has no block with the reporter, also where their profile is private."""
    users.require_person(user_id)
    if reader(actor.id).circle.is_blocked(user_id):
        raise UserNotFound
    return Found(user_id, partial(users.set_hidden, user_id=user_id, hidden=True))


_FINDERS: dict[Target, Callable[[str, Actor], Found]] = {
    Target.POST: _post,
    Target.COMMENT: _comment,
    Target.RECIPE: _recipe,
    Target.USER: _user,
}
