"""Compress responses in the service: CloudFront compresses only what it caches, and it caches none of these."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.text import compress_string

# Below this size the response's headers outweigh the savings.
MIN_BYTES = 860
COMPRESSED_TYPES = ("application/json", "application/problem+json", "application/vnd.oai.openapi")
# Responses that contain tokens. BREACH guesses a secret from the sizes of compressed responses that also contain the
# attacker's text. Nothing here is authorised by a cookie, so another site can't make somebody's browser send such a
# request; responses with tokens stay uncompressed all the same, and all others get random padding (Django's
# Heal-The-BREACH).
NEVER = ("/v1/auth/",)
MAX_RANDOM_BYTES = 100


class Compression:
    """Compresses JSON with gzip if the client accepts it. The ETag stays the same: it is the row's version."""

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
