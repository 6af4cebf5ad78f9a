"""What each sender of requests takes of the processor, and when the next request of theirs may have a thread."""

import math
import time
from dataclasses import dataclass

# Seconds of processor time that a sender may take at full speed: some pages of the client, one after the other.
BURST_SECONDS = 0.5
# Requests of one sender at work at once: two while they have more than half of their burst left, then one by one.
AT_ONCE = 2
# Senders that are remembered. Whoever is forgotten has all of their burst again.
_MAX_ACCOUNTS = 20_000


@dataclass(slots=True)
class Account:
    """The processor time that a sender has left; below zero they wait until it is positive again."""

    since: float
    credit: float = BURST_SECONDS
    at_work: int = 0


class Shares:
    """Accounts of processor time, which fill by `share` seconds a second; 0: everybody has as much as they want.

    Refusals, errors and answers cost what they cost, whatever was asked for: so a flood has the same share of the
    processor whether its requests are within the rate limits or not.
    """

    def __init__(self, share: float) -> None:
        self._share = share
        # In the order of the last use.
        self._accounts: dict[bytes, Account] = {}

    def begin(self, sender: bytes) -> None:
        self._accounts[sender].at_work += 1

    def end(self, sender: bytes) -> None:
        self._accounts[sender].at_work -= 1

    def charge(self, sender: bytes, seconds: float) -> None:
        if self._share:
            self._account(sender).credit -= seconds

    def delay(self, sender: bytes) -> float:
        """Return the seconds until the next request of a sender may begin; infinite where one has to end first."""
        account = self._account(sender)
        if account.credit <= 0:
            return -account.credit / self._share + 0.001
        at_once = AT_ONCE if account.credit > BURST_SECONDS / 2 else 1
        return math.inf if account.at_work >= at_once else 0.0

    def _account(self, sender: bytes) -> Account:
        now = time.monotonic()
        account = self._accounts.pop(sender, None) or Account(now)
        account.credit = min(BURST_SECONDS, account.credit + (now - account.since) * self._share)
        account.since = now
        self._accounts[sender] = account
        if len(self._accounts) > _MAX_ACCOUNTS:
            self._forget_one()
        return account

    def _forget_one(self) -> None:
        for sender, account in self._accounts.items():
            if not account.at_work:
                del self._accounts[sender]
                return
