"""Have somebody use every part of the service, erase their account, and look for traces."""

import zlib
from collections.abc import Iterator
from typing import Any

import orjson
from django.conf import settings

from apps.core import bodies, keys, table_dump
from tests.support import friends, people, recipes, society

SIGNED_OUT = "SUSPENSION#SIGNEDOUT"


def leave(api: Any, person: Any, **more: Any) -> Any:
    return api.delete("/v1/users/me", json={"password": people.PASSWORD, **more}, token=person.token)


def a_life(api: Any, ana: Any, ben: Any, cyd: Any) -> dict[str, str]:
    """Let ana use every feature."""
    friends.befriend(api, ana, ben)
    post = society.post(api, ana, content="Bữa tối của nhà mình")["id"]
    theirs = society.post(api, ben)["id"]
    society.comment(api, ana, theirs)
    api.put(f"/v1/posts/{theirs}/reaction", json={"reaction": "love"}, token=ana.token)
    private = recipes.create(api, ana)["id"]
    public = recipes.create(api, ana)["id"]
    recipes.publish(public)
    rated = recipes.create(api, cyd)["id"]
    recipes.publish(rated)
    rating = {"stars": 4, "comment": "Ngon lắm"}
    assert api.put(f"/v1/recipes/{rated}/rating", json=rating, token=ana.token).status_code in {200, 201}
    session = api.post("/v1/cooking/sessions", json={"recipe_id": rated}, token=ana.token).json()["id"]
    api.post(f"/v1/cooking/sessions/{session}/complete", json={}, token=ana.token)
    reported = society.post(api, cyd)["id"]
    body = {"target_type": "post", "target_id": reported, "reason": "spam"}
    assert api.post("/v1/reports", json=body, token=ana.token).status_code == 201
    api.post("/v1/ingredients/validate", json={"ingredients": ["rau chẳng ai biết"]}, token=ana.token)
    api.put("/v1/users/me/preferences", json={"allergies": ["fish"]}, token=ana.token)
    plan = {"start": "2027-03-01", "days": 1, "meals": ["dinner"]}
    assert api.post("/v1/plans", json=plan, token=ana.token).status_code in {201, 202}
    shopping = {"recipes": [{"recipe_id": public, "servings": 2}]}
    assert api.post("/v1/lists", json=shopping, token=ana.token).status_code == 201
    text = "Rau luộc\nNguyên liệu:\n- 1 bó rau muống\nCách làm:\n- Luộc rau."
    assert api.post("/v1/imports", json={"text": text}, token=ana.token).status_code == 202
    assert api.post("/v1/pantry", json={"text": "2 hộp sữa chua"}, token=ana.token).status_code in {200, 201}
    return {"post": post, "theirs": theirs, "private": private, "public": public, "rated": rated}


def rows_about(*words: str) -> list[tuple[str, str]]:
    """Return the keys of all rows that contain one of these words, except for the audit log."""
    return [
        (row["pk"]["S"], row["sk"]["S"])
        for row in table_dump.scan_rows(settings.TABLE_NAME)
        if not row["pk"]["S"].startswith("AUDIT#") and any(word in text for text in texts(row) for word in words)
    ]


def traces_of(*words: str) -> list[tuple[str, str]]:
    """Return what is left of somebody, but for what told others of them and the sign-out that refuses their tokens,
    which go with their thirtieth day, and the log of what just changed, which goes after minutes.
    """
    expiring = ("NOTIFICATION#", "FOLD#", "FOLDED#", SIGNED_OUT)
    return [place for place in rows_about(*words) if place[0] != "CHANGES" and not place[1].startswith(expiring)]


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list | set):
        for part in value:
            yield from texts(part)
    elif isinstance(value, bytes):
        try:
            yield orjson.dumps(bodies.unpack(value)).decode()
        except (zlib.error, ValueError):
            yield value.hex()
    elif isinstance(value, str):
        yield value


def rows_of_partition(user_id: str) -> list[str]:
    from apps.core.models import Item  # noqa: PLC0415

    return [row.sk for row in Item.query(keys.user(user_id).pk, consistent_read=True)]
