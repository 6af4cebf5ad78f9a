"""The number of mails is limited per mailbox, and per person who causes them."""

from collections import Counter
from typing import Any

import pytest

from apps.core import rate_limits
from apps.core.rate_limits import Buckets
from apps.core.transactions import Transaction
from apps.notifications import delivery, mail
from apps.notifications.events import NotificationEvent
from tests.support.notifications import event, mails_to, read_notifications

CAUSES = 40


@pytest.fixture
def deliver(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Deliver events, and send the mails that they cause, like the worker."""
    causes: list[tuple[str, ...]] = []
    after = Transaction.after

    def note(transaction: Any, task: Any, *arguments: str) -> Any:
        if task == delivery.MAIL:
            causes.append(arguments)
        return after(transaction, task, *arguments)

    monkeypatch.setattr(Transaction, "after", note)

    def run(happened: list[NotificationEvent]) -> None:
        for one in happened:
            delivery.deliver(one)
        for arguments in causes:
            mail.send_mail(NotificationEvent.of(*arguments))

    return run


def test_mails_caused_by_one_person_are_limited(ana: Any, person: Any, api: Any, deliver: Any, settings: Any) -> None:
    asked = [person() for _ in range(CAUSES)]

    deliver([event("friend_request", one, ana, target="user") for one in asked])

    mailed = [one for one in asked if mails_to(one)]
    assert len(mailed) == settings.MAILS_CAUSED_PER_HOUR < CAUSES
    assert all(len(read_notifications(api, one)) == 1 for one in asked)


def test_mails_to_one_mailbox_are_limited(ana: Any, person: Any, deliver: Any, settings: Any) -> None:
    deliver([event("friend_request", ana, person(), target="user") for _ in range(CAUSES)])

    assert len(mails_to(ana)) == settings.MAILS_PER_HOUR < CAUSES


def test_account_mails_have_a_limit_that_others_cannot_use_up(
    ana: Any, person: Any, deliver: Any, settings: Any
) -> None:
    settings.MAILS_PER_HOUR = 3
    others = [event("friend_request", ana, person(), target="user") for _ in range(5)]
    own = [event("account", ana, target="account", target_id="password_changed") for _ in range(CAUSES)]

    deliver(others + own)

    subjects = [one["Subject"] for one in mails_to(ana)]
    assert len(subjects) == 2 * settings.MAILS_PER_HOUR
    # Mails about the account are all alike; the others name who sends the request.
    assert sorted(Counter(subjects).values()) == [1] * settings.MAILS_PER_HOUR + [settings.MAILS_PER_HOUR]


def test_a_decision_about_a_recipe_uses_up_nobodys_mails(
    ana: Any, ben: Any, cyd: Any, deliver: Any, settings: Any
) -> None:
    settings.MAILS_CAUSED_PER_HOUR = 1

    deliver([event("recipe_approved", to, ben, target="recipe") for to in (ana, ana, cyd)])

    assert (len(mails_to(ana)), len(mails_to(cyd))) == (2, 1)


def test_requests_that_notify_others_have_their_own_limit(
    api: Any, ana: Any, ben: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "buckets", Buckets())
    settings.RATE_LIMIT_SCALE = 1
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "messages": 4}
    post = api.post("/v1/posts", json={"content": "Phở"}, token=ana.token).json()["id"]

    told = [
        api.post("/v1/friends/requests", json={"user_id": ben.id}, token=ana.token),
        api.post(f"/v1/posts/{post}/comments", json={"content": "Ngon"}, token=ana.token),
        api.put(f"/v1/posts/{post}/reaction", json={"reaction": "love"}, token=ana.token),
        api.post(f"/v1/posts/{post}/comments", json={"content": "Ngon lắm"}, token=ana.token),
    ]
    others = [
        api.get(f"/v1/posts/{post}/comments", token=ana.token),
        api.patch(f"/v1/posts/{post}", json={"content": "Phở bò"}, token=ana.token),
    ]

    assert [one.status_code for one in told] == [201, 201, 200, 429]
    assert told[-1].headers["RateLimit-Policy"].startswith('"messages"')
    assert [one.status_code for one in others] == [200, 200]
