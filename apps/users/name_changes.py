"""Change a username: both names are claimed in one transaction, and the old one stays reserved for a while."""

from datetime import timedelta

from apps.core import clock, ids
from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.users import account_events, name_claims, reauthentication, sign_outs
from apps.users.errors import UsernameChangedRecently, UserNotFound
from apps.users.events import AccountChanged, UsernameChanged
from apps.users.reauthentication import Proof
from apps.users.repositories import stored_people

_ONCE_IN = timedelta(days=30)


def change_username(*, actor: Actor, username: str, proof: Proof) -> None:
    """Change a username, and end all other sessions.

    The username in Cognito stays the same: sign-in looks names up in the table. Requesting one's current username
    repeats a change that succeeded, and succeeds. `UsernameTaken` if somebody else has the name or gave it up less than
    90 days ago, `UsernameChangedRecently` within 30 days of the last change.
    """
    reauthentication.require_proof(actor=actor, proof=proof)
    if _rename(actor, username):
        sign_outs.end_sessions(actor.id, keep=actor)


@retry_conflicts
def _rename(actor: Actor, username: str) -> bool:
    """Swap the usernames; False if the person already has this one. 20 write units, plus those of the events."""
    user = stored_people.find_profile(actor.id)
    if user is None:
        raise UserNotFound
    if user.username == username:
        return False
    now, current = clock.now(), name_claims.find_current_name(actor.id)
    if current is not None and current.changed_at is not None and now < current.changed_at + _ONCE_IN:
        raise UsernameChangedRecently(possible_from=current.changed_at + _ONCE_IN)
    current = current or name_claims.fresh_current_name(actor.id, username)
    reserved_until = now + name_claims.RESERVED_FOR
    former = {name: until for name, until in current.former.items() if clock.parse(until) > now and name != username}
    current.former = {**former, str(user.username): clock.sortable(reserved_until)}
    current.username, current.changed_at = username, now
    transaction = Transaction()
    name_claims.claim(transaction, username, user_id=actor.id, account=user.account_name)
    name_claims.give_up(transaction, user.username, user_id=actor.id, until=reserved_until)
    user.account, user.username = user.account_name, username
    transaction.save(user)
    transaction.save(current)
    transaction.publish(UsernameChanged(actor.id))
    transaction.publish(AccountChanged(actor.id, account_events.USERNAME_CHANGED, ids.new_id()))
    transaction.commit()
    return True
