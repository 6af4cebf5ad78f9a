"""Mentions (`@username`) in a text, and the notifications they cause."""

import re
from contextlib import suppress

from apps.core import ids, outbox
from apps.core.processed_events import AlreadyProcessed
from apps.core.transactions import Transaction, retry_conflicts
from apps.notifications.events import NotificationKind
from apps.posts import post_events
from apps.posts.models import CommentRow, PostRow
from apps.posts.repositories import comments, posts
from apps.users import services as users
from apps.users.people import USERNAME
from smartcooking.contract import queues

DELIVER_MENTIONS = outbox.Task("posts.mention", queues.NOTIFICATIONS)
WITHDRAW_MENTIONS = outbox.Task("posts.unmention", queues.NOTIFICATIONS)

# Maximum number of mentions in a text that notify somebody.
MAX_MENTIONS = 20
# Not inside a word, so that an e-mail address is not a mention.
_MENTION = re.compile(rf"(?<![\w@.])@({USERNAME.pattern})(?![a-z0-9_])", re.IGNORECASE)
_NO_COMMENT = "-"


def extract_usernames(text: str) -> list[str]:
    """Return the distinct usernames in a text, in order."""
    found: dict[str, None] = {}
    for match in _MENTION.finditer(text):
        found.setdefault(match[1].lower())
    return list(found)[:MAX_MENTIONS]


def enqueue_mentions(
    transaction: Transaction, post_id: str, comment_id: str = _NO_COMMENT, *, before: str, after: str
) -> None:
    """Notify people whom a text newly mentions. The worker decides who of them can see it.

    Withdraws notifications of people whom it no longer mentions.
    """
    known, named = extract_usernames(before), extract_usernames(after)
    if added := [name for name in named if name not in known]:
        transaction.after(DELIVER_MENTIONS, post_id, comment_id, ids.new_id(), *added)
    if dropped := [name for name in known if name not in named]:
        transaction.after(WITHDRAW_MENTIONS, post_id, comment_id, *dropped)


def deliver_mentions(post_id: str, comment_id: str, event_id: str, names: list[str]) -> None:
    """Notify mentioned people who can see the text, each once per text, however often it is edited.

    People who are notified of a comment anyway, as authors of the post or parent comment, get no second notification.
    """
    post = posts.find_post(post_id)
    comment = comments.find_comment(post_id, comment_id) if comment_id != _NO_COMMENT else None
    if post is None or (comment is None and comment_id != _NO_COMMENT):
        return
    told_anyway = _told_of(post, comment)
    for user_id in dict.fromkeys(filter(None, map(_somebody, names))):
        if user_id not in told_anyway and post_events.can_see(user_id, post, comment):
            with suppress(AlreadyProcessed):
                _notify(user_id, post, comment, event_id)


def withdraw_mentions(post_id: str, comment_id: str, names: list[str]) -> None:
    """Withdraw notifications of people whom a text no longer mentions. They may be mentioned again."""
    post = posts.find_post(post_id)
    comment = comments.find_comment(post_id, comment_id) if comment_id != _NO_COMMENT else None
    text = post if comment_id == _NO_COMMENT else comment
    if text is None:
        return
    content = text.content if isinstance(text, CommentRow) else text.body["content"]
    still_named = set(filter(None, map(_somebody, extract_usernames(content))))
    for user_id in dict.fromkeys(filter(None, map(_somebody, names))):
        if user_id not in still_named:
            post_events.withdraw_now(text, kind=NotificationKind.MENTION, to=user_id)
            post_events.unmark_mention(text.id, user_id)


def _somebody(name: str) -> str | None:
    """Return the mentioned person. A trailing dot may belong to the name, or end a sentence."""
    found = users.find_user_id(name)
    bare = name.rstrip(".")
    if found is None and bare != name and USERNAME.fullmatch(bare):
        return users.find_user_id(bare)
    return found


def _told_of(post: PostRow, comment: CommentRow | None) -> set[str]:
    """Return the author, and the people who are notified of a comment anyway."""
    if comment is None:
        return {post.user_id}
    parent = comments.find_comment(post.id, comment.parent_id) if comment.parent_id else None
    return {comment.user_id, post.user_id, *([parent.user_id] if parent else [])}


@retry_conflicts
def _notify(user_id: str, post: PostRow, comment: CommentRow | None, event_id: str) -> None:
    transaction = Transaction()
    text = comment or post
    post_events.mark_mention(transaction, text.id, user_id)
    event = ids.derived_id(text.id, user_id, at=ids.made_at(event_id))
    post_events.notify_viewer(transaction, text, kind=NotificationKind.MENTION, to=user_id, event_id=event)
    transaction.commit()
