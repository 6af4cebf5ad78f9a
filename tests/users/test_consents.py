"""Consent to the terms: version and time, and asked again when the version changes."""

from typing import Any

from apps.core import clock
from apps.rights import archives
from tests.support.accounts import Applicant, log_in


def test_registering_accepts_the_current_terms(api: Any, confirmed: Applicant, settings: Any) -> None:
    token = log_in(api, confirmed.username).json()["access_token"]

    shown = api.get("/v1/users/me/consent", token=token).json()

    assert shown["accepted_version"] == shown["current_version"] == settings.TERMS_VERSION
    assert clock.parse(shown["accepted_at"]) <= clock.now()
    assert shown["required"] is False


def test_a_changed_version_requires_consent_once(api: Any, confirmed: Applicant, settings: Any) -> None:
    token, before = log_in(api, confirmed.username).json()["access_token"], settings.TERMS_VERSION
    settings.TERMS_VERSION = "2027-01-01"
    asked = api.get("/v1/users/me/consent", token=token).json()
    assert (asked["required"], asked["accepted_version"]) == (True, before)

    stale = api.put("/v1/users/me/consent", json={"version": before}, token=token)
    first, again = (api.put("/v1/users/me/consent", json={"version": "2027-01-01"}, token=token) for _ in range(2))

    assert (stale.status_code, stale.json()["code"]) == (409, "terms_changed")
    assert stale.json()["current_version"] == "2027-01-01"
    assert first.status_code == 200
    assert first.json() == again.json()
    assert (first.json()["required"], first.json()["accepted_version"]) == (False, "2027-01-01")


def test_the_archive_has_every_accepted_version(api: Any, confirmed: Applicant, settings: Any) -> None:
    token, before = log_in(api, confirmed.username).json()["access_token"], settings.TERMS_VERSION
    settings.TERMS_VERSION = "2027-01-01"
    api.put("/v1/users/me/consent", json={"version": "2027-01-01"}, token=token)

    held = archives.collect(api.get("/v1/users/me", token=token).json()["id"])

    assert {row["terms_version"] for row in held["Consent"]} == {before, "2027-01-01"}
