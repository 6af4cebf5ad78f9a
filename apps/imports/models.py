"""Rows of imports: the source, and the drafts read from it."""

from datetime import timedelta
from enum import StrEnum

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from apps.core import keys
from apps.core.models import BodyAttribute, Item, JSONAttribute, MomentAttribute

# Kept as long as its job.
KEPT = timedelta(days=30)
IMPORTS_PER_HOUR = 20


class ImportKind(StrEnum):
    URL = "url"
    TEXT = "text"
    FILE = "file"


class ImportStatus(StrEnum):
    READING = "reading"
    READY = "ready"
    FAILED = "failed"


class ImportRow(Item, discriminator="import"):
    """An import. `body` is its source: a URL, a text or an upload."""

    user_id = UnicodeAttribute()
    import_kind = UnicodeAttribute()
    status = UnicodeAttribute(default=ImportStatus.READING.value)
    language = UnicodeAttribute()
    body = BodyAttribute()
    url = UnicodeAttribute(null=True)
    drafts = NumberAttribute(default=0)
    # Number of recipes in the file beyond the limit of an import.
    left_out = NumberAttribute(null=True)
    created_at = MomentAttribute()

    @property
    def id(self) -> str:
        return keys.last_part(self.sk)


class ImportQuota(Item, discriminator="import_quota"):
    """Number of imports that somebody has started in an hour."""

    imports = NumberAttribute(default=0)


class DraftRow(Item, discriminator="import_draft"):
    """A draft recipe. `body` has the format of the API; `lines` say how each ingredient was matched.

    `duplicates` are probable duplicates among the owner's recipes. `recipe_id` is set when the draft is accepted.
    """

    body = BodyAttribute()
    lines = BodyAttribute(default=list)
    missing = JSONAttribute(default=list)
    duplicates = JSONAttribute(default=list)
    origin = BodyAttribute(null=True)
    # Its picture: {"url"}, or {"upload_id", "entries"} if it is in a file.
    picture = JSONAttribute(null=True)
    # Corrections of tags, from our own archives: name → whether the recipe has it.
    tags_said = JSONAttribute(null=True)
    recipe_id = UnicodeAttribute(null=True)
    accepted = BooleanAttribute(default=False)

    @property
    def id(self) -> str:
        return keys.last_part(self.sk)
