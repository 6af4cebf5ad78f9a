"""The service answers under its own names; health checks ask by address."""

from typing import Any

import pytest

PATHS = ["/v1/users/me", "/v1/auth/login", "/v1/schema", "/docs", "/", "/admin/", "/static/nothing.js", "/nowhere"]


@pytest.mark.parametrize("host", ["evil.com", "localhost.evil.com", "evil.com:8000", "127.0.0.1@evil.com", "a b"])
@pytest.mark.parametrize("path", PATHS)
def test_another_host_name_is_refused_on_every_path(api: Any, path: str, host: str) -> None:
    answer = api.get(path, headers={"Host": host})

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "malformed"
    assert host not in answer.content.decode()


def test_another_host_name_is_refused_with_a_token_too(api: Any, ana: Any) -> None:
    assert api.get("/v1/users/me", token=ana.token, headers={"Host": "evil.com"}).status_code == 400
    assert api.get("/v1/users/me", token=ana.token, headers={"Host": "localhost:8000"}).status_code == 200


@pytest.mark.parametrize("path", ["/livez", "/health"])
def test_health_checks_may_ask_by_address(api: Any, path: str) -> None:
    assert api.get(path, headers={"Host": "10.0.3.17:8000"}).status_code == 200
