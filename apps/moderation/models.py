"""Rows of moderation: what was reported, by whom, and how it stands."""

from enum import StrEnum

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from apps.core.models import Item, MomentAttribute


class Target(StrEnum):
    POST = "post"
    COMMENT = "comment"
    RECIPE = "recipe"
    USER = "user"


class Reason(StrEnum):
    SPAM = "spam"
    HARASSMENT = "harassment"
    HATE = "hate"
    VIOLENCE = "violence"
    NUDITY = "nudity"
    FALSE_INFORMATION = "false_information"
    UNSAFE = "unsafe"
    COPYRIGHT = "copyright"
    OTHER = "other"


class Status(StrEnum):
    """Open: too few have reported it; hidden: it waits for a moderator."""

    OPEN = "open"
    HIDDEN = "hidden"


class ReportCase(Item, discriminator="report_case"):
    """How it stands with one target; `reporters` counts distinct people since a moderator has decided on it last."""

    user_id = UnicodeAttribute()
    target_type = UnicodeAttribute()
    target_id = UnicodeAttribute()
    reporters = NumberAttribute(default=0)
    status = UnicodeAttribute(default=Status.OPEN.value)


class Report(Item, discriminator="report"):
    """What one person says of one target."""

    user_id = UnicodeAttribute()
    target_type = UnicodeAttribute()
    target_id = UnicodeAttribute()
    reason = UnicodeAttribute()
    note = UnicodeAttribute(null=True)
    created_at = MomentAttribute()
