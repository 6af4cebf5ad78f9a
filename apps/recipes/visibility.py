"""Decides who sees a recipe. No other code does."""

from typing import Protocol


class Facts(Protocol):
    """The facts that decide who sees a recipe. `made_for` is the person it was generated for."""

    @property
    def is_public(self) -> bool: ...
    @property
    def is_hidden(self) -> bool: ...
    @property
    def owner_id(self) -> str | None: ...
    @property
    def made_for(self) -> str | None: ...


def visible_to(viewer_id: str, recipe: Facts, *, has_access: bool = False, meets_owner: bool = False) -> bool:
    """Return whether somebody may see a recipe.

    Everybody sees public recipes, and owners see their own. Others see a recipe that was generated for them, or that
    was suggested to or shared with them (`has_access`), unless its owner is hidden by reports or either blocks the
    other. A recipe hidden by reports is visible to its owner only.

    A fact that is left out counts as False and can only hide the recipe. Callers may therefore ask with the facts they
    have, and read the rest only if the answer is False.
    """
    if recipe.is_public or recipe.owner_id == viewer_id:
        return True
    if recipe.is_hidden:
        return False
    if recipe.made_for == viewer_id:
        return True
    return has_access and (recipe.owner_id is None or meets_owner)
