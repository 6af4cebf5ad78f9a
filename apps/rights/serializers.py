"""The wire format of people's rights."""

from typing import Any

from rest_framework import serializers

from apps.core import fields


class ErasureIn(fields.Strict):
    password = fields.SecretField(max_length=256)
    at_once = fields.Flag(required=False, default=False, help_text="Without the seven days in which one can return.")


class ErasureOut(serializers.Serializer[Any]):
    """`due` is when the account is erased; signing in before that calls it off."""

    due = serializers.DateTimeField()


class ArchiveOut(serializers.Serializer[Any]):
    """`url` gives the archive to whoever has it, for five minutes."""

    url = serializers.URLField()
