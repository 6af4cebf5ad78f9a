"""Compression of responses: if worthwhile and accepted, and never of tokens."""

import gzip
import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from smartcooking.compression import MIN_BYTES, Compression

LONG = json.dumps({"items": [{"title": "Canh chua cá lóc", "servings": 4}] * 60}).encode()


def answer(
    path: str = "/v1/recipes",
    *,
    body: bytes = LONG,
    accepts: str = "gzip, deflate, br",
    kind: str = "application/json",
) -> HttpResponse:
    request = RequestFactory().get(path, headers={"accept-encoding": accepts})
    return Compression(lambda _: HttpResponse(body, content_type=kind, headers={"ETag": '"3"'}))(request)


def test_a_long_answer_is_a_fraction_of_its_size() -> None:
    found = answer()

    assert found["Content-Encoding"] == "gzip"
    assert gzip.decompress(found.content) == LONG
    assert len(found.content) < len(LONG) / 4
    assert int(found["Content-Length"]) == len(found.content)


def test_the_same_answer_differs_in_length_so_that_its_size_tells_nothing() -> None:
    assert len({len(answer().content) for _ in range(20)}) > 1


@pytest.mark.parametrize("accepts", ["", "br", "gzip;q=0", "identity"])
def test_whoever_does_not_accept_it_gets_it_as_it_is(accepts: str) -> None:
    found = answer(accepts=accepts)

    assert "Content-Encoding" not in found
    assert found.content == LONG
    assert found["Vary"] == "Accept-Encoding"


def test_an_answer_that_holds_tokens_is_left_alone() -> None:
    assert "Content-Encoding" not in answer("/v1/auth/login")


@pytest.mark.parametrize(("body", "kind"), [(LONG[: MIN_BYTES - 1], "application/json"), (LONG, "image/png")])
def test_what_would_not_become_smaller_is_left_alone(body: bytes, kind: str) -> None:
    assert "Content-Encoding" not in answer(body=body, kind=kind)


def test_the_version_of_a_row_stays_its_etag() -> None:
    assert answer()["ETag"] == '"3"'
