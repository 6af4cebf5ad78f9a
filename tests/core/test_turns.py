"""Fair shares: identifying senders, and limiting their CPU time while others wait."""

import math

import pytest

from smartcooking import senders, shares
from smartcooking.senders import Sender, Senders
from smartcooking.shares import (
    AT_ONCE,
    BURST_SECONDS,
    FLOOD_BURST_SECONDS,
    FLOOD_PART,
    FLOOD_SECONDS,
    FLOOD_WAITING,
    GIVE_WAY_SECONDS,
    LASTING_FLOOD_PART,
    LIGHT_SECONDS,
    Shares,
)

SHARE = 0.1
HEAD = b"GET %s HTTP/1.1\r\nHost: a\r\n%s\r\n"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr("smartcooking.shares.time.monotonic", lambda: now[0])
    return now


def flood(accounts: Shares, clock: list[float], sender: bytes, *, seconds: float, each: float) -> int:
    """Send requests one after the other, each taking `each` seconds; return how many were served."""
    served, until = 0, clock[0] + seconds
    while True:
        delay = accounts.delay(sender)
        if clock[0] + delay + each > until:
            return served
        clock[0] += delay
        accounts.begin(sender)
        clock[0] += each
        accounts.charge(sender, each)
        accounts.end(sender)
        served += 1


@pytest.mark.parametrize("each", [0.001, 0.01, 0.2, 3.0])
def test_a_flood_gets_its_burst_and_its_share_whatever_a_request_costs(clock: list[float], each: float) -> None:
    served = flood(Shares(SHARE), clock, b"flooder", seconds=100, each=each)

    assert served * each <= BURST_SECONDS + SHARE * 100 + each
    assert served * each >= SHARE * 100 - each


def test_others_have_their_own_share_while_somebody_waits_for_theirs(clock: list[float]) -> None:
    accounts = Shares(SHARE)
    flood(accounts, clock, b"flooder", seconds=10, each=0.01)

    assert accounts.delay(b"flooder") > 0
    assert accounts.delay(b"quiet") == 0


def test_a_quiet_sender_never_waits(clock: list[float]) -> None:
    accounts = Shares(SHARE)
    for _ in range(1000):
        assert accounts.delay(b"quiet") == 0
        accounts.begin(b"quiet")
        accounts.charge(b"quiet", 0.009)
        accounts.end(b"quiet")
        clock[0] += 0.1


def test_two_requests_of_a_sender_are_at_work_at_once_and_one_once_a_page_is_used() -> None:
    accounts = Shares(SHARE)
    for _ in range(AT_ONCE):
        assert accounts.delay(b"ana") == 0
        accounts.begin(b"ana")
    assert accounts.delay(b"ana") == math.inf

    accounts.charge(b"ana", LIGHT_SECONDS * 1.1)
    accounts.end(b"ana")

    assert accounts.delay(b"ana") == math.inf
    accounts.end(b"ana")
    assert accounts.delay(b"ana") == 0


def make_heavy(accounts: Shares, sender: bytes) -> None:
    """Have a sender use up what they may take without giving way."""
    accounts.charge(sender, LIGHT_SECONDS * 2)


def test_whoever_took_more_than_a_page_waits_until_nobody_else_is_at_work(clock: list[float]) -> None:
    accounts = Shares(SHARE)
    make_heavy(accounts, b"flooder")
    for _ in range(2):
        assert accounts.delay(b"quiet") == 0
        accounts.begin(b"quiet")

    assert accounts.delay(b"flooder", waiting=1) == pytest.approx(GIVE_WAY_SECONDS)
    accounts.end(b"quiet")
    assert accounts.ready() == []
    accounts.end(b"quiet")

    assert accounts.ready() == [b"flooder"]
    assert accounts.delay(b"flooder", waiting=1) == 0


def test_nobody_gives_way_for_long(clock: list[float]) -> None:
    accounts = Shares(SHARE)
    make_heavy(accounts, b"flooder")
    accounts.delay(b"quiet")
    accounts.begin(b"quiet")

    assert accounts.delay(b"flooder", waiting=1) > 0
    clock[0] += GIVE_WAY_SECONDS * 1.01

    assert accounts.delay(b"flooder", waiting=1) == 0
    accounts.begin(b"flooder")
    accounts.end(b"flooder")
    assert accounts.delay(b"flooder", waiting=1) > 0


def test_two_who_took_much_do_not_wait_for_each_other(clock: list[float]) -> None:
    accounts = Shares(SHARE)
    make_heavy(accounts, b"one")
    make_heavy(accounts, b"other")
    accounts.begin(b"one")

    assert accounts.delay(b"other", waiting=1) == 0


@pytest.mark.parametrize("sender", [b"person flooder", b"address 10.0.0.1"])
@pytest.mark.parametrize(
    ("waiting", "seconds", "signs"),
    [
        (FLOOD_WAITING, FLOOD_SECONDS * 0.9, 0),
        (FLOOD_WAITING + 1, 0.0, 1),
        (1, FLOOD_SECONDS * 1.1, 1),
        (FLOOD_WAITING + 1, FLOOD_SECONDS * 1.1, 2),
    ],
)
def test_a_flood_gets_a_part_of_a_share_until_it_ends_and_a_person_less_than_an_address(
    clock: list[float], waiting: int, seconds: float, signs: int, sender: bytes
) -> None:
    is_person = sender.startswith(b"person ")
    part = (1.0, FLOOD_PART, LASTING_FLOOD_PART if is_person else FLOOD_PART)[signs]
    burst = FLOOD_BURST_SECONDS if is_person else LIGHT_SECONDS
    accounts = Shares(SHARE)
    accounts.delay(sender, waiting=waiting)
    clock[0] += seconds
    accounts.delay(sender, waiting=waiting)

    accounts.charge(sender, (burst if signs else BURST_SECONDS) + 1)
    assert accounts.delay(sender, waiting=waiting) == pytest.approx(1 / (SHARE * part), rel=0.01)

    accounts.catch_up(sender)
    assert accounts.delay(sender) == pytest.approx(1 / SHARE, rel=0.01)


def test_no_share_is_no_limit_but_that_of_requests_at_once() -> None:
    accounts = Shares(0)
    for _ in range(100):
        assert accounts.delay(b"ana") == 0
        accounts.charge(b"ana", 10)


def test_senders_without_end_are_not_remembered_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "_MAX_ACCOUNTS", 10)
    monkeypatch.setattr(senders, "_MAX_KNOWN", 10)
    accounts, known = Shares(SHARE), Senders()
    accounts.delay(b"at work")
    accounts.begin(b"at work")

    for number in range(100):
        accounts.delay(str(number).encode())
        known.learn(str(number).encode(), "ana")

    assert len(accounts._accounts) == len(known._people) == 10
    assert accounts._accounts[b"at work"].at_work == 1


def find(known: Senders, path: bytes, headers: bytes = b"", remote: str = "192.0.2.1") -> Sender:
    return known.find(HEAD % (path, headers), remote)


def test_credentials_count_for_their_address_until_they_are_verified_and_then_for_their_person() -> None:
    known = Senders()
    made_up = [find(known, b"/v1/feed", b"Authorization: Bearer %d\r\n" % number) for number in range(3)]
    assert {one.name for one in made_up} == {find(known, b"/v1/feed").name}

    for one in made_up[:2]:
        assert one.credentials
        known.learn(one.credentials, "ana")

    names = [find(known, b"/v1/feed", b"Authorization: Bearer %d\r\n" % n, f"192.0.2.{n}").name for n in range(3)]
    assert names[0] == names[1] != names[2]


def test_strangers_are_told_apart_by_what_our_own_proxies_say_of_them(settings: pytest.FixtureRequest) -> None:
    settings.TRUSTED_PROXIES = 1  # type: ignore[attr-defined]
    known = Senders()

    def name(forwarded: bytes) -> bytes:
        return find(known, b"/v1/schema", b"X-Forwarded-For: %s\r\n" % forwarded).name

    assert name(b"198.51.100.1") == name(b"203.0.113.9, 198.51.100.1") != name(b"198.51.100.2")
    assert name(b"2001:db8::1") == name(b"2001:db8::2") != name(b"2001:db8:0:1::1")


def test_health_checks_do_not_wait_for_what_else_comes_from_their_address() -> None:
    known = Senders()

    assert find(known, b"/livez").name == find(known, b"/health").name != find(known, b"/v1/schema").name
    assert find(known, b"/livez").name != find(known, b"/livez", remote="192.0.2.2").name


def test_who_waits_for_a_job_or_a_suggestion_takes_no_turn_from_themselves() -> None:
    known = Senders()

    assert find(known, b"/v1/jobs/01?wait=10").is_waiting
    assert find(known, b"/v1/suggestions/01?a=b&wait=10").is_waiting
    assert not find(known, b"/v1/jobs?wait=1").is_waiting
    assert not find(known, b"/v1/pantry?wait=10").is_waiting


def test_headers_are_not_taken_from_a_body() -> None:
    body = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n\r\nAuthorization: Bearer b\r\n"

    assert Senders().find(body, "192.0.2.1").credentials is None
