"""Fetching pages: only the public web is reached, whatever the address, and within limits."""

import gzip
import socket
import time
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from apps.imports import addresses, fetching
from apps.imports.errors import AddressRefused, PageNotReached, PageTooLarge, PageTooSlow
from tests.support.fetching import REFUSED, answer
from tests.support.fetching import site as site  # noqa: PLC0414  a fixture

# Addresses to which a name must not resolve: each alone, and after a public address.
PRIVATE = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.1.2.3", "172.31.255.255", "192.168.0.10",
    "169.254.169.254", "169.254.170.2", "100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1",
    "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "100::1",
    "2001::1", "2001:0:7f00:1::", "2001:db8::1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "3fff::1", "5f00::1",
    "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
]  # fmt: skip


@pytest.mark.parametrize("url", REFUSED)
def test_non_public_urls_are_refused_before_any_lookup(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("asked the resolver"))

    with pytest.raises(AddressRefused):
        fetching.fetch(url)


@pytest.mark.parametrize("address", PRIVATE)
@pytest.mark.parametrize("others", [[], ["93.184.215.14"], ["2606:2800:220:1:248:1893:25c8:1946"]])
def test_a_name_with_a_private_address_is_refused_even_beside_public_ones(
    address: str, others: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(monkeypatch, [*others, address])
    monkeypatch.setattr(fetching, "_request", lambda *_: pytest.fail("connected"))

    with pytest.raises(AddressRefused):
        fetching.fetch("http://recipes.com/")


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "172.32.0.1", "11.0.0.1"])
def test_public_addresses_are_accepted(address: str) -> None:
    assert addresses.is_public(address)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.Recipes.com/a?b=c#d", "www.recipes.com"),
        ("http://bếp-nhà.vn/món", "xn--bp-nh-3qa8135d.vn"),
        ("https://recipes.com:443/", "recipes.com"),
        ("http://recipes.co.uk./", "recipes.co.uk"),
    ],
)
def test_ordinary_addresses_are_understood(url: str, host: str) -> None:
    parts = addresses.parse_address(url)

    assert parts.netloc.startswith("xn--") if host.startswith("xn--") else parts.netloc == host
    assert parts.fragment == ""


def answers(monkeypatch: pytest.MonkeyPatch, found: list[str]) -> None:
    def resolver(_host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET6 if ":" in one else socket.AF_INET, 1, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolver)


def test_a_page_is_fetched_from_the_address_that_was_checked(site: Any) -> None:
    seen = site(lambda _: (answer("<p>Phở</p>".encode(), kind="text/html; charset=utf-8"),))

    page = fetching.fetch("http://recipes.com/pho?x=1")

    assert (page.text, page.url) == ("<p>Phở</p>", "http://recipes.com/pho?x=1")
    assert "Host: recipes.com\r\n" in seen[0]
    assert "Cookie" not in seen[0]
    assert "Authorization" not in seen[0]


@pytest.mark.parametrize(
    "location",
    ["http://inside.com/", "http://127.0.0.1/", "http://[::1]/", "file:///etc/passwd", "http://recipes.com:22/",
     "//169.254.169.254/latest", "http://user:pw@recipes.com/", "gopher://recipes.com/", "http://metadata.internal/"],
)  # fmt: skip
def test_every_redirect_is_checked_as_the_first_address(site: Any, location: str) -> None:
    seen = site(lambda _: (answer(b"", "302 Found", Location=location),))

    with pytest.raises(AddressRefused):
        fetching.fetch("http://recipes.com/")

    assert len(seen) == 1


def test_redirects_are_followed_five_times_at_most(site: Any) -> None:
    seen = site(lambda _: (answer(b"", "301 Moved", Location="/again"),))

    with pytest.raises(PageNotReached):
        fetching.fetch("http://recipes.com/")

    assert len(seen) == 6


def test_a_page_over_two_megabytes_is_refused(site: Any) -> None:
    site(lambda path: (answer(b"x" * (3 if path == "/small" else fetching.MAX_BYTES + 1)),))

    assert fetching.fetch("http://recipes.com/small").content == b"xxx"
    with pytest.raises(PageTooLarge):
        fetching.fetch("http://recipes.com/large")


def test_a_page_that_does_not_say_its_length_is_cut_off(site: Any) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n"
    site(lambda _: (head, *([b"x" * 65536] * 60)))

    with pytest.raises(PageTooLarge):
        fetching.fetch("http://recipes.com/")


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_packed_page_is_unpacked_within_bounds(site: Any, encoding: str) -> None:
    pack: Callable[[bytes], bytes] = gzip.compress if encoding == "gzip" else zlib.compress
    small, bomb = pack(b"<p>ok</p>"), pack(bytes(200 * 1024 * 1024))
    assert len(bomb) < fetching.MAX_BYTES
    site(lambda path: (answer(small if path == "/small" else bomb, Content_Encoding=encoding),))

    assert fetching.fetch("http://recipes.com/small").text == "<p>ok</p>"
    with pytest.raises(PageTooLarge):
        fetching.fetch("http://recipes.com/bomb")


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress"])
def test_encodings_without_a_bound_are_refused(site: Any, encoding: str) -> None:
    site(lambda _: (answer(b"x", Content_Encoding=encoding),))

    with pytest.raises(PageNotReached):
        fetching.fetch("http://recipes.com/")


@pytest.mark.parametrize("kind", ["application/zip", "image/png", "application/octet-stream", "video/mp4"])
def test_content_that_is_not_text_is_refused(site: Any, kind: str) -> None:
    site(lambda _: (answer(b"x", kind=kind),))

    with pytest.raises(PageNotReached):
        fetching.fetch("http://recipes.com/")


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "500 Oops", "204 No Content", "206 Partial"])
def test_a_page_with_any_status_but_200_counts_as_not_reached(site: Any, status: str) -> None:
    site(lambda _: (answer(b"", status),))

    with pytest.raises(PageNotReached):
        fetching.fetch("http://recipes.com/")


def test_a_slow_server_is_abandoned_at_the_deadline(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 10_000, 3))
    monkeypatch.setattr(time, "monotonic", lambda: float(next(clock)))
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    site(lambda _: (head, b"a", b"b", b"c"))

    with pytest.raises(PageTooSlow):
        fetching.fetch("http://recipes.com/")


@pytest.mark.parametrize("raw", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 999 x\r\n\r\n", b"HTTP/1.1 302 Found\r\n\r\n"])
def test_servers_that_speak_nonsense_are_survived(site: Any, raw: bytes) -> None:
    site(lambda _: (raw,))

    with pytest.raises((PageNotReached, AddressRefused, PageTooSlow)):
        fetching.fetch("http://recipes.com/")


def test_a_page_is_decoded_with_its_declared_encoding(site: Any) -> None:
    body = '<meta charset="windows-1258"><p>B\u00fan</p>'.encode("windows-1258")
    site(lambda path: (answer(body, kind="text/html" if path == "/meta" else "text/html; charset=nonsense"),))

    assert "Bún" in fetching.fetch("http://recipes.com/meta").text
    assert "Bún" in fetching.fetch("http://recipes.com/header").text
