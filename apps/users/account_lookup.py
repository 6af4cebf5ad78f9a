"""Find the account that a username or e-mail address names, as somebody gives it where they sign in."""

from dataclasses import dataclass

from apps.users import name_claims, registrations
from apps.users.people import USERNAME
from apps.users.repositories import stored_accounts
from apps.users.throttling import hash_address


@dataclass(frozen=True, slots=True)
class Account:
    """What Cognito calls somebody, and their id where it is known."""

    name: str
    user_id: str | None = None


def find_account(given: str) -> Account:
    """Return the account of whoever has this e-mail address or username; what nobody has stays as it is.

    So both names of a person are counted as one, and work wherever one of them is taken. 1 read unit.
    """
    if "@" in given:
        held = stored_accounts.find_email_claim(hash_address(given))
        return Account(held.username, held.user_id) if held else Account(given)
    claim = name_claims.find_claim(given) if USERNAME.fullmatch(given) else None
    return Account(claim.account or given, claim.user_id) if claim else Account(given)


def find_unconfirmed(given: str) -> Account:
    """Return the account of a name, or the only one that waits at an e-mail address which nobody has confirmed."""
    person = find_account(given)
    if person.user_id is None and "@" in given:
        waiting = registrations.list_accounts(given)
        if len(waiting) == 1:
            return find_account(registrations.username_of(waiting[0]))
    return person


def find_latest(given: str) -> Account:
    """Return the account of a name, or the latest one that waits at an e-mail address which nobody has confirmed."""
    person = find_account(given)
    waiting = registrations.list_accounts(given) if person.user_id is None and "@" in given else []
    return find_account(registrations.username_of(waiting[0])) if waiting else person
