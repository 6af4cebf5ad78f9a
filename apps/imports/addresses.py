"""Check that a page is fetched from a public IP address only."""

import ipaddress
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from functools import cache
from urllib.parse import SplitResult, urlsplit

from apps.imports.errors import AddressRefused, PageNotReached, PageTooSlow

PORTS = {"http": 80, "https": 443}
_LONGEST = 2000
# Non-public ranges that Python 3.11 treats as global, and ranges that embed other addresses (RFC 6890 registries).
_REFUSED = [
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32",
        "::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23",
        "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
]  # fmt: skip
# A host name whose top-level domain is not a number, so that it can't be an IP address in another notation.
_HOST = re.compile(r"(?=.{1,253}\Z)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\.?", re.ASCII)
# Names that resolve only inside a network (RFC 6761, 6762, 8375, ICANN's .internal).
_INNER = ("localhost", "local", "internal", "intranet", "home.arpa", "lan", "corp", "home", "test", "invalid", "onion",
          "in-addr.arpa", "ip6.arpa", "example")  # fmt: skip
# The machine itself, and names that resolve inside a cloud's network.
_OWN_NAMES = ("localhost", "internal")
# The metadata service of EC2 over IPv6; over IPv4 it has a link-local address.
_METADATA = (ipaddress.ip_address("fd00:ec2::254"),)
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect: a checked IP address, and the host and path of the request."""

    scheme: str
    host: str
    ip: str
    path: str
    url: str

    @property
    def port(self) -> int:
        return PORTS[self.scheme]


def parse_address(url: str) -> SplitResult:
    """Return the parts of a URL that may be fetched; `AddressRefused` for others. Doesn't resolve the name."""
    if len(url) > _LONGEST or any(ord(char) <= 0x20 or ord(char) == 0x7F or char == "\\" for char in url):  # noqa: PLR2004
        raise AddressRefused
    try:
        parts = urlsplit(url)
        port = parts.port
        host = _ascii_host(parts.hostname or "")
    except (ValueError, UnicodeError):
        raise AddressRefused from None
    if parts.scheme not in PORTS or "@" in parts.netloc or (port is not None and port != PORTS[parts.scheme]):
        raise AddressRefused
    if not _HOST.fullmatch(host) or any(host.rstrip(".").endswith(f".{inner}") for inner in _INNER):
        raise AddressRefused
    return parts._replace(netloc=host.rstrip("."), fragment="")


def names_own_network(url: str) -> bool:
    """Return whether a URL names this machine or the cloud's metadata service, in any notation.

    Such a URL is an attempt to probe the service, since there are no recipes there. Addresses of private networks are
    not included: they may be somebody's home server.
    """
    try:
        host = _ascii_host(urlsplit(url).hostname or "").rstrip(".").partition("%")[0]
    except (ValueError, UnicodeError):
        return False
    if host in _OWN_NAMES or host.endswith(tuple(f".{name}" for name in _OWN_NAMES)):
        return True
    ip = _ip_of(host)
    inner = getattr(ip, "ipv4_mapped", None) or ip
    return inner is not None and (
        inner.is_loopback or inner.is_link_local or inner.is_unspecified or inner in _METADATA
    )


def _ip_of(host: str) -> IpAddress | None:
    """Parse an IP address like `inet_aton`: 127.1, 0x7f000001 and 2130706433 are 127.0.0.1."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return None


def _ascii_host(host: str) -> str:
    """Return a host name in the form used by DNS. Fullwidth digits and dots become ASCII before they are checked."""
    return host.encode("idna").decode("ascii").lower() if not host.isascii() else host.lower()


def resolve(url: str, *, seconds: float) -> Target:
    """Resolve a name once and check all addresses: one that is not public refuses them all.

    The connection uses a checked address, so a different answer to a second query (DNS rebinding) has no effect.
    """
    parts = parse_address(url)
    host = parts.netloc
    found = _look_up(host, PORTS[parts.scheme], seconds)
    if not found:
        raise PageNotReached
    if not all(is_public(address) for address in found):
        raise AddressRefused
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, found[0], path, parts.geturl())


def _look_up(host: str, port: int, seconds: float) -> list[str]:
    """Return the addresses of a name, IPv4 first, within `seconds`. The resolver itself has no timeout."""
    future = _resolvers().submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        answers = future.result(timeout=max(seconds, 0.01))
    except FutureTimeout:
        raise PageTooSlow from None
    except (OSError, UnicodeError):
        raise PageNotReached from None
    return list(dict.fromkeys(str(answer[4][0]) for answer in sorted(answers, key=lambda one: one[0])))


@cache
def _resolvers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=4, thread_name_prefix="resolve")


def is_public(address: str) -> bool:
    """Return whether an IP address is public and doesn't embed one that isn't."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if not ip.is_global or ip.is_multicast or ip.is_reserved or ip.is_unspecified:
        return False
    return not any(ip in network for network in _REFUSED if network.version == ip.version)
