"""An HTTP proxy before DynamoDB that injects the faults of AWS: throttling, errors, lost connections."""

import json
import random
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import urllib3

KINDS = ("throttled", "server_error", "cut_before", "cut_after", "half_done")


class FaultProxy:
    """Forwards to `target`; a share of the requests, `rate` (0 to 1), gets a random fault of `KINDS`.

    `throttled`: throughput exceeded; transactions are cancelled. `server_error`: 500. `cut_before`: the connection
    ends before the request is forwarded. `cut_after`: the request is executed, but its response is lost.
    `half_done`: a batch writes only half of its items; a transaction is cancelled by a conflict; anything else is 500.
    `injected` counts them by kind.
    """

    def __init__(self, target: str, *, seed: int = 1) -> None:
        self.rate = 0.0
        self.injected: Counter[str] = Counter()
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._target = target
        self._pool = urllib3.PoolManager(maxsize=64, retries=False, timeout=120)
        handler = type("Handler", (_Handler,), {"proxy": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def choose(self) -> str | None:
        with self._lock:
            if self._random.random() >= self.rate:
                return None
            kind = self._random.choice(KINDS)
            self.injected[kind] += 1
            return kind

    def forward(self, path: str, headers: dict[str, str], body: bytes) -> Any:
        # The signature covers the host that the client used.
        return self._pool.request("POST", self._target + path, body=body, headers=headers)


class _Handler(BaseHTTPRequestHandler):
    proxy: FaultProxy
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        kind = self.proxy.choose()
        if kind is None:
            self._answer(*self._forwarded(body))
        elif kind.startswith("cut"):
            if kind == "cut_after":
                self._forwarded(body)
            self._cut()
        else:
            self._answer(*self._failed(kind, operation, body))

    def _forwarded(self, body: bytes) -> tuple[int, bytes]:
        headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        headers["Host"] = urlsplit(self.proxy.url).netloc
        answer = self.proxy.forward(self.path, headers, body)
        return answer.status, answer.data

    def _failed(self, kind: str, operation: str, body: bytes) -> tuple[int, bytes]:
        if kind == "half_done" and operation == "BatchWriteItem":
            return self._half_done(body)
        if kind != "server_error" and operation == "TransactWriteItems":
            actions = len(json.loads(body)["TransactItems"])
            return _cancelled("ThrottlingError" if kind == "throttled" else "TransactionConflict", actions)
        if kind == "throttled":
            return 400, _error("com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException")
        return 500, _error("com.amazonaws.dynamodb.v20120810#InternalServerError")

    def _half_done(self, body: bytes) -> tuple[int, bytes]:
        request = json.loads(body)
        [(table, items)] = request["RequestItems"].items()
        half = len(items) // 2
        if half:
            request["RequestItems"] = {table: items[:half]}
            headers = {"X-Amz-Target": self.headers["X-Amz-Target"], "Content-Type": self.headers["Content-Type"]}
            headers["Authorization"] = self.headers["Authorization"]
            self.proxy.forward(self.path, headers, json.dumps(request).encode())
        return 200, json.dumps({"UnprocessedItems": {table: items[half:]}}).encode()

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _cut(self) -> None:
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Log nothing: tests read `injected`."""


def _error(kind: str, **more: Any) -> bytes:
    return json.dumps({"__type": kind, "message": "injected", **more}).encode()


def _cancelled(reason: str, actions: int) -> tuple[int, bytes]:
    reasons = [{"Code": reason, "Message": "injected"}] + [{"Code": "None"}] * (actions - 1)
    kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException"
    return 400, _error(kind, Message="injected", CancellationReasons=reasons)
