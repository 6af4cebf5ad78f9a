"""Notify people of reactions and comments, if they can see the post at the moment of delivery."""

from apps.core import ids, outbox, processed_events
from apps.core.transactions import Transaction
from apps.notifications import delivery, removal
from apps.notifications import services as notifications
from apps.notifications.events import NotificationEvent, NotificationKind, NotificationTarget
from apps.notifications.removal import Told
from apps.posts.models import CommentRow, PostRow
from apps.posts.repositories import comments, posts, reactions
from apps.posts.visibility import comment_visible_to, visible_to
from apps.users.visibility import load_viewer
from smartcooking.contract import queues

DELIVER_EVENT = outbox.Task("posts.tell", queues.NOTIFICATIONS)
WITHDRAW_EVENT = outbox.Task("posts.withdraw", queues.NOTIFICATIONS)
RECHECK_POST = outbox.Task("posts.recheck", queues.NOTIFICATIONS)


def enqueue_event(
    transaction: Transaction,
    text: PostRow | CommentRow,
    *,
    kind: NotificationKind,
    to: str,
    by: str,
    event_id: str | None = None,
) -> None:
    """Notify somebody of a text, or of a reaction to one, with `transaction`: 3 write units."""
    notifications.deliver_after_commit(
        transaction, _event(text, kind, to, by, event_id or ids.new_id()), via=DELIVER_EVENT
    )


def notify_viewer(
    transaction: Transaction, text: PostRow | CommentRow, *, kind: NotificationKind, to: str, event_id: str
) -> None:
    """Notify somebody who can see a text, without a check."""
    notifications.deliver_after_commit(transaction, _event(text, kind, to, text.user_id, event_id))


def withdraw_event(
    transaction: Transaction, text: PostRow | CommentRow, *, kind: NotificationKind, to: str, by: str
) -> None:
    """Withdraw the notification of what `by` undid, with `transaction`: 3 write units."""
    if to != by:
        transaction.after(WITHDRAW_EVENT, *_event(text, kind, to, by, ids.new_id()).arguments)


def withdraw_reaction(event: NotificationEvent) -> None:
    """Remove the notification of a reaction, unless its author has reacted again. Safe to repeat."""
    post = posts.find_post(event.post_id)
    is_comment = event.target_type is NotificationTarget.COMMENT
    target = comments.find_comment(event.post_id, event.target_id) if is_comment else post
    if target is None or reactions.find_reaction(target, event.actor_id) is None:
        removal.withdraw(event)


def withdraw_now(text: PostRow | CommentRow, *, kind: NotificationKind, to: str) -> None:
    """Remove somebody's notification of a text."""
    removal.withdraw(_event(text, kind, to, text.user_id, ids.new_id()))


def deliver_event(event: NotificationEvent) -> None:
    """Notify of an event, unless its text was deleted or isn't visible to the recipient.

    The author of a comment may no longer see its post, and is then not notified. A reaction that was removed meanwhile
    notifies nobody. 2 read units for the texts, 2 to 6 for the person.
    """
    post = posts.find_post(event.post_id)
    comment = (
        comments.find_comment(event.post_id, event.target_id)
        if event.target_type is NotificationTarget.COMMENT
        else None
    )
    if post is None or (comment is None and event.target_type is NotificationTarget.COMMENT):
        return
    if event.kind is NotificationKind.REACTION and reactions.find_reaction(comment or post, event.actor_id) is None:
        return
    if can_see(event.to, post, comment):
        delivery.deliver(event)


def recheck_post(post_id: str) -> None:
    """Remove notifications about a post and its comments from people who can no longer see them. Safe to repeat.

    People whose mention is removed are notified again when they see the post again.
    """
    for told in removal.list_about(post_id):
        if not _is_visible(told):
            if told.kind == NotificationKind.MENTION:
                unmark_mention(told.target_id, told.user_id)
            removal.remove(told)


def mark_mention(transaction: Transaction, text_id: str, user_id: str) -> None:
    """Let `transaction` commit once for this person and text; `AlreadyProcessed` if they were told of the mention."""
    processed_events.mark_processed(transaction, scope="mention", event=f"{text_id}.{user_id}")


def unmark_mention(text_id: str, user_id: str) -> None:
    processed_events.unmark_processed(scope="mention", event=f"{text_id}.{user_id}")


def recheck_between(one: str, other: str) -> None:
    """Remove notifications of two people about each other's posts that they no longer see."""
    for user_id in (one, other):
        for told in list(removal.list_of(user_id)):
            if told.post_id and not _is_visible(told):
                removal.remove(told)


def _is_visible(told: Told) -> bool:
    """Return whether a notification's target exists and is visible to its reader: 4 read units or more."""
    post = posts.find_post(told.post_id) if told.post_id else None
    if post is None:
        return False
    is_comment = told.target_type == NotificationTarget.COMMENT
    comment = comments.find_comment(post.id, told.target_id) if is_comment else None
    return (comment is not None or not is_comment) and can_see(told.user_id, post, comment)


def can_see(user_id: str, post: PostRow, comment: CommentRow | None) -> bool:
    """Return whether somebody sees a post, and its comment if one is given."""
    who = load_viewer(user_id)
    return visible_to(who, post.user_id, post) and (comment is None or comment_visible_to(who, comment))


def _event(text: PostRow | CommentRow, kind: NotificationKind, to: str, by: str, event_id: str) -> NotificationEvent:
    if isinstance(text, CommentRow):
        return NotificationEvent(kind, to, by, NotificationTarget.COMMENT, text.id, event_id, text.post_id)
    return NotificationEvent(kind, to, by, NotificationTarget.POST, text.id, event_id, text.id)
