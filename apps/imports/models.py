"""Rows of imports: the source that was given, and the drafts that were read from it."""

from datetime import timedelta
from enum import StrEnum

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from apps.core import keys
from apps.core.models import BodyAttribute, Item, JSONAttribute, MomentAttribute

# As long as its job.
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
    """One import of one person. `body` is what was given: an address, a text, or an upload."""

    user_id = UnicodeAttribute()
    import_kind = UnicodeAttribute()
    status = UnicodeAttribute(default=ImportStatus.READING.value)
    language = UnicodeAttribute()
    body = BodyAttribute()
    url = UnicodeAttribute(null=True)
    drafts = NumberAttribute(default=0)
    # Recipes of a file beyond what an import takes.
    left_out = NumberAttribute(null=True)
    created_at = MomentAttribute()

    @property
    def id(self) -> str:
        return keys.last_part(self.sk)


class ImportQuota(Item, discriminator="import_quota"):
    """How many imports somebody has begun in an hour."""

    imports = NumberAttribute(default=0)


class DraftRow(Item, discriminator="import_draft"):
    """A recipe that was read: `body` is it as the interface takes recipes, `lines` how each was understood.

    `duplicates` are one's own recipes that it seems to be; `recipe_id` is what it became when it was accepted.
    """

    body = BodyAttribute()
    lines = BodyAttribute(default=list)
    missing = JSONAttribute(default=list)
    duplicates = JSONAttribute(default=list)
    origin = BodyAttribute(null=True)
    # Its picture: {"url"}, or {"upload_id", "entries"} of the file that it lies in.
    picture = JSONAttribute(null=True)
    # What its owner said of its tags, in an archive of ours: name → whether it is one.
    tags_said = JSONAttribute(null=True)
    recipe_id = UnicodeAttribute(null=True)
    accepted = BooleanAttribute(default=False)

    @property
    def id(self) -> str:
        return keys.last_part(self.sk)
