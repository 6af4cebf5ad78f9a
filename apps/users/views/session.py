"""A browser's session: the refresh token in an HttpOnly cookie, the access token in the response.

Other sites can't use the cookie: it is SameSite=Strict, and every request needs a custom header, which pages of other
origins can't send without permission by CORS.
"""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import api
from apps.core.api import Endpoint
from apps.users import accounts
from apps.users.client_address import client_address
from apps.users.cognito import Tokens
from apps.users.errors import InvalidRefreshToken, SessionHeaderMissing
from apps.users.serializers import accounts as serializers
from apps.users.views import login_errors

COOKIE = "session"
PATH = "/v1/session"
HEADER = "X-Smart-Cooking"
# As long as a refresh token is valid (RefreshTokenValidity of Cognito's client).
SECONDS = 30 * 24 * 3600

_HEADER = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="Any value; proves that a script of this site asks.",
)
_SessionOrChallenge = PolymorphicProxySerializer(
    component_name="BrowserLogin",
    serializers=[serializers.BrowserSessionOut, serializers.ChallengeOut],
    resource_type_field_name=None,
)


class _BrowserEndpoint(Endpoint):
    public = True
    needs_header = True

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # An unsupported method is reported before anything else.
        if hasattr(self, str(request.method).lower()) and not request.headers.get(HEADER):
            raise SessionHeaderMissing


class BrowserSession(_BrowserEndpoint):
    @extend_schema(
        parameters=[_HEADER],
        request=serializers.LoginIn,
        responses={
            200: _SessionOrChallenge,
            **login_errors.PASSWORD,
        },
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Sign a browser in with a password. People with two-factor authentication get a challenge instead."""
        body = api.read_body(request, serializers.LoginIn)
        found = accounts.log_in(**body, address=client_address(request))
        return _signed_in(found) if isinstance(found, Tokens) else Response(serializers.render_login(found))

    @extend_schema(parameters=[_HEADER], request=None, responses={204: None}, auth=[])
    def delete(self, request: Request) -> Response:
        """Sign the browser out: revoke its refresh token and delete the cookie."""
        token = request.COOKIES.get(COOKIE)
        if token:
            accounts.revoke_refresh_token(token)
        response = Response(status=204)
        response.delete_cookie(COOKIE, path=PATH, samesite="Strict")
        return response


class BrowserChallenge(_BrowserEndpoint):
    @extend_schema(
        parameters=[_HEADER],
        request=serializers.ChallengeIn,
        responses={200: serializers.BrowserSessionOut, **login_errors.CODE},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Complete a browser's sign-in with a code of the authenticator."""
        body = api.read_body(request, serializers.ChallengeIn)
        return _signed_in(accounts.answer_challenge(**body, address=client_address(request)))


class BrowserRefresh(_BrowserEndpoint):
    @extend_schema(
        parameters=[_HEADER],
        request=None,
        responses={
            200: serializers.BrowserSessionOut,
            401: login_errors.refused("Nobody is signed in in this browser"),
        },
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Get a new access token with the cookie."""
        token = request.COOKIES.get(COOKIE)
        if not token:
            raise InvalidRefreshToken
        return _signed_in(accounts.refresh(token))


def _signed_in(tokens: Tokens) -> Response:
    response = Response(serializers.render_browser_session(tokens))
    response["Cache-Control"] = "no-store"
    response.set_cookie(
        COOKIE, tokens.refresh_token, max_age=SECONDS, path=PATH, secure=True, httponly=True, samesite="Strict"
    )
    return response
