"""The wire format of people: profiles, privacy, preferences."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar
from zoneinfo import available_timezones

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core import clock, fields, ids
from apps.core.food import ALLERGENS, DIETS
from apps.core.language import Text
from apps.media import services as media
from apps.media.serializers import PictureOut
from apps.users import preferences as known
from apps.users.consents import ConsentState
from apps.users.countries import COUNTRIES
from apps.users.models import EARLIEST_BIRTH, MIN_AGE, PARTS, PrivacyRow, User, age
from apps.users.people import Audience, Gender, Person
from apps.users.preferences import Preferences
from apps.users.serializers.accounts import CodeIfOn, FullName, Password
from apps.users.services import ProfileWithPreferences, VisibleProfile

GENDERS = [gender.value for gender in Gender]
AUDIENCES = [audience.value for audience in Audience]
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class BirthDate(serializers.DateField):
    """A date of birth as YYYY-MM-DD, of somebody who is at least 13."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "too_young": Text("Bạn cần đủ {years} tuổi.", "You have to be at least {years} years old."),
        "too_early": Text("Không thể trước năm {year}.", "Must not be before {year}."),
    }

    def to_internal_value(self, value: Any) -> str:  # type: ignore[override]  # stored as text
        if not isinstance(value, str) or not _DATE.fullmatch(value):
            self.fail("invalid", format="YYYY-MM-DD")
        born = super().to_internal_value(value)
        if born < EARLIEST_BIRTH:
            self.fail("too_early", year=EARLIEST_BIRTH.year)
        if age(born, clock.now().date()) < MIN_AGE:
            self.fail("too_young", years=MIN_AGE)
        return date.isoformat(born)


@extend_schema_field({"type": "string", "pattern": f"^({'|'.join(ALLERGENS)}|[0-7][0-9A-HJKMNP-TV-Z]{{25}})$"})
class Allergy(serializers.CharField):
    """One of the regulated allergens, or the id of an ingredient."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "not_an_allergy": Text(
            "Cần tên một chất gây dị ứng hoặc mã nguyên liệu.", "Expected an allergen or the id of an ingredient."
        )
    }

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or not (data in ALLERGENS or ids.is_id(data)):
            self.fail("not_an_allergy")
        return data


class Timezone(serializers.CharField):
    """A time zone by its IANA name."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "not_a_timezone": Text(
            "Cần tên múi giờ IANA, ví dụ Asia/Ho_Chi_Minh.", "Expected an IANA time zone, such as Asia/Ho_Chi_Minh."
        )
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=64, **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data not in available_timezones():
            self.fail("not_a_timezone")
        return data


class ProfileIn(fields.Strict):
    full_name = FullName()
    bio = fields.TextField(max_length=500, allow_blank=True, allow_null=True)
    date_of_birth = BirthDate(allow_null=True)
    gender = fields.Choice(GENDERS, allow_null=True)
    country = fields.Choice(COUNTRIES, allow_null=True)
    avatar = fields.Id(allow_null=True, help_text="The id of an upload.")


class PrivacyIn(fields.Strict):
    profile = fields.Choice(AUDIENCES)
    email = fields.Choice(AUDIENCES)
    date_of_birth = fields.Choice(AUDIENCES)
    history = fields.Choice(AUDIENCES)
    preferences = fields.Choice(AUDIENCES)


def _some_of(choices: Sequence[str]) -> fields.UniqueList:
    return fields.UniqueList(child=fields.Choice(choices), required=False, max_length=len(choices))


class PreferencesIn(fields.Strict):
    """Preferences. Fields that are left out or null are reset to their defaults."""

    dietary_restrictions = _some_of(DIETS)
    allergies = fields.UniqueList(child=Allergy(), required=False, max_length=100)
    favorite_cuisines = fields.UniqueList(child=fields.Slug(), required=False, max_length=20)
    cooking_methods = _some_of(known.COOKING_METHODS)
    recipe_count = fields.WholeNumber(required=False, min_value=1, max_value=5, default=known.RECIPE_COUNT)
    spice_level = fields.Choice(known.SPICE_LEVELS, required=False, allow_null=True)
    skill_level = fields.Choice(known.SKILL_LEVELS, required=False, allow_null=True)
    max_minutes = fields.WholeNumber(required=False, allow_null=True, min_value=15, max_value=240)
    household_size = fields.WholeNumber(required=False, allow_null=True, min_value=1, max_value=10)
    accepts_traces = fields.Flag(required=False, default=False)
    budget_level = fields.Choice(known.BUDGET_LEVELS, required=False, allow_null=True)
    health_goals = _some_of(known.HEALTH_GOALS)
    timezone = Timezone(required=False, default=known.TIMEZONE)


class PeopleQuery(fields.PageQuery):
    q = fields.TextField(min_length=2, max_length=60, help_text="The start of a username, or words of a full name.")


class ProfileOut(serializers.Serializer[Any]):
    """The caller's profile."""

    SENDS_ETAG: ClassVar[bool] = True

    id = serializers.UUIDField()
    username = serializers.CharField()
    email = serializers.EmailField()
    full_name = serializers.CharField()
    bio = serializers.CharField(allow_null=True)
    date_of_birth = serializers.DateField(allow_null=True)
    gender = serializers.ChoiceField(GENDERS, allow_null=True)
    country = serializers.ChoiceField(COUNTRIES, allow_null=True)
    avatar = PictureOut(allow_null=True)
    created_at = serializers.DateTimeField()


class PersonOut(ProfileOut):
    """A person as the caller may see them. Email and date of birth are null if privacy settings hide them."""

    SENDS_ETAG: ClassVar[bool] = False

    email = serializers.EmailField(allow_null=True)


class PreferencesOut(serializers.Serializer[Any]):
    SENDS_ETAG: ClassVar[bool] = True

    dietary_restrictions = serializers.ListField(child=serializers.ChoiceField(DIETS))
    allergies = serializers.ListField(child=serializers.CharField())
    favorite_cuisines = serializers.ListField(child=serializers.CharField())
    cooking_methods = serializers.ListField(child=serializers.ChoiceField(known.COOKING_METHODS))
    recipe_count = serializers.IntegerField()
    spice_level = serializers.ChoiceField(known.SPICE_LEVELS, allow_null=True)
    skill_level = serializers.ChoiceField(known.SKILL_LEVELS, allow_null=True)
    max_minutes = serializers.IntegerField(allow_null=True)
    household_size = serializers.IntegerField(allow_null=True)
    accepts_traces = serializers.BooleanField()
    budget_level = serializers.ChoiceField(known.BUDGET_LEVELS, allow_null=True)
    health_goals = serializers.ListField(child=serializers.ChoiceField(known.HEALTH_GOALS))
    timezone = serializers.CharField()


class PersonDetailOut(PersonOut):
    """A person, with their preferences (null if hidden) and whether they are the caller's friend."""

    is_friend = serializers.BooleanField()
    preferences = PreferencesOut(allow_null=True)


class CardOut(serializers.Serializer[Any]):
    """A person in a list. `full_name` is null if the caller may not see their profile."""

    id = serializers.UUIDField()
    username = serializers.CharField()
    full_name = serializers.CharField(allow_null=True)
    avatar = PictureOut(allow_null=True)


class ConsentIn(fields.Strict):
    version = fields.TextField(max_length=40, help_text="The current version.")


class ConsentOut(serializers.Serializer[Any]):
    """Consent to the terms. `required` means that the current version has not been accepted yet."""

    current_version = serializers.CharField()
    accepted_version = serializers.CharField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    required = serializers.BooleanField()  # type: ignore[assignment]  # DRF takes the field off the class


class PrivacyOut(serializers.Serializer[Any]):
    SENDS_ETAG: ClassVar[bool] = True

    profile = serializers.ChoiceField(AUDIENCES)
    email = serializers.ChoiceField(AUDIENCES)
    date_of_birth = serializers.ChoiceField(AUDIENCES)
    history = serializers.ChoiceField(AUDIENCES)
    preferences = serializers.ChoiceField(AUDIENCES)


def to_changes(body: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a profile to set. An empty text clears a field."""
    return {name: value or None for name, value in body.items()}


def to_preferences(body: dict[str, Any]) -> Preferences:
    return Preferences.of(body)


def render_profile(user: User) -> dict[str, Any]:
    return {
        "id": user.user_id,
        "username": user.username,
        "email": user.email,
        "full_name": user.full_name,
        "bio": user.bio,
        "date_of_birth": user.date_of_birth,
        "gender": user.gender,
        "country": user.country,
        "avatar": render_avatar(user),
        "created_at": clock.iso(user.created_at),
    }


def render_avatar(user: User | Person) -> dict[str, str] | None:
    """Return the URLs of somebody's avatar. Everybody may see it, since it appears beside everything they write."""
    return media.links(user.avatar, public=True)


def render_person(seen: VisibleProfile) -> dict[str, Any]:
    whole = render_profile(seen.user)
    if not seen.shows_email:
        whole["email"] = None
    if not seen.shows_date_of_birth:
        whole["date_of_birth"] = None
    return whole


def render_found(seen: VisibleProfile) -> dict[str, Any]:
    """Return a person found by a search. Only friends see gender and country here."""
    whole = render_person(seen)
    return whole if seen.is_friend else {**whole, "gender": None, "country": None}


def render_whole(whole: ProfileWithPreferences) -> dict[str, Any]:
    shown = render_preferences(whole.preferences) if whole.preferences else None
    return {**render_person(whole.seen), "is_friend": whole.seen.is_friend, "preferences": shown}


def render_card(person: Person) -> dict[str, Any]:
    avatar = render_avatar(person)
    return {"id": person.user_id, "username": person.username, "full_name": person.full_name or None, "avatar": avatar}


def render_consent(state: ConsentState) -> dict[str, Any]:
    return {
        "current_version": state.current,
        "accepted_version": state.accepted,
        "accepted_at": clock.iso(state.accepted_at) if state.accepted_at else None,
        "required": state.is_required,
    }


def render_privacy(row: PrivacyRow) -> dict[str, Any]:
    return {part: getattr(row, part) for part in PARTS}


def render_preferences(preferences: Preferences) -> dict[str, Any]:
    return preferences.as_dict()


class ErasureIn(fields.Strict):
    password = Password()
    code = CodeIfOn()
    at_once = fields.Flag(
        required=False, default=False, help_text="Skip the seven days in which the erasure can be cancelled."
    )


class ErasureOut(serializers.Serializer[Any]):
    """`due` is when the account will be erased. Signing in before that cancels the erasure."""

    due = serializers.DateTimeField()
