"""Find the end of an HTTP/1.1 request (RFC 9112 §6) while it arrives; gunicorn rejects malformed ones."""

import re

# gunicorn's own limits are stricter: 8,190 bytes for the request line, and as much for each of 100 headers.
HEAD_BYTES = 64 * 1024
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)[ \t]*\r\n", re.IGNORECASE)
_ANY_LENGTH = re.compile(rb"\r\ncontent-length[ \t]*:", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_CHUNKED_ALONE = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked[ \t]*\r\n", re.IGNORECASE)
_CONTINUE = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)
_SIZE = re.compile(rb"([0-9a-fA-F]{1,12})[ \t]*(?:;.*)?")
_END_OF_HEAD = b"\r\n\r\n"
_LONGEST_SIZE_LINE = 64
# Maximum number of digits of a Content-Length that is converted to a number.
_LONGEST_LENGTH = 12


class Framing:
    """Collects a request; `is_complete` once it can be parsed without waiting for the network.

    A head or body that is too long counts as complete, since it is refused without being read to its end; `is_cut`
    says that the connection must then be closed.
    """

    def __init__(self, *, max_body: int) -> None:
        self.data = bytearray()
        self.is_complete = False
        self.is_cut = False
        self.expects_continue = False
        self._max_body = max_body
        self._searched = 0
        self._body_at = 0
        # None if chunked.
        self._length: int | None = 0
        self._chunk_at = 0
        # The content of the chunks, and where the request ends: None until the last chunk has arrived, all well-formed.
        self._content = bytearray()
        self._chunks_end: int | None = None

    def take(self) -> bytes:
        """Return the received request for the parser, with a chunked body converted to one of known length.

        So all later code has only one kind of body to limit. A chunked body that was cut gets a length that is refused.
        A body that is not plainly chunked (§6.1) stays as it is: the parser refuses it.
        """
        head, rest = bytes(self.data[: self._body_at]), bytes(self.data[self._body_at :])
        if self._length is None and _is_plainly_chunked(head):
            if self._chunks_end is not None:
                rest = bytes(self._content) + bytes(self.data[self._chunks_end :])
                head = _with_length(head, len(self._content))
            elif self.is_cut:
                head, rest = _with_length(head, self._max_body + 1), b""
        self.data.clear()
        self._content.clear()
        return head + rest

    def feed(self, data: bytes) -> None:
        self.data += data
        if not self._body_at:
            self._look_for_body()
        if self._body_at and not self.is_complete:
            self._look_for_end()

    def _look_for_body(self) -> None:
        end = self.data.find(_END_OF_HEAD, max(0, self._searched - len(_END_OF_HEAD)))
        self._searched = len(self.data)
        if end < 0:
            if len(self.data) > HEAD_BYTES:
                self._cut()
            return
        head = bytes(self.data[: end + len(_END_OF_HEAD)])
        self._body_at = self._chunk_at = len(head)
        self.expects_continue = _CONTINUE.search(head) is not None
        if _CHUNKED.search(head):
            self._length = None
        else:
            lengths = _LENGTH.findall(head)
            # gunicorn refuses several lengths.
            self._length = int(lengths[0][-_LONGEST_LENGTH:]) if len(lengths) == 1 else 0
            if self._length > self._max_body or any(len(one.lstrip(b"0")) > _LONGEST_LENGTH for one in lengths):
                self._cut()

    def _look_for_end(self) -> None:
        if self._length is None:
            self._follow_chunks()
        elif len(self.data) >= self._body_at + self._length:
            self.is_complete = True

    def _follow_chunks(self) -> None:
        """Step from chunk to chunk as far as they have arrived (§7.1)."""
        while not self.is_complete:
            if len(self.data) - self._body_at > self._max_body + HEAD_BYTES:
                self._cut()
                return
            line_end = self.data.find(b"\r\n", self._chunk_at, self._chunk_at + _LONGEST_SIZE_LINE)
            if line_end < 0:
                self.is_complete = len(self.data) - self._chunk_at >= _LONGEST_SIZE_LINE
                return
            if not self._step(line_end):
                return

    def _step(self, line_end: int) -> bool:
        """Step over a chunk; return False if part of it has not arrived yet."""
        written = _SIZE.fullmatch(self.data, self._chunk_at, line_end)
        if written is None:
            self.is_complete = True
            return True
        size = int(written[1], 16)
        if size == 0:
            # After the last chunk come trailers, if any, and an empty line.
            end = self.data.find(_END_OF_HEAD, line_end)
            if end >= 0:
                self._chunks_end, self.is_complete = end + len(_END_OF_HEAD), True
            return self.is_complete
        after = line_end + 2 + size + 2
        if size > self._max_body:
            self._cut()
        elif len(self.data) < after:
            return False
        elif self.data[after - 2 : after] != b"\r\n":
            self.is_complete = True
        elif len(self._content) + size > self._max_body:
            self._cut()
        else:
            self._content += self.data[line_end + 2 : after - 2]
        self._chunk_at = after
        return True

    def _cut(self) -> None:
        self.is_complete = self.is_cut = True


def _is_plainly_chunked(head: bytes) -> bool:
    """Return whether a single `Transfer-Encoding: chunked` is all that the head says about the body's length."""
    request_line = head[: head.find(b"\r\n")]
    return (
        request_line.endswith(b" HTTP/1.1")
        and len(_CHUNKED.findall(head)) == 1
        and _CHUNKED_ALONE.search(head) is not None
        and _ANY_LENGTH.search(head) is None
    )


def _with_length(head: bytes, length: int) -> bytes:
    return _CHUNKED_ALONE.sub(b"\r\nContent-Length: %d\r\n" % length, head, count=1)
