"""When and how readers see changes."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from apps.search.index import Catalogue, Entry, Figures, MatchQuery, SearchQuery, Sort, changes, compaction
from tests.search.index_entries import catalogue, entry, recipe_id, titles, walked


def test_an_upsert_replaces_all_that_was_said_before() -> None:
    old = entry("Canh chua", "fish", method="soup", cook_count=3)
    searched = catalogue(old, entry("Cơm", "rice"))

    searched.apply([replace(entry("Gà nướng", "chicken", method="grill"), recipe_id=old.recipe_id, content_version=2)])

    assert len(searched) == 2
    assert titles(searched, "canh") == titles(searched, method="soup", ingredient_ids=frozenset({"fish"})) == []
    assert titles(searched, "nướng") == titles(searched, method="grill") == ["Gà nướng"]
    assert searched.match(MatchQuery(dict.fromkeys({"fish"}, 1.0))) == []
    found = searched.get(old.recipe_id)
    assert found is not None
    assert (found.content_version, found.document, found.figures.cook_count) == (2, "Gà nướng".encode(), 0)


def test_the_last_entry_of_a_recipe_in_a_change_counts() -> None:
    made = entry("Một")

    searched = catalogue(made, replace(made, title="Hai", document=b"Hai"))

    assert titles(searched) == titles(searched, "hai") == ["Hai"]
    assert titles(searched, "một") == []


def test_a_removed_recipe_is_nowhere() -> None:
    made = entry("Canh chua", "fish")
    searched = catalogue(made, entry("Cơm", "rice"))

    searched.apply(removals=[made.recipe_id, recipe_id(0), "no id at all", "đ"])

    assert len(searched) == 1
    assert made.recipe_id not in searched
    assert searched.get(made.recipe_id) is None
    assert searched.match(MatchQuery(dict.fromkeys({"fish"}, 1.0))) == []
    for sort in Sort:
        assert titles(searched, sort=sort) == ["Cơm"]


def test_a_recipe_can_come_back() -> None:
    made = entry("Canh chua")
    searched = catalogue(made)

    searched.apply(removals=[made.recipe_id])
    searched.apply([made])

    assert titles(searched, "canh") == ["Canh chua"]


def test_upserts_come_before_figures_and_figures_before_removals() -> None:
    kept, gone = entry("Kept"), entry("Gone")
    searched = catalogue()

    searched.apply([kept, gone], [Figures(kept.recipe_id, 9, 2, 5), Figures(gone.recipe_id, 5, 1, 1)], [gone.recipe_id])

    [found] = searched.search(SearchQuery(), limit=5).hits
    assert found.figures == Figures(kept.recipe_id, 9, 2, 5)


def test_figures_move_recipes_in_the_orders_that_go_by_them() -> None:
    a, b, c = entry("A"), entry("B"), entry("C")
    searched = catalogue(a, b, c)

    searched.apply(
        figures=[Figures(a.recipe_id, 5, 1, 1), Figures(b.recipe_id, 8, 2, 9), Figures(recipe_id(0), 5, 1, 1)]
    )

    assert titles(searched, sort=Sort.RATING) == ["A", "B", "C"]
    assert titles(searched, sort=Sort.POPULAR) == ["B", "A", "C"]
    assert titles(searched, sort=Sort.NEWEST) == ["C", "B", "A"]


def test_figures_and_content_move_in_one_change() -> None:
    a, b = entry("A"), entry("B", cook_count=2)
    searched = catalogue(a, b)

    searched.apply([entry("C", cook_count=3)], [Figures(a.recipe_id, 0, 0, 9)], [b.recipe_id])

    assert titles(searched, sort=Sort.POPULAR) == ["A", "C"]


def test_figures_alone_read_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    made = entry("A")
    searched = catalogue(made)
    words = searched._state.words
    monkeypatch.delattr(changes, "EncodedEntries")

    searched.apply(figures=[Figures(made.recipe_id, 5, 1, 1)])

    assert searched._state.words is words


@pytest.mark.parametrize(
    "wrong",
    [
        {"recipe_id": "not-a-ulid"},
        {"cook_count": -1},
        {"total_minutes": -1},
        {"rating_sum": 2**32},
        {"allergens": frozenset(f"a{n}" for n in range(33))},
    ],
)
def test_a_change_with_an_entry_that_cannot_be_stored_changes_nothing(wrong: dict[str, object]) -> None:
    kept = entry("Kept")
    searched = catalogue(kept)

    with pytest.raises((ValueError, OverflowError)):
        searched.apply([entry("Lost"), entry("Wrong", **wrong)], [Figures(kept.recipe_id, 5, 1, 1)])
    searched.apply([entry("Next")])

    assert titles(searched) == ["Next", "Kept"]
    assert titles(searched, "lost") == []


def test_figures_that_cannot_be_change_nothing() -> None:
    kept = entry("Kept")
    searched = catalogue(kept)

    with pytest.raises(ValueError, match="negative"):
        searched.apply(figures=[Figures(kept.recipe_id, -1, 1, 1)])

    [found] = searched.search(SearchQuery(), limit=1).hits
    assert found.figures == kept.figures


def test_upserts_stream_and_become_visible_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "_BATCH", 3)
    searched, seen = catalogue(), []

    def stream() -> Iterator[Entry]:
        for n in range(10):
            seen.append(len(searched))
            yield entry(f"Món {n}")

    searched.apply(stream())

    assert (set(seen), len(searched)) == ({0}, 10)


def test_documents_come_back_as_given_with_and_without_a_dictionary() -> None:
    documents = [f'{{"title": "Món {n}", "steps": ["Xào", "Nấu"]}}'.encode() * (n % 5) for n in range(1_200)]
    first = entry("First", document=documents[7])
    searched = catalogue(first)
    entries = [entry("Món", document=document) for document in documents]
    searched.apply(entries)

    assert searched._state.documents.dictionary is not None
    for each in (first, *entries):
        found = searched.get(each.recipe_id)
        assert found is not None
        assert found.document == each.document


def test_dead_slots_are_dropped_when_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "_DEAD_LEAST", 5)
    entries = [entry(f"Món {n}", "a", "~b", cook_count=n) for n in range(20)]
    searched = catalogue(*entries)

    for each in entries[:15]:
        searched.apply(removals=[each.recipe_id])

    assert searched._state.slots < 14
    assert titles(searched, "món", sort=Sort.POPULAR) == [f"Món {n}" for n in range(19, 14, -1)]
    assert [each.missing for each in searched.match(MatchQuery(dict.fromkeys({"a"}, 1.0)))] == [("b",)] * 5


def test_readers_never_fail_nor_meet_what_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "_DEAD_LEAST", 30)
    entries = [entry(f"Món {n % 7}", "a", cook_count=n) for n in range(200)]
    searched = catalogue(*entries)
    removed: set[str] = set()
    failures: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            gone = set(removed)
            try:
                failures.extend(gone & {*everything(searched)})
            except Exception as error:  # noqa: BLE001 - any at all fails the test
                failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for n in range(0, 160, 4):
        ids = [each.recipe_id for each in entries[n : n + 4]]
        searched.apply([entry("Món mới", "a"), replace(entries[199], title=f"Món {n}")], removals=ids)
        removed.update(ids)
    done.set()
    for reader in readers:
        reader.join()

    assert failures == []
    assert len(searched) == 80


def everything(searched: Catalogue) -> Iterator[str]:
    for query in (SearchQuery("món"), SearchQuery("moon", sort=Sort.POPULAR), SearchQuery()):
        yield from (hit.recipe_id for hit in searched.search(query, limit=50).hits)
    yield from (each.recipe_id for each in searched.match(MatchQuery(dict.fromkeys({"a"}, 1.0))))
    yield from walked(searched, SearchQuery(sort=Sort.RATING), 40)


def test_a_reader_sees_all_of_a_change_or_nothing() -> None:
    a, b = entry("A"), entry("B")
    searched = catalogue(a, b)
    sums: set[int] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            sums.add(sum(hit.figures.cook_count for hit in searched.search(SearchQuery(), limit=5).hits))

    reader = threading.Thread(target=read)
    reader.start()
    for n in range(300):
        searched.apply([replace(a, cook_count=n)], [Figures(b.recipe_id, 0, 0, 1000 - n)])
    done.set()
    reader.join()

    assert sums <= {0, 1000}
