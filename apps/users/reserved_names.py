"""Usernames and full names that nobody may choose: roles, hosts and the service, and what looks like them."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from apps.users.look_alikes import as_latin

# Who runs a service or speaks for it. A username is reserved where any of its words is one of these.
_ROLES = frozenset({
    "abuse", "admin", "administration", "administrator", "anonymous", "billing", "ceo", "complaint", "compliance",
    "contact", "copyright", "customercare", "customerservice", "deleted", "developer", "dpo", "editor", "employee",
    "finance", "founder", "help", "helpcenter", "helpdesk", "hostmaster", "info", "legal", "mail", "mailerdaemon",
    "manager", "mod", "moderation", "moderator", "nobody", "noreply", "donotreply", "null", "official", "operator",
    "owner", "payment", "postmaster", "privacy", "root", "safety", "security", "service", "staff", "superuser",
    "support", "supporter", "sysadmin", "sysop", "system", "team", "undefined", "verified", "webmaster",
})  # fmt: skip
_VIETNAMESE_ROLES = frozenset({
    "banquantri", "baomat", "bqt", "chamsockhachhang", "chinhthuc", "cskh", "dieuhanh", "hotro", "hotrokhachhang",
    "kiemduyet", "kiemduyetvien", "nhanvien", "quantri", "quantrivien", "tongdai",
})  # fmt: skip
_ALL_ROLES = _ROLES | _VIETNAMESE_ROLES
# Hosts and paths of a service, and words that stand for everybody: reserved by themselves only.
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
# A name that ends like an address of the web leads people there.
DOMAINS = frozenset({
    "app", "biz", "co", "com", "dev", "edu", "gov", "info", "io", "me", "net", "online", "org", "shop", "site", "vn",
    "xyz",
})  # fmt: skip
# Digits that look like letters in common fonts.
_LOOK_ALIKES = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g"})
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_SEPARATORS = re.compile(r"[._]+")
_DIGITS = "0123456789"
_WORD = re.compile(r"[^\W_]+")
# Titles that are in no full name, also if they are spread over words. Other roles are surnames too, such as Root.
_TITLES = frozenset({
    "admin", "administration", "administrator", "customercare", "customerservice", "customersupport", "donotreply",
    "helpcenter", "helpdesk", "hostmaster", "moderation", "moderator", "noreply", "officialaccount", "postmaster",
    "superuser", "supportteam", "sysadmin", "techsupport", "webmaster",
    "banquantri", "chamsockhachhang", "cskh", "hotrokhachhang", "hotrokythuat", "kiemduyetvien", "quantrivien",
})  # fmt: skip
_LONGEST_TITLE = 5
# Words of so many letters are no words but one that is spelt out: "A d m i n".
_SPELT_OUT = 2
# Vietnamese roles whose tones tell them from names: "điều hành" is a role, Diệu Hạnh a name.
_TONED_TITLES = frozenset({
    ("hỗ", "trợ"), ("hổ", "trợ"), ("kiểm", "duyệt"), ("nhân", "viên"), ("quản", "trị"), ("tổng", "đài"),
    ("điều", "hành"),
})  # fmt: skip
# Reserved by themselves only, since they may be a part of a name.
_WHOLE_TITLES = frozenset({
    "bảo mật", "chính thức", "ho tro", "kiem duyet", "nhan vien", "quan tri", "tong dai",
})  # fmt: skip


def is_reserved_username(username: str) -> bool:
    """Say whether a username would pass for the service, for those who run it or for an address of the web."""
    if not re.search(r"[a-z]", username):
        return not re.search(r"[0-9]", username)
    words = [word for word in _SEPARATORS.split(username) if word]
    if "." in username.strip(".") and words[-1] in DOMAINS:
        return True
    whole = "".join(words)
    return _is_place(whole) or any(_reads_as_ours(one) for one in (*words, whole))


def is_reserved_full_name(name: str) -> bool:
    """Say whether a full name would pass for the service or for those who run it, in whatever letters it is written.

    Narrower than for usernames, since people don't choose their names: only titles and the service are reserved beside
    other words, and other roles where there is nothing else.
    """
    words = _WORD.findall(as_latin(name))
    whole = "".join(words)
    if all(len(word) <= _SPELT_OUT for word in words):
        words = [whole]
    return (
        _has_brand(whole)
        or _are_roles(words)
        or any(_is_made_of(read, _TITLES) for run in _runs(words) for read in _readings(run))
        or _has_toned_title(name)
    )


def _are_roles(words: Sequence[str]) -> bool:
    roles = [any(_is_made_of(read, _ROLES) for read in _readings(word)) for word in words]
    fillers = _skeletons(_FILLERS)
    return any(roles) and all(
        is_role or _skeleton(word) in fillers or word.isdigit() for word, is_role in zip(words, roles, strict=True)
    )


def _runs(words: Sequence[str]) -> Iterator[str]:
    """Yield each run of words up to the longest title, written together."""
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + _LONGEST_TITLE) + 1):
            yield "".join(words[start:end])


def _has_toned_title(name: str) -> bool:
    words = _WORD.findall(unicodedata.normalize("NFC", name).lower())
    return " ".join(words) in _WHOLE_TITLES or any(pair in _TONED_TITLES for pair in pairwise(words))


def _has_brand(word: str) -> bool:
    return any(_skeleton(brand) in read for brand in _BRANDS for read in _readings(word))


def _is_place(whole: str) -> bool:
    return any(one in _skeletons(_PLACES) for one in _readings(whole))


def _reads_as_ours(word: str) -> bool:
    return _has_brand(word) or any(_is_made_of(read, _ALL_ROLES) for read in _readings(word))


def _readings(word: str) -> set[str]:
    """Return the words that a word can be read as: with digits as letters, and without digits at its ends."""
    return {_skeleton(one) for one in (word, word.strip(_DIGITS), word.lstrip(_DIGITS), word.rstrip(_DIGITS)) if one}


def _is_made_of(read: str, these: frozenset[str]) -> bool:
    """Say whether a word is one of these roles, or some of them and fillers written together."""
    roles, fillers = _skeletons(these), _skeletons(_FILLERS)
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
