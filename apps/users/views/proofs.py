"""Read from a request the proof that the account is the caller's."""

from typing import Any

from rest_framework.request import Request

from apps.users.client_address import client_address
from apps.users.reauthentication import Proof


def proof_of(request: Request, body: dict[str, Any]) -> Proof:
    return Proof(body["password"], client_address(request), body.get("code"))
