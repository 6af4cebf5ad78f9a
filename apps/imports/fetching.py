"""Fetch a web page on a user's behalf, protected against server-side request forgery (SSRF)."""

import time
import zlib
from dataclasses import dataclass
from urllib.parse import urljoin

import urllib3
from urllib3.util import Timeout

from apps.imports.addresses import Target, resolve
from apps.imports.errors import PageNotReached, PageTooLarge, PageTooSlow

MAX_BYTES = 2 * 1024 * 1024
MAX_PICTURE = 10 * 1024 * 1024
SECONDS = 10.0
MAX_REDIRECTS = 5
_CHUNK = 32 * 1024
_REDIRECTS = {301, 302, 303, 307, 308}
_READ_SECONDS = 5.0
_CONNECT_SECONDS = 3.0
_HEADERS = {
    # Many sites answer only browsers. The last part names the service.
    "User-Agent": "Mozilla/5.0 (compatible; SmartCookingImport/1.0)",
    "Accept": "text/html,application/xhtml+xml,application/ld+json;q=0.9,application/json;q=0.8",
    "Accept-Language": "vi,en;q=0.8",
    # Encodings that `zlib` can unpack with a size limit. Brotli and zstd have none.
    "Accept-Encoding": "gzip, deflate",
}
_PAGES = ("text/html", "application/xhtml+xml", "application/ld+json", "application/json", "text/plain")


@dataclass(frozen=True, slots=True)
class Page:
    """A response, with its final URL after redirects."""

    url: str
    content: bytes
    content_type: str

    @property
    def text(self) -> str:
        """The content decoded with the encoding that it declares."""
        return self.content.decode(_charset(self.content_type, self.content), "replace")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Accepted media types, and the maximum unpacked size."""

    types: tuple[str, ...]
    most: int
    headers: dict[str, str]


_PAGE = _Wanted(_PAGES, MAX_BYTES, _HEADERS)
_PICTURES = ("image/jpeg", "image/png", "image/webp")
_PICTURE = _Wanted(_PICTURES, MAX_PICTURE, {**_HEADERS, "Accept": ", ".join(_PICTURES)})


def fetch(url: str) -> Page:
    """Fetch a public page: at most 2 MB unpacked, 10 seconds in all, and 5 redirects, each checked like the first URL.

    Raises `AddressRefused`, `PageTooLarge`, `PageTooSlow` or `PageNotReached`, which reveal nothing of the response.
    """
    return _fetch(url, _PAGE)


def fetch_picture(url: str) -> bytes:
    """Fetch a public picture of at most 10 MB, with the same checks as pages."""
    return _fetch(url, _PICTURE).content


def _fetch(url: str, wanted: _Wanted) -> Page:
    deadline = time.monotonic() + SECONDS
    for _ in range(MAX_REDIRECTS + 1):
        target = resolve(url, seconds=deadline - time.monotonic())
        answer = _request(target, wanted, deadline)
        try:
            if answer.status in _REDIRECTS:
                url = urljoin(target.url, answer.headers.get("Location", ""))
                continue
            return _page(target, answer, wanted, deadline)
        finally:
            answer.release_conn()
            answer.close()
    raise PageNotReached


def _request(target: Target, wanted: _Wanted, deadline: float) -> urllib3.BaseHTTPResponse:
    """Send the request to the checked address. TLS verifies the host name."""
    remaining = _remaining(deadline)
    timeout = Timeout(connect=min(_CONNECT_SECONDS, remaining), read=min(_READ_SECONDS, remaining))
    pool = _pool(target, timeout)
    try:
        return pool.request(
            "GET", target.path, headers={**wanted.headers, "Host": target.host}, redirect=False, preload_content=False,
            decode_content=False, retries=False,
        )  # fmt: skip
    except urllib3.exceptions.TimeoutError:
        raise PageTooSlow from None
    except (urllib3.exceptions.HTTPError, OSError, ValueError):
        raise PageNotReached from None


def _pool(target: Target, timeout: Timeout) -> urllib3.HTTPConnectionPool:
    if target.scheme == "https":
        return urllib3.HTTPSConnectionPool(
            target.ip, target.port, timeout=timeout, server_hostname=target.host, assert_hostname=target.host,
            maxsize=1, retries=False,
        )  # fmt: skip
    return urllib3.HTTPConnectionPool(target.ip, target.port, timeout=timeout, maxsize=1, retries=False)


def _remaining(deadline: float) -> float:
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise PageTooSlow
    return remaining


def _page(target: Target, answer: urllib3.BaseHTTPResponse, wanted: _Wanted, deadline: float) -> Page:
    if answer.status != 200:  # noqa: PLR2004
        raise PageNotReached
    content_type = answer.headers.get("Content-Type", "text/html")
    if not content_type.lower().startswith(wanted.types):
        raise PageNotReached
    declared = answer.headers.get("Content-Length", "0")
    if declared.isdigit() and int(declared) > wanted.most:
        raise PageTooLarge
    unpack = _unpacker(answer.headers.get("Content-Encoding", "identity"))
    return Page(target.url, _read(answer, unpack, wanted.most, deadline), content_type)


class _Unpacker:
    """Unpacks gzip and deflate, up to the remaining limit."""

    def __init__(self, bits: int | None) -> None:
        self._bits = bits
        self._stream = zlib.decompressobj(bits) if bits is not None else None

    def feed(self, data: bytes, most: int) -> bytes:
        if self._stream is None:
            return data
        try:
            unpacked = self._stream.decompress(data, most + 1)
        except zlib.error:
            raise PageNotReached from None
        if self._stream.unconsumed_tail and len(unpacked) <= most:
            raise PageTooLarge
        return unpacked


def _unpacker(encoding: str) -> _Unpacker:
    # 32 + 15 detects gzip or zlib by the header.
    bits = {"identity": None, "": None, "gzip": 47, "x-gzip": 47, "deflate": 47}
    if encoding.strip().lower() not in bits:
        raise PageNotReached
    return _Unpacker(bits[encoding.strip().lower()])


def _read(answer: urllib3.BaseHTTPResponse, unpack: _Unpacker, most: int, deadline: float) -> bytes:
    """Read within the limits of size and time, so that a slow server can't block."""
    content = bytearray()
    try:
        while True:
            _remaining(deadline)
            data = answer.read1(_CHUNK) if hasattr(answer, "read1") else answer.read(_CHUNK)
            if not data:
                return bytes(content)
            content += unpack.feed(data, most - len(content))
            if len(content) > most:
                raise PageTooLarge
    except urllib3.exceptions.TimeoutError:
        raise PageTooSlow from None
    except (urllib3.exceptions.HTTPError, OSError):
        raise PageNotReached from None


def _charset(content_type: str, content: bytes) -> str:
    """Return the encoding by the header, else by the page's first kilobyte, else UTF-8."""
    for source in (content_type, content[:2048].decode("ascii", "replace")):
        _, found, rest = source.lower().partition("charset=")
        name = rest.strip("\"' ").split('"')[0].split("'")[0].split(";")[0].split(">")[0].strip() if found else ""
        if name:
            try:
                "x".encode(name)
            except (LookupError, ValueError):
                continue
            return name
    return "utf-8"
