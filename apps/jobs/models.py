"""The row of a job: work that takes longer than a request, with its progress."""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from apps.core import clock, keys
from apps.core.models import BodyAttribute, Item, MomentAttribute

KEPT = timedelta(days=30)
# An export is available to its owner for a day from the request on: a later retry would be for nobody.
RETRIED_WITHIN = timedelta(hours=12)
# SQS delivers a message five times, two minutes apart, before it becomes a dead letter: a job without a sign of life
# for longer has no message left that could resume it.
ABANDONED_AFTER = timedelta(minutes=15)


class Kind(StrEnum):
    IMPORT = "import"
    EXPORT = "export"
    ERASURE = "erasure"
    PLAN = "plan"


class State(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class JobRow(Item, discriminator="job"):
    """One job of one person.

    `parameters` is the request, `checkpoint` what the work keeps between attempts. `problem` is {code, vi, en,
    detail_vi, detail_en}. An open job is in a queue by the time at which it counts as abandoned, a failed one in the
    moderators' list.
    """

    user_id = UnicodeAttribute()
    job_kind = UnicodeAttribute()
    # The task that does the work, and its queue; None for jobs of earlier versions.
    task = UnicodeAttribute(null=True)
    queue = UnicodeAttribute(null=True)
    state = UnicodeAttribute(default=State.QUEUED.value)
    progress = NumberAttribute(default=0)
    parameters = BodyAttribute(default=dict)
    checkpoint = BodyAttribute(null=True)
    result_type = UnicodeAttribute(null=True)
    result_id = UnicodeAttribute(null=True)
    problem = BodyAttribute(null=True)
    created_at = MomentAttribute()
    finished_at = MomentAttribute(null=True)

    @property
    def id(self) -> str:
        return keys.last_part(self.sk)

    @property
    def is_open(self) -> bool:
        return self.state in {State.QUEUED, State.RUNNING}

    @property
    def can_be_retried(self) -> bool:
        """Return whether the work can start again: only exports, since nothing else was closed with them."""
        is_recent = clock.now() - self.created_at < RETRIED_WITHIN
        return self.state == State.FAILED and self.job_kind == Kind.EXPORT and self.task is not None and is_recent

    @property
    def result(self) -> dict[str, Any] | None:
        return {"type": self.result_type, "id": self.result_id} if self.result_type else None
