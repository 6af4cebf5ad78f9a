"""Every kind of notification has a text in both languages, and every mail a link."""

import pytest

from apps.notifications import mail, models, texts
from apps.notifications.events import NotificationKind


@pytest.mark.parametrize("kind", NotificationKind)
def test_every_kind_has_a_sentence_in_both_languages(kind: NotificationKind) -> None:
    said = texts.sentence(kind=kind, name="ana", count=1, target_type="post", target_id="password_changed")

    assert said.vi
    assert said.en
    assert said.vi != said.en


@pytest.mark.parametrize("kind", models.MAILED)
def test_every_mail_leads_to_a_page(kind: NotificationKind) -> None:
    assert kind in mail._PATHS
