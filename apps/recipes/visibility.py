"""Decides who sees a recipe. No other code does."""

from typing import Protocol


class Facts(Protocol):
    """What decides on a recipe; `made_for` is the person it was generated for."""

    @property
    def is_public(self) -> bool: ...
    @property
    def is_hidden(self) -> bool: ...
    @property
    def owner_id(self) -> str | None: ...
    @property
    def made_for(self) -> str | None: ...


def visible_to(viewer_id: str, recipe: Facts, *, has_access: bool = False, meets_owner: bool = False) -> bool:
    """Say whether somebody may see a recipe.

    Everybody sees what is public, and owners see what is theirs. Others see a recipe that was made for them, or that
    was suggested to or shared with them (`has_access`) by an owner whom they meet: a block, or reports that hide the
    owner, take that away. What reports have hidden is for its owner alone.

    A fact that is left out counts as False and can only hide: a caller may ask with what it has, and read the rest
    where the answer is no.
    """
    if recipe.is_public or recipe.owner_id == viewer_id:
        return True
    if recipe.is_hidden:
        return False
    if recipe.made_for == viewer_id:
        return True
    return has_access and (recipe.owner_id is None or meets_owner)
