"""HTTP resources of people: everything under /v1/users."""

from functools import partial

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import api, clock, http
from apps.core.api import Endpoint
from apps.core.schema import IF_MATCH, list_of
from apps.users import consents, erasures, privacy, services
from apps.users.models import PrivacyRow, User
from apps.users.preferences import Preferences
from apps.users.serializers import people as serializers
from apps.users.views.proofs import proof_of

PersonList = list_of(serializers.PersonOut)


class People(Endpoint):
    @extend_schema(parameters=[serializers.PeopleQuery], responses=PersonList)
    def get(self, request: Request) -> Response:
        """Find people by the start of their username, with or without `@`, then by words of their full name.

        Words match by prefix, without case and diacritics. Only people whose profile you may see are found. Gender and
        country are shown only for friends.
        """
        page, query = api.read_page(request, "people", serializers.PeopleQuery)
        read = partial(services.search_people, query["q"], actor=self.actor)
        return api.page_of(page, read, serializers.render_found)


class PersonDetail(Endpoint):
    @extend_schema(responses=serializers.PersonDetailOut)
    def get(self, request: Request, user_id: str) -> Response:
        """Read somebody's profile and preferences, as far as their privacy settings show them."""
        return Response(serializers.render_whole(services.get_profile_with_preferences(user_id, actor=self.actor)))


class OwnProfile(Endpoint):
    # Suspended people may delete their account too.
    open_to_suspended = frozenset({"DELETE"})
    delete_body = serializers.ErasureIn

    @extend_schema(responses=serializers.ProfileOut)
    def get(self, request: Request) -> Response:
        """Read your own profile."""
        return _profile(services.get_own_profile(actor=self.actor))

    @extend_schema(request=serializers.ProfileIn, responses=serializers.ProfileOut, parameters=[IF_MATCH])
    def patch(self, request: Request) -> Response:
        """Change fields of your own profile."""
        changes = serializers.to_changes(api.read_body(request, serializers.ProfileIn, partial=True))
        check = http.version_check(request)
        return _profile(services.edit_profile(actor=self.actor, changes=changes, check=check))

    @extend_schema(responses={202: serializers.ErasureOut}, parameters=[IF_MATCH])
    def delete(self, request: Request) -> Response:
        """Delete your account in seven days, or at once, and end all sessions.

        Requires the password, and a code if two-factor authentication is on.
        """
        body = api.read_body(request, serializers.ErasureIn)
        due = erasures.request_erasure(
            actor=self.actor,
            proof=proof_of(request, body),
            at_once=body["at_once"],
            check=http.version_check(request),
        )
        return Response({"due": clock.iso(due)}, status=202)


class OwnConsent(Endpoint):
    open_to_suspended = True

    @extend_schema(responses=serializers.ConsentOut)
    def get(self, request: Request) -> Response:
        """Read which version of the terms and the privacy notice you accepted, and which one is current."""
        return Response(serializers.render_consent(consents.get_consent(actor=self.actor)))

    @extend_schema(request=serializers.ConsentIn, responses=serializers.ConsentOut)
    def put(self, request: Request) -> Response:
        """Accept the current version of the terms and the privacy notice. Registration accepts it too."""
        body = api.read_body(request, serializers.ConsentIn)
        return Response(serializers.render_consent(consents.accept(actor=self.actor, version=body["version"])))


class OwnPreferences(Endpoint):
    @extend_schema(responses=serializers.PreferencesOut)
    def get(self, request: Request) -> Response:
        """Read your preferences."""
        return _preferences(*services.get_preferences(actor=self.actor))

    @extend_schema(request=serializers.PreferencesIn, responses=serializers.PreferencesOut, parameters=[IF_MATCH])
    def put(self, request: Request) -> Response:
        """Replace your preferences."""
        wanted = serializers.to_preferences(api.read_body(request, serializers.PreferencesIn))
        check = http.version_check(request)
        return _preferences(*services.set_preferences(actor=self.actor, wanted=wanted, check=check))


class OwnPrivacy(Endpoint):
    @extend_schema(responses=serializers.PrivacyOut)
    def get(self, request: Request) -> Response:
        """Read your privacy settings."""
        return _privacy(privacy.get_privacy(actor=self.actor))

    @extend_schema(request=serializers.PrivacyIn, responses=serializers.PrivacyOut, parameters=[IF_MATCH])
    def patch(self, request: Request) -> Response:
        """Change your privacy settings."""
        changes = api.read_body(request, serializers.PrivacyIn, partial=True)
        check = http.version_check(request)
        return _privacy(privacy.change_privacy(actor=self.actor, changes=changes, check=check))


def _profile(user: User) -> Response:
    return Response(serializers.render_profile(user), headers={"ETag": http.etag(int(user.version or 0))})


def _preferences(preferences: Preferences, version: int) -> Response:
    return Response(serializers.render_preferences(preferences), headers={"ETag": http.etag(version)})


def _privacy(row: PrivacyRow) -> Response:
    return Response(serializers.render_privacy(row), headers={"ETag": http.etag(int(row.version or 0))})
