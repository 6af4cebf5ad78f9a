"""Counts of reactions and comments as one reader sees them: without blocked people.

The counts stored with a post or comment include everybody. Most readers have no blocks and see them unchanged: 0 read
units. For others, one query per blocked person finds their reactions and comments on a page of posts: half a read unit
each.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from apps.posts.content import Reaction
from apps.posts.models import CommentRow, PostRow
from apps.posts.repositories import comments, reactions
from apps.users import relations
from apps.users.visibility import Viewer


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of reactions by kind and of comments that a reader can see."""

    reactions: dict[Reaction, int]
    comments: int


def count_visible(found: Sequence[PostRow], *, who: Viewer) -> dict[str, Counts]:
    """Return the counts of posts, by id, without people whom the reader doesn't see."""
    unseen_reactions = _unseen_reactions([post for post in found if any(post.figures.values())], who)
    unseen_comments = _unseen_comments([post for post in found if post.comment_count], who)
    return {
        post.id: Counts(
            _subtract(post.figures, unseen_reactions.get(post.id)),
            max(0, int(post.comment_count) - unseen_comments[post.id]),
        )
        for post in found
    }


def count_visible_reactions(found: Sequence[CommentRow], *, who: Viewer) -> dict[str, dict[Reaction, int]]:
    """Return the reactions to comments of one post, by id, without people whom the reader doesn't see."""
    reacted = [comment for comment in found if any(comment.figures.values())]
    unseen: dict[str, Counter[Reaction]] = {}
    for user_id in _blocked(who) if reacted else ():
        given = reactions.list_reactions_to_comments(user_id, reacted[0].post_id, [one.id for one in reacted])
        _count(unseen, given)
    return {comment.id: _subtract(comment.figures, unseen.get(comment.id)) for comment in found}


def _unseen_reactions(found: Sequence[PostRow], who: Viewer) -> dict[str, Counter[Reaction]]:
    unseen: dict[str, Counter[Reaction]] = {}
    for user_id in _blocked(who) if found else ():
        _count(unseen, reactions.find_reactions_to_posts(user_id, [post.id for post in found]))
    return unseen


def _unseen_comments(found: Sequence[PostRow], who: Viewer) -> Counter[str]:
    unseen: Counter[str] = Counter()
    if found:
        oldest = min(post.id for post in found)
        for user_id in _blocked(who):
            unseen.update(post_id for post_id, _ in comments.iterate_comments_by(user_id, newer_than=oldest))
    return unseen


def _blocked(who: Viewer) -> list[str]:
    return [relations.unpack(packed) for packed in sorted(who.relations.blocked)]


def _count(unseen: dict[str, Counter[Reaction]], given: dict[str, str]) -> None:
    for target_id, reaction in given.items():
        unseen.setdefault(target_id, Counter())[Reaction(reaction)] += 1


def _subtract(figures: dict[Reaction, int], unseen: Counter[Reaction] | None) -> dict[Reaction, int]:
    if unseen is None:
        return figures
    return {kind: max(0, number - unseen[kind]) for kind, number in figures.items()}
