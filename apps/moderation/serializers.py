"""The wire format of reports."""

from typing import Any

from rest_framework import serializers

from apps.core import clock, fields
from apps.moderation.models import Reason, Report, Target

TARGETS = [target.value for target in Target]
REASONS = [reason.value for reason in Reason]


class ReportIn(fields.Strict):
    target_type = fields.Choice(TARGETS)
    target_id = serializers.RegexField(r"^[0-9A-Za-z-]{26,36}\Z", help_text="The id of a post, comment, recipe, user.")
    reason = fields.Choice(REASONS)
    note = fields.TextField(required=False, allow_null=True, allow_blank=True, max_length=500)


class ReportOut(serializers.Serializer[Any]):
    target_type = serializers.ChoiceField(TARGETS)
    target_id = serializers.CharField()
    reason = serializers.ChoiceField(REASONS)
    note = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()


def render(row: Report) -> dict[str, Any]:
    return {
        "target_type": row.target_type,
        "target_id": row.target_id,
        "reason": row.reason,
        "note": row.note,
        "created_at": clock.iso(row.created_at),
    }
