"""Web sites to fetch from, and addresses that must not be fetched from."""

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from apps.imports import addresses

# Addresses that are refused without resolving them.
REFUSED = [
    "http://127.0.0.1/", "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0x7f000001/",
    "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://017700000001/", "http://127.0.0.1:80/", "http://0/",
    "http://0.0.0.0/", "http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.1.1/", "http://169.254.169.254/",
    "http://169.254.170.2/v2/credentials", "http://2852039166/", "http://0xa9fea9fe/", "http://0251.0376.0251.0376/",
    "http://100.64.0.1/", "http://100.100.100.200/", "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a9fe:a9fe]/", "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::a9fe:a9fe]/",
    "http://[2002:7f00:1::]/", "http://[fd00:ec2::254]/", "http://[fe80::1]/", "http://[fe80::1%25eth0]/",
    "http://[fc00::1]/", "http://[2606:4700::1111]/", "http://localhost/", "http://LOCALHOST/", "http://localhost./",
    "http://foo.localhost/", "http://printer.local/", "http://metadata.google.internal/computeMetadata/v1/",
    "http://instance-data.ec2.internal/", "http://router.lan/", "http://db.corp/", "http://intranet/",
    "http://kubernetes.default.svc.cluster.local/", "http://example.test/",
    "http://１２７.０.０.１/", "http://①②⑦.⓪.⓪.①/", "http://ⓛocalhost/", "http://127。0。0。1/",
    "http://user@example.org/", "http://example.org@127.0.0.1/", "http://example.org:pw@recipes.com/",
    "http://127.0.0.1#@recipes.com/", "http://127.0.0.1\\@recipes.com/", "http://recipes.com\\@127.0.0.1/",
    "http://recipes.com:8080/", "http://recipes.com:22/", "https://recipes.com:80/", "http://recipes.com:443/",
    "http://recipes.com:6379/", "http://recipes.com:0/", "http://recipes.com:99999/",
    "ftp://recipes.com/", "file:///etc/passwd", "gopher://recipes.com/", "dict://recipes.com:11211/",
    "javascript:alert(1)", "data:text/html,x", "ldap://recipes.com/", "jar:http://recipes.com!/", "//recipes.com/",
    "recipes.com", "", "http://", "http:///x", "http://?x", "http://.", "http://..", "http://-a.com/", "http://a..b.com/",
    "http://recipes.com /", "http://recipes.com\t/", "http://rec\nipes.com/", "http://recipes.com\r\nHost: x/",
    "http://recipes.com/\x00", "http://1.1.1.1/", "http://[::ffff:1.1.1.1]/", "http://recipes.123/",
    "http://127.0.0.1.nip.local/", "http://" + "a" * 300 + ".com/", "http://recipes.com/" + "a" * 3000,
]  # fmt: skip


Handler = Callable[[str], tuple[bytes, ...]]


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Handler], list[str]]]:
    """A web site whose responses are written by a handler as raw bytes. It is reached as if it were public."""
    listener = socket.create_server(("127.0.0.1", 0))
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1")
    monkeypatch.setattr(addresses, "_look_up", lambda host, *_: ["10.0.0.1" if "inside" in host else "127.0.0.1"])
    monkeypatch.setattr(addresses, "PORTS", {"http": 80, "https": 443})
    monkeypatch.setattr(addresses.Target, "port", property(lambda _: listener.getsockname()[1]))
    seen: list[str] = []

    def serve(handler: Handler) -> list[str]:
        def work() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    request = connection.recv(65536).decode("latin-1")
                    seen.append(request)
                    try:
                        for part in handler(request.split(" ")[1]):
                            connection.sendall(part)
                    except OSError:
                        continue

        threading.Thread(target=work, daemon=True).start()
        return seen

    yield serve
    listener.close()


def answer(body: bytes, status: str = "200 OK", kind: str = "text/html", **headers: str) -> bytes:
    lines = {"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close", **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body
