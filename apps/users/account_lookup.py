"""Find an account by the username or e-mail address that a person enters to sign in."""

from dataclasses import dataclass

from apps.users import name_claims, registrations
from apps.users.people import USERNAME
from apps.users.repositories import stored_accounts
from apps.users.throttling import hash_address


@dataclass(frozen=True, slots=True)
class Account:
    """An account's username in Cognito, and the id of its owner if known."""

    name: str
    user_id: str | None = None


def find_account(given: str) -> Account:
    """Return the account with this e-mail address or username. Input that matches no account is returned as it is.

    A person's username and e-mail address thus count as one, and either works for every request. 1 read unit.
    """
    if "@" in given:
        held = stored_accounts.find_email_claim(hash_address(given))
        return Account(held.username, held.user_id) if held else Account(given)
    claim = name_claims.find_claim(given) if USERNAME.fullmatch(given) else None
    return Account(claim.account or given, claim.user_id) if claim else Account(given)


def find_unconfirmed(given: str) -> Account:
    """Return the account with this username, or the only unconfirmed account with this e-mail address."""
    person = find_account(given)
    if person.user_id is None and "@" in given:
        waiting = registrations.list_accounts(given)
        if len(waiting) == 1:
            return find_account(registrations.username_of(waiting[0]))
    return person


def find_latest(given: str) -> Account:
    """Return the account with this username, or the latest unconfirmed account with this e-mail address."""
    person = find_account(given)
    waiting = registrations.list_accounts(given) if person.user_id is None and "@" in given else []
    return find_account(registrations.username_of(waiting[0])) if waiting else person
