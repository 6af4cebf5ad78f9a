"""Households for tests."""

from typing import Any

from tests.support.client import Verbs
from tests.support.people import Person


def found(api: Verbs, owner: Person, *others: Person, **choices: Any) -> dict[str, Any]:
    """Found a household and have others join it, over HTTP; return it as its owner sees it."""
    answer = api.post("/v1/household", json={"name": "Nhà mình"}, token=owner.token)
    assert answer.status_code == 201, answer.content
    for one in others:
        join(api, owner, one, **choices)
    return dict(api.get("/v1/household", token=owner.token).json())


def invite(api: Verbs, owner: Person, username: str | None = None) -> str:
    body = {"username": username} if username else {}
    answer = api.post("/v1/household/invitations", json=body, token=owner.token)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["code"])


def join(api: Verbs, owner: Person, other: Person, **choices: Any) -> None:
    code = invite(api, owner, other.username)
    answer = api.post(f"/v1/household/invitations/{code}/accept", json=choices, token=other.token)
    assert answer.status_code == 200, answer.content
