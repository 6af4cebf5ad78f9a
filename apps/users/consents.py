"""Which version of the terms and the privacy notice a person accepted, and when."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from apps.core import clock, keys
from apps.core.authentication import Actor
from apps.core.transactions import claim
from apps.users.errors import ConsentRecorded, TermsChanged
from apps.users.models import Consent
from apps.users.repositories import stored_accounts


@dataclass(frozen=True, slots=True)
class ConsentState:
    """The current version of the terms, and the version that a person accepted last, with the time."""

    current: str
    accepted: str | None
    accepted_at: datetime | None

    @property
    def is_required(self) -> bool:
        return self.accepted != self.current


def get_consent(*, actor: Actor) -> ConsentState:
    """Return the version that the actor accepted last: 1 read unit."""
    rows = sorted(stored_accounts.query_consents(actor.id), key=lambda row: row.accepted_at)
    last = rows[-1] if rows else None
    accepted, at = (last.terms_version, last.accepted_at) if last else (None, None)
    return ConsentState(settings.TERMS_VERSION, accepted, at)


def accept(*, actor: Actor, version: str) -> ConsentState:
    """Record consent to the current terms; the first time counts. `TermsChanged` if `version` is not current."""
    if version != settings.TERMS_VERSION:
        raise TermsChanged
    record(user_id=actor.id)
    return get_consent(actor=actor)


def record(*, user_id: str) -> None:
    """Record consent to the current terms; the first time counts."""
    with suppress(ConsentRecorded):
        claim(fresh_consent(user_id), otherwise=ConsentRecorded())


def fresh_consent(user_id: str) -> Consent:
    """Return a row that records consent to the current terms at this moment."""
    version = settings.TERMS_VERSION
    key = keys.consent(user_id, version)
    return Consent(pk=key.pk, sk=key.sk, terms_version=version, accepted_at=clock.now())
