"""Friendships and blocks written directly, and posts, for tests of what follows from them."""

from datetime import timedelta
from typing import Any

from apps.core import clock, keys
from apps.core.recent_changes import Change
from apps.core.transactions import Transaction
from apps.users import relations
from apps.users import services as users
from apps.users.models import RelationsRow


def befriend(one: Any, other: Any) -> None:
    """Make two people friends."""
    for person, friend in ((one, other), (other, one)):
        _update(person.id, RelationsRow.friends.add({relations.pack(friend.id)}))


def unfriend(one: Any, other: Any) -> None:
    for person, friend in ((one, other), (other, one)):
        _update(person.id, RelationsRow.friends.delete({relations.pack(friend.id)}))


def block(one: Any, other: Any) -> None:
    """Have one person block another; neither sees the other."""
    unfriend(one, other)
    for person, stranger in ((one, other), (other, one)):
        _update(person.id, RelationsRow.blocked.add({relations.pack(stranger.id)}))


def suspend(person: Any) -> None:
    transaction = Transaction()
    until = clock.now() + timedelta(hours=1)
    users.suspend(transaction, user_id=person.id, until=until, reason="test")
    transaction.commit()


def forget_changes() -> None:
    """Empty the log of recent changes, which other tests have filled: the cost of reading it grows with its length."""
    with Change.batch_write() as batch:
        for row in Change.query(keys.change("-", "-").pk):
            batch.delete(row)


def _update(user_id: str, action: Any) -> None:
    key = keys.relations(user_id)
    row = RelationsRow(pk=key.pk, sk=key.sk, version=0)
    row.update(
        actions=[action, RelationsRow.kind.set(RelationsRow), RelationsRow.schema.set(1)], add_version_condition=False
    )


def post(api: Any, person: Any, content: str = "Hôm nay nấu canh chua.", **more: Any) -> Any:
    answer = api.post("/v1/posts", json={"content": content, **more}, token=person.token)
    assert answer.status_code == 201, answer.content
    return answer.json()


def comment(api: Any, person: Any, post_id: str, content: str = "Ngon quá!", **more: Any) -> Any:
    path = f"/v1/posts/{post_id}/comments"
    answer = api.post(path, json={"content": content, **more}, token=person.token)
    assert answer.status_code == 201, answer.content
    return answer.json()


def react(api: Any, person: Any, path: str, reaction: str = "like") -> Any:
    answer = api.put(f"/v1/posts/{path}/reaction", json={"reaction": reaction}, token=person.token)
    assert answer.status_code == 200, answer.content
    return answer.json()
