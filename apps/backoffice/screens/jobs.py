"""Failed jobs: view them, and retry them if possible."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.backoffice import forms
from apps.backoffice.models import FailedJob
from apps.backoffice.screens.read_only import ReadOnlyAdmin, actor_of, label, person_link
from apps.backoffice.wording import say
from apps.dynamo_admin.acts import Act
from apps.moderation import failed_jobs
from apps.moderation.acts import Act as Name


def _retry(request: HttpRequest, job: FailedJob, reason: str = "") -> None:
    failed_jobs.retry(job.pk, actor=actor_of(request), reason=reason)


@admin.register(FailedJob)
class FailedJobAdmin(ReadOnlyAdmin):
    list_display = ("finished_at", "job_kind", "owner", "problem", "can_be_retried")
    list_display_links = ("finished_at",)
    fields = (("job_kind", "task"), "owner", ("code", "problem"), ("created_at", "finished_at"), "can_be_retried")
    acts = (
        Act("retry", label(Name.RETRY), _retry, forms.OptionalNote, bulk=True,
            is_offered=lambda one: one.can_be_retried),
    )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "owner")

    @admin.display(description=say("của ai", "whose"))
    def owner(self, job: FailedJob) -> Any:
        return person_link(job.user_id, job.owner_name)
