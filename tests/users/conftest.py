"""Each test has its own IP address, so that failed logins of one don't count against another."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from tests.support.accounts import SIGN_UP_CODE, Applicant, FromOneAddress, fresh_address, fresh_name


@pytest.fixture(autouse=True)
def _behind_one_proxy() -> Iterator[None]:
    with override_settings(TRUSTED_PROXIES=1):
        yield


@pytest.fixture
def api() -> FromOneAddress:
    return FromOneAddress(fresh_address())


@pytest.fixture
def applicant() -> Applicant:
    name = fresh_name()
    return Applicant(name, f"{name}@example.com")


@pytest.fixture
def registered(api: Any, applicant: Applicant) -> Applicant:
    assert api.post("/v1/auth/register", json=applicant.as_json()).status_code == 201
    return applicant


@pytest.fixture
def confirmed(api: Any, registered: Applicant) -> Applicant:
    body = {"username": registered.username, "code": SIGN_UP_CODE}
    assert api.post("/v1/auth/confirm", json=body).status_code == 204
    return registered
