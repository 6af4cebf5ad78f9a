"""Rows of moderation: reports, cases and appeals."""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from apps.core.models import BodyAttribute, Item, MomentAttribute
from apps.moderation.content import AppealStatus, Status


class ReportCase(Item, discriminator="report_case"):
    """How it stands with one target; `reporters` counts distinct people since a moderator has decided on it last."""

    user_id = UnicodeAttribute()
    target_type = UnicodeAttribute()
    target_id = UnicodeAttribute()
    reporters = NumberAttribute(default=0)
    status = UnicodeAttribute(default=Status.OPEN.value)
    # Whose reports counted lately: accounts younger than a day, and those behind one address, count once together.
    voices = BodyAttribute(default=list)
    # Begins anew with each decision that shows the target again: reports before it count no longer.
    round = NumberAttribute(default=1)


class OwnReport(Item, discriminator="own_report"):
    """Lists a report among somebody's; the report lies with its target."""

    target_type = UnicodeAttribute()
    target_id = UnicodeAttribute()


class Report(Item, discriminator="report"):
    """What one person says of one target."""

    user_id = UnicodeAttribute()
    target_type = UnicodeAttribute()
    target_id = UnicodeAttribute()
    reason = UnicodeAttribute()
    note = UnicodeAttribute(null=True)
    created_at = MomentAttribute()
    round = NumberAttribute(default=1)
    # Whether it is one of the reporters that the case counts, and by which voice.
    counts = BooleanAttribute(default=True)
    voice = BodyAttribute(null=True)
    # Withdrawn after a decision: it stays, so that nobody reports the same thing again and again.
    withdrawn = BooleanAttribute(null=True)


class ReporterRecord(Item, discriminator="reporter_record"):
    """How often moderators agreed with somebody's reports, and how often not."""

    right = NumberAttribute(default=0)
    wrong = NumberAttribute(default=0)

    @property
    def is_often_wrong(self) -> bool:
        """Say whether reports of this person count no longer: three wrong ones, and twice as many as right ones."""
        return int(self.wrong) >= _WRONG_REPORTS and int(self.wrong) > 2 * int(self.right)


_WRONG_REPORTS = 3


class AbusePoints(Item, discriminator="abuse_points"):
    """Points of the last 30 days: [{at, points, cause}]."""

    body = BodyAttribute(default=list)


class Appeal(Item, discriminator="appeal"):
    """What somebody says against a decision about their content or account; one a decision."""

    user_id = UnicodeAttribute()
    target_type = UnicodeAttribute()
    target_id = UnicodeAttribute()
    decision_id = UnicodeAttribute()
    decided_by = UnicodeAttribute()
    text = UnicodeAttribute()
    status = UnicodeAttribute(default=AppealStatus.OPEN.value)
    created_at = MomentAttribute()
