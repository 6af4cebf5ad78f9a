"""The rule of full names, the same for what people send and for what the Cognito pool holds."""

import re
import unicodedata
from enum import StrEnum

from apps.users.reserved_names import DOMAINS, is_reserved_full_name

LONGEST = 100
# Mail programs make links of these by themselves.
_ADDRESS = re.compile(rf"://|\bwww\.|\S@\S+\.\w|\w\.(?:{'|'.join(sorted(DOMAINS))})(?![\w.])", re.IGNORECASE)
_MARKUP = re.compile(r"[<>]|&#?\w+;")
# Marks on one letter: Vietnamese needs two, and most scripts three at most.
_MARKS = 3


class Fault(StrEnum):
    """Why a text cannot be somebody's full name; the value is the code of the error."""

    RESERVED = "reserved"
    NOT_A_NAME = "not_a_name"


def find_fault(name: str) -> Fault | None:
    """Return what is wrong with a text that was cleaned; None if it may be shown as somebody's name."""
    plain = unicodedata.normalize("NFKC", name)
    if _MARKUP.search(plain) or _ADDRESS.search(plain) or not _has_letter(plain) or _is_overloaded(name):
        return Fault.NOT_A_NAME
    return Fault.RESERVED if is_reserved_full_name(name) else None


def _has_letter(name: str) -> bool:
    return any(char.isalnum() or unicodedata.category(char) == "So" for char in name)


def _is_overloaded(name: str) -> bool:
    """Say whether marks are piled on a letter, which would cover the lines above and below."""
    run = 0
    for char in name:
        run = run + 1 if unicodedata.combining(char) else 0
        if run > _MARKS:
            return True
    return False
