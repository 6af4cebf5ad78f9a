"""CORS: pages of the client's origin may call the API from a browser, others may not."""

from typing import Any

import pytest
from django.conf import settings

CLIENT = settings.FRONTEND_URL


def preflight(api: Any, origin: str, path: str = "/v1/recipes", *, method: str = "POST", headers: str = "") -> Any:
    asked = {"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    return api.request("OPTIONS", path, headers=asked)


def test_the_client_may_ask_for_everything_that_the_interface_takes(api: Any) -> None:
    answer = preflight(api, CLIENT, headers="authorization,content-type,idempotency-key,if-match,accept-language")

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == CLIENT
    assert set(answer.headers["Access-Control-Allow-Methods"].split(", ")) == {"DELETE", "GET", "PATCH", "POST", "PUT"}
    allowed = set(answer.headers["Access-Control-Allow-Headers"].split(", "))
    assert {"authorization", "content-type", "idempotency-key", "if-match", "accept-language"} <= allowed


def test_the_client_may_read_answers_and_what_their_headers_say(api: Any, ana: Any) -> None:
    answer = api.get("/v1/users/me", token=ana.token, headers={"Origin": CLIENT})

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == CLIENT
    assert {"ETag", "Retry-After"} <= set(answer.headers["Access-Control-Expose-Headers"].split(", "))
    assert "origin" in answer.headers["Vary"].lower()


def test_a_refusal_can_be_read_by_the_client_too(api: Any) -> None:
    answer = api.get("/v1/users/me", headers={"Origin": CLIENT})

    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == CLIENT


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"{CLIENT}.evil.example", "http://127.0.0.1"])
def test_pages_of_others_may_not(api: Any, ana: Any, origin: str) -> None:
    asked, answered = preflight(api, origin), api.get("/v1/users/me", token=ana.token, headers={"Origin": origin})

    assert "Access-Control-Allow-Origin" not in asked.headers
    assert "Access-Control-Allow-Origin" not in answered.headers


def test_credentials_of_the_browser_are_never_asked_for(api: Any) -> None:
    assert "Access-Control-Allow-Credentials" not in preflight(api, CLIENT).headers
