"""Content types without a table. The admin needs one for every form and gets it from the manager's cache."""

import zlib

from django.apps import apps
from django.contrib.contenttypes.models import ContentType


def seed() -> None:
    """Fill the cache with one content type for each model; ids follow from the labels, the same in all processes."""
    for model in apps.get_models():
        meta = model._meta  # noqa: SLF001  Django's own name
        made = ContentType(
            id=zlib.crc32(meta.label_lower.encode()), app_label=meta.app_label, model=str(meta.model_name)
        )
        ContentType.objects._add_to_cache("default", made)  # type: ignore[attr-defined]  # noqa: SLF001
