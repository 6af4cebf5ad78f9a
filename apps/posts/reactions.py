"""Reactions: one per person and target, counted in the transaction that writes them."""

from dataclasses import dataclass

from pynamodb.expressions.update import Action

from apps.core import ids, own_deletions
from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.notifications.events import NotificationKind
from apps.posts import comments, counts, post_events, services
from apps.posts.content import Reaction
from apps.posts.errors import ReactionNotFound
from apps.posts.models import CommentRow, PostRow
from apps.posts.repositories import comments as comment_rows
from apps.posts.repositories import posts
from apps.posts.repositories import reactions as rows
from apps.users.visibility import load_viewer

_ATTRIBUTES = {Reaction.LIKE: "likes", Reaction.LOVE: "loves", Reaction.WOW: "wows"}


@dataclass(frozen=True, slots=True)
class ReactionSummary:
    """The result of a reaction: the target's counts by kind, and the caller's own reaction."""

    figures: dict[Reaction, int]
    mine: Reaction | None


@retry_conflicts
def set_reaction(post_id: str, comment_id: str | None, *, actor: Actor, reaction: Reaction) -> ReactionSummary:
    """React to a post or comment, replacing the actor's earlier reaction. Idempotent.

    6 write units for a public post, and 3 to notify its author; 2 read units, and 2 for the actor.
    """
    target = _target(post_id, comment_id, actor=actor)
    row = rows.find_reaction(target, actor.id)
    before = Reaction(row.reaction) if row else None
    if before == reaction:
        return ReactionSummary(_seen_figures(target, actor), reaction)
    transaction = Transaction()
    row = row or rows.build_reaction(target, actor.id, reaction)
    row.reaction = reaction.value
    transaction.save(row)
    if before is None:
        post_events.enqueue_event(transaction, target, kind=NotificationKind.REACTION, to=target.user_id, by=actor.id)
    summary = count_reaction(transaction, target, before=before, after=reaction)
    unseen = _unseen_figures(target, actor)
    return ReactionSummary({kind: number - unseen[kind] for kind, number in summary.figures.items()}, reaction)


def _seen_figures(target: PostRow | CommentRow, actor: Actor) -> dict[Reaction, int]:
    who = load_viewer(actor.id)
    if isinstance(target, PostRow):
        return counts.count_visible([target], who=who)[target.id].reactions
    return counts.count_visible_reactions([target], who=who)[target.id]


def _unseen_figures(target: PostRow | CommentRow, actor: Actor) -> dict[Reaction, int]:
    """Return the number of reactions by people whom the actor doesn't see."""
    seen = _seen_figures(target, actor)
    return {kind: number - seen[kind] for kind, number in target.figures.items()}


@retry_conflicts
def delete_reaction(post_id: str, comment_id: str | None, *, actor: Actor) -> ReactionSummary:
    """Remove the actor's reaction, even if they no longer see the target. Idempotent.

    Also withdraws the notification. Raises `ReactionNotFound` if there never was one.
    """
    target = _stored_target(post_id, comment_id)
    row = rows.find_reaction(target, actor.id) if target else None
    if target is None or row is None:
        figures = _target(post_id, comment_id, actor=actor).figures
        if not own_deletions.was_deleted_by(actor.id, _name(post_id, comment_id)):
            raise ReactionNotFound
        return ReactionSummary(figures, None)
    transaction = Transaction()
    transaction.delete(row)
    own_deletions.record_deletion(transaction, user_id=actor.id, deleted=_name(post_id, comment_id))
    post_events.withdraw_event(transaction, target, kind=NotificationKind.REACTION, to=target.user_id, by=actor.id)
    return count_reaction(transaction, target, before=Reaction(row.reaction), after=None)


def _name(post_id: str, comment_id: str | None) -> str:
    return f"reaction.{comment_id or post_id}"


def _stored_target(post_id: str, comment_id: str | None) -> PostRow | CommentRow | None:
    """Return the target of a reaction without checking visibility."""
    if not ids.is_id(post_id) or not (comment_id is None or ids.is_id(comment_id)):
        return None
    return posts.find_post(post_id) if comment_id is None else comment_rows.find_comment(post_id, comment_id)


def _target(post_id: str, comment_id: str | None, *, actor: Actor) -> PostRow | CommentRow:
    if comment_id is None:
        return services.get_visible_post(post_id, actor=actor)[1]
    return comments.get_visible_comment(post_id, comment_id, actor=actor)


def count_reaction(
    transaction: Transaction, target: PostRow | CommentRow, *, before: Reaction | None, after: Reaction | None
) -> ReactionSummary:
    """Update the counts and commit."""
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
