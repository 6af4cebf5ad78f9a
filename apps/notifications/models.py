"""Rows of notifications, the inbox that counts the unread, folds of reactions, and settings."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from apps.core import clock
from apps.core.models import BodyAttribute, Item, MomentAttribute, Raw
from apps.notifications.events import NotificationKind, NotificationTarget

# Notifications expire at the end of the thirtieth day (UTC).
KEPT_DAYS = 30
# For how long after the first notification further reactions on a target are folded into it.
FOLD_FOR = timedelta(hours=1)
# Actors kept per row, so that another can be shown if the latest is blocked.
ACTORS_KEPT = 10


class Mail(StrEnum):
    """Groups of mails that can be switched off."""

    FRIEND_REQUESTS = "friend_requests"
    APPROVALS = "approvals"
    ACCOUNT = "account"


MAILED = {
    NotificationKind.FRIEND_REQUEST: Mail.FRIEND_REQUESTS,
    NotificationKind.RECIPE_APPROVED: Mail.APPROVALS,
    NotificationKind.RECIPE_REJECTED: Mail.APPROVALS,
    NotificationKind.ACCOUNT: Mail.ACCOUNT,
}


def _at_a_post(raw: Raw) -> Raw:
    """Shape 1 had no `post_id`: for a post it is the target, for a comment it is lost."""
    if raw.get("target_type") == {"S": NotificationTarget.POST.value}:
        return {**raw, "post_id": raw["target_id"]}
    return raw


class NotificationRow(Item, discriminator="notification"):
    """One notification. `actor_ids` are the latest of the `people` who caused it, newest first.

    `epoch` is the inbox's at arrival: a notification is read once marked individually or by read-all. A deleted one
    stays as a tombstone without content until its message can no longer be redelivered. `post_id` is the post that is,
    or contains, the target.
    """

    SCHEMA = 2
    UPCASTERS = {1: _at_a_post}

    about = UnicodeAttribute()
    actor_ids = BodyAttribute(default=list)
    people = NumberAttribute(default=1)
    target_type = UnicodeAttribute()
    target_id = UnicodeAttribute()
    post_id = UnicodeAttribute(null=True)
    # A moderator's act and reason, if the notification is about one.
    act = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    epoch = NumberAttribute(default=0)
    is_read_singly = BooleanAttribute(default=False, attr_name="read_by_itself")
    deleted = BooleanAttribute(default=False)
    created_at = MomentAttribute()

    @property
    def subject_id(self) -> str:
        """The post's id, or the target's own."""
        return self.post_id or self.target_id

    def is_unread(self, inbox: "Inbox") -> bool:
        return not self.is_read_singly and not self.deleted and self.epoch == inbox.epoch


class Inbox(Item, discriminator="inbox"):
    """Unread counts by day of arrival; all notifications of a day expire together.

    Marking all as read raises `epoch`: every earlier notification then counts as read, however many there are. `mails`
    is the number of mails sent in `mail_hour`.
    """

    epoch = NumberAttribute(default=0)
    days = BodyAttribute(default=dict)
    mail_hour = UnicodeAttribute(null=True)
    mails = NumberAttribute(default=0)

    @property
    def unread(self) -> int:
        return sum(self._kept_days().values())

    def adjust(self, came_at: datetime, by: int) -> None:
        """Add or subtract a notification, and drop expired days."""
        day = came_at.astimezone(UTC).date().isoformat()
        days = self._kept_days()
        days[day] = days.get(day, 0) + by
        self.days = {day: count for day, count in days.items() if count > 0}

    def read_all(self) -> None:
        self.epoch, self.days = int(self.epoch) + 1, {}

    def may_be_mailed(self, most: int) -> bool:
        return self.mail_hour != _this_hour() or int(self.mails) < most

    def count_mail(self) -> None:
        hour = _this_hour()
        self.mails = int(self.mails) + 1 if self.mail_hour == hour else 1
        self.mail_hour = hour

    def _kept_days(self) -> dict[str, int]:
        now = clock.now()
        return {day: count for day, count in self.days.items() if end_of(date.fromisoformat(day)) > now}


class Fold(Item, discriminator="fold"):
    """The notification to which further reactions on a target are added."""

    notification_id = UnicodeAttribute()


class Folded(Item, discriminator="folded"):
    """Marks a reaction as notified, so that repeating it does not count twice."""


class SettingsRow(Item, discriminator="notification_settings"):
    """A person's notification settings. Missing kinds are on."""

    language = UnicodeAttribute(null=True)
    in_app = BodyAttribute(default=dict)
    email = BodyAttribute(default=dict)

    def shows(self, kind: NotificationKind) -> bool:
        return bool(self.in_app.get(kind.value, True))

    def mails(self, kind: NotificationKind) -> bool:
        return kind in MAILED and bool(self.email.get(MAILED[kind].value, True))


def end_of(day: date) -> datetime:
    """Return when notifications that arrived on `day` expire."""
    return datetime.combine(day + timedelta(days=KEPT_DAYS + 1), time(), UTC)


def expires_at(came_at: datetime) -> int:
    return clock.epoch(end_of(came_at.astimezone(UTC).date()))


def _this_hour() -> str:
    return clock.iso(clock.now())[:13]
