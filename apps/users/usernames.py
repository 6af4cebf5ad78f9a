"""Usernames that nobody may choose: names of roles, hosts and the service, and names that look like them."""

import re
from functools import cache

# Who runs a service or speaks for it. A name is reserved where any of its words is one of these.
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
# Hosts and paths of a service, and words that stand for everybody: reserved by themselves only.
_PLACES = frozenset({
    "account", "all", "api", "app", "assets", "auth", "blog", "cdn", "channel", "dev", "docs", "email", "everyone",
    "feed", "ftp", "graphql", "health", "here", "home", "host", "imap", "img", "livez", "localhost", "login", "logout",
    "me", "media", "metrics", "ns", "oauth", "pop", "prod", "production", "register", "schema", "server", "settings",
    "signin", "signup", "smtp", "staging", "static", "status", "test", "user", "vpn", "webmail", "ww", "www",
})  # fmt: skip
# Says nothing of its own beside a role: "theadmin", "adminvn".
_FILLERS = frozenset({
    "app", "care", "center", "chief", "dept", "desk", "group", "head", "hq", "online", "our", "real", "super", "the",
    "vietnam", "vn",
})  # fmt: skip
# The service, in both languages: reserved wherever it stands in a name.
_BRANDS = ("smartcooking", "bepthongminh")
# A name that ends like an address of the web leads people there.
_DOMAINS = frozenset({
    "app", "biz", "co", "com", "dev", "edu", "gov", "info", "io", "me", "net", "online", "org", "shop", "site", "vn",
    "xyz",
})  # fmt: skip
# What reads as another letter, in the fonts that people have.
_LOOK_ALIKES = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g"})
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_SEPARATORS = re.compile(r"[._]+")
_DIGITS = "0123456789"


def is_reserved(username: str) -> bool:
    """Say whether a username would pass for the service, for those who run it or for an address of the web."""
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
    """Return what a word reads as, with its digits as letters and without those at its ends."""
    return {_skeleton(one) for one in (word, word.strip(_DIGITS), word.lstrip(_DIGITS), word.rstrip(_DIGITS)) if one}


def _is_made_of_roles(read: str) -> bool:
    """Say whether a word is a role, or roles and fillers written together."""
    roles, fillers = _skeletons(_ROLES), _skeletons(_FILLERS)
    # By each position that words reach from the start: whether a role was among them.
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
    """Return what words and their plurals read as."""
    return frozenset(_skeleton(one) for word in words for one in (word, _plural(word)))


def _plural(word: str) -> str:
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


def _skeleton(word: str) -> str:
    """Return a word in the letters that it reads as, taking "l" and "i" for one letter."""
    read = word.translate(_LOOK_ALIKES)
    for pair, letter in _PAIRS:
        read = read.replace(pair, letter)
    return read.replace("l", "i")
