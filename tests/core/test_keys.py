"""Keys: parts that could be mistaken for another key are refused."""

import pytest

from apps.core import ids, keys


@pytest.mark.parametrize("part", ["", "a#b", "#"])
def test_a_part_that_is_empty_or_holds_the_separator_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match="cannot be part of a key"):
        keys.join("USER", part)


def test_content_and_state_of_a_recipe_share_a_prefix_that_ratings_do_not() -> None:
    recipe_id = ids.new_id()

    assert keys.recipe_state(recipe_id).sk.startswith(keys.recipe(recipe_id).sk)
    assert not keys.rating(recipe_id, "u").sk.startswith(keys.recipe(recipe_id).sk)


def test_the_same_parts_give_the_same_id_and_others_another() -> None:
    assert ids.derived_id("recipe", "pho") == ids.derived_id("recipe", "pho")
    assert ids.derived_id("recipe", "pho") != ids.derived_id("recipe", "bun")
    assert ids.is_id(ids.derived_id("recipe", "pho"))


@pytest.mark.parametrize("text", ["", "abc", "I" * 26, "8" + "0" * 25, "0" * 25 + "u", "0" * 27])
def test_what_is_not_a_ulid_is_nobodys_id(text: str) -> None:
    assert not ids.is_id(text)
