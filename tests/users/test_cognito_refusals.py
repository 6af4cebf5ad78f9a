"""Cognito's errors become our own: a stub server answers every call with one error."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import orjson
import pytest
from botocore.config import Config

from apps.core import aws
from apps.core.errors import NotAuthenticated
from apps.users import cognito
from tests.support.accounts import PASSWORD, Applicant, fresh_name

SECRETS = (PASSWORD, "eyJ", "654987")


@pytest.fixture
def cognito_says(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Let every call of the pool fail with this error."""
    said: dict[str, Any] = {"code": "InternalErrorException", "status": 400, "message": "no"}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            code = said["code"]
            if code in {"UsernameExistsException", "LimitExceededException"} and self.headers["X-Amz-Target"].endswith(
                ".AdminGetUser"
            ):
                code = "UserNotFoundException"
            body = orjson.dumps({"__type": code, "message": said["message"]})
            self.send_response(int(said["status"]))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    client = boto3.client(
        "cognito-idp",
        region_name="ap-southeast-1",
        endpoint_url=f"http://127.0.0.1:{server.server_port}",
        config=Config(retries={"total_max_attempts": 1}),
    )
    monkeypatch.setattr(aws, "client", lambda _service: client)
    yield lambda code, status=400, message="no": said.update(code=code, status=status, message=message)
    server.shutdown()
    server.server_close()
    client.close()


def register(api: Any) -> Any:
    name = fresh_name()
    return api.post("/v1/auth/register", json=Applicant(name, f"{name}@example.com").as_json())


def log_in(api: Any) -> Any:
    return api.post("/v1/auth/login", json={"username": fresh_name(), "password": PASSWORD})


def confirm(api: Any) -> Any:
    return api.post("/v1/auth/confirm", json={"username": fresh_name(), "code": "654987"})


def reset(api: Any) -> Any:
    body = {"username": fresh_name(), "code": "654987", "new_password": PASSWORD}
    return api.post("/v1/auth/reset-password", json=body)


def refresh(api: Any) -> Any:
    return api.post("/v1/auth/refresh", json={"refresh_token": "eyJ"})


def forget(api: Any) -> Any:
    return api.post("/v1/auth/forgot-password", json={"username": fresh_name()})


@pytest.mark.parametrize(
    ("act", "error", "status", "code"),
    [
        (register, "UsernameExistsException", 409, "username_taken"),
        (register, "InvalidPasswordException", 400, "validation_failed"),
        (register, "InvalidParameterException", 400, "validation_failed"),
        (register, "LimitExceededException", 429, "too_many_attempts"),
        (register, "CodeDeliveryFailureException", 503, "unavailable"),
        (confirm, "AliasExistsException", 409, "email_taken"),
        (confirm, "CodeMismatchException", 400, "invalid_code"),
        (confirm, "ExpiredCodeException", 400, "invalid_code"),
        (confirm, "UserNotFoundException", 400, "invalid_code"),
        (confirm, "NotAuthorizedException", 400, "invalid_code"),
        (confirm, "TooManyFailedAttemptsException", 429, "too_many_attempts"),
        (log_in, "NotAuthorizedException", 401, "invalid_credentials"),
        (log_in, "UserNotFoundException", 401, "invalid_credentials"),
        # Cognito says so for any password: only its owner may hear it (test_unconfirmed).
        (log_in, "UserNotConfirmedException", 401, "invalid_credentials"),
        (log_in, "PasswordResetRequiredException", 403, "password_reset_required"),
        (log_in, "TooManyRequestsException", 503, "unavailable"),
        (log_in, "InternalErrorException", 503, "unavailable"),
        (reset, "CodeMismatchException", 400, "invalid_code"),
        (reset, "ExpiredCodeException", 400, "invalid_code"),
        (reset, "LimitExceededException", 429, "too_many_attempts"),
        (refresh, "NotAuthorizedException", 401, "invalid_refresh_token"),
        (refresh, "InvalidParameterException", 401, "invalid_refresh_token"),
        (forget, "UserNotFoundException", 202, None),
        (forget, "LimitExceededException", 202, None),
        (forget, "InvalidParameterException", 202, None),
        (forget, "TooManyRequestsException", 503, "unavailable"),
    ],
)
def test_every_error_of_cognito_becomes_a_domain_error(
    api: Any,
    cognito_says: Callable[..., None],
    act: Callable[[Any], Any],
    error: str,
    status: int,
    code: str | None,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cognito_says(error, message=f"Not with {PASSWORD}, eyJ, 654987")

    answer = act(api)

    assert (answer.status_code, answer.json()["code"] if code else None) == (status, code)
    if status in {429, 503}:
        assert int(answer.headers["Retry-After"]) > 0
    out, err = capsys.readouterr()
    said = out + err + caplog.text + answer.content.decode()
    assert [secret for secret in SECRETS if secret in said] == []


def test_an_error_of_the_pool_does_not_count_as_a_failed_login(
    api: Any, ana: Any, cognito_says: Callable[..., None]
) -> None:
    cognito_says("InternalErrorException", 500)
    body = {"username": ana.username, "password": ana.password}

    statuses = [api.post("/v1/auth/login", json=body).status_code for _ in range(12)]

    assert statuses == [503] * 12


def test_a_pool_that_does_not_answer_is_an_outage(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = boto3.client(
        "cognito-idp",
        region_name="ap-southeast-1",
        endpoint_url="http://127.0.0.1:1",
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=0.2),
    )
    monkeypatch.setattr(aws, "client", lambda _service: client)

    answer = log_in(api)

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_a_token_of_a_deleted_account_is_refused(api: Any, ana: Any, cognito_says: Callable[..., None]) -> None:
    cognito_says("UserNotFoundException")

    answer = api.post("/v1/auth/logout", json={}, token=ana.token)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize("error", ["UserNotFoundException", "NotAuthorizedException"])
def test_a_token_that_cognito_refuses_enrols_no_authenticator(
    ana: Any, cognito_says: Callable[..., None], error: str
) -> None:
    cognito_says(error, message="Access Token has been revoked")

    with pytest.raises(NotAuthenticated):
        cognito.begin_mfa(ana.token)
    with pytest.raises(NotAuthenticated):
        cognito.verify_mfa(access_token=ana.token, code="654987")
