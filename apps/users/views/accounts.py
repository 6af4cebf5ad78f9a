"""HTTP resources of accounts: everything under /v1/auth."""

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import api
from apps.core.api import Endpoint
from apps.core.idempotency import idempotent
from apps.users import accounts, email_changes, mfa, name_changes
from apps.users.client_address import client_address
from apps.users.reauthentication import Proof
from apps.users.serializers import accounts as serializers
from apps.users.views import login_errors
from apps.users.views.proofs import proof_of

LoginOut = PolymorphicProxySerializer(
    component_name="Login",
    serializers=[serializers.TokensOut, serializers.ChallengeOut],
    resource_type_field_name=None,
)


class Registration(Endpoint):
    public = True

    @extend_schema(request=serializers.RegisterIn, responses={201: serializers.RegisteredOut}, auth=[])
    @idempotent
    def post(self, request: Request) -> Response:
        """Create an account and mail a code to the address. Doesn't reveal whether the address has an account."""
        body = api.read_body(request, serializers.RegisterIn)
        user_id = accounts.register(**body, address=client_address(request))
        return Response(serializers.render_registered(user_id, body), status=201)


class Confirmation(Endpoint):
    public = True

    @extend_schema(request=serializers.ConfirmIn, responses={204: None}, auth=[])
    def post(self, request: Request) -> Response:
        """Confirm the e-mail address with the code sent to it. Repeating the same code succeeds."""
        body = api.read_body(request, serializers.ConfirmIn)
        accounts.confirm(**body, address=client_address(request))
        return Response(status=204)


class CodeDelivery(Endpoint):
    public = True

    @extend_schema(request=serializers.NameIn, responses={202: None}, auth=[])
    def post(self, request: Request) -> Response:
        """Send the code again, if there is an account to confirm."""
        accounts.resend_code(**api.read_body(request, serializers.NameIn))
        return Response(status=202)


class Login(Endpoint):
    public = True

    @extend_schema(
        request=serializers.LoginIn,
        responses={
            200: LoginOut,
            **login_errors.PASSWORD,
        },
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Log in with a password. People with two-factor authentication get a challenge instead of tokens."""
        body = api.read_body(request, serializers.LoginIn)
        found = accounts.log_in(**body, address=client_address(request))
        return Response(serializers.render_login(found))


class ChallengeAnswer(Endpoint):
    public = True

    @extend_schema(
        request=serializers.ChallengeIn,
        responses={200: serializers.TokensOut, **login_errors.CODE},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Complete a login with a code of the authenticator."""
        body = api.read_body(request, serializers.ChallengeIn)
        tokens = accounts.answer_challenge(**body, address=client_address(request))
        return Response(serializers.render_tokens(tokens))


class TokenRefresh(Endpoint):
    public = True

    @extend_schema(
        request=serializers.RefreshIn,
        responses={200: serializers.TokensOut, 401: login_errors.refused("The refresh token is not valid any more")},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Get a new access token."""
        body = api.read_body(request, serializers.RefreshIn)
        return Response(serializers.render_tokens(accounts.refresh(body["refresh_token"])))


class Logout(Endpoint):
    open_to_suspended = True

    @extend_schema(request=serializers.LogoutIn, responses={204: None})
    def post(self, request: Request) -> Response:
        """End one session, or all of them. Their refresh tokens stop working."""
        body = api.read_body(request, serializers.LogoutIn)
        accounts.log_out(actor=self.actor, refresh_token=body.get("refresh_token"))
        return Response(status=204)


class ForgottenPassword(Endpoint):
    public = True

    @extend_schema(request=serializers.NameIn, responses={202: None}, auth=[])
    def post(self, request: Request) -> Response:
        """Mail a code for a new password, if there is such an account."""
        accounts.send_reset_code(**api.read_body(request, serializers.NameIn))
        return Response(status=202)


class PasswordReset(Endpoint):
    public = True

    @extend_schema(request=serializers.ResetPasswordIn, responses={204: None}, auth=[])
    def post(self, request: Request) -> Response:
        """Set a new password with the mailed code. Ends all sessions at once. Repeating the same request succeeds."""
        body = api.read_body(request, serializers.ResetPasswordIn)
        accounts.reset_password(
            username=body["username"],
            code=body["code"],
            password=body["new_password"],
            address=client_address(request),
        )
        return Response(status=204)


class PasswordChange(Endpoint):
    open_to_suspended = True

    @extend_schema(request=serializers.ChangePasswordIn, responses={204: None})
    def post(self, request: Request) -> Response:
        """Change your password, given the old one. Ends all other sessions at once.

        Requires a code as well if two-factor authentication is on. Repeating the same request succeeds.
        """
        body = api.read_body(request, serializers.ChangePasswordIn)
        proof = proof_of(request, {**body, "password": body["old_password"]})
        accounts.change_password(actor=self.actor, proof=proof, proposed=body["new_password"])
        return Response(status=204)


class EmailChange(Endpoint):
    open_to_suspended = True

    @extend_schema(request=serializers.ChangeEmailIn, responses={202: None})
    def post(self, request: Request) -> Response:
        """Request a change of your e-mail address, given the password. A code is mailed to the new address.

        Nothing changes until the code is confirmed. With two-factor authentication, a code of the authenticator is
        required too.
        """
        body = api.read_body(request, serializers.ChangeEmailIn)
        email_changes.request_change(actor=self.actor, email=body["email"], proof=proof_of(request, body))
        return Response(status=202)


class EmailConfirmation(Endpoint):
    open_to_suspended = True

    @extend_schema(request=serializers.EmailCodeIn, responses={204: None})
    def post(self, request: Request) -> Response:
        """Confirm the change of your e-mail address with the mailed code.

        Notifies the old address and ends all other sessions at once. Repeating the same code succeeds.
        """
        body = api.read_body(request, serializers.EmailCodeIn)
        email_changes.confirm_change(actor=self.actor, code=body["code"], address=client_address(request))
        return Response(status=204)


class UsernameChange(Endpoint):
    @extend_schema(request=serializers.ChangeUsernameIn, responses={204: None})
    def post(self, request: Request) -> Response:
        """Change your username, given the password, once in 30 days.

        The old one stays reserved for you for 90 days. Ends all other sessions at once. Requesting your current
        username succeeds.
        """
        body = api.read_body(request, serializers.ChangeUsernameIn)
        name_changes.change_username(actor=self.actor, username=body["username"], proof=proof_of(request, body))
        return Response(status=204)


class Mfa(Endpoint):
    open_to_suspended = True
    delete_body = serializers.EndMfaIn

    @extend_schema(request=serializers.BeginMfaIn, responses=serializers.MfaOut)
    def post(self, request: Request) -> Response:
        """Get a secret for an authenticator app, given the password. It takes effect once a code is verified."""
        body = api.read_body(request, serializers.BeginMfaIn)
        proof = proof_of(request, body)
        secret = mfa.begin(actor=self.actor, access_token=_token(request), proof=proof)
        return Response(serializers.render_secret(secret))

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """Turn off two-factor authentication. Requires the password and a current code.

        Ends all other sessions at once.
        """
        body = api.read_body(request, serializers.EndMfaIn)
        mfa.end(actor=self.actor, proof=proof_of(request, body))
        return Response(status=204)


class MfaVerification(Endpoint):
    open_to_suspended = True

    @extend_schema(request=serializers.MfaIn, responses={204: None})
    def post(self, request: Request) -> Response:
        """Turn on two-factor authentication with a code of the authenticator, given the password.

        Ends all other sessions at once.
        """
        body = api.read_body(request, serializers.MfaIn)
        proof = Proof(body["password"], client_address(request))
        mfa.verify(actor=self.actor, access_token=_token(request), proof=proof, code=body["code"])
        return Response(status=204)


def _token(request: Request) -> str:
    return str(request.auth)
