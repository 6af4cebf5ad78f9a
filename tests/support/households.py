"""Households of the tests."""

from typing import Any


def found(api: Any, owner: Any, *others: Any, **choices: Any) -> dict[str, Any]:
    """Have somebody found a household that others join over HTTP; return it as the owner sees it."""
    answer = api.post("/v1/household", json={"name": "Nhà mình"}, token=owner.token)
    assert answer.status_code == 201, answer.content
    for one in others:
        join(api, owner, one, **choices)
    return api.get("/v1/household", token=owner.token).json()


def invite(api: Any, owner: Any, username: str | None = None) -> str:
    body = {"username": username} if username else {}
    answer = api.post("/v1/household/invitations", json=body, token=owner.token)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["code"])


def join(api: Any, owner: Any, other: Any, **choices: Any) -> None:
    code = invite(api, owner, other.username)
    answer = api.post(f"/v1/household/invitations/{code}/accept", json=choices, token=other.token)
    assert answer.status_code == 200, answer.content
