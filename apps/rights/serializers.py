"""The wire format of people's rights."""

from typing import Any

from rest_framework import serializers


class ArchiveOut(serializers.Serializer[Any]):
    """An archive. Anybody with `url` can download it for five minutes."""

    url = serializers.URLField()
