"""JSON in, JSON out: parsing within limits, rendering, entity tags."""

import re
from typing import Any, ClassVar

import orjson
from django.conf import settings
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from apps.core.errors import Malformed, PayloadTooLarge, PreconditionFailed
from apps.core.language import Text
from apps.core.preconditions import TAG, TAG_LIST, Check, any_version

_NOT_JSON = Text(
    "JSON không hợp lệ ở dòng {line}, cột {column}.", "This is not valid JSON at line {line}, column {column}."
)


class JsonParser(BaseParser):
    """Strict JSON (no NaN, no lone surrogates, bounded nesting) within the limit of its path (`body_limit`)."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        request = (parser_context or {}).get("request")
        if request is None:
            raise Malformed
        body = _read_body(request, stream)
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise Malformed(_NOT_JSON.format(line=error.lineno, column=error.colno)) from error


def body_limit(path: str) -> int:
    """Return how many bytes a request body at `path` may have."""
    for start, limit in settings.BODY_LIMITS:
        if path.startswith(start):
            return int(limit)
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def _read_body(request: Request, stream: Any) -> bytes:
    """Read the body. One that is too long is refused unread, and gunicorn's worker closes the connection."""
    limit = body_limit(request.path)
    if int(request.META.get("CONTENT_LENGTH") or 0) > limit:
        raise PayloadTooLarge
    body = bytes(stream.read(limit + 1))
    if len(body) > limit:
        raise PayloadTooLarge
    return body


class JsonRenderer(BaseRenderer):
    """Render by orjson; an `orjson.Fragment` in the data is copied unchanged."""

    media_type = "application/json"
    format = "json"
    charset: ClassVar[None] = None  # type: ignore[misc]

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        if data is None:
            return b""
        return orjson.dumps(data)


class Negotiation(DefaultContentNegotiation):
    """DRF's negotiation, without its parsing where there is nothing to choose: JSON alone, for who takes it."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        offered = renderers[0]
        if len(renderers) == 1 and format_suffix is None and offered.media_type == JsonRenderer.media_type:
            accepted = request.META.get("HTTP_ACCEPT", "*/*")
            if accepted in {"*/*", JsonRenderer.media_type}:
                return offered, offered.media_type
        return super().select_renderer(request, renderers, format_suffix)


def etag(version: int | str) -> str:
    return f'"{version}"'


def version_check(request: Request) -> Check:
    """Return what honours `If-Match`: it raises `PreconditionFailed` unless a tag is the version's (RFC 9110 §13.1.1).

    Weak tags match nothing. What is no list of tags is refused at once, also where nothing is left to change.
    """
    wanted = request.headers.get("If-Match", "*").strip()
    if wanted == "*":
        return any_version
    tags = {tag[0] for tag in re.finditer(TAG, wanted)}
    if not tags or not re.fullmatch(TAG_LIST, wanted):
        raise PreconditionFailed

    def check(version: int | str) -> None:
        if etag(version) not in tags:
            raise PreconditionFailed

    return check
