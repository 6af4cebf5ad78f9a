"""Input that nobody sends by mistake gives abuse points; input that is merely invalid gives none."""

import uuid
from typing import Any

import pytest

from apps.core import keys
from apps.core.models import Item
from apps.imports import addresses
from apps.imports.errors import AddressRefused
from apps.moderation import abuse, members
from tests.support import tasks
from tests.support.fetching import REFUSED

OWN = [
    "http://localhost/", "http://LOCALHOST:8000/admin", "http://localhost./", "http://api.localhost/", "http://127.0.0.1/",
    "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0/", "http://[::1]/", "http://[::]/",
    "http://[::ffff:127.0.0.1]/", "http://169.254.169.254/latest/meta-data", "http://169.254.170.2/v2/credentials",
    "http://2852039166/", "http://[fe80::1%25eth0]/", "http://[fd00:ec2::254]/", "http://metadata.google.internal/",
    "http://user:pw@127.0.0.1/", "http://１２７.０.０.１/",
]  # fmt: skip
MISTAKEN = [
    "x", "", "recipes.com", "ftp://recipes.com/", "http://recipes.com:8080/", "http://recipes .com/", "http://",
    "http://192.168.1.5/", "http://10.0.0.1/", "http://recipes.local/", "http://[", "http://8.8.8.8/",
    "http://localhost.recipes.com/", "http://internals/",
]  # fmt: skip


def give(api: Any, who: Any, url: str) -> str:
    return str(api.post("/v1/imports", json={"url": url}, token=who.token).json()["code"])


def points(who: Any) -> int:
    return sum(int(one["points"]) for one in members.find_points([who.id]).get(who.id, []))


@pytest.mark.parametrize("url", OWN)
def test_an_address_of_the_own_network_is_recognised_however_it_is_written(url: str) -> None:
    assert addresses.names_own_network(url)


@pytest.mark.parametrize("url", MISTAKEN)
def test_a_wrong_address_does_not_count_as_the_own_network(url: str) -> None:
    assert not addresses.names_own_network(url)


def test_no_address_of_the_own_network_is_fetched() -> None:
    assert [url for url in OWN if not refused(url)] == []
    assert any(addresses.names_own_network(url) for url in REFUSED)


def refused(url: str) -> bool:
    try:
        addresses.parse_address(url)
    except AddressRefused:
        return True
    return False


def test_five_attempts_on_the_services_network_in_an_hour_suspend(api: Any, ana: Any, messages: list[Any]) -> None:
    for number in range(4):
        assert give(api, ana, f"http://169.254.169.254/{number}") == "address_refused"
    tasks.run_all(messages)
    allowed = api.post("/v1/posts", json={"content": "a"}, token=ana.token).status_code

    give(api, ana, "http://localhost/")
    tasks.run_all(messages, times=2)

    assert (allowed, points(ana)) == (201, 5)
    answer = api.post("/v1/posts", json={"content": "a"}, token=ana.token)
    assert (answer.status_code, answer.json()["code"]) == (403, "account_suspended")


def test_wrong_addresses_give_no_points(api: Any, ana: Any, messages: list[Any]) -> None:
    for url in ("http://192.168.1.5/", "x", "ftp://recipes.com/", "http://recipes.com:8080/", "http://a@recipes.com/"):
        assert give(api, ana, url) == "address_refused"
    tasks.run_all(messages)

    assert points(ana) == 0


@pytest.mark.usefixtures("needs_aws")
def test_deleted_accounts_get_no_points() -> None:
    nobody = str(uuid.uuid4())

    assert abuse.reject_input(user_id=nobody, cause="import:x") is None

    assert list(Item.query(keys.user(nobody).pk)) == []
