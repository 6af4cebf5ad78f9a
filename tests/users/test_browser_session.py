"""Browser sessions: a cookie that scripts can't read and other sites can't use."""

from typing import Any

from rest_framework.test import APIClient

PASSWORD = "Nau-an-123!"
HEADERS: dict[str, Any] = {"HTTP_X_SMART_COOKING": "web"}


def sign_in(person: Any, password: str | None = None) -> tuple[APIClient, Any]:
    client = APIClient()
    body = {"username": person.username, "password": password or person.password}
    return client, client.post("/v1/session", body, format="json", **HEADERS)


def test_the_refresh_token_is_in_a_cookie_that_only_this_site_sends_and_no_script_reads(ana: Any) -> None:
    _, answer = sign_in(ana)

    assert answer.status_code == 200
    assert set(answer.json()) == {"access_token", "token_type", "expires_in"}
    cookie = answer.cookies["session"]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Strict")
    assert cookie["path"] == "/v1/session"
    assert answer["Cache-Control"] == "no-store"


def test_the_cookie_renews_the_access_token_until_the_browser_signs_out(ana: Any) -> None:
    client, _ = sign_in(ana)

    renewed = client.post("/v1/session/refresh", **HEADERS)
    assert renewed.status_code == 200
    token = renewed.json()["access_token"]
    assert client.get("/v1/users/me", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 200

    kept = client.cookies["session"].value
    assert client.delete("/v1/session", **HEADERS).status_code == 204
    assert client.post("/v1/session/refresh", **HEADERS).status_code == 401
    client.cookies["session"] = kept
    assert client.post("/v1/session/refresh", **HEADERS).status_code == 401


def test_a_page_of_another_site_cannot_use_the_cookie(ana: Any) -> None:
    client, _ = sign_in(ana)

    for method, path in (("post", "/v1/session"), ("post", "/v1/session/refresh"), ("delete", "/v1/session")):
        refused = getattr(client, method)(path, {}, format="json")
        assert refused.status_code == 403
        assert refused.json()["code"] == "session_header_missing"


def test_a_wrong_password_sets_no_cookie(ana: Any) -> None:
    _, answer = sign_in(ana, password="Wrong-1234!")

    assert answer.status_code == 401
    assert "session" not in answer.cookies


def test_signing_out_twice_is_no_error(ana: Any) -> None:
    client, _ = sign_in(ana)

    assert client.delete("/v1/session", **HEADERS).status_code == 204
    assert client.delete("/v1/session", **HEADERS).status_code == 204
