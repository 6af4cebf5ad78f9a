"""The wire format of reports, appeals, queues and moderators' actions."""

import re
from dataclasses import asdict
from typing import Any, ClassVar

from rest_framework import serializers

from apps.core import clock, fields, keys
from apps.core.audit import AuditEntry
from apps.moderation import dead_letters, operations
from apps.moderation.content import Reason, Target
from apps.moderation.dead_letters import DeadLetter
from apps.moderation.models import Appeal, Report, ReportCase
from apps.moderation.queues import Queue
from apps.recipes import editions, reviewing

TARGETS = [target.value for target in Target]
REASONS = [reason.value for reason in Reason]


_TARGET_ID = r"^[0-9A-Za-z-]{26,36}\Z"


def is_target_id(text: str) -> bool:
    return re.match(_TARGET_ID, text) is not None


class ReportIn(fields.Strict):
    target_type = fields.Choice(TARGETS)
    target_id = serializers.RegexField(_TARGET_ID, help_text="The id of the post, comment, recipe or user.")
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


QUEUES = ("recipes", "reports", "names", "appeals", "suspended", "jobs")
APPEALABLE = TARGETS


class QueueSummaryOut(serializers.Serializer[Any]):
    name = serializers.ChoiceField(QUEUES)
    count = serializers.IntegerField(help_text="Exact up to 1,000.")
    oldest = serializers.DateTimeField(allow_null=True)


class QueuesOut(serializers.Serializer[Any]):
    items = QueueSummaryOut(many=True)


class QueueEntryOut(serializers.Serializer[Any]):
    """An entry of a queue. Pass `version` in `If-Match`; `details` depend on the queue.

    For actions on people it is the version of their suspension: 0 if they were never suspended.
    """

    id = serializers.CharField()
    title = serializers.CharField(allow_null=True)
    since = serializers.DateTimeField()
    version = serializers.IntegerField()
    acts = serializers.ListField(child=serializers.CharField())
    details = serializers.DictField()


class SubjectOut(QueueEntryOut):
    """Like an entry of its queue. If it is not in the queue, `since` is null and `status` is the decision.

    The status of a person is `suspended` or `active`.
    """

    SENDS_ETAG: ClassVar[bool] = True

    since = serializers.DateTimeField(allow_null=True)
    status = serializers.CharField()


class ActIn(fields.Strict):
    """Parameters of an action: usually a reason; `suspend` an end, `map` an ingredient, `merge` the recipe that stays.

    `correct_meaning` takes the `line`, counted from 0, and the ingredient that it means; with null its name decides
    again. If the ingredient doesn't have that name, the response is 409 `meaning_not_confirmed` with the `effect` on
    the recipe, until the request is `confirmed`.
    """

    reason = fields.TextField(required=False, allow_blank=True, max_length=1000, default="")
    until = serializers.DateTimeField(required=False)
    ingredient_id = fields.Id(required=False, allow_null=True)
    line = fields.WholeNumber(required=False, min_value=0, max_value=49)
    confirmed = fields.Flag(required=False)
    language = fields.Choice(("vi", "en"), required=False)
    into = fields.Id(required=False)


class DecisionOut(serializers.Serializer[Any]):
    """The action was performed. `id` is its audit entry's."""

    id = serializers.CharField()


class AuditQuery(fields.PageQuery):
    actor = serializers.CharField(required=False, max_length=64)
    target = serializers.CharField(required=False, max_length=100, help_text='For example "recipe:01…".')
    act = serializers.CharField(required=False, max_length=40)
    since = serializers.DateTimeField(required=False)


class AuditEntryOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    at = serializers.DateTimeField()
    actor = serializers.DictField()
    act = serializers.CharField()
    target_type = serializers.CharField()
    target_id = serializers.CharField()
    title = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class AppealIn(fields.Strict):
    target_type = fields.Choice(TARGETS)
    target_id = serializers.RegexField(
        _TARGET_ID, help_text="The id of the content or account that the decision is about."
    )
    text = fields.TextField(max_length=2000)


class AppealOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    target_type = serializers.ChoiceField(TARGETS)
    target_id = serializers.CharField()
    text = serializers.CharField()
    status = serializers.CharField()
    created_at = serializers.DateTimeField()


def render_queue(queue: Queue) -> dict[str, Any]:
    return {"name": queue.name, "count": queue.count, "oldest": clock.iso(queue.oldest) if queue.oldest else None}


def render_appeal(row: Appeal) -> dict[str, Any]:
    return {
        "id": row.decision_id,
        "target_type": row.target_type,
        "target_id": row.target_id,
        "text": row.text,
        "status": row.status,
        "created_at": clock.iso(row.created_at),
    }


def render_audit(entry: AuditEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": clock.iso(entry.at),
        "actor": {"id": entry.actor_id, "username": entry.actor_name},
        **{
            name: getattr(entry, name)
            for name in ("act", "target_type", "target_id", "title", "reason", "before", "after")
        },
    }


def render_recipe(stored: Any) -> dict[str, Any]:
    content, edition = reviewing.content_of(stored), stored.edition
    return _entry(
        stored.id, content.title, stored.state, "recipes",
        owner=stored.row.owner_name, source=stored.row.source, allergens=list(content.allergens),
        allergens_complete=content.allergens_complete, ratings=int(stored.state.rating_count),
        edition=int(edition.number if edition else stored.state.edition),
        changes=[asdict(change) for change in editions.changes_of(stored)],
        ingredients=[{"name": line.name, "ingredient_id": line.ingredient_id} for line in content.ingredients],
    )  # fmt: skip


def render_case(row: ReportCase) -> dict[str, Any]:
    return _entry(
        f"{row.target_type}:{row.target_id}", None, row, "reports",
        target_type=row.target_type, target_id=row.target_id, owner_id=row.user_id, reporters=int(row.reporters),
    )  # fmt: skip


def render_name(row: Any) -> dict[str, Any]:
    return _entry(keys.last_part(row.pk), row.name, row, "names", reporters=int(row.reporters))


def render_queued_appeal(row: Appeal) -> dict[str, Any]:
    return _entry(
        row.decision_id, None, row, "appeals",
        user_id=row.user_id, target_type=row.target_type, target_id=row.target_id, text=row.text,
    )  # fmt: skip


def render_suspension(row: Any) -> dict[str, Any]:
    entry = _entry(row.user_id, None, row, "users", until=clock.iso(row.until), reason=row.reason)
    return {**entry, "since": clock.iso(row.since)}


def render_dead_letter(letter: DeadLetter) -> dict[str, Any]:
    return {
        "id": letter.id, "title": letter.task, "since": clock.iso(letter.sent_at),
        "version": dead_letters.VERSION,
        "acts": operations.acts_of("jobs"),
        "details": {"queue": letter.queue.name, "args": letter.args, "receives": letter.receives},
    }  # fmt: skip


def render_subject(kind: str, subject: Any) -> dict[str, Any]:
    """Render a subject of `subjects.get`, which may have left its queue."""
    rendered, status = _SUBJECTS[kind](subject)
    return {**rendered, "status": str(status)}


def _render_decided_name(row: Any) -> tuple[dict[str, Any], str]:
    entry = render_name(row)
    return {**entry, "details": {**entry["details"], "ingredient_id": row.ingredient_id}}, row.status


def _render_person(found: tuple[str, Any, int]) -> tuple[dict[str, Any], str]:
    user_id, term, version = found
    entry = {"id": user_id, "title": None, "version": version, "acts": operations.acts_of("users")}
    if term is None:
        return {**entry, "since": None, "details": {}}, "active"
    details = {"until": clock.iso(term.until), "reason": term.reason}
    return {**entry, "since": clock.iso(term.since), "details": details}, "suspended"


def _render_failed_job(row: Any) -> tuple[dict[str, Any], str]:
    problem = row.problem or {}
    details = {
        "job_kind": row.job_kind, "user_id": row.user_id, "code": problem.get("code"),
        "can_be_retried": row.can_be_retried,
    }  # fmt: skip
    entry = _entry(f"{row.user_id}:{row.id}", row.task, row, "failed_jobs", **details)
    return entry, row.state


_SUBJECTS: dict[str, Any] = {
    "recipes": lambda stored: (render_recipe(stored), stored.state.approval),
    "reports": lambda case: (render_case(case), case.status),
    "names": _render_decided_name,
    "appeals": lambda appeal: (render_queued_appeal(appeal), appeal.status),
    "users": _render_person,
    "failed_jobs": _render_failed_job,
}


def _entry(id_: str, title: str | None, row: Any, kind: str, **details: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "title": title,
        "since": keys.first_part(str(row.gsi4sk)) if row.gsi4sk else None,
        "version": int(row.version or 0),
        "acts": operations.acts_of(kind),
        "details": details,
    }
