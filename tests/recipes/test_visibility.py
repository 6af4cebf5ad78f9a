"""Who sees a recipe, for every combination of the facts that decide it."""

from dataclasses import dataclass
from itertools import product

import pytest

from apps.recipes.visibility import visible_to

VIEWER, OTHER = "viewer", "other"


@dataclass(frozen=True)
class Facts:
    is_public: bool = False
    is_hidden: bool = False
    owner_id: str | None = OTHER
    made_for: str | None = None


@pytest.mark.parametrize("owner_id", [VIEWER, OTHER, None])
@pytest.mark.parametrize("made_for", [VIEWER, OTHER, None])
def test_everybody_sees_what_is_public(owner_id: str | None, made_for: str | None) -> None:
    assert visible_to(VIEWER, Facts(is_public=True, owner_id=owner_id, made_for=made_for))


@pytest.mark.parametrize("is_hidden", [True, False])
def test_owners_see_their_own_even_where_reports_have_hidden_it(*, is_hidden: bool) -> None:
    assert visible_to(VIEWER, Facts(is_hidden=is_hidden, owner_id=VIEWER))


@pytest.mark.parametrize(
    ("made_for", "has_access", "meets_owner"), list(product([VIEWER, None], [True, False], [True, False]))
)
def test_nobody_else_sees_what_reports_have_hidden(
    *, made_for: str | None, has_access: bool, meets_owner: bool
) -> None:
    hidden = Facts(is_hidden=True, owner_id=None if made_for else OTHER, made_for=made_for)

    assert not visible_to(VIEWER, hidden, has_access=has_access, meets_owner=meets_owner)


def test_a_recipe_that_was_generated_for_somebody_is_theirs_to_see() -> None:
    assert visible_to(VIEWER, Facts(owner_id=None, made_for=VIEWER))
    assert not visible_to(VIEWER, Facts(owner_id=None, made_for=OTHER))


@pytest.mark.parametrize(
    ("owner_id", "has_access", "meets_owner", "sees"),
    [
        (OTHER, True, True, True),
        (OTHER, True, False, False),
        (OTHER, False, True, False),
        (OTHER, False, False, False),
        (None, True, False, True),
        (None, False, True, False),
    ],
)
def test_what_was_shared_is_seen_by_those_who_meet_its_owner(
    *, owner_id: str | None, has_access: bool, meets_owner: bool, sees: bool
) -> None:
    assert visible_to(VIEWER, Facts(owner_id=owner_id), has_access=has_access, meets_owner=meets_owner) is sees


@pytest.mark.parametrize("is_public", [True, False])
@pytest.mark.parametrize("is_hidden", [True, False])
@pytest.mark.parametrize("owner_id", [VIEWER, OTHER, None])
@pytest.mark.parametrize("made_for", [VIEWER, OTHER, None])
def test_a_fact_that_was_not_read_can_only_hide(
    *, is_public: bool, is_hidden: bool, owner_id: str | None, made_for: str | None
) -> None:
    recipe = Facts(is_public=is_public, is_hidden=is_hidden, owner_id=owner_id, made_for=made_for)

    if visible_to(VIEWER, recipe):
        assert visible_to(VIEWER, recipe, has_access=True, meets_owner=True)
