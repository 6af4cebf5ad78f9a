"""Rows of moderation: reports, cases and appeals."""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from apps.core.models import BodyAttribute, Item, MomentAttribute
from apps.moderation.content import AppealStatus, Status


class ReportCase(Item, discriminator="report_case"):
    """The reports on one target. `reporters` counts distinct people since a moderator's last decision."""

    user_id = UnicodeAttribute()
    target_type = UnicodeAttribute()
    target_id = UnicodeAttribute()
    reporters = NumberAttribute(default=0)
    status = UnicodeAttribute(default=Status.OPEN.value)
    # Whose reports were counted recently. Accounts younger than a day, and accounts behind one address, count once
    # together.
    voices = BodyAttribute(default=list)
    # Each decision that shows the target again starts a new round, after which earlier reports no longer count.
    round = NumberAttribute(default=1)


class OwnReport(Item, discriminator="own_report"):
    """Lists a report among its author's. The report itself is stored with its target."""

    target_type = UnicodeAttribute()
    target_id = UnicodeAttribute()


class Report(Item, discriminator="report"):
    """One person's report of one target."""

    user_id = UnicodeAttribute()
    target_type = UnicodeAttribute()
    target_id = UnicodeAttribute()
    reason = UnicodeAttribute()
    note = UnicodeAttribute(null=True)
    created_at = MomentAttribute()
    round = NumberAttribute(default=1)
    # Whether the case counts this report, and as whose voice.
    counts = BooleanAttribute(default=True)
    voice = BodyAttribute(null=True)
    # Set if withdrawn after a decision. The row stays, so that nobody can report the same target repeatedly.
    withdrawn = BooleanAttribute(null=True)


class ReporterRecord(Item, discriminator="reporter_record"):
    """How often moderators agreed and disagreed with somebody's reports."""

    right = NumberAttribute(default=0)
    wrong = NumberAttribute(default=0)

    @property
    def is_often_wrong(self) -> bool:
        """Return whether this person's reports no longer count: three or more wrong ones, over twice the right ones."""
        return int(self.wrong) >= _WRONG_REPORTS and int(self.wrong) > 2 * int(self.right)


_WRONG_REPORTS = 3


class AbusePoints(Item, discriminator="abuse_points"):
    """Somebody's points of the last 30 days: [{at, points, cause}]."""

    body = BodyAttribute(default=list)


class RefusedSignIns(Item, discriminator="refused_sign_ins"):
    """How often a name was refused from one address within a window; the audit log has one entry for all of them."""

    judged = NumberAttribute(default=0)
    # Refused without a check, after too many attempts.
    throttled = NumberAttribute(default=0)
    last_at = MomentAttribute(null=True)


class Appeal(Item, discriminator="appeal"):
    """An appeal against a decision about somebody's content or account. One per decision."""

    user_id = UnicodeAttribute()
    target_type = UnicodeAttribute()
    target_id = UnicodeAttribute()
    decision_id = UnicodeAttribute()
    decided_by = UnicodeAttribute()
    text = UnicodeAttribute()
    status = UnicodeAttribute(default=AppealStatus.OPEN.value)
    created_at = MomentAttribute()
