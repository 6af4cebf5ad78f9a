"""The processor time that each sender of requests uses, and when their next request may have a thread."""

import math
import time
from dataclasses import dataclass

from smartcooking.senders import PERSON

# Seconds of processor time that a sender may use at full speed: a few pages of the client, one after the other.
BURST_SECONDS = 0.5
# Whoever has taken more of their burst than this many seconds, which is one page, gives way to those who have not.
LIGHT_SECONDS = 0.1
# Requests of one sender at work at once, until they have to give way; then they are answered one by one.
AT_ONCE = 2
# Seconds for which a request gives way at most: where somebody else is always at work, it would never come.
GIVE_WAY_SECONDS = 0.1
# Requests of a sender that wait, and seconds for which some have waited without a pause: no client has more. Beyond
# either it is a flood, which gets a part of the share, and of the burst what makes nobody give way.
FLOOD_WAITING = 16
FLOOD_SECONDS = 2.0
FLOOD_PART = 0.25
# A person who floods keeps next to nothing of the burst, and gets less beyond both signs: what a phone sends that was
# offline is over by then. Behind an address there may be many people, who would all wait.
FLOOD_BURST_SECONDS = 0.02
LASTING_FLOOD_PART = 0.1
# Senders that are remembered. Whoever is forgotten has all of their burst again.
_MAX_ACCOUNTS = 20_000


@dataclass(slots=True)
class Account:
    """A sender's remaining processor time; if it is negative, they wait until it is positive again."""

    since: float
    credit: float = BURST_SECONDS
    at_work: int = 0
    # Of the share.
    part: float = 1.0
    # Since when some of their requests wait, and since when the first of these gives way.
    waits_since: float | None = None
    gives_way_since: float | None = None

    @property
    def is_light(self) -> bool:
        return self.credit > BURST_SECONDS - LIGHT_SECONDS


class Shares:
    """Accounts of processor time, refilled by `share` seconds per second; 0: unlimited.

    Refused requests and errors are charged like all others, so a flood gets the same share of the processor whether or
    not its requests are within the rate limits.
    """

    def __init__(self, share: float) -> None:
        self._share = share
        # In the order of last use.
        self._accounts: dict[bytes, Account] = {}
        self._at_work: dict[bytes, Account] = {}
        self._giving_way: dict[bytes, None] = {}

    def begin(self, sender: bytes) -> None:
        account = self._accounts[sender]
        account.at_work += 1
        account.gives_way_since = None
        self._at_work[sender] = account
        self._giving_way.pop(sender, None)

    def end(self, sender: bytes) -> None:
        account = self._accounts[sender]
        account.at_work -= 1
        if not account.at_work:
            del self._at_work[sender]

    def charge(self, sender: bytes, seconds: float) -> None:
        if self._share:
            self._account(sender).credit -= seconds

    def delay(self, sender: bytes, *, waiting: int = 0) -> float:
        """Return the seconds until the next request of a sender may begin; infinite where one has to end first.

        `waiting` is how many of theirs wait. Who gives way may begin as soon as `ready` names them.
        """
        account = self._account(sender)
        self._look_for_flood(account, waiting, is_person=sender.startswith(PERSON))
        if account.credit <= 0:
            return -account.credit / self._rate(account) + 0.001
        if account.at_work >= (AT_ONCE if account.is_light else 1):
            return math.inf
        if account.is_light or not self._is_light_at_work():
            return 0.0
        if account.gives_way_since is None:
            account.gives_way_since = account.since
        left = account.gives_way_since + GIVE_WAY_SECONDS - account.since
        if left > 0:
            self._giving_way[sender] = None
        return max(0.0, left)

    def catch_up(self, sender: bytes) -> None:
        """Note that none of a sender's requests wait any more."""
        account = self._account(sender)
        account.part, account.waits_since = 1.0, None

    def ready(self) -> list[bytes]:
        """Return who gave way and need not any more; the longest first."""
        if not self._giving_way or self._is_light_at_work():
            return []
        ready = list(self._giving_way)
        self._giving_way.clear()
        return ready

    def _is_light_at_work(self) -> bool:
        return any(account.is_light for account in self._at_work.values())

    def _look_for_flood(self, account: Account, waiting: int, *, is_person: bool) -> None:
        if not waiting or not self._share:
            return
        if account.waits_since is None:
            account.waits_since = account.since
        signs = (waiting > FLOOD_WAITING) + (account.since - account.waits_since > FLOOD_SECONDS)
        account.part = (1.0, FLOOD_PART, LASTING_FLOOD_PART if is_person else FLOOD_PART)[signs]
        if signs:
            account.credit = min(account.credit, FLOOD_BURST_SECONDS if is_person else LIGHT_SECONDS)

    def _rate(self, account: Account) -> float:
        return self._share * account.part

    def _account(self, sender: bytes) -> Account:
        now = time.monotonic()
        account = self._accounts.pop(sender, None) or Account(now)
        account.credit = min(BURST_SECONDS, account.credit + (now - account.since) * self._rate(account))
        account.since = now
        self._accounts[sender] = account
        if len(self._accounts) > _MAX_ACCOUNTS:
            self._forget_one()
        return account

    def _forget_one(self) -> None:
        for sender, account in self._accounts.items():
            if not account.at_work:
                del self._accounts[sender]
                self._giving_way.pop(sender, None)
                return
