"""Which mailbox an e-mail address leads to, so that mail to variants of one address is counted together."""

import unicodedata

# Google ignores dots, and has two domains for the same mailbox.
_WITHOUT_DOTS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}
# Amazon's mailbox simulator discards mail; each of its addresses counts separately.
_KEEPS_NONE = frozenset({"simulator.amazonses.com"})


def mailbox_of(email: str) -> str:
    """Return the address without the parts that providers ignore: case, everything after a plus sign, Google's dots.

    Use it only for counting. Two people may have addresses that are the same mailbox here; the exact address decides
    who owns it.
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
