"""Moderators for tests: with an authenticator, signed in to the admin or the API with a code."""

import re
import time
from dataclasses import dataclass
from typing import Any

import pyotp
from django.conf import settings
from django.test import Client

from apps.core import aws
from tests.support import people
from tests.support.accounts import turn_mfa_on
from tests.support.client import InProcess
from tests.support.people import PASSWORD, Person


@dataclass(frozen=True)
class Staff:
    """A moderator: the person, their authenticator, and the token of a login with a code."""

    person: Person
    totp: pyotp.TOTP
    token: str

    @property
    def id(self) -> str:
        return self.person.id

    @property
    def username(self) -> str:
        return self.person.username


def make(group: str = "moderators") -> Staff:
    """Create a member of a group and set up their authenticator over the API."""
    person, api = people.make(group=group), InProcess()
    totp = turn_mfa_on(api, person.token, person.password)
    return Staff(person, totp, log_in(api, person, totp))


def log_in(api: Any, person: Person, totp: pyotp.TOTP) -> str:
    found = api.post("/v1/auth/login", json={"username": person.username, "password": PASSWORD}).json()
    body = {"session": found["session"], "username": person.username, "code": totp.now()}
    return str(api.post("/v1/auth/challenge", json=body).json()["access_token"])


def remove_from_group(staff: Staff, group: str = "moderators") -> None:
    """Remove somebody from a group, as an operator does in Cognito; their tokens still name it."""
    aws.client("cognito-idp").admin_remove_user_from_group(
        UserPoolId=settings.COGNITO_POOL_ID, Username=staff.username, GroupName=group
    )


class Browser:
    """Django's test client with CSRF checks enabled; it sends the CSRF tokens as a browser does."""

    def __init__(self, language: str = "en") -> None:
        self.client = Client(enforce_csrf_checks=True, HTTP_ACCEPT_LANGUAGE=language)

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(path, more or None)

    def post(self, path: str, data: dict[str, Any], *, page: str | None = None) -> Any:
        """Submit the form of `page` (by default `path`) with its hidden fields."""
        shown = self.client.get(page or path).content.decode()
        return self.client.post(path, {**hidden_fields(shown), **data})

    def sign_in(self, staff: Staff) -> Any:
        path = "/admin/login/"
        answer = self.post(path, {"username": staff.username, "password": PASSWORD})
        body = {**hidden_fields(answer.content.decode()), "code": staff.totp.now()}
        return self.client.post(path, body)


def hidden_fields(html: str) -> dict[str, Any]:
    """Return the hidden fields of a page's last form; repeated ones as lists."""
    form = html.rpartition("<form")[2] if 'id="logout-form"' not in html.rpartition("<form")[2] else html
    found: dict[str, Any] = {}
    for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', form):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name:
            found.setdefault(name[1], []).append(value[1] if value else "")
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def wait_for_another_code(totp: pyotp.TOTP) -> None:
    """Wait until the authenticator shows another code, since each may be used only once."""
    time.sleep(totp.interval - time.time() % totp.interval)
