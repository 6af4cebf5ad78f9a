"""Amounts are added if possible, by weight, volume or count; otherwise they stay separate."""

from dataclasses import replace
from typing import Any

import pytest

from apps.ingredients import services as ingredients
from apps.ingredients import weights
from apps.pantry import measuring
from apps.pantry.measuring import Amount, Purchase, measured
from tests.support.ingredients import listed

pytestmark = pytest.mark.usefixtures("seeded")


def food(name: str) -> Any:
    found = ingredients.resolve(name)
    assert found is not None, name
    return found


def total(name: str, *amounts: tuple[float, str | None]) -> list[tuple[float, str]]:
    added = measuring.total([one for quantity, unit in amounts if (one := measured(quantity, unit))], food(name))
    return [(round(one.quantity, 2), one.unit) for one in added]


@pytest.mark.parametrize(
    ("name", "amounts", "expected"),
    [
        ("thịt bò", [(300, "g"), (0.5, "kg")], [(800, "g")]),
        ("nước mắm", [(2, "tbsp"), (1, "tsp")], [(35, "ml")]),
        ("nước mắm", [(2, "tbsp"), (12, "g")], [(40, "ml")]),
        ("sữa", [(1, "cup"), (0.5, "l")], [(740, "ml")]),
        ("bột mì", [(1, "cup"), (100, "g")], [(227.2, "g")]),
        ("đường", [(2, "tbsp")], [(25.5, "g")]),
        ("nước mắm", [(2, "muỗng canh"), (5, "ml")], [(35, "ml")]),
        ("cà chua", [(2, "quả"), (3, None)], [(5, "piece")]),
        ("cà chua", [(2, "piece"), (3, None)], [(5, "piece")]),
        ("cà chua", [(2, "piece"), (300, "g")], [(520, "g")]),
        ("tỏi", [(3, "clove"), (1, "piece")], [(65, "g")]),
        ("tỏi", [(3, "clove"), (4, "clove")], [(7, "clove")]),
        ("trứng gà", [(2, "piece"), (3, "piece")], [(5, "piece")]),
        # The weight of a bunch of it is unknown.
        ("rau răm", [(1, "bunch"), (50, "g")], [(50, "g"), (1, "bunch")]),
        ("rau răm", [(1, "bunch"), (2, "handful")], [(1, "bunch"), (2, "handful")]),
    ],
)
def test_amounts_of_one_food_are_added(
    name: str, amounts: list[tuple[float, str | None]], expected: list[tuple[float, str]]
) -> None:
    assert sorted(total(name, *amounts)) == sorted(expected)


def test_a_kind_uses_the_weights_of_its_general_food() -> None:
    flour = food("bột mì")
    kind = replace(flour, id="0" * 26, key="a-kind-of-flour", kind_of=flour.id)

    assert measuring.measures_of(kind) == measuring.measures_of(flour)
    assert measuring.measures_of(flour).entry.density


@pytest.mark.parametrize(
    ("name", "need", "have", "rest", "share"),
    [
        ("thịt bò", (500, "g"), (0.2, "kg"), [(300, "g")], 0.4),
        ("cà chua", (4, "piece"), (220, "g"), [(2, "piece")], 0.5),
        ("nước mắm", (30, "ml"), (1, "l"), [], 1.0),
        ("rau răm", (1, "bunch"), (50, "g"), [(1, "bunch")], 0.0),
    ],
)
def test_comparable_amounts_at_hand_are_subtracted(
    name: str, need: tuple[float, str], have: tuple[float, str], rest: list[tuple[float, str]], share: float
) -> None:
    needed, stored = measured(*need), measured(*have)
    assert needed
    assert stored

    left, covered = measuring.subtract([needed], [stored], food(name))

    assert [(round(one.quantity, 3), one.unit) for one in left] == rest
    assert covered == pytest.approx(share)


def test_one_stock_covers_two_needs_once() -> None:
    need = [Amount(300, "g"), Amount(2, "piece")]

    left, _ = measuring.subtract(need, [Amount(410, "g")], food("cà chua"))

    assert [(round(one.quantity, 3), one.unit) for one in left] == [(1, "piece")]


@pytest.mark.parametrize(
    ("name", "amount", "expected"),
    [
        ("nước mắm", Amount(40, "ml"), Purchase(1, 500, "ml")),
        ("đường", Amount(600, "g"), Purchase(1, 1000, "g")),
        ("bột mì", Amount(1400, "g"), Purchase(3, 500, "g")),
        ("sữa", Amount(1030, "g"), Purchase(1, 1000, "ml")),
        ("trứng gà", Amount(12, "piece"), Purchase(2, 10, "piece")),
        ("trứng cút", Amount(8, "piece"), Purchase(1, 30, "piece")),
        ("trứng gà", Amount(200, "g"), Purchase(1, 500, "g")),
        ("nấm hương khô", Amount(5, "piece"), Purchase(1, 100, "g")),
    ],
)
def test_packs_cover_an_amount_with_the_least_left_over(name: str, amount: Amount, expected: Purchase) -> None:
    assert measuring.purchase(amount, food(name)) == expected


def test_pieces_are_bought_whole_and_large_amounts_are_written_in_large_units() -> None:
    assert measuring.to_buy(Amount(2.5, "piece")) == Amount(3, "piece")
    assert measuring.shown(Amount(1250, "g")) == Amount(1.25, "kg")
    assert measuring.shown(Amount(227.2, "g")) == Amount(227, "g")
    assert measuring.shown(Amount(2.5, "g")) == Amount(2.5, "g")


def test_every_row_of_the_table_is_a_food_of_the_master_list() -> None:
    known = {entry.key for entry in listed()}

    assert set(weights.table()) <= known
    assert all(one.density or one.weights or one.packs for one in weights.table().values())
