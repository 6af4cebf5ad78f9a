"""The wire format of people's rights."""

from typing import Any

from rest_framework import serializers


class ArchiveOut(serializers.Serializer[Any]):
    """`url` gives the archive to whoever has it, for five minutes."""

    url = serializers.URLField()
