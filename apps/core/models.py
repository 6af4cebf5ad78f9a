"""The base of every row, and the attributes that rows share."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from pynamodb.attributes import (
    Attribute,
    DiscriminatorAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    VersionAttribute,
)
from pynamodb.connection import TableConnection
from pynamodb.constants import BINARY, STRING
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection
from pynamodb.models import Model

from apps.core import aws, bodies, clock, dry_runs, keys, retries
from apps.core.batches import PersistentBatch
from apps.core.errors import Unavailable
from smartcooking.contract import table

Raw = dict[str, dict[str, Any]]
Upcaster = Callable[[Raw], Raw]


class MomentAttribute(Attribute[datetime]):
    """A moment in UTC, as text that sorts."""

    attr_type = STRING

    def serialize(self, value: datetime) -> str:
        return clock.sortable(value)

    def deserialize(self, value: str) -> datetime:
        return clock.parse(value)


class BodyAttribute(Attribute[Any]):
    """JSON, compressed (`bodies.py`)."""

    attr_type = BINARY

    def serialize(self, value: Any) -> bytes:
        return bodies.pack(value)

    def deserialize(self, value: bytes) -> Any:
        return bodies.unpack(value)


class FeedsIndex(GlobalSecondaryIndex["Item"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = table.FEEDS.name
        projection = IncludeProjection(list(table.FEEDS.projected))

    gsi1pk = UnicodeAttribute(hash_key=True)
    gsi1sk = UnicodeAttribute(range_key=True)


class ListsIndex(GlobalSecondaryIndex["Item"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = table.LISTS.name
        projection = IncludeProjection(list(table.LISTS.projected))

    gsi2pk = UnicodeAttribute(hash_key=True)
    gsi2sk = UnicodeAttribute(range_key=True)


class PublicIndex(GlobalSecondaryIndex["Item"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = table.PUBLIC.name
        projection = IncludeProjection(list(table.PUBLIC.projected))

    gsi3pk = UnicodeAttribute(hash_key=True)
    gsi3sk = UnicodeAttribute(range_key=True)


class QueuesIndex(GlobalSecondaryIndex["Item"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = table.QUEUES.name
        projection = IncludeProjection(list(table.QUEUES.projected))

    gsi4pk = UnicodeAttribute(hash_key=True)
    gsi4sk = UnicodeAttribute(range_key=True)


class Item(Model):
    """A row of the single table.

    Saving and deleting carry a condition on `version`, so that nobody overwrites what they have not read. `schema` is
    the shape in which a row was written; `UPCASTERS` lift older shapes when they are read (from shape n to n + 1), and
    the row is rewritten in the current shape whenever it is saved next.
    """

    SCHEMA: ClassVar[int] = 1
    UPCASTERS: ClassVar[dict[int, Upcaster]] = {}

    class Meta:
        table_name = settings.TABLE_NAME
        region = settings.AWS_REGION
        host = settings.DYNAMODB_ENDPOINT_URL or None
        connect_timeout_seconds = settings.AWS_CONNECT_TIMEOUT
        read_timeout_seconds = settings.AWS_READ_TIMEOUT
        # One connection per thread, so that no thread waits for another's.
        max_pool_connections = 64
        # Not "adaptive": after one throttled call, that mode delays all others, without a limit.
        retry_configuration = {"total_max_attempts": 3, "mode": "standard"}

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    gsi1pk = UnicodeAttribute(null=True)
    gsi1sk = UnicodeAttribute(null=True)
    gsi2pk = UnicodeAttribute(null=True)
    gsi2sk = UnicodeAttribute(null=True)
    gsi3pk = UnicodeAttribute(null=True)
    gsi3sk = UnicodeAttribute(null=True)
    gsi4pk = UnicodeAttribute(null=True)
    gsi4sk = UnicodeAttribute(null=True)
    kind = DiscriminatorAttribute()
    schema = NumberAttribute()
    version = VersionAttribute()
    ttl = NumberAttribute(null=True)

    feeds = FeedsIndex()
    lists = ListsIndex()
    public = PublicIndex()
    queues = QueuesIndex()

    _shared_connection: ClassVar[TableConnection | None] = None

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.schema = self.SCHEMA

    @classmethod
    def _get_connection(cls) -> TableConnection:
        """Share one client between all kinds of row: making another costs 100 ms and several MB each."""
        if Item._shared_connection is None:
            made = super()._get_connection()
            # The client is made here and now: PynamoDB keeps a session for each thread.
            made.connection._local.session = aws.session()  # noqa: SLF001
            made.connection.client  # noqa: B018
            Item._shared_connection = made
        return Item._shared_connection

    def save(self, *args: Any, **options: Any) -> Any:
        dry_runs.end_before_write()
        return super().save(*args, **options)

    def update(self, *args: Any, **options: Any) -> Any:
        dry_runs.end_before_write()
        return super().update(*args, **options)

    def delete(self, *args: Any, **options: Any) -> Any:
        dry_runs.end_before_write()
        return super().delete(*args, **options)

    @classmethod
    def batch_write(cls, auto_commit: bool = True) -> PersistentBatch[Self]:  # noqa: FBT001, FBT002  as inherited
        return PersistentBatch(cls, auto_commit=auto_commit)

    @classmethod
    def _batch_get_page(cls, keys_to_get: Any, consistent_read: Any, attributes_to_get: Any) -> tuple[list[Raw], None]:
        """Return all rows: PynamoDB asks for what DynamoDB left out again and again, for ever and without a pause."""
        read_page: Any = super()._batch_get_page
        until, attempt, found = retries.deadline(), 0, []
        while keys_to_get:
            page, keys_to_get = read_page(keys_to_get, consistent_read, attributes_to_get)
            found += page
            if keys_to_get and not retries.pause(attempt, until):
                raise Unavailable
            attempt += 1
        return found, None

    @classmethod
    def from_raw_data(cls, data: Raw) -> Self:
        return super().from_raw_data(upcast(data))

    @classmethod
    def read(cls, key: keys.Key, *, consistent: bool = True) -> Self | None:
        """Return the row at `key`, None where there is none or it has expired. 1 read unit per 4 KB, or half of it."""
        try:
            item = cls.get(key.pk, key.sk, consistent_read=consistent)
        except cls.DoesNotExist:
            return None
        return None if item.is_expired else item

    @property
    def key(self) -> keys.Key:
        return keys.Key(self.pk, self.sk)

    @property
    def is_expired(self) -> bool:
        """Say whether the TTL has passed: DynamoDB may take days to delete the row itself."""
        return self.ttl is not None and self.ttl <= clock.epoch(clock.now())


# What PynamoDB itself looks a `kind` up in; it has no public reader of it.
_KINDS: dict[str, type[Item]] = Item.get_attributes()["kind"]._discriminator_map  # type: ignore[attr-defined]  # noqa: SLF001


def upcast(raw: Raw) -> Raw:
    """Lift a stored row to the current shape of its kind; rows of a newer shape than ours are read as they are."""
    model = _KINDS.get(raw.get("kind", {}).get("S", ""))
    shape = int(raw.get("schema", {}).get("N", "1"))
    if model is None or shape >= model.SCHEMA:
        return raw
    while shape < model.SCHEMA:
        raw = model.UPCASTERS[shape](raw)
        shape += 1
    return {**raw, "schema": {"N": str(shape)}}


def kinds() -> dict[str, type[Item]]:
    """Return every kind of row and the model that reads it."""
    return {name: model for name, model in _KINDS.items() if isinstance(name, str)}


def derived_keys(**indexes: keys.Key | None) -> dict[str, str | None]:
    """Spell index keys as attributes: `derived_keys(gsi1=key)` → {"gsi1pk": …, "gsi1sk": …}."""
    attributes: dict[str, str | None] = {}
    for name, key in indexes.items():
        attributes[f"{name}pk"] = key.pk if key else None
        attributes[f"{name}sk"] = key.sk if key else None
    return attributes


__all__ = [
    "BodyAttribute",
    "Item",
    "JSONAttribute",
    "MomentAttribute",
    "Raw",
    "derived_keys",
    "kinds",
    "upcast",
]
