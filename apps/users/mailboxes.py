"""Which mailbox an e-mail address leads to, as far as addresses tell: what is sent to it is counted for all of them."""

import unicodedata

# Google ignores dots, and calls its domain by two names.
_WITHOUT_DOTS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}
# Amazon's simulator takes mail for tests and keeps none: each of its addresses is by itself.
_KEEPS_NONE = frozenset({"simulator.amazonses.com"})


def mailbox_of(email: str) -> str:
    """Return the address without what providers ignore in it: capitals, what follows a plus sign, Google's dots.

    For counting alone. Two people may well have addresses that are one mailbox here: whose an address is, the address
    itself decides.
    """
    local, _, domain = unicodedata.normalize("NFKC", email).casefold().strip().rpartition("@")
    domain = _ascii(domain.rstrip("."))
    if domain not in _KEEPS_NONE:
        local = local.partition("+")[0] or local
    if domain in _WITHOUT_DOTS:
        local, domain = local.replace(".", ""), _WITHOUT_DOTS[domain]
    return f"{local}@{domain}"


def _ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
