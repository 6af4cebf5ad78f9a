"""An account that is or becomes production: who calls, and the verbs of deployment."""

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import pytest

from deploy import __main__ as command
from deploy import aws
from tests.deploy.account import simulation
from tests.deploy.account.simulation import Account

OLD, NEW = (f"sha256:{digit * 64}" for digit in "01")


@contextmanager
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")
    become(monkeypatch, simulation.ADMINISTRATOR)
    with simulation.open_account() as running:
        yield running
    aws.client.cache_clear()


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    with opened(monkeypatch) as running:
        yield running


def become(monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", who)
    # It keeps the credentials of its first client.
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    aws.client.cache_clear()


def run(account: Account, verb: str, *options: str) -> int:
    return command.main([verb, "--env", "prod", "--endpoint-url", account.url, *options])


def first(account: Account, *options: str) -> int:
    return run(account, "deploy", "--set", f"BlueDigest={OLD}", "--set", f"ImageDigest={OLD}", *options)
