"""Mails about a changed e-mail address: a code to the new one, a warning to the old one.

They go to addresses that are not in the profile, and ignore the person's mail settings: they protect the account.
"""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from apps.core import language
from apps.core.language import Text
from apps.notifications import mail, repositories, services, texts
from apps.users import email_changes
from apps.users import services as users


def send_code(user_id: str, change_id: str) -> None:
    """Mail a change's code to the new address, unless the change is complete or replaced."""
    change = email_changes.find_change(user_id, change_id)
    if change is None or change.done_at is not None:
        return
    code = email_changes.code_of(change)
    subject = Text(texts.EMAIL_CODE.vi.format(code=code), texts.EMAIL_CODE.en.format(code=code))
    _send("email_code", user_id, str(change.email), subject, once=f"email-code-{change_id}", code=code)


def tell_replaced_address(user_id: str, change_id: str) -> None:
    """Notify the old address that the account has a new one."""
    change = email_changes.find_change(user_id, change_id)
    if change is None or not change.replaced:
        return
    _send("email_replaced", user_id, str(change.replaced), texts.EMAIL_REPLACED, once=f"email-replaced-{change_id}")


def _send(template: str, user_id: str, address: str, subject: Text, *, once: str, **values: Any) -> None:
    to = users.find_person(user_id)
    if to is None:
        return
    written_in = services.language_of(to, repositories.load_settings(user_id))
    link = settings.FRONTEND_URL + mail.SETTINGS_PATH
    said_before = language.current.set(written_in)
    try:
        shown = {"addressee": to, "subject": str(subject), "language": written_in, "settings_link": link, **values}
        name = f"notifications/mail/{template}.{written_in}"
        text, html = (render_to_string(f"{name}.{form}", {**shown, "link": link}) for form in ("txt", "html"))
    finally:
        language.current.reset(said_before)
    mail.hand_over(mail.build_message(address, shown["subject"], text, html, link), once=once, kind=template)
