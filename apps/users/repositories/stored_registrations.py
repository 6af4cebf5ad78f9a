"""Access to unconfirmed registrations, by account and by e-mail address."""

from collections.abc import Iterator
from datetime import datetime

from apps.core import clock, keys
from apps.core.models import Item
from apps.core.transactions import Transaction
from apps.users.models import (
    Registration,
    RegistrationByEmail,
)

# Unconfirmed accounts considered per e-mail address. A mailbox gets ten codes in 15 minutes.
_MOST_REGISTRATIONS = 200


def find_registration(account: str) -> Registration | None:
    return Registration.read(keys.registration(account))


def begin_registration(account: str, due: datetime) -> None:
    """Record that an account is about to be created and must be confirmed by `due`; replaces an earlier record."""
    key, queue = keys.registration(account), keys.registrations_queue(clock.sortable(due), account)
    actions = [
        Registration.account.set(account),
        Registration.due.set(due),
        Registration.gsi4pk.set(queue.pk),
        Registration.gsi4sk.set(queue.sk),
    ]
    transaction = Transaction()
    transaction.update(Registration(pk=key.pk, sk=key.sk), actions)
    transaction.commit()


def describe_registration(account: str, *, address: str, verifier: str, until: datetime) -> None:
    """Make an unconfirmed account findable by its e-mail address: 4 write units."""
    key, found_by = keys.registration(account), keys.registration_by_email(address, account)
    found = [
        RegistrationByEmail.account.set(account),
        RegistrationByEmail.verifier.set(verifier),
        RegistrationByEmail.ttl.set(clock.epoch(until)),
    ]
    transaction = Transaction()
    transaction.update(Registration(pk=key.pk, sk=key.sk), [Registration.address.set(address)])
    transaction.update(RegistrationByEmail(pk=found_by.pk, sk=found_by.sk), found)
    transaction.commit()


def query_registrations_by_email(address: str) -> list[RegistrationByEmail]:
    """Read the unconfirmed accounts of an e-mail address (hashed), the latest first: 1 read unit for about ten."""
    place = keys.registration_by_email(address, "-")
    start = keys.prefix("REGISTRATION")
    rows = RegistrationByEmail.query(
        place.pk, RegistrationByEmail.sk.startswith(start), consistent_read=True, limit=_MOST_REGISTRATIONS
    )
    return sorted((row for row in rows if not row.is_expired), key=lambda row: int(row.ttl or 0), reverse=True)


def find_registration_by_email(address: str, account: str) -> RegistrationByEmail | None:
    return RegistrationByEmail.read(keys.registration_by_email(address, account))


def end_registration(account: str) -> None:
    """Delete the record of an unconfirmed account: 1 read unit, 2 write units for each row."""
    found = find_registration(account)
    key = keys.registration(account)
    transaction = Transaction()
    transaction.discard(Registration(pk=key.pk, sk=key.sk))
    if found is not None and found.address:
        found_by = keys.registration_by_email(found.address, account)
        transaction.discard(RegistrationByEmail(pk=found_by.pk, sk=found_by.sk))
    transaction.commit()


def query_due_registrations(until: datetime) -> Iterator[str]:
    """Yield the accounts that were not confirmed in time, according to the index."""
    queue = keys.registrations_queue(clock.sortable(until), "-")
    for item in Item.queues.query(queue.pk, Item.gsi4sk < queue.sk):
        yield keys.last_part(str(item.gsi4sk))
