"""Pages for moderators if a page of the admin doesn't exist or is forbidden. Programs get a problem."""

from http import HTTPStatus

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.backoffice.wording import say

_SAID = {
    HTTPStatus.NOT_FOUND: say(
        "Không có trang này, hoặc mục này không còn nữa.", "There is no such page, or it is gone."
    ),
    HTTPStatus.FORBIDDEN: say(
        "Bạn không được làm việc này, hoặc trang đã mở quá lâu. Hãy quay lại, tải lại trang rồi thử lại.",
        "You may not do this, or the page was open for too long. Go back, reload the page and try again.",
    ),
}


def is_for_readers(request: HttpRequest, response: HttpResponse) -> bool:
    return response.status_code in _SAID and "text/html" in request.headers.get("Accept", "")


def explain(request: HttpRequest, status: int) -> HttpResponse:
    """Return the page that explains the refusal: 1 read unit if somebody is signed in."""
    context = {
        **admin.site.each_context(request),
        "title": say("Không mở được trang", "This page cannot be opened"),
        "explanation": _SAID[HTTPStatus(status)],
    }
    return render(request, "backoffice/refused.html", context, status=status)
