"""Queries map to access patterns or are refused. Pages are full, go both ways, and belong to their caller."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import models
from django.db.models import Q

from apps.core import ids
from apps.core.models import Item
from apps.core.queries import read_many
from apps.dynamo_admin.errors import ReadBudgetExceeded, UnsupportedQuery
from apps.dynamo_admin.objects import DynamoModel
from apps.dynamo_admin.stores import Listing, Store

pytestmark = pytest.mark.usefixtures("needs_aws")

PER_PAGE = 25


def _load(wanted: Sequence[str]) -> dict[str, dict[str, Any]]:
    found = read_many(Item, [keys_of(id_) for id_ in wanted])
    return {key.sk: _attributes(key.sk, row) for key, row in found.items()}


def _attributes(id_: str, row: Item) -> dict[str, Any]:
    run, number, shade = str(row.gsi2sk).split("#")[1:]
    return {"id": id_, "run": run, "number": int(number), "shade": shade, "place": str(row.gsi2sk)[:6]}


def keys_of(id_: str) -> Any:
    from apps.core.keys import Key  # noqa: PLC0415

    return Key("TESTTHING", id_)


class Thing(DynamoModel):
    id = models.CharField(primary_key=True, max_length=26)
    run = models.CharField(max_length=26)
    number = models.IntegerField()
    shade = models.CharField(max_length=10)
    place = models.CharField(max_length=6)

    store = Store(
        _load,
        [
            Listing(lambda run: f"TESTRUN-{run}", "gsi2", by=("run",), order_by="place", id_of=lambda row, _: row.sk),
            Listing(
                lambda run, shade: f"TESTRUN-{run}-{shade}", "gsi3", by=("run", "shade"), order_by="place",
                newest_first=False, id_of=lambda row, _: row.sk,
            ),
        ],
        budget=200,
    )  # fmt: skip

    class Meta(DynamoModel.Meta):
        abstract = False
        app_label = "dynamo_admin"

    def __str__(self) -> str:
        return self.id


class Row(Item, discriminator="test_thing"):
    """A row in two listings: of its run, and of its run by shade."""


@pytest.fixture(scope="module")
def run() -> str:
    """A hundred and fifty things, every third of them red."""
    made = ids.new_id()
    with Item.batch_write() as batch:
        for number in range(150):
            id_, shade = ids.new_id(), "red" if number % 3 == 0 else "blue"
            row = Row(pk="TESTTHING", sk=id_)
            place = f"{number:06d}#{made}#{number}#{shade}"
            row.gsi2pk, row.gsi2sk = f"TESTRUN-{made}", place
            row.gsi3pk, row.gsi3sk = f"TESTRUN-{made}-{shade}", place
            row.version = 1
            batch.save(row)
    return made


def numbers(page: Any) -> list[int]:
    return [one.number for one in page.objects]


def test_pages_go_both_ways_and_meet(run: str) -> None:
    things = Thing.objects.filter(run=run)
    forward, cursor = [], None
    while True:
        page = things.keyset_page(PER_PAGE, cursor)
        forward.append(numbers(page))
        cursor = page.next
        if cursor is None:
            break
    backward, cursor = [numbers(page)], page.previous
    while cursor is not None:
        page = things.keyset_page(PER_PAGE, cursor)
        backward.append(numbers(page))
        cursor = page.previous

    assert [number for part in forward for number in part] == list(range(149, -1, -1))
    assert {len(part) for part in forward} == {PER_PAGE}
    assert backward[::-1] == forward


def test_a_facet_has_an_index_of_its_own_and_its_own_order(run: str) -> None:
    page = Thing.objects.filter(run=run, shade="red").keyset_page(10)

    assert numbers(page) == list(range(0, 30, 3))
    assert page.rows_read <= 11


def test_pages_are_full_whatever_a_condition_leaves_out(run: str) -> None:
    page = Thing.objects.filter(run=run, number__lt=100).exclude(shade="red").keyset_page(20)

    assert numbers(page) == [number for number in range(99, -1, -1) if number % 3][:20]
    assert page.next


def test_the_order_can_be_turned_round_and_bounded(run: str) -> None:
    page = Thing.objects.filter(run=run, place__gte="000010", place__lt="000013").order_by("place").keyset_page(10)

    assert numbers(page) == [10, 11, 12]


def test_what_has_no_access_pattern_is_refused(run: str) -> None:
    refused = (
        Thing.objects.all(),
        Thing.objects.filter(shade="red"),
        Thing.objects.filter(run=run).order_by("number"),
        Thing.objects.filter(Q(run=run) | Q(shade="red")),
    )
    for queryset in refused:
        with pytest.raises(UnsupportedQuery):
            queryset.keyset_page(10)
    for call in ("aggregate", "values", "delete", "update", "distinct"):
        with pytest.raises(UnsupportedQuery):
            getattr(Thing.objects.filter(run=run), call)()
    with pytest.raises(UnsupportedQuery):
        Thing.objects.filter(run=run, shade__regex="r.*").keyset_page(10)
    with pytest.raises(UnsupportedQuery):
        Thing.objects.filter(run=run).count()


def test_a_list_is_whole_or_an_error_never_silently_short(run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Thing.store, "budget", 60)
    rare = Thing.objects.filter(run=run, number=1)

    with pytest.raises(ReadBudgetExceeded):
        list(rare)
    with pytest.raises(ReadBudgetExceeded):
        rare.exists()
    page = rare.keyset_page(5)
    found: list[int] = []
    assert page.is_partial
    while page.next and not found:
        page = rare.keyset_page(5, page.next)
        found = numbers(page)
    assert found == [1]


def test_a_cursor_belongs_to_its_caller_and_its_query(run: str) -> None:
    things = Thing.objects.filter(run=run)
    cursor = things.keyset_page(10, caller="ana").next

    assert things.keyset_page(10, cursor, caller="ana").objects
    for queryset, caller in ((things, "ben"), (Thing.objects.filter(run=run, shade="red"), "ana")):
        with pytest.raises(UnsupportedQuery):
            queryset.keyset_page(10, cursor, caller=caller)
    with pytest.raises(UnsupportedQuery):
        things.keyset_page(10, "forged", caller="ana")


def test_ids_are_read_directly_and_absent_ones_left_out(run: str) -> None:
    some = Thing.objects.filter(run=run).keyset_page(3).objects

    found = list(Thing.objects.filter(pk__in=[*(one.pk for one in some), ids.new_id()]))

    assert [one.pk for one in found] == [one.pk for one in some]
    assert Thing.objects.filter(pk=some[0].pk).exists()


def test_objects_are_neither_saved_nor_deleted_here(run: str) -> None:
    one = Thing.objects.filter(run=run).keyset_page(1).objects[0]

    for change in (one.save, one.delete):
        with pytest.raises(UnsupportedQuery):
            change()


@pytest.mark.parametrize("left_out", [0, 2])
def test_what_a_search_found_is_paged_both_ways_and_none_of_it_is_lost(
    run: str, monkeypatch: pytest.MonkeyPatch, left_out: int
) -> None:
    all_ids = [one.pk for one in Thing.objects.filter(run=run).keyset_page(100).objects]
    monkeypatch.setattr(Thing.store, "find", lambda words: all_ids[: int(words)])
    found = Thing.objects.search("47")
    found = found.exclude(shade="red") if left_out else found
    wanted = [one for one in all_ids[:47] if not left_out or Thing.objects.get(pk=one).shade != "red"]

    forward, cursor = [], None
    while True:
        page = found.keyset_page(10, cursor)
        forward.append([one.pk for one in page.objects])
        cursor = page.next
        if cursor is None:
            break
    backward, cursor = [forward[-1]], page.previous
    while cursor is not None:
        page = found.keyset_page(10, cursor)
        backward.append([one.pk for one in page.objects])
        cursor = page.previous

    assert [one for part in forward for one in part] == wanted
    assert [one for part in backward[::-1] for one in part] == wanted


@pytest.mark.parametrize(("found", "is_cut"), [("49", False), ("60", True)])
def test_a_search_that_finds_more_than_is_shown_says_so(
    run: str, monkeypatch: pytest.MonkeyPatch, found: str, *, is_cut: bool
) -> None:
    all_ids = [one.pk for one in Thing.objects.filter(run=run).keyset_page(100).objects]
    monkeypatch.setattr(Thing.store, "find", lambda words: all_ids[: int(words)])

    page = Thing.objects.search(found).keyset_page(10)

    assert page.is_cut is is_cut
