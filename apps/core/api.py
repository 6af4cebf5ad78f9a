"""What the views of all apps share: input validation, pagination, and the responses that OpenAPI must know."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, TypeVar

import orjson
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core import cursors, fields, rate_limits, validation_messages
from apps.core.authentication import Actor
from apps.core.client_address import client_address
from apps.core.errors import FieldError, NotAuthenticated, ValidationFailed
from apps.core.language import Text
from smartcooking.contract.answers import PERSON

T = TypeVar("T")


# The limit for the items of a page, as JSON: the same as for the largest body. The cursor leads to the rest.
MAX_PAGE_BYTES = 256 * 1024
# The rate limit of actions that notify other people.
MESSAGES = "messages"


class Endpoint(APIView):
    """A resource of the API; all endpoints but `public` ones need an access token."""

    public = False
    # Whether requests may long poll, so that their duration says nothing about latency.
    waits = False
    # What a suspended account may do beside reading: manage its login, and leave. True, or the methods.
    open_to_suspended: ClassVar[bool | frozenset[str]] = False
    # The rate limit (`settings.RATE_LIMITS`) of its methods; None: no limit; empty: reads, writes or sign_in.
    budget: ClassVar[str | None] = ""
    # Methods with a rate limit of their own.
    budgets: ClassVar[Mapping[str, str]] = {}

    _standing: rate_limits.Standing | None = None
    # Whose request in flight is counted; None: nobody's.
    _subject: str | None = None

    def get_authenticators(self) -> list[Any]:
        return [] if self.public else super().get_authenticators()

    def get_permissions(self) -> Any:
        return [] if self.public else super().get_permissions()

    @property
    def actor(self) -> Actor:
        """The caller; for the middleware's log line as well."""
        user: object = self.request.user
        if not isinstance(user, Actor):
            raise NotAuthenticated
        return user

    def perform_authentication(self, request: Request) -> None:
        """Authenticate the caller and apply rate limits before anything else."""
        try:
            super().perform_authentication(request)
        except NotAuthenticated:
            # Verifying a signature takes CPU time too.
            self._standing = rate_limits.buckets.take("unauthenticated", client_address(request._request))  # noqa: SLF001
            raise
        person = getattr(request.user, "id", None)
        if person:
            request.META[PERSON] = person
        budget = self._budget(request)
        if budget is None:
            return
        subject = person or client_address(request._request)  # noqa: SLF001
        self._standing = rate_limits.buckets.take(budget, subject)
        rate_limits.in_flight.enter(subject)
        self._subject = subject

    def _budget(self, request: Request) -> str | None:
        if request.method is not None and request.method in self.budgets:
            return self.budgets[request.method]
        if self.budget != "":
            return self.budget
        if request.method in SAFE_METHODS:
            return "reads"
        return "sign_in" if self.public else "writes"

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Add the headers of the rate limit."""
        if self._standing is not None:
            for name, value in self._standing.headers().items():
                response.headers.setdefault(name, value)
        return super().finalize_response(request, response, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        request._request.actor = request.user  # type: ignore[attr-defined]  # noqa: SLF001

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, and separate the response from the view.

        DRF links response, view and request in reference cycles. Bodies of 100 KB would stay in memory until the
        garbage collector runs, after some thousand requests: 40 MB with 16 threads.
        """
        try:
            response = super().dispatch(request, *args, **kwargs)
        finally:
            if self._subject is not None:
                rate_limits.in_flight.leave(self._subject)
        if isinstance(response, Response):
            del self.response
            response.add_post_render_callback(_forget_context)
        return response


def _forget_context(response: Any) -> None:
    del response.renderer_context


@dataclass(frozen=True, slots=True)
class Page:
    """The page that a caller asked for: at most `limit` items after `position` (None: from the start)."""

    limit: int
    position: Any
    listing: str
    caller: str
    filters: Any

    def cursor(self, position: Any) -> str | None:
        if position is None:
            return None
        return cursors.encode_cursor(position, caller=self.caller, listing=self.listing, filters=self.filters)


def read_body(request: Request, serializer: type[serializers.Serializer[Any]], **options: Any) -> dict[str, Any]:
    """Validate the JSON body; ValidationFailed names every field that is wrong."""
    given: Any = request.data
    if given is None:
        message = validation_messages.MESSAGES[serializers.Serializer]["invalid"].format(datatype="null")
        raise ValidationFailed(errors=(FieldError("", "invalid", str(message)),))
    return _validated(given, serializer, **options)


def read_query(request: Request, serializer: type[fields.Query]) -> dict[str, Any]:
    """Validate the query string; a parameter given twice is refused unless it is a list."""
    given = request.query_params
    lists = _lists(serializer)
    repeated = [name for name in given if name not in lists and len(given.getlist(name)) > 1]
    if repeated:
        message = str(Text("Tham số bị lặp.", "Given more than once."))
        raise ValidationFailed(errors=tuple(FieldError(name[:100], "repeated", message) for name in repeated))
    return _validated({name: _value(given, name, lists) for name in given}, serializer)


@cache
def _lists(serializer: type[fields.Query]) -> frozenset[str]:
    """Return the parameters that may be given several times."""
    return frozenset(
        name for name, field in serializer().fields.items() if isinstance(field, fields.CommaSeparatedList)
    )


def _value(given: QueryDict, name: str, lists: frozenset[str]) -> Any:
    if name in lists:
        return [part for value in given.getlist(name) for part in value.split(",")]
    return given[name]


def _validated(data: Any, serializer: type[serializers.Serializer[Any]], **options: Any) -> dict[str, Any]:
    instance = serializer(data=data, **options)
    instance.is_valid(raise_exception=True)
    return dict(instance.validated_data)


def read_page(
    request: Request, listing: str, serializer: type[fields.PageQuery] = fields.PageQuery
) -> tuple[Page, dict[str, Any]]:
    """Read limit, cursor and filters of a list called `listing`: the cursor must be the caller's, for these filters."""
    query = read_query(request, serializer)
    limit, cursor = query.pop("limit"), query.pop("cursor", None)
    caller = getattr(request.user, "id", "anyone")
    position = None
    if cursor is not None:
        position = cursors.decode_cursor(cursor, caller=caller, listing=listing, filters=query)
    return Page(limit, position, listing, caller, dict(query)), query


def page_of(page: Page, read: Callable[..., tuple[Sequence[T], Any]], render: Callable[[T], Any]) -> Response:
    """Answer `{"items": […], "next": cursor | null}` with what `read(limit=, after=)` returns: items and a position.

    Items are rendered as long as they fit into `MAX_PAGE_BYTES`, of which the first one may take more. Where some don't
    fit, the page is read again for as many as do, so that its cursor goes on right behind them.
    """
    limit = page.limit
    while True:
        items, following = read(limit=limit, after=page.position)
        written = _fitting(items, render)
        if len(written) == len(items):
            return Response({"items": written, "next": page.cursor(following)})
        limit = len(written)


def _fitting(items: Sequence[T], render: Callable[[T], Any]) -> list[orjson.Fragment]:
    written: list[orjson.Fragment] = []
    left = MAX_PAGE_BYTES
    for item in items:
        encoded = orjson.dumps(render(item))
        left -= len(encoded) + 1
        if left < 0 and written:
            break
        written.append(orjson.Fragment(encoded))
    return written
