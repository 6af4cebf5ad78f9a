"""Compress responses in the service: CloudFront compresses only what it caches, and it caches none of them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.text import compress_string

# Below this size the headers of an answer weigh more than what compression saves.
MIN_BYTES = 860
COMPRESSED_TYPES = ("application/json", "application/problem+json", "application/vnd.oai.openapi")
# Answers that hold tokens. BREACH guesses a secret from the sizes of compressed answers in which an attacker's words
# stand beside it. Nothing here is authorised by a cookie, so no other site can make somebody's browser ask; what holds
# a token is left alone all the same, and everything else carries random padding (Django's Heal-The-BREACH).
NEVER = ("/v1/auth/",)
MAX_RANDOM_BYTES = 100


class Compression:
    """Compresses JSON with gzip for those who accept it. The ETag stays: it is the row's version, not the bytes'."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if not _is_compressible(request, response):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if not _accepts_gzip(request.headers.get("Accept-Encoding", "")):
            return response
        packed = compress_string(response.content, max_random_bytes=MAX_RANDOM_BYTES)
        if len(packed) < len(response.content):
            response.content = packed
            response["Content-Length"] = str(len(packed))
            response["Content-Encoding"] = "gzip"
        return response


def _is_compressible(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        not response.streaming
        and not response.has_header("Content-Encoding")
        and not request.path.startswith(NEVER)
        and response.get("Content-Type", "").startswith(COMPRESSED_TYPES)
        and len(response.content) >= MIN_BYTES
    )


def _accepts_gzip(header: str) -> bool:
    for offer in header.lower().split(","):
        coding, _, weight = offer.strip().partition(";")
        if coding.strip() in {"gzip", "*"}:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
