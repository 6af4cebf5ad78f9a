"""Middleware for the admin only: sessions, CSRF, messages, language, and content security policy."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from apps.backoffice import error_pages, signin
from apps.core import language

PREFIX = "/admin/"
LANGUAGE_COOKIE = "admin_language"


class _AdminOnly:
    """Skips all requests outside the admin, so that the API doesn't pay for this middleware."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> Any:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        return super().__call__(request)  # type: ignore[misc]  # of the middleware beside it

    def process_view(self, request: HttpRequest, *args: Any) -> Any:
        handle = getattr(super(), "process_view", None)
        return handle(request, *args) if handle and request.path.startswith(PREFIX) else None


class AdminSessions(_AdminOnly, SessionMiddleware):
    """The admin's session, in a cookie that is sent only to the admin."""


class AdminCsrf(_AdminOnly, CsrfViewMiddleware):
    """Protects the admin's forms, which are authenticated by a cookie, against cross-site request forgery."""


class AdminMessages(_AdminOnly, MessageMiddleware):
    """Messages that are shown on the next page."""


class AdminUser(_AdminOnly, AuthenticationMiddleware):
    """Sets `request.user` from the session and Cognito; see `signin.user_of`."""

    def process_request(self, request: HttpRequest) -> None:
        request.user = SimpleLazyObject(lambda: signin.user_of(request))  # type: ignore[assignment]


class AdminPages:
    """Sets the language that the moderator has chosen, and the security headers of the pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._policy = content_security_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return self._get_response(request)
        chosen = request.COOKIES.get(LANGUAGE_COOKIE)
        if chosen in {language.VI, language.EN}:
            language.current.set(chosen)
            translation.activate(chosen)
        response = self._get_response(request)
        if error_pages.is_for_readers(request, response):
            response = error_pages.explain(request, response.status_code)
        response["Content-Security-Policy"] = self._policy
        response["Referrer-Policy"] = "same-origin"
        response["Cache-Control"] = "no-store"
        return response


def content_security_policy() -> str:
    """Return the admin's policy: scripts and styles only from our own files, nothing inline."""
    pictures = {"{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in _picture_origins() if url}
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "img-src": " ".join(["'self'", "data:", *sorted(pictures)]),
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _picture_origins() -> list[str]:
    bucket = f"https://{settings.IMAGES_BUCKET}.s3.{settings.AWS_REGION}.amazonaws.com"
    return [settings.MEDIA_BASE_URL, settings.AWS_ENDPOINT_URL or bucket]
