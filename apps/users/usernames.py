"""Usernames that nobody may choose: names of roles, hosts and the service, and names that look like them."""

import re
from functools import cache

# Roles of those who run a service or speak for it. A name is reserved if any of its words is one of these.
_ROLES = frozenset({
    "abuse", "admin", "administration", "administrator", "anonymous", "billing", "ceo", "complaint", "compliance",
    "contact", "copyright", "customercare", "customerservice", "deleted", "developer", "dpo", "editor", "employee",
    "finance", "founder", "help", "helpcenter", "helpdesk", "hostmaster", "info", "legal", "mail", "mailerdaemon",
    "manager", "mod", "moderation", "moderator", "nobody", "noreply", "donotreply", "null", "official", "operator",
    "owner", "payment", "postmaster", "privacy", "root", "safety", "security", "service", "staff", "superuser",
    "support", "supporter", "sysadmin", "sysop", "system", "team", "undefined", "verified", "webmaster",
    # Vietnamese.
    "banquantri", "baomat", "bqt", "chamsockhachhang", "chinhthuc", "cskh", "dieuhanh", "hotro", "hotrokhachhang",
    "kiemduyet", "kiemduyetvien", "nhanvien", "quantri", "quantrivien", "tongdai",
})  # fmt: skip
# Hosts and paths of a service, and words for everybody: reserved only as whole names.
_PLACES = frozenset({
    "account", "all", "api", "app", "assets", "auth", "blog", "cdn", "channel", "dev", "docs", "email", "everyone",
    "feed", "ftp", "graphql", "health", "here", "home", "host", "imap", "img", "livez", "localhost", "login", "logout",
    "me", "media", "metrics", "ns", "oauth", "pop", "prod", "production", "register", "schema", "server", "settings",
    "signin", "signup", "smtp", "staging", "static", "status", "test", "user", "vpn", "webmail", "ww", "www",
})  # fmt: skip
# Means nothing by itself beside a role: "theadmin", "adminvn".
_FILLERS = frozenset({
    "app", "care", "center", "chief", "dept", "desk", "group", "head", "hq", "online", "our", "real", "super", "the",
    "vietnam", "vn",
})  # fmt: skip
# The service, in both languages: reserved anywhere in a name.
_BRANDS = ("smartcooking", "bepthongminh")
# A name that ends like a domain name looks like a link.
_DOMAINS = frozenset({
    "app", "biz", "co", "com", "dev", "edu", "gov", "info", "io", "me", "net", "online", "org", "shop", "site", "vn",
    "xyz",
})  # fmt: skip
# Digits that look like letters in common fonts.
_LOOK_ALIKES = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g"})
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_SEPARATORS = re.compile(r"[._]+")
_DIGITS = "0123456789"


def is_reserved(username: str) -> bool:
    """Return whether a username would pass for the service, its staff or a web address."""
    if not re.search(r"[a-z]", username):
        return not re.search(r"[0-9]", username)
    words = [word for word in _SEPARATORS.split(username) if word]
    if "." in username.strip(".") and words[-1] in _DOMAINS:
        return True
    whole = "".join(words)
    return _is_place(whole) or any(_reads_as_ours(one) for one in (*words, whole))


def _is_place(whole: str) -> bool:
    return any(one in _skeletons(_PLACES) for one in _readings(whole))


def _reads_as_ours(word: str) -> bool:
    return any(_is_made_of_roles(one) or any(_skeleton(brand) in one for brand in _BRANDS) for one in _readings(word))


def _readings(word: str) -> set[str]:
    """Return the words that a word can be read as: with digits as letters, and without digits at its ends."""
    return {_skeleton(one) for one in (word, word.strip(_DIGITS), word.lstrip(_DIGITS), word.rstrip(_DIGITS)) if one}


def _is_made_of_roles(read: str) -> bool:
    """Return whether a word is a role, or roles and fillers written together."""
    roles, fillers = _skeletons(_ROLES), _skeletons(_FILLERS)
    # For each position that words reach from the start: whether one of them was a role.
    reached: dict[int, bool] = {0: False}
    for start in range(len(read)):
        if start not in reached:
            continue
        for end in range(start + 2, len(read) + 1):
            part = read[start:end]
            if part in roles:
                reached[end] = True
            elif part in fillers:
                reached[end] = reached.get(end, False) or reached[start]
    return reached.get(len(read), False)


@cache
def _skeletons(words: frozenset[str]) -> frozenset[str]:
    """Return the skeletons of words and their plurals."""
    return frozenset(_skeleton(one) for word in words for one in (word, _plural(word)))


def _plural(word: str) -> str:
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


def _skeleton(word: str) -> str:
    """Return a word with look-alike letters unified, taking "l" and "i" for one letter."""
    read = word.translate(_LOOK_ALIKES)
    for pair, letter in _PAIRS:
        read = read.replace(pair, letter)
    return read.replace("l", "i")
