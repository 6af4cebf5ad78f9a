"""JSON in rows is compressed with a dictionary, and what was written with another one, or none, can still be read."""

import zlib
from typing import Any

import orjson
import pytest

from apps.core import bodies
from apps.recipes.models import to_body
from devtools import body_dictionary
from tests.support import authored

# The parts of a stream after its header of six bytes, which names the dictionary.
HEADER = 6


@pytest.fixture(scope="module")
def unseen() -> list[Any]:
    """Recipes on which the dictionary was not trained."""
    return [to_body(content) for content in list(authored.recipes().values())[1 :: 10 * body_dictionary.STEP]]


@pytest.mark.parametrize("value", [{}, [], None, "phở", {"steps": [{"text": "Đun sôi."}] * 50}, list(range(1000))])
def test_a_body_is_read_as_it_was_written(value: Any) -> None:
    assert bodies.unpack(bodies.pack(value)) == value


def test_recipes_that_the_dictionary_has_not_seen_take_two_thirds_of_what_they_would_without_it(
    unseen: list[Any],
) -> None:
    with_it = sum(len(bodies.pack(body)) for body in unseen)
    without = sum(len(zlib.compress(orjson.dumps(body))) for body in unseen)

    assert with_it < 2 / 3 * without


def test_what_was_written_without_a_dictionary_is_read(unseen: list[Any]) -> None:
    for body in unseen:
        assert bodies.unpack(zlib.compress(orjson.dumps(body), 6)) == body


def test_the_first_dictionary_never_changes() -> None:
    """Rows that were written with it could not be read without it."""
    assert bodies.pack({})[2:HEADER].hex() == "dcf386e4"


def test_a_later_dictionary_leaves_earlier_rows_readable(unseen: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    body = unseen[0]
    earlier = bodies.pack(body)
    another = b'"ingredients":[{"name":"'
    monkeypatch.setitem(bodies._DICTIONARIES, zlib.adler32(another), another)
    monkeypatch.setattr(bodies, "_CURRENT", another)

    later = bodies.pack(body)

    assert later[2:HEADER] != earlier[2:HEADER]
    assert bodies.unpack(earlier) == bodies.unpack(later) == body


@pytest.mark.parametrize("damage", [lambda stored: stored[:-5], lambda stored: stored[:2] + b"none" + stored[HEADER:]])
def test_a_damaged_body_is_refused(damage: Any) -> None:
    with pytest.raises(zlib.error):
        bodies.unpack(damage(bodies.pack({"title": "Canh chua cá lóc", "steps": list(range(100))})))


def test_training_keeps_whole_characters() -> None:
    samples = [orjson.dumps({"title": f"Món số {number}", "text": f"Ướp thịt {number} phút"}) for number in range(3000)]

    trained = body_dictionary.train_on(samples)

    assert trained.decode()
    assert len(trained) <= body_dictionary.SIZE
