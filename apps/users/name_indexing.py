"""Index the full names of people whose profile was stored before names were indexed."""

import itertools
import string
from collections.abc import Iterator

from apps.core import keys
from apps.core.transactions import Transaction, retry_conflicts
from apps.users import name_claims, name_words
from apps.users.models import User
from apps.users.repositories import stored_people

# Usernames begin with two of these characters; each pair is a partition of the index.
STARTS = tuple(map("".join, itertools.product(f"{string.ascii_lowercase}{string.digits}_.", repeat=2)))
_PAGE = 100


def list_people(start: str) -> Iterator[str]:
    """Yield the ids of people whose username has this prefix: half a read unit for about 40 of them."""
    position = None
    while True:
        found = name_claims.query_claims(start, limit=_PAGE, after=position)
        yield from (claim.user_id for claim in found.items)
        position = found.next
        if position is None:
            return


@retry_conflicts
def index_person(user_id: str, *, dry_run: bool = False) -> bool:
    """Index a person's full name, and return whether it was missing. 2 read units, and 3 write units a word.

    If the name changes meanwhile, the change indexes the name: the words are written only while the profile has the
    name that they come from.
    """
    user = stored_people.find_profile(user_id)
    if user is None or name_words.are_stored(user_id, user.full_name):
        return False
    if not dry_run:
        transaction = Transaction()
        transaction.check(User, keys.user(user_id), User.full_name == user.full_name)
        name_words.save(transaction, user_id, user.full_name)
        transaction.commit()
    return True
