"""Render every error as RFC 9457 `application/problem+json`."""

from collections.abc import Iterator
from http import HTTPStatus
from itertools import islice
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from orjson import dumps
from rest_framework import exceptions
from rest_framework.response import Response

from apps.core import context, errors, outages
from apps.core.fields import MAX_ERRORS
from apps.core.language import Text
from apps.core.transactions import WriteConflict

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
is_outage = outages.is_outage

_BY_FRAMEWORK: dict[type[Exception], type[errors.DomainError]] = {
    exceptions.ParseError: errors.Malformed,
    exceptions.NotAuthenticated: errors.NotAuthenticated,
    exceptions.AuthenticationFailed: errors.NotAuthenticated,
    exceptions.PermissionDenied: errors.Forbidden,
    exceptions.NotFound: errors.NotFound,
    exceptions.MethodNotAllowed: errors.MethodNotAllowed,
    exceptions.NotAcceptable: errors.NotAcceptable,
    exceptions.UnsupportedMediaType: errors.UnsupportedMediaType,
    Http404: errors.NotFound,
    RequestDataTooBig: errors.PayloadTooLarge,
    SuspiciousOperation: errors.Malformed,
    WriteConflict: errors.Unavailable,
}


def handle(error: Exception, _context: Any = None) -> Response:
    """DRF's exception handler: domain errors, its own, and what AWS raises; the rest is 500, logged with its trace."""
    problem = as_domain_error(error)
    if problem is None:
        log.error("unhandled", error=type(error).__name__, exc_info=error)
        problem = errors.InternalError()
    return Response(body(problem), status=problem.status, headers=headers(problem), content_type=MEDIA_TYPE)


def as_domain_error(error: Exception) -> errors.DomainError | None:
    """Translate errors of the frameworks; None for unexpected ones."""
    if isinstance(error, errors.DomainError):
        return error
    if isinstance(error, exceptions.ValidationError):
        return errors.ValidationFailed(errors=tuple(islice(_field_errors(error.detail), MAX_ERRORS)))
    if is_outage(error):
        log.warning("dependency_unavailable", error=type(error).__name__, cause=str(error)[:200])
        return errors.Unavailable()
    for framework_error, ours in _BY_FRAMEWORK.items():
        if isinstance(error, framework_error):
            return ours()
    return None


def body(problem: errors.DomainError) -> dict[str, Any]:
    content: dict[str, Any] = {
        "type": f"urn:smart-cooking:problem:{problem.code}",
        "title": str(problem.title),
        "status": problem.status,
        "detail": str(problem.detail) or str(problem.title),
        "code": problem.code,
        "request_id": context.request_id.get(),
    }
    if problem.errors:
        content["errors"] = [{"field": e.field, "code": e.code, "message": e.message} for e in problem.errors]
    return {**content, **problem.extensions}


def headers(problem: errors.DomainError) -> dict[str, str]:
    found = dict(problem.headers)
    if problem.retry_after is not None:
        found["Retry-After"] = str(problem.retry_after)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        found["WWW-Authenticate"] = "Bearer"
    return found


def response(problem: errors.DomainError) -> HttpResponse:
    """Answer outside DRF: middleware and Django's own handlers."""
    return HttpResponse(dumps(body(problem)), status=problem.status, content_type=MEDIA_TYPE, headers=headers(problem))


def not_found(_request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return response(errors.NotFound(Text("Không có đường dẫn này", "There is no such path")))


def bad_request(_request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return response(errors.Malformed())


def server_error(_request: HttpRequest) -> HttpResponse:
    return response(errors.InternalError())


def _field_errors(detail: Any, path: str = "") -> Iterator[errors.FieldError]:
    """Flatten DRF's nested details into paths: {"steps": [{}, {"text": […]}]} → steps.1.text."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from _field_errors(inner, ".".join(filter(None, (path, own))))
    elif isinstance(detail, list):
        for position, inner in enumerate(detail):
            is_leaf = isinstance(inner, exceptions.ErrorDetail)
            yield from _field_errors(inner, path if is_leaf else ".".join(filter(None, (path, str(position)))))
    else:
        yield errors.FieldError(path, getattr(detail, "code", "invalid"), str(detail))
