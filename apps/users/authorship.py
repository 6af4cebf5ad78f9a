"""Copies of an author's name and picture beside what they write: current even if they change at the same time.

Posts, comments, recipes and ratings carry such a copy. After a change a task updates all copies that exist; a write
that had read the old name, and is stored after the task has passed, would keep it. Therefore a transaction that stores
a new copy checks the profile that it was made from (docs/decisions/0155).
"""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from apps.core.authentication import Actor
from apps.core.errors import Unavailable
from apps.core.transactions import Transaction
from apps.users.people import Person
from apps.users.repositories import stored_people

P = ParamSpec("P")
R = TypeVar("R")


class NameChanged(Exception):
    """The actor was renamed after the request had read their name; `retry_renamed` handles it."""


def find_author(transaction: Transaction, user_id: str) -> Person | None:
    """Return a person, for a copy that `transaction` stores; None if they have no profile.

    If their name or picture differs at the commit, it fails with `WriteConflict`: read again and retry. The commit
    checks what was read, so an eventually consistent read will do. Half a read unit and 2 write units.
    """
    user = stored_people.find_profile(user_id, consistent=False)
    stored_people.expect_author(transaction, user_id, user)
    return user.person if user else None


def expect_name(transaction: Transaction, actor: Actor) -> str:
    """Return the actor's name for a copy that `transaction` stores, without a read: 2 write units.

    If the name has changed, the commit fails with `NameChanged`.
    """
    stored_people.expect_name(transaction, actor.id, actor.username, otherwise=NameChanged())
    return actor.username


def retry_renamed(function: Callable[P, R]) -> Callable[P, R]:
    """Call `function`, which has a keyword `actor`, once more with their current name after `NameChanged`.

    Once is enough, since a name changes at most once in 30 days; `Unavailable` (503) otherwise.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except NameChanged:
            kwargs["actor"] = _renamed(cast("Actor", kwargs["actor"]))
        try:
            return function(*args, **kwargs)
        except NameChanged as again:
            raise Unavailable from again

    return run


def _renamed(actor: Actor) -> Actor:
    user = stored_people.find_profile(actor.id)
    return replace(actor, username=user.username) if user else actor
