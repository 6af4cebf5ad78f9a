"""HTTP resources of moderation: reports and appeals for everybody, queues, actions and audit log for moderators."""

from functools import partial
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import api, http
from apps.core.api import Endpoint
from apps.core.authentication import Actor
from apps.core.errors import NotFound
from apps.core.fields import PageQuery
from apps.core.idempotency import idempotent
from apps.core.schema import IF_MATCH, list_of
from apps.moderation import (
    appeals,
    audit_log,
    authority,
    current_groups,
    dead_letters,
    operations,
    queues,
    serializers,
    services,
    subjects,
)
from apps.moderation.content import Reason, Target
from apps.moderation.errors import ReportNotFound, SecondFactorNeeded
from apps.users import second_factor
from apps.users.client_address import client_address

QueueEntryList = list_of(serializers.QueueEntryOut)
ReportList = list_of(serializers.ReportOut)
AuditEntryList = list_of(serializers.AuditEntryOut)


class Reports(Endpoint):
    @extend_schema(parameters=[PageQuery], responses=ReportList)
    def get(self, request: Request) -> Response:
        """List your reports that are not withdrawn, whether or not you can still see what they are about."""
        page, _ = api.read_page(request, "reports")
        return api.page_of(page, partial(services.list_own_reports, actor=self.actor), serializers.render)

    @extend_schema(request=serializers.ReportIn, responses={201: serializers.ReportOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Report a post, comment, recipe or person to the moderators, once. Repeating the same report returns it."""
        body = api.read_body(request, serializers.ReportIn)
        row = services.report_target(
            target=Target(body["target_type"]),
            target_id=body["target_id"],
            reason=Reason(body["reason"]),
            note=body.get("note") or None,
            actor=self.actor,
            address=client_address(request),
        )
        return Response(serializers.render(row), status=201)


class OwnReport(Endpoint):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, target_type: str, target_id: str) -> Response:
        """Withdraw your report, so that it no longer counts.

        Also possible if you no longer see the target. Content that was hidden by reports only is shown again if too few
        of them are left.
        """
        if target_type not in Target._value2member_map_ or not serializers.is_target_id(target_id):
            raise ReportNotFound
        services.withdraw_report(target=Target(target_type), target_id=target_id, actor=self.actor)
        return Response(status=204)


class Appeals(Endpoint):
    # Suspended people may appeal against their suspension.
    open_to_suspended = True

    @extend_schema(request=serializers.AppealIn, responses={201: serializers.AppealOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Appeal once against a decision about your content or account. Another moderator decides.

        Repeating the same appeal returns it.
        """
        body = api.read_body(request, serializers.AppealIn)
        row = appeals.appeal(
            target=Target(body["target_type"]), target_id=body["target_id"], text=body["text"], actor=self.actor
        )
        return Response(serializers.render_appeal(row), status=201)


# Actions that change what somebody may do: on accounts, and on decisions about them.
_ABOUT_RIGHTS = frozenset({"users", "appeals"})


class ForModerators(Endpoint):
    """For the groups `moderators` and `admins`, with a token from a login with a one-time code.

    Groups are read from Cognito at most every five minutes, and immediately for actions on other people's rights.
    """

    moderator: Actor

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        authority.require_moderator(self.actor)
        self.moderator = current_groups.read_current(self.actor, at_once=kwargs.get("kind") in _ABOUT_RIGHTS)
        authority.require_moderator(self.moderator)
        if not second_factor.was_given(self.actor.id, str(request.auth)):
            raise SecondFactorNeeded


class ModerationQueues(ForModerators):
    @extend_schema(responses=serializers.QueuesOut)
    def get(self, request: Request) -> Response:
        """Count the entries of each queue, with the time of the oldest."""
        return Response({"items": [serializers.render_queue(one) for one in queues.summarize(actor=self.moderator)]})


class ModerationQueue(ForModerators):
    @extend_schema(parameters=[PageQuery], responses=QueueEntryList)
    def get(self, request: Request, name: str) -> Response:
        """Page through a queue, oldest first: recipes, reports, names, appeals, suspended or jobs (dead letters)."""
        page, _ = api.read_page(request, f"moderation/{name}")
        if name == "jobs":
            return api.page_of(page, dead_letters.page, serializers.render_dead_letter)
        if name not in _QUEUES:
            raise NotFound
        read, render = _QUEUES[name]
        return api.page_of(page, partial(read, actor=self.moderator), render)


_QUEUES: dict[str, tuple[Any, Any]] = {
    "recipes": (queues.page_recipes, serializers.render_recipe),
    "reports": (queues.page_cases, serializers.render_case),
    "names": (queues.page_names, serializers.render_name),
    "appeals": (queues.page_appeals, serializers.render_queued_appeal),
    "suspended": (queues.page_suspended, serializers.render_suspension),
}


class ModerationSubject(ForModerators):
    @extend_schema(responses=serializers.SubjectOut)
    def get(self, request: Request, kind: str, target_id: str) -> Response:
        """Read the state and version of something that moderators decide about, whether or not it is in a queue.

        Kinds: recipes, reports (`post:01…`), names, appeals, users and failed_jobs (`owner:job`). Earlier decisions are
        in the audit log, filtered by `target`.
        """
        found = serializers.render_subject(kind, subjects.get(kind, target_id, actor=self.moderator))
        return Response(found, headers={"ETag": http.etag(found["version"])})


class ModerationAct(ForModerators):
    @extend_schema(request=serializers.ActIn, responses=serializers.DecisionOut, parameters=[IF_MATCH])
    def post(self, request: Request, kind: str, target_id: str, act: str) -> Response:
        """Perform an action; 409 `decided_already` says who decided before, and how.

        With `If-Match`, performs it only on the version given in the entry of the queue; 412 if it has changed since.
        """
        body = api.read_body(request, serializers.ActIn)
        check = http.version_check(request)
        entry_id = operations.carry_out(kind, target_id, act, actor=self.moderator, check=check, **body)
        return Response({"id": entry_id})


class AuditLog(ForModerators):
    @extend_schema(parameters=[serializers.AuditQuery], responses=AuditEntryList)
    def get(self, request: Request) -> Response:
        """List decisions by moderators, operators and the service itself, newest first."""
        page, query = api.read_page(request, "audit", serializers.AuditQuery)
        read = partial(
            audit_log.page, actor=self.moderator, by=query.get("actor"), target=query.get("target"),
            act=query.get("act"), since=query.get("since"),
        )  # fmt: skip
        return api.page_of(page, read, serializers.render_audit)
