"""Reactions: one a person and target, counted in the transaction that writes them."""

from dataclasses import dataclass

from pynamodb.expressions.update import Action

from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.notifications.events import NotificationKind
from apps.posts import comments, post_events, services
from apps.posts.content import Reaction
from apps.posts.errors import ReactionNotFound
from apps.posts.models import CommentRow, PostRow
from apps.posts.repositories import comments as comment_rows
from apps.posts.repositories import posts
from apps.posts.repositories import reactions as rows

_ATTRIBUTES = {Reaction.LIKE: "likes", Reaction.LOVE: "loves", Reaction.WOW: "wows"}


@dataclass(frozen=True, slots=True)
class ReactionSummary:
    """What a reaction left behind: how often each kind was given to the target, and the caller's own."""

    figures: dict[Reaction, int]
    mine: Reaction | None


@retry_conflicts
def set_reaction(post_id: str, comment_id: str | None, *, actor: Actor, reaction: Reaction) -> ReactionSummary:
    """React to a post or a comment of it, replacing one's earlier reaction; the same one again changes nothing.

    6 write units for a public post and 3 for telling its author; 2 read units and 2 for the caller.
    """
    target = _target(post_id, comment_id, actor=actor)
    row = rows.find_reaction(target, actor.id)
    before = Reaction(row.reaction) if row else None
    if before == reaction:
        return ReactionSummary(target.figures, reaction)
    transaction = Transaction()
    row = row or rows.build_reaction(target, actor.id, reaction)
    row.reaction = reaction.value
    transaction.save(row)
    if before is None:
        post_events.enqueue_event(transaction, target, kind=NotificationKind.REACTION, to=target.user_id, by=actor.id)
    return count_reaction(transaction, target, before=before, after=reaction)


@retry_conflicts
def delete_reaction(post_id: str, comment_id: str | None, *, actor: Actor) -> ReactionSummary:
    """Take one's reaction back; `ReactionNotFound` where there is none."""
    target = _target(post_id, comment_id, actor=actor)
    row = rows.find_reaction(target, actor.id)
    if row is None:
        raise ReactionNotFound
    transaction = Transaction()
    transaction.delete(row)
    return count_reaction(transaction, target, before=Reaction(row.reaction), after=None)


def _target(post_id: str, comment_id: str | None, *, actor: Actor) -> PostRow | CommentRow:
    if comment_id is None:
        return services.get_visible_post(post_id, actor=actor)[1]
    return comments.get_visible_comment(post_id, comment_id, actor=actor)


def count_reaction(
    transaction: Transaction, target: PostRow | CommentRow, *, before: Reaction | None, after: Reaction | None
) -> ReactionSummary:
    """Move the figures along and commit."""
    moved = dict(target.figures)
    steps = [(kind, step) for kind, step in ((before, -1), (after, 1)) if kind is not None]
    for kind, step in steps:
        moved[kind] += step
    if isinstance(target, PostRow):
        posts.add_to_figures(transaction, target, [_add(PostRow, kind, step) for kind, step in steps])
    else:
        comment_rows.add_to_figures(transaction, target, [_add(CommentRow, kind, step) for kind, step in steps])
    transaction.commit()
    return ReactionSummary(moved, after)


def _add(model: type[PostRow | CommentRow], kind: Reaction, step: int) -> Action:
    action: Action = getattr(model, _ATTRIBUTES[kind]).add(step)
    return action
