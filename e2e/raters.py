"""Three cooks whose ratings count: accounts of more than a day, each behind an address of its own.

Accounts that the suites have just made are one voice together, and so is whatever comes from one address within an
hour (`apps/users/voices.py`). Against the local stack the suites make three, set back in its table the moment at which
they registered, and call from addresses of the loopback network. Anywhere else the three are made once by `--enlist`,
through the interface, count from the next day on, and each needs a proxy to call through. Without them only that young
accounts approve nothing is tried.
"""

import json
import os
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import urllib3

from apps.core import clock, keys
from e2e.people import Cast, Person
from e2e.registrars import Local, Registrar
from smartcooking.probes.accounts import Accounts
from smartcooking.probes.checks import Login, sign_in
from smartcooking.probes.http import PATIENCE, Api

# Names the file that `--enlist` wrote.
VARIABLE = "E2E_RATERS"
# Not that of the other people of the suites, whose accounts the hourly check removes.
PREFIX = "rater"
NEEDED = 3
OF_AGE = timedelta(days=2)
ADDRESSES = tuple(f"127.0.0.{number}" for number in range(11, 11 + NEEDED))


class NoRaters(Exception):
    """The file holds no three raters."""


@dataclass(frozen=True)
class Rater:
    """An account that stays, and the proxy through which it calls."""

    username: str
    password: str
    proxy: str


def are_there(registrar: Registrar) -> bool:
    return VARIABLE in os.environ or (
        isinstance(registrar, Local) and registrar.accounts is not None and _has_loopback()
    )


def gather(cast: Cast) -> list[Person]:
    """Return the three, signed in."""
    if VARIABLE in os.environ:
        return [_sign_in(cast.url, rater) for rater in read(Path(os.environ[VARIABLE]))]
    registrar = cast.registrar
    assert isinstance(registrar, Local)
    assert registrar.accounts is not None
    return [_grown(cast, f"rater {address}", address, registrar.accounts) for address in ADDRESSES]


def read(path: Path) -> list[Rater]:
    """Return what `--enlist` wrote, with the proxies that somebody has added."""
    try:
        found = [Rater(**one) for one in json.loads(path.read_text("utf-8"))]
    except (OSError, ValueError, TypeError) as error:
        message = f"{VARIABLE}: {path}: {error}"
        raise NoRaters(message) from error
    if len({one.proxy for one in found if one.proxy}) < NEEDED:
        message = f"{VARIABLE}: {path} has to name {NEEDED} raters, each with a proxy of its own"
        raise NoRaters(message)
    return found[:NEEDED]


def enlist(cast: Cast, path: Path) -> None:
    """Register three people who stay, and write who they are to a file that its owner alone may read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        people = [cast.register(PREFIX) for _ in range(NEEDED)]
        json.dump([{"username": one.name, "password": one.login.password, "proxy": ""} for one in people], file)


def _sign_in(url: str, rater: Rater) -> Person:
    api = Api(url, pool=urllib3.ProxyManager(rater.proxy, retries=False, timeout=PATIENCE))
    login = Login(rater.username, rater.password)
    token = sign_in(api, login).refresh_token
    me = api.ask("GET", "/v1/users/me").body
    return Person(rater.username, login, me["email"], api, me["id"], token)


def _grown(cast: Cast, role: str, address: str, accounts: Accounts) -> Person:
    person = cast.person(role)
    pool: Any = urllib3.PoolManager(retries=False, timeout=PATIENCE, source_address=(address, 0))
    person.api = Api(cast.url, token=person.api.token, pool=pool)
    pk, sk = keys.user(person.id)
    accounts.dynamodb.update_item(
        TableName=accounts.table,
        Key={"pk": {"S": pk}, "sk": {"S": sk}},
        UpdateExpression="SET created_at = :then",
        ConditionExpression="attribute_exists(pk)",
        ExpressionAttributeValues={":then": {"S": clock.sortable(datetime.now(UTC) - OF_AGE)}},
    )
    return person


def _has_loopback() -> bool:
    """Say whether all of 127.0.0.0/8 is this machine, as on Linux; elsewhere it is one address."""
    for address in ADDRESSES:
        with socket.socket() as probe:
            try:
                probe.bind((address, 0))
            except OSError:
                return False
    return True
