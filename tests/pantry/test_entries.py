"""Entries as people write them: date and place are parsed, the food remains."""

from datetime import date

import pytest

from apps.pantry.entries import Entry, read_entries
from apps.pantry.lots import Place

# A Saturday.
TODAY = date(2026, 11, 28)


def read(text: str) -> list[Entry]:
    return read_entries(text, TODAY)


@pytest.mark.parametrize(
    ("text", "name", "day"),
    [
        ("3 gói mì hết hạn thứ 4", "3 gói mì", date(2026, 12, 2)),
        ("nửa ký cam hsd 3/12", "nửa ký cam", date(2026, 12, 3)),
        ("kem tươi HSD: 15/01/2027", "kem tươi", date(2027, 1, 15)),
        ("pho mát hạn sử dụng 15.1", "pho mát", date(2027, 1, 15)),
        ("bún tươi hết hạn hôm nay", "bún tươi", date(2026, 11, 28)),
        ("đậu hũ ngày mai hết hạn", "đậu hũ", date(2026, 11, 29)),
        ("sò điệp hết hạn trong 2 ngày nữa", "sò điệp", date(2026, 11, 30)),
        ("cá thu còn 3 ngày", "cá thu", date(2026, 12, 1)),
        ("rau cải chủ nhật tuần sau hết hạn", "rau cải", date(2026, 12, 6)),
        ("sữa hạt dùng trước 5 tháng 12", "sữa hạt", date(2026, 12, 5)),
        ("thịt nguội hạn cuối tháng", "thịt nguội", date(2026, 11, 30)),
        ("2 pints of cream use by monday", "2 pints of cream", date(2026, 11, 30)),
        ("ham, best before Dec 9", "ham", date(2026, 12, 9)),
        ("feta exp 2026-12-20", "feta", date(2026, 12, 20)),
        ("spinach expires in two days", "spinach", date(2026, 11, 30)),
        ("salmon good until tomorrow", "salmon", date(2026, 11, 29)),
        ("tofu expires next wednesday", "tofu", date(2026, 12, 2)),
        ("sour cream expired 20/11", "sour cream expired", date(2026, 11, 20)),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, name: str, day: date) -> None:
    entries = read(text)

    assert [entry.expires_on for entry in entries] == [day]
    assert entries[0].text.removesuffix(" expired") == name.removesuffix(" expired")


@pytest.mark.parametrize(
    ("text", "name", "day"),
    [
        ("nước mắm hsd 12/2027", "nước mắm", date(2027, 12, 31)),
        ("sữa exp 12/2026", "sữa", date(2026, 12, 31)),
        ("sữa exp 02/28", "sữa", date(2028, 2, 29)),
        ("sữa hsd tháng 2 năm 2027", "sữa", date(2027, 2, 28)),
        ("sữa hsd tháng 2/2027", "sữa", date(2027, 2, 28)),
        ("milk best before Feb 2027", "milk", date(2027, 2, 28)),
        ("gạo 29/2", "gạo", date(2028, 2, 29)),
        ("gạo 15/12", "gạo", date(2026, 12, 15)),
        ("gạo 1/2/2027", "gạo", date(2027, 2, 1)),
        ("gạo 1-2-27", "gạo", date(2027, 2, 1)),
        ("gạo 2027-02-01", "gạo", date(2027, 2, 1)),
        ("gạo ngày 3/12", "gạo", date(2026, 12, 3)),
    ],
)
def test_dates_are_read_as_they_are_printed_on_packs(text: str, name: str, day: date) -> None:
    assert read(text) == [Entry(name, day)]


@pytest.mark.parametrize(
    "name", ["500g bột mì 1/2", "cà chua 2-3", "trứng 10-12", "bột mì 11/2", "gạo 3/4", "gạo 20-30"]
)
def test_fractions_and_ranges_are_amounts_not_dates(name: str) -> None:
    assert read(name) == [Entry(name)]


@pytest.mark.parametrize("said", ["1/1/0001", "0001-01-01", "30/2", "1/13/2027", "13/2027"])
def test_impossible_days_are_named_and_the_food_is_read_without_them(said: str) -> None:
    assert read(f"gạo hsd {said}") == [Entry("gạo", unread_date=said)]


def test_an_impossible_day_in_a_part_of_its_own_belongs_to_the_food_before() -> None:
    assert read("gạo, hết hạn 30/2") == [Entry("gạo", unread_date="30/2")]


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ("sườn heo để ngăn đá", "sườn heo", Place.FREEZER),
        ("1 kg tôm tủ đông", "1 kg tôm", Place.FREEZER),
        ("cà rốt trong ngăn mát", "cà rốt", Place.FRIDGE),
        ("mì ý cất tủ bếp", "mì ý", Place.CUPBOARD),
        ("peas in the freezer", "peas", Place.FREEZER),
        ("butter, fridge", "butter", Place.FRIDGE),
        ("tôm đông lạnh", "tôm đông lạnh", None),
    ],
)
def test_places_are_read_and_frozen_food_is_not_one(text: str, name: str, place: Place | None) -> None:
    assert [(entry.text, entry.place) for entry in read(text)] == [(name, place)]


def test_foods_are_separated_by_lines_or_commas_but_not_by_decimal_commas() -> None:
    entries = read("1,5 lít sữa hsd 2/12, ngăn mát; 2 bó húng quế\n• 10 quả trứng")

    assert [entry.text for entry in entries] == ["1,5 lít sữa", "2 bó húng quế", "10 quả trứng"]
    assert (entries[0].expires_on, entries[0].place) == (date(2026, 12, 2), Place.FRIDGE)


@pytest.mark.parametrize("text", ["2 trái thơm", "500g năm rọi", "bánh mai", "củ sen 3 lát", "31/2", "hết hạn"])
def test_numbers_that_are_not_dates_stay_in_the_text(text: str) -> None:
    assert all(entry.expires_on is None for entry in read(text))


@pytest.mark.parametrize("text", ["", " ,,; \n", "•", "hsd 99/99", "ß æ œ hsd 1/12", "\u0000a", "1" * 2000])
def test_nonsense_is_survived(text: str) -> None:
    assert len(read(text)) <= 1
