"""Delivery in this process: once per event, never from blocked people, counted exactly."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from apps.core import clock, ids, keys
from apps.core.models import Item
from apps.core.transactions import Transaction
from apps.notifications import delivery, removal, repositories
from apps.notifications.events import NotificationKind
from apps.notifications.models import Inbox, NotificationRow
from apps.users import services as users
from apps.users.models import User
from tests.support import friends
from tests.support.notifications import cause, event, read_notifications, unread
from tests.support.processes import until


def rows_of(person: Any) -> list[Item]:
    return list(Item.query(keys.user(person.id).pk, Item.sk.startswith(keys.prefix("NOTIFICATION"))))


@pytest.mark.parametrize("kind", [kind.value for kind in NotificationKind])
def test_every_kind_notifies_once_despite_repeated_and_concurrent_deliveries(
    api: Any, ana: Any, ben: Any, kind: str
) -> None:
    happened = event(kind, ana, ben, target="account" if kind == "account" else "post")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: delivery.deliver(happened), range(8)))
    delivery.deliver(happened)

    (one,) = read_notifications(api, ana)
    assert (one["kind"], one["count"], one["read"], one["actor"]["id"]) == (kind, 1, False, ben.id)
    post_id = happened.target_id if kind != "account" else None
    assert one["target"] == {"type": happened.target_type.value, "id": happened.target_id, "post_id": post_id}
    assert one["text"]
    assert unread(api, ana) == 1


def test_a_deleted_notification_does_not_come_back(api: Any, ana: Any, ben: Any) -> None:
    happened = event("comment", ana, ben)
    delivery.deliver(happened)
    path = f"/v1/notifications/{read_notifications(api, ana)[0]['id']}"

    assert api.delete(path, token=ana.token).status_code == 204
    delivery.deliver(happened)

    assert (read_notifications(api, ana), unread(api, ana)) == ([], 0)
    assert [api.delete(path, token=one.token).status_code for one in (ana, ben)] == [204, 404]


def test_nobody_is_notified_of_their_own_acts(api: Any, ana: Any) -> None:
    delivery.deliver(event("comment", ana, ana))

    assert read_notifications(api, ana) == []


def test_a_block_before_delivery_prevents_the_notification(api: Any, ana: Any, ben: Any) -> None:
    friends.block(api, ana, ben)

    delivery.deliver(event("friend_request", ana, ben))
    delivery.deliver(event("comment", ben, ana))

    assert (read_notifications(api, ana), read_notifications(api, ben), unread(api, ana)) == ([], [], 0)


def test_suspended_people_cause_no_notifications(api: Any, ana: Any, ben: Any) -> None:
    transaction = Transaction()
    users.suspend(transaction, user_id=ben.id, until=clock.now() + timedelta(hours=1), reason="spam")
    transaction.commit()

    delivery.deliver(event("comment", ana, ben))
    delivery.deliver(event("comment", ben, ana))

    assert (read_notifications(api, ana), len(read_notifications(api, ben))) == ([], 1)


def test_earlier_notifications_by_a_blocked_person_disappear_at_once_and_from_the_count_soon(
    api: Any, ana: Any, ben: Any, cyd: Any
) -> None:
    for actor in (ben, cyd, ben):
        delivery.deliver(event("comment", ana, actor))
    friends.block(api, ana, ben)

    assert [one["actor"]["id"] for one in read_notifications(api, ana)] == [cyd.id]
    assert [one["actor"]["id"] for one in read_notifications(api, ana, "?unread=true&limit=1")] == [cyd.id]
    for _ in range(2):
        removal.remove_notifications_about(ana.id, ben.id)
    assert unread(api, ana) == 1


def test_a_fold_neither_names_nor_counts_blocked_people(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    target = ids.new_id()
    for actor in (cyd, ben):
        delivery.deliver(event("reaction", ana, actor, target_id=target))
    friends.block(api, ana, ben)

    expected = (cyd.id, 1, f"{cyd.username} reacted to your post")
    for _ in range(2):
        (one,) = read_notifications(api, ana)
        assert (one["actor"]["id"], one["count"], one["text"]) == expected
        removal.remove_notifications_about(ana.id, ben.id)
    assert unread(api, ana) == 1


def test_deleted_accounts_neither_get_nor_cause_notifications(api: Any, ana: Any, ben: Any) -> None:
    User.get(*keys.user(ben.id)).delete()

    delivery.deliver(event("comment", ana, ben))
    delivery.deliver(event("comment", ben, ana))

    assert (read_notifications(api, ana), rows_of(ben), Inbox.read(keys.inbox(ben.id))) == ([], [], None)


def test_notifications_caused_by_deleted_accounts_name_nobody(api: Any, ana: Any, ben: Any) -> None:
    delivery.deliver(event("comment", ana, ben))
    User.get(*keys.user(ben.id)).delete()

    (one,) = read_notifications(api, ana)
    assert (one["actor"], one["text"]) == (None, "Somebody commented on your post")


def test_reactions_of_an_hour_fold_into_one_and_each_person_counts_once(api: Any, ana: Any, person: Any) -> None:
    target, people = ids.new_id(), [person() for _ in range(5)]
    deliveries = [event("reaction", ana, one, target_id=target) for one in people for _ in range(2)] * 2

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(delivery.deliver, deliveries))

    (one,) = read_notifications(api, ana)
    assert (one["count"], unread(api, ana)) == (5, 1)
    last = one["actor"]["username"]
    assert last in {one.username for one in people}
    assert one["text"] == f"{last} and 4 others reacted to your post"
    assert read_notifications(api, ana, **{"Accept-Language": "vi"})[0]["text"] == (
        f"{last} và 4 người khác đã bày tỏ cảm xúc về bài viết của bạn"
    )


@pytest.mark.parametrize("how", ["by itself", "with all"])
def test_after_a_fold_is_read_reactions_start_another(api: Any, ana: Any, ben: Any, cyd: Any, how: str) -> None:
    target = ids.new_id()
    first = event("reaction", ana, ben, target_id=target)
    delivery.deliver(first)
    path = f"{read_notifications(api, ana)[0]['id']}/read" if how == "by itself" else "read-all"
    assert api.post(f"/v1/notifications/{path}", token=ana.token).status_code == 204

    for again in (first, event("reaction", ana, ben, target_id=target), event("reaction", ana, cyd, target_id=target)):
        delivery.deliver(again)

    shown = [(one["actor"]["id"], one["count"], one["read"]) for one in read_notifications(api, ana)]
    assert shown == [(cyd.id, 1, False), (ben.id, 1, True)]
    assert unread(api, ana) == 1


def test_reactions_an_hour_later_or_on_another_target_are_separate_notifications(
    api: Any, ana: Any, ben: Any, cyd: Any
) -> None:
    target = ids.new_id()
    earlier = ids.derived_id(target, at=clock.now() - timedelta(hours=1, seconds=1))
    delivery.deliver(event("reaction", ana, ben, target_id=target, at=earlier))
    delivery.deliver(event("reaction", ana, cyd, target_id=target))
    delivery.deliver(event("reaction", ana, ben))

    assert [(one["actor"]["id"], one["count"]) for one in read_notifications(api, ana)] == [
        (ben.id, 1),
        (cyd.id, 1),
        (ben.id, 1),
    ]


def test_notifications_that_arrive_during_read_all_are_read_or_counted(
    api: Any, server: Any, ana: Any, ben: Any
) -> None:
    events = [event("comment", ana, ben) for _ in range(40)]

    def deliver_or_read(number: int) -> None:
        if number % 4:
            delivery.deliver(events[number])
        else:
            assert server.api.post("/v1/notifications/read-all", token=ana.token).status_code == 204

    with ThreadPoolExecutor(10) as threads:
        list(threads.map(deliver_or_read, range(40)))

    shown = read_notifications(api, ana, "?limit=100")
    assert len(shown) == 30
    assert (
        unread(api, ana)
        == sum(not one["read"] for one in shown)
        == len(read_notifications(api, ana, "?unread=true&limit=100"))
    )
    api.post("/v1/notifications/read-all", token=ana.token)
    assert (unread(api, ana), read_notifications(api, ana, "?unread=true")) == (0, [])


def test_no_reaction_is_lost_between_folding_and_reading_everything(
    api: Any, server: Any, ana: Any, person: Any
) -> None:
    """Each reaction is either in a notification that is still unread, or came before the reading."""
    target, people = ids.new_id(), [person() for _ in range(8)]

    def react_or_read(one: Any) -> None:
        delivery.deliver(event("reaction", ana, one, target_id=target))
        server.api.post("/v1/notifications/read-all", token=ana.token)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(react_or_read, people))

    shown = read_notifications(api, ana)
    assert sum(one["count"] for one in shown) == 8
    assert unread(api, ana) == sum(not one["read"] for one in shown) == 0


def test_the_count_is_exact_after_deliveries_readings_and_deletions_at_once(
    api: Any, server: Any, ana: Any, ben: Any
) -> None:
    events = [event("comment", ana, ben) for _ in range(30)]
    for one in events[:20]:
        delivery.deliver(one)
    known = [f"/v1/notifications/{one.notification_id}" for one in events[:20]]

    def act(number: int) -> int:
        if number < 10:
            delivery.deliver(events[20 + number])
            return 204
        path = known[(number - 10) // 2]
        return int(
            server.api.post(f"{path}/read", token=ana.token).status_code
            if number % 4 < 2
            else server.api.delete(path, token=ana.token).status_code
        )

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(act, range(50)))

    assert set(answers) <= {204, 404}
    shown = read_notifications(api, ana, "?limit=100")
    assert unread(api, ana) == sum(not one["read"] for one in shown) == 10
    until(lambda: len(read_notifications(api, ana, "?unread=true&limit=100")) == 10)


def test_notifications_expire_from_list_and_count_after_thirty_days(api: Any, ana: Any, ben: Any) -> None:
    for days in (31, 29):
        at = ids.derived_id(ana.id, str(days), at=clock.now() - timedelta(days=days))
        delivery.deliver(event("comment", ana, ben, at=at))

    assert (len(read_notifications(api, ana)), len(read_notifications(api, ana, "?unread=true")), unread(api, ana)) == (
        1,
        1,
        1,
    )


def test_deleting_an_old_notification_leaves_no_tombstone(api: Any, ana: Any, ben: Any) -> None:
    at = ids.derived_id(ana.id, at=clock.now() - timedelta(days=6))
    delivery.deliver(event("comment", ana, ben, at=at))

    api.delete(f"/v1/notifications/{read_notifications(api, ana)[0]['id']}", token=ana.token)

    assert rows_of(ana) == []


def test_a_tombstone_contains_nothing_about_people(api: Any, ana: Any, ben: Any) -> None:
    happened = event("comment", ana, ben)
    delivery.deliver(happened)
    api.delete(f"/v1/notifications/{happened.notification_id}", token=ana.token)

    (mark,) = rows_of(ana)
    assert isinstance(mark, NotificationRow)
    assert mark.actor_ids == []
    assert not mark.gsi4pk
    assert mark.deleted


def test_an_event_id_must_contain_its_time(ana: Any, ben: Any) -> None:
    with pytest.raises(ValueError, match="not the id of an event"):
        cause(event("comment", ana, ben, at="tuesday"))


def test_a_notification_is_read_from_the_table_by_the_id_that_follows_from_its_event(ana: Any, ben: Any) -> None:
    happened = event("mention", ana, ben)

    delivery.deliver(happened)

    row = repositories.find_notification(ana.id, happened.notification_id)
    assert row is not None
    assert ids.made_at(happened.notification_id) == ids.made_at(happened.event_id)
