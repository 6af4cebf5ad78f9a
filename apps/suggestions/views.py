"""HTTP resources of suggestions."""

from functools import partial

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import api, fields
from apps.core.api import Endpoint
from apps.core.idempotency import idempotent
from apps.core.schema import list_of
from apps.suggestions import long_polling, serializers, services
from apps.suggestions.models import Status
from apps.suggestions.services import Answer

SuggestionList = list_of(serializers.SuggestionBriefOut)
ANSWERS = {200: serializers.SuggestionOut, 202: serializers.SuggestionOut}


class Suggestions(Endpoint):
    budget = "suggestions"

    @extend_schema(request=serializers.SuggestionIn, responses=ANSWERS)
    @idempotent
    def post(self, request: Request) -> Response:
        """Suggest recipes for ingredients: 200 if complete, 202 while recipes are being generated."""
        wish = serializers.to_wish(api.read_body(request, serializers.SuggestionIn))
        answer = services.suggest(suggestion_id=request.new_id, wish=wish, actor=self.actor)  # type: ignore[attr-defined]
        return _respond(answer)

    @extend_schema(parameters=[fields.PageQuery], responses=SuggestionList)
    def get(self, request: Request) -> Response:
        """List your suggestions, newest first."""
        page, _ = api.read_page(request, "suggestions")
        return api.page_of(page, partial(services.page, actor=self.actor), serializers.render_brief)


class SuggestionDetail(Endpoint):
    waits = True

    @extend_schema(parameters=[serializers.WaitQuery], responses=ANSWERS)
    def get(self, request: Request, suggestion_id: str) -> Response:
        """Read a suggestion of yours, waiting up to `wait` seconds for it to be complete."""
        seconds = api.read_query(request, serializers.WaitQuery)["wait"]
        long_polling.wait(suggestion_id, actor=self.actor, seconds=seconds)
        return _respond(services.get(suggestion_id, actor=self.actor))


class SuggestionFeedback(Endpoint):
    @extend_schema(request=serializers.FeedbackIn, responses={204: None})
    def post(self, request: Request, suggestion_id: str) -> Response:
        """Give feedback on a suggestion."""
        feedback = api.read_body(request, serializers.FeedbackIn)
        services.give_feedback(suggestion_id, actor=self.actor, feedback=feedback)
        return Response(status=204)


def _respond(answer: Answer) -> Response:
    body = serializers.render(answer)
    headers = {"Location": f"/v1/suggestions/{body['id']}"}
    if answer.row.status == Status.GENERATING:
        return Response(body, status=202, headers={**headers, "Retry-After": serializers.retry_after()})
    return Response(body, headers=headers)
