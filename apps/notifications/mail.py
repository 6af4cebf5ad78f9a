"""Send notification mails through the SES API, at most once per event.

SES has no idempotency key. So an event is marked before its mail is sent, and the mark is removed only if SES has
certainly not accepted it. If the worker is killed in between, the mail may be lost; the notification itself exists in
any case.
"""

from typing import Any

import structlog
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, EndpointConnectionError
from django.conf import settings
from django.template.loader import render_to_string

from apps.core import aws, language, processed_events
from apps.core.tasks import TransientFailure
from apps.core.transactions import Transaction
from apps.notifications import delivery, repositories, services, texts
from apps.notifications.events import NotificationEvent, NotificationKind
from apps.users import services as users
from apps.users.people import Person

log = structlog.get_logger()

_SCOPE = "mail"
_PATHS = {
    NotificationKind.FRIEND_REQUEST: "/friends",
    NotificationKind.RECIPE_APPROVED: "/recipes/{target_id}",
    NotificationKind.RECIPE_REJECTED: "/recipes/{target_id}",
    NotificationKind.ACCOUNT: "/settings",
}
SETTINGS_PATH = "/settings"
# Errors about the message or its address: SES would reject the same mail again.
_REFUSED = {"MessageRejected", "BadRequestException"}


def send_mail(event: NotificationEvent) -> None:
    """Mail an event to its recipient, unless it was mailed already or is switched off."""
    wishes = repositories.load_settings(event.to)
    if not wishes.mails(event.kind) or not delivery.should_deliver(event):
        return
    people = users.find_people([event.to, event.actor_id] if event.actor_id else [event.to])
    to, actor = people.get(event.to), people.get(event.actor_id)
    if to is None:
        return
    message = compose(event, to=to, actor=actor, written_in=services.language_of(to, wishes))
    hand_over(message, once=event.notification_id, kind=event.kind.value)


def compose(event: NotificationEvent, *, to: Person, actor: Person | None, written_in: str) -> dict[str, Any]:
    """Return the parameters of SES's SendEmail: subject, text and HTML in one language."""
    said_before = language.current.set(written_in)
    try:
        act, reason = delivery.decision(event)
        subject = texts.sentence(
            kind=event.kind,
            name=actor.username if actor else None,
            count=1,
            target_type=event.target_type.value,
            target_id=event.target_id,
            act=act,
        )
        values = {
            "addressee": to,
            "actor": actor,
            "subject": str(subject),
            "reason": reason,
            "decided": act is not None,
            "language": written_in,
            "link": settings.FRONTEND_URL + _PATHS[event.kind].format(target_id=event.target_id),
            "settings_link": settings.FRONTEND_URL + SETTINGS_PATH,
        }
        template = f"notifications/mail/{event.kind.value}.{written_in}"
        text, html = render_to_string(f"{template}.txt", values), render_to_string(f"{template}.html", values)
    finally:
        language.current.reset(said_before)
    return build_message(to.email, values["subject"], text, html, values["settings_link"])


def build_message(address: str, subject: Any, text: str, html: str, settings_link: Any) -> dict[str, Any]:
    return {
        "FromEmailAddress": settings.EMAIL_FROM,
        "Destination": {"ToAddresses": [address]},
        "Content": {
            "Simple": {
                "Subject": {"Data": subject, "Charset": "UTF-8"},
                "Body": {"Text": {"Data": text, "Charset": "UTF-8"}, "Html": {"Data": html, "Charset": "UTF-8"}},
                "Headers": [{"Name": "List-Unsubscribe", "Value": f"<{settings_link}>"}],
            }
        },
    }


def hand_over(message: dict[str, Any], *, once: str, kind: str) -> None:
    """Send a mail with one attempt, and at most once for each value of `once`.

    `TransientFailure`, which is retried, if SES certainly did not accept it.
    """
    try:
        _mark(once)
    except processed_events.AlreadyProcessed:
        log.info("mailed_before", event_id=once)
        return
    try:
        aws.client("sesv2", attempts=1).send_email(**message)
    except (ClientError, ConnectTimeoutError, EndpointConnectionError) as error:
        code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
        if code in _REFUSED:
            log.warning("mail_refused", event_id=once, kind=kind, error=code)
            return
        processed_events.unmark_processed(scope=_SCOPE, event=once)
        raise TransientFailure(code) from error
    except BotoCoreError as error:
        log.warning("mail_unanswered", event_id=once, kind=kind, error=type(error).__name__)
        return
    log.info("mail_sent", event_id=once, kind=kind)


def _mark(once: str) -> None:
    transaction = Transaction()
    processed_events.mark_processed(transaction, scope=_SCOPE, event=once)
    transaction.commit()
