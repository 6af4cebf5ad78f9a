"""Mails as the local AWS shows them: in the person's language, once, and only if wanted."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.stub import Stubber
from django.test import override_settings

from apps.core import aws, clock, keys
from apps.core.tasks import TransientFailure
from apps.notifications import delivery, mail
from apps.notifications.events import NotificationEvent
from apps.notifications.models import Inbox
from apps.users.models import User
from tests.support.notifications import event, mails_to, read_notifications


def expected(kind: str, language: str, name: str) -> str:
    return {
        ("friend_request", "vi"): f"{name} muốn kết bạn với bạn",
        ("friend_request", "en"): f"{name} wants to be your friend",
        ("recipe_approved", "vi"): "Công thức của bạn đã được duyệt",
        ("recipe_approved", "en"): "Your recipe was approved",
        ("recipe_rejected", "vi"): "Công thức của bạn không được duyệt vào danh mục chung",
        ("recipe_rejected", "en"): "Your recipe is not approved for the catalogue",
        ("account", "vi"): "Mật khẩu của bạn đã được đổi",
        ("account", "en"): "Your password was changed",
    }[kind, language]


def happening(kind: str, to: Any, actor: Any) -> NotificationEvent:
    if kind == "account":
        return event(kind, to, target="account", target_id="password_changed")
    return event(kind, to, actor if kind == "friend_request" else None, target="recipe")


def settings_of(api: Any, person: Any, **changes: Any) -> None:
    answer = api.patch("/v1/users/me/notification-settings", json=changes, token=person.token)
    assert answer.status_code == 200, answer.content


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", ["friend_request", "recipe_approved", "recipe_rejected", "account"])
@override_settings(FRONTEND_URL="https://cook.example.com")
def test_every_kind_that_mails_does_so_in_the_persons_language_as_text_and_html(
    api: Any, ana: Any, ben: Any, kind: str, language: str
) -> None:
    settings_of(api, ana, language=language)

    mail.send_mail(happening(kind, ana, ben))

    (sent,) = mails_to(ana)
    assert sent["Subject"] == expected(kind, language, ben.username)
    for body in (sent["BodyText"], sent["BodyHtml"]):
        assert "https://cook.example.com/settings" in body
        assert body.count("https://cook.example.com/") >= 2
        assert ana.username in body
        assert "{" not in body
    assert f'<html lang="{language}">' in sent["BodyHtml"]
    assert "<" not in sent["BodyText"]


def test_mails_are_in_the_language_of_the_registration(api: Any, ana: Any, ben: Any) -> None:
    user = User.get(*keys.user(ana.id))
    user.language = "en"
    user.save()

    mail.send_mail(event("friend_request", ana, ben))

    assert mails_to(ana)[0]["Subject"] == expected("friend_request", "en", ben.username)


def test_an_event_is_mailed_once_despite_repeated_and_concurrent_deliveries(ana: Any, ben: Any) -> None:
    happened = event("friend_request", ana, ben)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: mail.send_mail(happened), range(8)))

    assert len(mails_to(ana)) == 1


@pytest.mark.parametrize(
    ("kind", "switch"),
    [("friend_request", "friend_requests"), ("recipe_approved", "approvals"), ("account", "account")],
)
def test_mails_switched_off_after_the_event_are_not_sent(api: Any, ana: Any, ben: Any, kind: str, switch: str) -> None:
    settings_of(api, ana, email={switch: False})

    mail.send_mail(happening(kind, ana, ben))

    assert mails_to(ana) == []


def test_a_mail_can_be_on_while_the_notification_is_off(api: Any, ana: Any, ben: Any) -> None:
    settings_of(api, ana, in_app={"friend_request": False})
    happened = event("friend_request", ana, ben)

    for _ in range(2):
        delivery.deliver(happened)

    assert read_notifications(api, ana) == []
    assert int(Inbox.get(*keys.inbox(ana.id)).mails) == 1


@override_settings(MAILS_PER_HOUR=2)
def test_others_cannot_flood_a_mailbox_and_account_mails_still_arrive(api: Any, ana: Any, person: Any) -> None:
    for _ in range(4):
        delivery.deliver(event("friend_request", ana, person()))
    delivery.deliver(happening("account", ana, None))

    assert len(read_notifications(api, ana)) == 5
    inbox = Inbox.get(*keys.inbox(ana.id))
    assert (int(inbox.mails), inbox.mail_hour) == (3, clock.iso(clock.now())[:13])


@pytest.mark.parametrize("code", ["TooManyRequestsException", "LimitExceededException", "InternalFailure"])
def test_a_mail_that_ses_could_not_accept_is_retried_and_sent_once(ana: Any, ben: Any, code: str) -> None:
    happened = event("friend_request", ana, ben)
    with Stubber(aws.client("sesv2", attempts=1)) as ses:
        ses.add_client_error("send_email", code, http_status_code=429)
        with pytest.raises(TransientFailure, match=code):
            mail.send_mail(happened)

    for _ in range(2):
        mail.send_mail(happened)

    assert len(mails_to(ana)) == 1


def test_a_mail_that_ses_rejects_is_not_retried(ana: Any, ben: Any) -> None:
    happened = event("friend_request", ana, ben)
    with Stubber(aws.client("sesv2", attempts=1)) as ses:
        ses.add_client_error("send_email", "MessageRejected", http_status_code=400)
        mail.send_mail(happened)

    mail.send_mail(happened)

    assert mails_to(ana) == []


def test_names_of_people_are_text_in_a_mail_and_not_html(ana: Any, ben: Any) -> None:
    user = User.get(*keys.user(ben.id))
    user.username = "<b>ben</b>"
    user.save()

    mail.send_mail(event("friend_request", ana, ben))

    (sent,) = mails_to(ana)
    assert "<b>ben" not in sent["BodyHtml"]
    assert "&lt;b&gt;ben" in sent["BodyHtml"]
    assert "<b>ben</b>" in sent["BodyText"]
