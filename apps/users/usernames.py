"""Usernames that nobody may choose: reserved words, and names that look like them."""

import re

_OURS = frozenset({
    "abuse", "admin", "administrator", "billing", "contact", "help", "helpdesk", "hostmaster", "info", "mail", "mod",
    "moderation", "moderator", "moderators", "admins", "noreply", "nobody", "null", "official", "owner", "postmaster",
    "privacy", "quantri", "quantrivien", "root", "security", "service", "smartcooking", "staff", "superuser",
    "support", "supporter", "sysadmin", "system", "team", "undefined", "verified", "webmaster", "hotro", "me",
    "deleted", "anonymous", "everyone", "here", "all",
})  # fmt: skip
# A name that ends like an address of the web leads people there.
_DOMAINS = frozenset({
    "app", "biz", "co", "com", "dev", "edu", "gov", "info", "io", "me", "net", "online", "org", "shop", "site", "vn",
    "xyz",
})  # fmt: skip
# What reads as another letter, in the fonts that people have.
_LOOK_ALIKES = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g"})
_PAIRS = (("rn", "m"), ("vv", "w"))
_SEPARATORS = re.compile(r"[._]+")


def is_reserved(username: str) -> bool:
    """Say whether a username would pass for the service, for those who run it or for an address of the web."""
    if not re.search(r"[a-z]", username):
        return not re.search(r"[0-9]", username)
    words = [word for word in _SEPARATORS.split(username) if word]
    if "." in username.strip(".") and words[-1] in _DOMAINS:
        return True
    return any(_reads_as_ours(one) for one in (*words, "".join(words)))


def _reads_as_ours(word: str) -> bool:
    """Compare what a word reads as, with and without digits behind it, taking "l" and "i" for one letter."""
    bare = word.rstrip("0123456789")
    return any(_skeleton(one) in _OUR_SKELETONS for one in (word, bare)) or _SMART_COOKING in _skeleton(word)


def _skeleton(word: str) -> str:
    read = word.translate(_LOOK_ALIKES)
    for pair, letter in _PAIRS:
        read = read.replace(pair, letter)
    return read.replace("l", "i")


_OUR_SKELETONS = frozenset(map(_skeleton, _OURS))
_SMART_COOKING = _skeleton("smartcooking")
