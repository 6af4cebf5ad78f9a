"""The processor time that each sender of requests uses, and when their next request may have a thread."""

import math
import time
from dataclasses import dataclass

# Seconds of processor time that a sender may use at full speed: a few pages of the client, one after the other.
BURST_SECONDS = 0.5
# Concurrent requests of one sender: two while more than half of their burst is left, then one.
AT_ONCE = 2
# Number of senders that are remembered. A forgotten sender has a full burst again.
_MAX_ACCOUNTS = 20_000


@dataclass(slots=True)
class Account:
    """A sender's remaining processor time; if it is negative, they wait until it is positive again."""

    since: float
    credit: float = BURST_SECONDS
    at_work: int = 0


class Shares:
    """Accounts of processor time, refilled by `share` seconds per second; 0: unlimited.

    Refused requests and errors are charged like all others, so a flood gets the same share of the processor whether or
    not its requests are within the rate limits.
    """

    def __init__(self, share: float) -> None:
        self._share = share
        # In the order of last use.
        self._accounts: dict[bytes, Account] = {}

    def begin(self, sender: bytes) -> None:
        self._accounts[sender].at_work += 1

    def end(self, sender: bytes) -> None:
        self._accounts[sender].at_work -= 1

    def charge(self, sender: bytes, seconds: float) -> None:
        if self._share:
            self._account(sender).credit -= seconds

    def delay(self, sender: bytes) -> float:
        """Return the seconds until a sender's next request may start; infinite if another one has to end first."""
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
