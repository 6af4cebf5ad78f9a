"""Validate attributes from the Cognito pool as strictly as the API validates input."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from apps.core import text
from apps.users import full_names

_LONGEST_EMAIL = 128


def email_of(attributes: Mapping[str, str]) -> str:
    """Return the verified e-mail address, case-folded; empty if it is missing, unverified or malformed."""
    email = attributes.get("email", "").casefold()
    if attributes.get("email_verified") != "true" or len(email) > _LONGEST_EMAIL:
        return ""
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email


def name_of(attributes: Mapping[str, str]) -> str:
    """Return the full name as it is stored; empty where it is none that the API would take."""
    given = attributes.get("name", "")
    name = " ".join(text.clean(given).split())
    return "" if len(given) > full_names.LONGEST or full_names.find_fault(name) else name
