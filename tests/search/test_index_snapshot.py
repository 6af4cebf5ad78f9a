"""Snapshots give the same results after loading, or are refused."""

from pathlib import Path

import pytest

from apps.search.index import Catalogue, Entry, Figures, MatchQuery, SearchQuery, SnapshotError, Sort, snapshot
from tests.search.index_entries import catalogue, entry, titles


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return [
        entry(
            f"Canh {word} {n}", "fish", f"i{n % 5}", "~lá", "salt!", method=("soup", "fry")[n % 2], cuisine="Việt Nam",
            total_minutes=n, tags=("chua",), allergens=frozenset({"fish"}), diets=frozenset({"no_pork"}),
            rating_sum=n % 5, rating_count=1, cook_count=n % 7,
        )
        for n, word in enumerate(["dứa", "dừa", "khế"] * 200)
    ]  # fmt: skip


def answers(searched: Catalogue) -> list[object]:
    queries = [
        SearchQuery(q, method=method, sort=sort)
        for q in ("", "dứa", "cahn", "khếzzz")
        for method in (None, "fry")
        for sort in Sort
    ]
    pages = [searched.search(query, limit=30) for query in queries]
    return [*pages, searched.match(MatchQuery(dict.fromkeys({"fish", "i1"}, 1.0))), len(searched)]


def test_a_loaded_catalogue_answers_as_the_saved_one(tmp_path: Path, entries: list[Entry]) -> None:
    saved = catalogue(*entries)

    saved.save(tmp_path, mark="2026-11-21T03:04:05Z")
    loaded = Catalogue.load(tmp_path)

    assert answers(loaded) == answers(saved)
    assert loaded.mark == "2026-11-21T03:04:05Z"


def test_what_is_gone_is_not_saved(tmp_path: Path, entries: list[Entry]) -> None:
    saved = catalogue(*entries)
    saved.apply([entry("Gà")], removals=[each.recipe_id for each in entries[::2]])

    saved.save(tmp_path)
    loaded = Catalogue.load(tmp_path)

    assert loaded._state.slots == len(loaded) == 301
    assert answers(loaded)[0] == answers(saved)[0]
    assert loaded.search(SearchQuery("khế"), limit=5).hits == saved.search(SearchQuery("khế"), limit=5).hits


def test_a_loaded_catalogue_can_be_changed(tmp_path: Path, entries: list[Entry]) -> None:
    catalogue(*entries).save(tmp_path)
    loaded = Catalogue.load(tmp_path)

    loaded.apply([entry("Gà")], [Figures(entries[1].recipe_id, 5, 1, 99)], [entries[0].recipe_id])

    assert titles(loaded, "gà") == ["Gà"]
    assert titles(loaded, sort=Sort.POPULAR)[0] == entries[1].title
    assert entries[0].recipe_id not in loaded


def test_an_empty_catalogue_can_be_saved(tmp_path: Path) -> None:
    catalogue().save(tmp_path / "made" / "on the way")

    loaded = Catalogue.load(tmp_path / "made" / "on the way")
    loaded.apply([entry("Canh")])

    assert titles(loaded, "canh") == ["Canh"]


def test_a_snapshot_can_be_replaced_while_it_is_read(tmp_path: Path, entries: list[Entry]) -> None:
    catalogue(*entries).save(tmp_path)
    loaded = Catalogue.load(tmp_path)
    before = answers(loaded)

    catalogue(entry("Gà")).save(tmp_path)

    assert answers(loaded) == before
    assert len(Catalogue.load(tmp_path)) == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_a_change_of_any_byte_is_damage(tmp_path: Path) -> None:
    catalogue(entry("Canh", "fish")).save(tmp_path)
    [path] = tmp_path.iterdir()
    whole = path.read_bytes()

    for at in range(0, len(whole), 97):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(SnapshotError):
            Catalogue.load(tmp_path)


@pytest.mark.parametrize("size", [0, 5, 15, 16, 1_000, -1])
def test_a_snapshot_cut_short_is_damage(tmp_path: Path, size: int) -> None:
    catalogue(entry("Canh", "fish")).save(tmp_path)
    [path] = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:size])

    with pytest.raises(SnapshotError):
        Catalogue.load(tmp_path)


def test_a_snapshot_of_another_format_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(snapshot, "FORMAT", snapshot.FORMAT + 1)
        catalogue(entry("Canh")).save(tmp_path)

    with pytest.raises(SnapshotError, match="format"):
        Catalogue.load(tmp_path)


def test_no_snapshot_is_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="cannot read"):
        Catalogue.load(tmp_path)


def test_a_save_that_fails_leaves_the_old_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue(entry("Canh")).save(tmp_path)
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))

    with pytest.raises(OSError, match="disk full"):
        catalogue(entry("Gà")).save(tmp_path)

    assert titles(Catalogue.load(tmp_path)) == ["Canh"]
    assert len(list(tmp_path.iterdir())) == 1
