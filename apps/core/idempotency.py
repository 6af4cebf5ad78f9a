"""Idempotency keys: a repeated request gets the first response again and has no second effect."""

import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from django.utils.crypto import salted_hmac
from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import clock, ids, keys, problems, retries, transactions
from apps.core.client_address import client_address
from apps.core.errors import Conflict, FieldError, ValidationFailed
from apps.core.language import Text
from apps.core.models import BodyAttribute, Item, MomentAttribute
from apps.core.outages import is_outage, is_worth_a_retry

log = structlog.get_logger()

HEADER = "Idempotency-Key"
_KEPT = timedelta(hours=24)
# Longer than any request may take: an older request has crashed.
_LEASE = timedelta(seconds=30)
# A key that stays claimed makes its owner wait for the lease, so releasing it may exceed the request's time.
_SAVE_ATTEMPTS = 3
_SAVE_SECONDS = 1.0
# Printable ASCII that begins with no space; a regular expression (ECMA 262) for OpenAPI as well.
KEY_PATTERN = "[!-~][ -~]{0,254}"
_KEY = re.compile(KEY_PATTERN)
_EXPECTED_KEY = Text(
    "Cần 1–255 ký tự ASCII in được, không bắt đầu bằng dấu cách.",
    "Expected 1–255 printable ASCII characters that do not begin with a space.",
)


class IdempotencyKeyReused(Conflict):
    code = "idempotency_key_reused"
    title = Text("Khóa Idempotency-Key đã dùng cho yêu cầu khác", "This Idempotency-Key was used for another request")


class InProgress(Conflict):
    code = "in_progress"
    title = Text("Yêu cầu này đang được xử lý", "This request is still being processed")


class IdempotentRequest(Item, discriminator="idempotent_request"):
    """One key of one caller.

    `resource_id` is the id of the created resource, chosen in advance: the repetition of a request that crashed
    half-way finds its own row and continues from there.
    """

    fingerprint = UnicodeAttribute()
    resource_id = UnicodeAttribute()
    started_at = MomentAttribute()
    done = BooleanAttribute(default=False)
    status = NumberAttribute(null=True)
    headers = BodyAttribute(null=True)
    content = BodyAttribute(null=True)

    @property
    def is_running(self) -> bool:
        return not self.done and clock.now() - self.started_at < _LEASE


@dataclass(frozen=True, slots=True)
class Attempt:
    """Either the stored answer, or the id under which to create the resource now."""

    resource_id: str
    row: IdempotentRequest | None
    answered: bool = False


Handler = Callable[..., Response]


def idempotent(handler: Handler) -> Handler:
    """Make a POST view method honour `Idempotency-Key`; the view finds the id to create under in `request.new_id`."""

    @wraps(handler)
    def handle(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            request.new_id = ids.new_id()  # type: ignore[attr-defined]
            return handler(view, request, *args, **kwargs)
        attempt = begin(caller=_caller(request), key=key, fingerprint=_fingerprint(request))
        if attempt.answered and attempt.row is not None:
            return _replay(attempt.row)
        request.new_id = attempt.resource_id  # type: ignore[attr-defined]
        return _run(attempt, lambda: handler(view, request, *args, **kwargs))

    return handle


def begin(*, caller: str, key: str, fingerprint: str) -> Attempt:
    """Claim the key (1 write unit), or find the answer given before; 409 for another body or while it still runs."""
    if not _KEY.fullmatch(key):
        raise ValidationFailed(errors=(FieldError(HEADER, "invalid", str(_EXPECTED_KEY)),))
    row = _fresh(caller, key, fingerprint)
    try:
        transactions.claim(row, otherwise=InProgress())
    except InProgress:
        return _meet(row)
    return Attempt(row.resource_id, row)


def _fresh(caller: str, key: str, fingerprint: str) -> IdempotentRequest:
    place = keys.idempotency(caller, hashlib.sha256(key.encode()).hexdigest())
    now = clock.now()
    return IdempotentRequest(
        pk=place.pk, sk=place.sk, fingerprint=fingerprint, resource_id=ids.new_id(), started_at=now,
        ttl=clock.epoch(now + _KEPT),
    )  # fmt: skip


def _meet(mine: IdempotentRequest) -> Attempt:
    """Handle a key that exists: replay the answer, refuse the request, or take over from a process that died."""
    found = IdempotentRequest.read(mine.key)
    if found is None:
        raise InProgress
    if found.fingerprint != mine.fingerprint:
        raise IdempotencyKeyReused
    if found.done:
        return Attempt(found.resource_id, found, answered=True)
    if found.resource_id == mine.resource_id:
        # Our own claim: its response was lost, and the AWS client's retry found the row.
        return Attempt(found.resource_id, found)
    if found.is_running:
        raise InProgress
    found.started_at = mine.started_at
    transactions.save(found, otherwise=InProgress())
    return Attempt(found.resource_id, found)


def _run(attempt: Attempt, handler: Callable[[], Response]) -> Response:
    """Run the handler and store a successful answer. A 4xx had no effect and frees the key.

    Any other failure may have had an effect: the key keeps its resource id and may be retried at once.
    """
    try:
        response = handler()
    except Exception as error:
        problem = problems.as_domain_error(error)
        if problem is not None and problem.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            _release(attempt)
        else:
            _end_lease(attempt)
        raise
    _keep(attempt, response)
    return response


def _keep(attempt: Attempt, response: Response) -> None:
    row = attempt.row
    if row is None:
        return
    row.done, row.status, row.content = True, response.status_code, orjson.loads(orjson.dumps(response.data))
    row.headers = {name: value for name, value in response.items() if name in {"Location", "ETag", "Retry-After"}}
    if not _saved(row):
        # The effect is done under a fixed id: a repeat finds it once the lease has ended.
        log.warning("idempotent_answer_not_kept")


def _release(attempt: Attempt) -> None:
    if attempt.row is not None:
        attempt.row.delete(add_version_condition=False)


def _end_lease(attempt: Attempt) -> None:
    """Let the next attempt take over now. During an outage of the table it has to wait for the lease to end."""
    row = attempt.row
    if row is None:
        return
    row.started_at = clock.now() - _LEASE
    if not _saved(row):
        log.warning("idempotency_lease_not_ended")


def _saved(row: IdempotentRequest) -> bool:
    """Save, with at most three attempts if AWS fails; return whether it succeeded."""
    until = time.monotonic() + _SAVE_SECONDS
    for attempt in range(_SAVE_ATTEMPTS):
        try:
            row.save(add_version_condition=False)
        except PutError as error:
            if not is_outage(error):
                raise
            if not is_worth_a_retry(error) or not retries.pause(attempt + 3, until):
                return False
        else:
            return True
    return False


def _replay(row: IdempotentRequest) -> Response:
    return Response(row.content, status=int(row.status or 200), headers=row.headers or {})


def _caller(request: Request) -> str:
    """Name the person, or the address of somebody who has not logged in yet."""
    user_id = getattr(request.user, "id", None)
    return user_id or hashlib.sha256(client_address(request._request).encode()).hexdigest()  # noqa: SLF001


def _fingerprint(request: Request) -> str:
    """Hash method, path, query and body, independent of the order of keys.

    The hash is keyed: a body may hold a password, which must not be guessable from what is stored.
    """
    body = orjson.dumps(request.data, option=orjson.OPT_SORT_KEYS)
    whole = b"\n".join([str(request.method).encode(), request.get_full_path().encode(), body])
    return salted_hmac("idempotency", whole, algorithm="sha256").hexdigest()
