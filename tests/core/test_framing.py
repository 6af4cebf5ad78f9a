"""The end of a request is known as soon as its last byte arrives, in whatever pieces."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcooking.framing import HEAD_BYTES, Framing

MAX_BODY = 1000


def framed(*parts: bytes) -> Framing:
    framing = Framing(max_body=MAX_BODY)
    for part in parts:
        framing.feed(part)
    return framing


HEAD = b"POST / HTTP/1.1\r\nHost: a\r\n"
WHOLE = {
    "no-body": b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "empty-body": HEAD + b"Content-Length: 0\r\n\r\n",
    "body": HEAD + b"content-length:5\r\n\r\nhello",
    "chunks": HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;a=b\r\n!\r\n0\r\n\r\n",
    "trailers": HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n",
    "a-chunk-that-looks-like-the-end": HEAD + b"Transfer-Encoding: chunked\r\n\r\n7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("request_", WHOLE.values(), ids=WHOLE)
def test_a_request_is_complete_with_its_last_byte_and_not_before(request_: bytes) -> None:
    for end in range(len(request_)):
        assert not framed(request_[:end]).is_complete, request_[:end]

    assert framed(request_).is_complete
    assert not framed(request_).is_cut


@given(st.sampled_from(sorted(WHOLE)), st.lists(st.integers(0, 100), max_size=8))
def test_how_a_request_is_cut_into_packets_makes_no_difference(name: str, cuts: list[int]) -> None:
    request_ = WHOLE[name]
    places = [0, *sorted(cut for cut in cuts if cut < len(request_)), len(request_)]
    parts = [request_[start:end] for start, end in itertools.pairwise(places)]

    assert not framed(*parts[:-1]).is_complete or not parts[-1]
    assert framed(*parts).is_complete


@pytest.mark.parametrize(
    "request_",
    [
        HEAD + b"Content-Length: 1001\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n400\r\n" + b"x" * 10,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * HEAD_BYTES,
        b"GET / HTTP/1.1\r\nX: " + b"x" * HEAD_BYTES,
    ],
    ids=["length", "chunk", "chunks", "head"],
)
def test_what_is_too_long_is_not_waited_for_and_ends_the_connection(request_: bytes) -> None:
    framing = framed(request_)

    assert framing.is_complete
    assert framing.is_cut


@pytest.mark.parametrize(
    "chunks",
    [b"zz\r\n", b"5" * 100, b"-1\r\n", b"1\r\nhello\r\n"],
    ids=["no-number", "endless", "negative", "too-short"],
)
def test_what_is_malformed_is_left_to_gunicorn(chunks: bytes) -> None:
    framing = framed(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)

    assert framing.is_complete
    assert framing.take().endswith(chunks)


CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
SENT = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"


@pytest.mark.parametrize(
    ("request_", "taken"),
    [
        (CHUNKED + b"5\r\nhello\r\n1;a=b\r\n!\r\n0\r\n\r\n", SENT % 6 + b"hello!"),
        (CHUNKED + b"5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n", SENT % 5 + b"hello"),
        (CHUNKED + b"0\r\n\r\n", SENT % 0),
        (CHUNKED + b"5\r\nhello\r\n0\r\n\r\nGET / HTTP/1.1\r\n", SENT % 5 + b"helloGET / HTTP/1.1\r\n"),
        (CHUNKED + b"400\r\n" + b"x" * 10, SENT % (MAX_BODY + 1)),
        (CHUNKED + b"200\r\n" + b"x" * 512 + b"\r\n200\r\n" + b"x" * 512 + b"\r\n", SENT % (MAX_BODY + 1)),
    ],
    ids=["chunks", "trailers", "empty", "the-next-request", "a-large-chunk", "large-together"],
)
def test_a_body_in_chunks_is_handed_on_as_one_of_known_length(request_: bytes, taken: bytes) -> None:
    assert framed(request_).take() == taken


@pytest.mark.parametrize(
    "head",
    [
        HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
        HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        HEAD + b"Content-Length : 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n",
        HEAD.replace(b"HTTP/1.1", b"HTTP/1.0") + b"Transfer-Encoding: chunked\r\n\r\n",
    ],
    ids=["length-after", "length-before", "odd-length", "twice", "another-coding", "http-1.0"],
)
def test_what_leaves_the_length_in_doubt_is_left_to_the_parser_as_it_came(head: bytes) -> None:
    request_ = head + b"5\r\nhello\r\n0\r\n\r\n"

    assert framed(request_).take() == request_


@pytest.mark.parametrize("length", [b"1" * 13, b"9" * 5000, b"0" * 20 + b"1001"], ids=["13", "5000", "zeros"])
def test_a_length_of_many_digits_is_too_long(length: bytes) -> None:
    assert framed(HEAD + b"Content-Length: " + length + b"\r\n\r\n").is_cut


@given(st.binary(max_size=300))
def test_no_bytes_are_too_odd(data: bytes) -> None:
    framed(data, data, HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + data).take()


def test_a_client_that_waits_to_be_told_to_go_on_is_noticed() -> None:
    assert framed(HEAD + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n").expects_continue
