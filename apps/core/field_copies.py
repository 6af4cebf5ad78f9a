"""Copies of a serializer's declared fields for each request, and messages of validators in the request's language."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from rest_framework.utils.formatting import lazy_format


@cache
def prototypes(serializer: Any) -> dict[str, Any]:
    """Return a serializer's fields with our messages, for all requests to copy; nothing changes these."""
    # Built when they are first needed: the messages are installed after the fields are declared.
    fields: dict[str, Any] = copy.deepcopy(serializer._declared_fields)  # noqa: SLF001  no public way
    for field in fields.values():
        _free_messages(field)
    return fields


def copied(field: Any) -> Any:
    """Copy a field with its children, each of which knows its parent. They share what never changes."""
    own = object.__new__(type(field))
    vars(own).update(vars(field))
    if hasattr(field, "child"):
        own.child = copied(field.child)
        own.child.parent = own
    return own


def _free_messages(field: Any) -> None:
    for validator in field.validators:
        message = getattr(validator, "message", None)
        if isinstance(message, lazy_format):
            validator.message = _Message(message.format_string, message.kwargs)
    if hasattr(field, "child"):
        _free_messages(field.child)


@dataclass(frozen=True, slots=True)
class _Message:
    """A validator's message, in the language of the request: DRF's own keeps the one that it was first shown in."""

    template: Any
    values: Mapping[str, Any]

    def __str__(self) -> str:
        said: str = str(self.template).format(**self.values)
        return said

    def __mod__(self, params: Any) -> str:
        message: str = str(self) % params
        return message
