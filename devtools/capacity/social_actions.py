"""The social user actions that `capacity_report` measures: posts, reports, the feed."""

from functools import partial
from typing import Any
from uuid import uuid4

from django.conf import settings

from apps.core import ids, keys
from apps.feed import fan_out
from apps.moderation import authority, cases
from apps.moderation.content import Target as Reported
from apps.notifications.events import NotificationEvent, NotificationKind, NotificationTarget
from apps.posts import authors, mentions, post_events, services
from apps.users import relations
from apps.users.models import RelationsRow
from devtools import bulk_writes
from devtools.capacity.metering import metered
from devtools.capacity.stage import Performer, Stage, read

# A post of average length: three sentences.
_CONTENT = (
    "Hôm nay mình nấu canh chua cá lóc theo công thức của mẹ, thêm chút bạc hà và đậu bắp. "
    "Cả nhà ăn hết sạch nồi cơm! Mọi người thích nêm chua bằng me hay bằng dứa?"
)
_COMMENT = "Nhìn ngon quá, cuối tuần mình thử nấu xem sao."
_FRIENDS = (10, 100, 1000)
_PAGE = 20


def posts(stage: Stage) -> None:
    """Write, read, react and comment, on a public post, whose counts are also in the index of public posts."""
    ana, ben = stage.person(), stage.person()
    _surround(ana, [ben.id])
    _surround(ben, [ana.id])
    public = _count(stage, "write a public post, 1 friend", "POST", "/v1/posts", ana, {"content": _CONTENT})
    private = {"content": _CONTENT, "visibility": "private"}
    _count(stage, "write a private post", "POST", "/v1/posts", ana, private)
    path = f"/v1/posts/{public['id']}"
    _count(stage, "read a post", "GET", path, ben)
    _count(stage, "edit a public post", "PATCH", path, ana, {"content": _CONTENT[:-1]})
    _count(stage, "react to a public post", "PUT", f"{path}/reaction", ben, {"reaction": "like"})
    _count(stage, "change a reaction", "PUT", f"{path}/reaction", ben, {"reaction": "love"})
    _count(stage, "take a reaction back", "DELETE", f"{path}/reaction", ben)
    comment = _count(stage, "comment on a public post", "POST", f"{path}/comments", ben, {"content": _COMMENT})
    reaction = f"{path}/comments/{comment['id']}/reaction"
    _count(stage, "react to a comment", "PUT", reaction, ana, {"reaction": "like"})
    _count(stage, "list comments (1)", "GET", f"{path}/comments", ben)
    answer = f"{path}/comments/{comment['id']}"
    reply = {"content": _COMMENT, "parent_id": comment["id"]}
    _count(stage, "reply to a comment", "POST", f"{path}/comments", ana, reply)
    _count(stage, "edit a comment", "PATCH", answer, ben, {"content": _COMMENT[:-1]})
    _count(stage, "take a reaction to a comment back", "DELETE", reaction, ana)
    _count(stage, "list somebody's posts (1)", "GET", f"/v1/users/{ana.id}/posts", ben)
    _count(stage, "delete a comment with its reply", "DELETE", answer, ben)
    naming = {"content": f"@{ana.username} ngon quá"}
    said = _count(stage, "comment, naming somebody", "POST", f"{path}/comments", ben, naming)
    told = NotificationEvent(
        NotificationKind.COMMENT, ana.id, ben.id, NotificationTarget.COMMENT, said["id"], said["id"], public["id"]
    )
    stage.count("tell of a comment: worker", lambda: post_events.deliver_event(told))
    names = [ana.username]
    stage.count(
        "tell of a name: worker", lambda: mentions.deliver_mentions(public["id"], said["id"], ids.new_id(), names)
    )
    stage.count("show a face on a post: worker", lambda: authors.update_author(ana.id))
    _count(stage, "show a public post to friends only", "PATCH", path, ana, {"visibility": "friends"})
    stage.ask("PUT", f"{path}/reaction", ben, {"reaction": "like"})
    stage.count("delete a post: request", lambda: stage.ask("DELETE", path, ana))
    stage.count("delete a post: worker, 1 comment, 1 reaction", lambda: services.clear_deleted_post(public["id"]))


def reports(stage: Stage) -> None:
    """Report a post until it is hidden; report its author, and restore them."""
    ana, reporters = stage.person(), [stage.person() for _ in range(settings.REPORTS_TO_HIDE)]
    post = _write(stage, ana, {"content": _CONTENT})
    form = {"target_type": "post", "target_id": post, "reason": "spam"}
    first, *others, last = reporters
    _count(stage, "report a post", "POST", "/v1/reports", first, form)
    for reporter in others:
        stage.ask("POST", "/v1/reports", reporter, form)
    _count(stage, "report a post: the report that hides it", "POST", "/v1/reports", last, form)
    form = {"target_type": "user", "target_id": ana.id, "reason": "spam"}
    for reporter in (first, *others):
        stage.ask("POST", "/v1/reports", reporter, form)
    _count(stage, "report somebody: the report that hides them", "POST", "/v1/reports", last, form)
    stage.count("restore somebody", lambda: cases.restore(Reported.USER, ana.id, actor=authority.OPERATOR))


def feed(stage: Stage) -> None:
    """Read the most expensive page of the feed, one of friends' posts, with few and with many friends."""
    ana, ben = stage.person(), stage.person()
    _surround(ben, [ana.id])
    _surround(ana, [ben.id])
    form = {"content": _CONTENT, "visibility": "friends"}
    written = [_write(stage, ana, form) for _ in range(_PAGE + 1)]
    for post_id in written:
        fan_out.fan_out_post(post_id, ana.id)
    path = f"/v1/feed?limit={_PAGE}"
    for friends in _FRIENDS:
        _surround(ben, [ana.id, *(str(uuid4()) for _ in range(friends - 1))])
        name = f"read {_PAGE} friends' posts in the feed, {friends} friends"
        stage.count(name, lambda: stage.ask("GET", path, ben))
    for _ in range(_PAGE + 1):
        _write(stage, ana, {"content": _CONTENT})
    stage.count(f"read {_PAGE} public posts in the feed, 1000 friends", lambda: stage.ask("GET", path, ben))
    stage.count(f"read {_PAGE} public posts alone", lambda: stage.ask("GET", f"{path}&scope=public", ben))
    cyd = stage.person()
    _surround(cyd, [ana.id])
    _surround(ana, [ben.id, cyd.id])
    posted = 2 * (_PAGE + 1)
    stage.count(f"two become friends: worker, {posted} posts", partial(fan_out.exchange_posts, cyd.id, ana.id))
    for friends in _FRIENDS:
        _surround(ana, [ben.id, *(str(uuid4()) for _ in range(friends - 1))])
        last = _write(stage, ana, form)
        stage.count(f"fan a post out to {friends} friends", partial(fan_out.fan_out_post, last, ana.id))
        with metered():
            stage.ask("DELETE", f"/v1/posts/{last}", ana)
        stage.count(f"take it out again: {friends} friends", partial(fan_out.withdraw_post, last, ana.id))


def _write(stage: Stage, person: Performer, body: Any) -> str:
    """Post without counting, but wait for its messages to be sent, which would be counted with the next action."""
    with metered():
        return str(read(stage.ask("POST", "/v1/posts", person, body))["id"])


def _count(stage: Stage, action: str, method: str, path: str, person: Performer, body: Any = None) -> Any:
    answer = stage.count(action, lambda: stage.ask(method, path, person, body))
    return read(answer) if answer.content else None


def _surround(person: Performer, friend_ids: list[str]) -> None:
    """Make these people friends of somebody, in that person's relations only."""
    key = keys.relations(person.id)
    bulk_writes.put_all([RelationsRow(pk=key.pk, sk=key.sk, friends={relations.pack(id_) for id_ in friend_ids})])
