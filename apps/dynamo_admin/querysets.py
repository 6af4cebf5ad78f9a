"""A QuerySet that Django builds and DynamoDB answers."""

from collections.abc import Iterator
from typing import Any, Self

from django.db import models
from django.db.models.query import QuerySet

from apps.core import cursors
from apps.core.errors import InvalidCursor
from apps.dynamo_admin.errors import ReadBudgetExceeded, UnsupportedQuery
from apps.dynamo_admin.planning import plan_of
from apps.dynamo_admin.stores import Plan, Slice, Store

# Offsets are read and thrown away; beyond this a keyset page is what is wanted.
_MAX_OFFSET = 200


class Page:
    """A page of objects with cursors of its neighbours, bound to the caller and the query.

    `is_partial` where reading stopped at the budget, `is_cut` where a search found more than is shown on all pages.
    """

    def __init__(
        self, found: Slice, *, next_cursor: str | None, previous_cursor: str | None, is_cut: bool = False
    ) -> None:
        self.objects = found.objects
        self.next = next_cursor
        self.previous = previous_cursor
        self.is_partial = found.is_partial
        self.rows_read = found.rows_read
        self.is_cut = is_cut


class DynamoQuerySet(QuerySet[Any, Any]):
    """`filter`, `exclude`, `order_by` and slices build Django's query; only its execution is other than Django's.

    What has no access pattern raises `UnsupportedQuery`. A list is complete or raises `ReadBudgetExceeded`: only
    `keyset_page` may stop early, and says so.
    """

    @property
    def store(self) -> Store:
        store: Store = self.model.store
        return store

    def plan(self) -> Plan:
        return plan_of(self.query, self.model, self.store)

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._result_cache = list(self.iterator())

    def iterator(self, chunk_size: int | None = None) -> Iterator[Any]:
        low, high = self.query.low_mark, self.query.high_mark
        if low > _MAX_OFFSET:
            raise UnsupportedQuery("there is no offset; use keyset_page()")
        if high is not None and high <= low:
            return iter(())
        limit = self.store.budget if high is None else high
        found = self.store.read(self.plan(), self.model.from_attributes, limit=limit)
        if found.is_partial or (high is None and found.next):
            raise ReadBudgetExceeded(f"{self.model._meta.label}: more than {self.store.budget} rows")  # noqa: SLF001
        return iter(found.objects[low:])

    def keyset_page(self, size: int, cursor: str | None = None, *, caller: str = "") -> Page:
        """Return the page at `cursor`, or the first; `UnsupportedQuery` for a cursor of another query or caller."""
        plan = self.plan()
        binding = {"caller": caller, "listing": self.model._meta.label, "filters": plan.fingerprint}  # noqa: SLF001
        start, backward = None, False
        if cursor:
            try:
                start, backward = cursors.decode_cursor(cursor, **binding)
            except InvalidCursor as error:
                raise UnsupportedQuery("the cursor belongs to another list") from error
        found = self.store.read(plan, self.model.from_attributes, limit=size, start=start, backward=backward)

        def write(position: Any, back: bool) -> str | None:  # noqa: FBT001
            return cursors.encode_cursor([position, back], **binding) if position else None

        return Page(
            found,
            next_cursor=write(found.next, False),
            previous_cursor=write(found.previous, True),
            is_cut=plan.ids is not None and len(plan.ids) >= self.store.most_found,
        )

    def search(self, words: str) -> Self:
        """Return what the store finds for `words`, in its order, `most_found` of it at most."""
        if self.store.find is not None:
            return self.filter(pk__in=list(self.store.find(words))[: self.store.most_found])
        raise UnsupportedQuery(f"{self.model._meta.label} cannot be searched")  # noqa: SLF001

    def count(self) -> int:
        if self._result_cache is not None:
            return len(self._result_cache)
        if self.plan().ids is None:
            raise UnsupportedQuery("there is no count; do not ask for totals")
        return len(list(self.iterator()))

    def exists(self) -> bool:
        if self._result_cache is not None:
            return bool(self._result_cache)
        return bool(list(self if self.query.is_sliced else self[:1]))

    def contains(self, obj: Any) -> bool:
        return bool(self.filter(pk=obj.pk).exists())


def _refused(name: str) -> Any:
    def method(self: DynamoQuerySet, *args: Any, **kwargs: Any) -> Any:
        raise UnsupportedQuery(f"{name}() is not possible: objects are changed by services and counted by nobody")

    method.__name__ = name
    return method


for _name in (
    "aggregate", "alias", "annotate", "bulk_create", "bulk_update", "create", "dates", "datetimes", "delete",
    "difference", "distinct", "earliest", "explain", "extra", "intersection", "latest", "raw", "select_for_update",
    "union", "update", "values", "values_list",
):  # fmt: skip
    setattr(DynamoQuerySet, _name, _refused(_name))


class DynamoManager(models.Manager.from_queryset(DynamoQuerySet)):  # type: ignore[misc]  # made at run time
    """The manager of models without a table of their own."""
