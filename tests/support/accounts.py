"""Register and log in over HTTP, each test from an IP address of its own."""

from dataclasses import dataclass
from typing import Any

import pyotp

from apps.core import ids
from tests.support.client import Answer, InProcess, Verbs

PASSWORD = "Nau-an-123!"
# The codes that the local AWS always sends.
SIGN_UP_CODE = "123456"
RESET_CODE = "654321"


def fresh_name(prefix: str = "p") -> str:
    return f"{prefix}{ids.new_id()[-12:].lower()}"


@dataclass
class Applicant:
    """Somebody about to register."""

    username: str
    email: str
    password: str = PASSWORD
    full_name: str = "Nguyễn Thị Lan"

    def as_json(self) -> dict[str, str]:
        return {
            "username": self.username,
            "email": self.email,
            "password": self.password,
            "full_name": self.full_name,
        }


class FromOneAddress(InProcess):
    """The in-process client behind a proxy that reports the IP address of the request."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    def request(self, method: str, path: str, **options: Any) -> Answer:
        headers = {"X-Forwarded-For": self.address, **(options.pop("headers", None) or {})}
        return super().request(method, path, headers=headers, **options)


def fresh_address() -> str:
    """Return an IPv6 address in a network that no other test uses."""
    digits = ids.new_id()[-8:].translate(str.maketrans("GHJKMNPQRSTVWXYZ", "0123456789abcdef")).lower()
    return f"2001:db8:{digits[:4]}:{digits[4:]}::1"


def log_in(api: Verbs, username: str, password: str = PASSWORD) -> Answer:
    return api.post("/v1/auth/login", json={"username": username, "password": password})


def turn_mfa_on(api: Verbs, token: str, password: str = PASSWORD) -> pyotp.TOTP:
    """Set up an authenticator and return it."""
    answer = api.post("/v1/auth/mfa", json={"password": password}, token=token)
    assert answer.status_code == 200, answer.content
    totp = pyotp.TOTP(answer.json()["secret"])
    answer = api.post("/v1/auth/mfa/verify", json={"password": password, "code": totp.now()}, token=token)
    assert answer.status_code == 204, answer.content
    return totp


def wrong_code(totp: pyotp.TOTP) -> str:
    return f"{(int(totp.now()) + 500_000) % 1_000_000:06d}"


def without_request_id(answer: Answer) -> dict[str, Any]:
    return {name: value for name, value in answer.json().items() if name != "request_id"}
