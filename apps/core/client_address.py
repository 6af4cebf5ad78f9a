"""The client's IP address, as far as trusted proxies report it."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

# Providers assign at least a /64 to every customer, so a single IPv6 address identifies nobody.
_IPV6_NETWORK = 64


def client_address(request: HttpRequest) -> str:
    """Return the caller's IPv4 address or IPv6 network.

    X-Forwarded-For is what the caller claims, except for the entries that our own proxies appended: with
    `TRUSTED_PROXIES` of them in front of us the caller is that many entries from its end.
    """
    return address_of(str(request.META.get("REMOTE_ADDR", "")), request.headers.get("X-Forwarded-For", ""))


def address_of(remote: str, forwarded: str) -> str:
    """The same for callers that have only the peer address and X-Forwarded-For."""
    address = remote
    if settings.TRUSTED_PROXIES:
        entries = [entry.strip() for entry in forwarded.split(",")]
        if len(entries) >= settings.TRUSTED_PROXIES:
            address = entries[-settings.TRUSTED_PROXIES]
    return _network(address)


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:100]
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, _IPV6_NETWORK), strict=False))
    return str(parsed)
