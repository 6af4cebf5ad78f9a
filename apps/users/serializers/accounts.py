"""The wire format of accounts."""

import re
import unicodedata
from typing import Any, ClassVar

from django.utils.functional import lazystr
from rest_framework import serializers

from apps.core import fields
from apps.core.language import Text
from apps.users import full_names, reserved_names
from apps.users.cognito import SOFTWARE_TOKEN_MFA, Challenge, Tokens
from apps.users.mfa import Secret
from apps.users.people import USERNAME

# Cognito allows 128 characters in a sign-in name, which may be an e-mail address, and 256 in a password.
_LONGEST_NAME = 128
_LONGEST_PASSWORD = 256
_LONGEST_TOKEN = 8192
_LONGEST_SESSION = 8192
# What Cognito counts as a symbol (developer guide, "Password policies").
_SYMBOLS = re.compile(r"""[\^$*.\[\]{}()?\-"!@#%&/\\,><':;|_~`+=]""")
_CLASSES = (re.compile("[A-Z]"), re.compile("[a-z]"), re.compile("[0-9]"), _SYMBOLS)
_CODE = re.compile(r"[0-9]{6}", re.ASCII)


class Username(serializers.RegexField):
    """A username exactly as stored: it is neither lower-cased nor trimmed."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": lazystr(
            Text("Cần 3–30 ký tự trong số a–z, 0–9, _ và dấu chấm.", "Expected 3–30 of a–z, 0–9, _ and .")
        )
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(rf"^{USERNAME.pattern}\Z", trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class NewUsername(Username):
    """A username that may be chosen. Names that impersonate the service or its staff are refused."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "reserved": Text("Tên người dùng này không dùng được.", "This username is reserved.")
    }

    def run_validation(self, data: Any = serializers.empty) -> Any:
        value = super().run_validation(data)
        if reserved_names.is_reserved_username(str(value)):
            self.fail("reserved")
        return value


class ShownName(fields.LineField):
    """A name that its owner chooses and others are shown. It is no markup and no address, and impersonates nobody."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        full_names.Fault.RESERVED: Text("Không dùng được tên này.", "This name is reserved."),
        full_names.Fault.NOT_A_NAME: Text(
            "Tên không được có dấu < >, địa chỉ web hay e-mail.",
            "Expected a name, without < and > and web or e-mail addresses.",
        ),
    }

    def run_validation(self, data: Any = serializers.empty) -> Any:
        value = super().run_validation(data)
        fault = full_names.find_fault(value) if isinstance(value, str) else None
        if fault is not None:
            self.fail(fault)
        return value


class FullName(ShownName):
    """Somebody's full name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=full_names.LONGEST, **options)


class Email(serializers.EmailField):
    """An e-mail address, case-folded, since Cognito compares addresses without case."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=_LONGEST_NAME, **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data).casefold()


class LoginName(fields.TextField):
    """A username or e-mail address. Case doesn't matter."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=_LONGEST_NAME, **options)

    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(data).casefold()


class Password(fields.SecretField):
    """A password, normalized to NFC (RFC 8265), so that it doesn't depend on how a keyboard composes letters."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", _LONGEST_PASSWORD)
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> str:
        return unicodedata.normalize("NFC", super().to_internal_value(data))


class NewPassword(Password):
    """A password that meets the user pool's policy."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "weak_password": Text(
            "Cần ít nhất 8 ký tự, có chữ hoa, chữ thường, chữ số và ký hiệu.",
            "At least 8 characters, with upper and lower case, a digit and a symbol.",
        )
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(min_length=8, **options)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        value = super().run_validation(data)
        if value is not None and not _is_strong(str(value)):
            self.fail("weak_password")
        return value


class Code(fields.SecretField):
    """Six digits."""

    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": Text("Cần sáu chữ số.", "Expected six digits.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(min_length=6, max_length=6, **options)

    def to_internal_value(self, data: Any) -> str:
        value = super().to_internal_value(data)
        if not _CODE.fullmatch(value):
            self.fail("invalid")
        return value


class RegisterIn(fields.Strict):
    email = Email()
    password = NewPassword()
    username = NewUsername()
    full_name = FullName()


class ConfirmIn(fields.Strict):
    username = LoginName()
    code = Code()


class NameIn(fields.Strict):
    username = LoginName()


class LoginIn(fields.Strict):
    username = LoginName(help_text="Username or confirmed e-mail address.")
    password = Password()


class ChallengeIn(fields.Strict):
    session = fields.SecretField(max_length=_LONGEST_SESSION)
    username = LoginName()
    code = Code()


class RefreshIn(fields.Strict):
    refresh_token = fields.SecretField(max_length=_LONGEST_TOKEN)


class LogoutIn(fields.Strict):
    refresh_token = fields.SecretField(
        max_length=_LONGEST_TOKEN,
        required=False,
        help_text="The session to end; without it, all sessions of the caller.",
    )


class ResetPasswordIn(fields.Strict):
    username = LoginName()
    code = Code()
    new_password = NewPassword()


class CodeIfOn(Code):
    """A code of the authenticator, which only people with two-factor authentication send."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False, help_text="A code of the authenticator, if two-factor authentication is on.", **options
        )


class ChangePasswordIn(fields.Strict):
    old_password = Password()
    new_password = NewPassword()
    code = CodeIfOn()


class BeginMfaIn(fields.Strict):
    password = Password()


class MfaIn(fields.Strict):
    password = Password()
    code = Code(help_text="Of the authenticator that got the secret.")


class EndMfaIn(fields.Strict):
    password = Password()
    code = Code()


class ChangeEmailIn(fields.Strict):
    email = Email()
    password = Password()
    code = CodeIfOn()


class EmailCodeIn(fields.Strict):
    code = Code(help_text="The code mailed to the address.")


class ChangeUsernameIn(fields.Strict):
    username = NewUsername()
    password = Password()
    code = CodeIfOn()


class RegisteredOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    username = serializers.CharField()
    email = serializers.EmailField()
    confirmed = serializers.BooleanField()


class TokensOut(serializers.Serializer[Any]):
    """The tokens of a session. `expires_in` is in seconds and applies to the access token and the id token."""

    access_token = serializers.CharField()
    id_token = serializers.CharField()
    refresh_token = serializers.CharField()
    token_type = serializers.ChoiceField(["Bearer"])
    expires_in = serializers.IntegerField()


class BrowserSessionOut(serializers.Serializer[Any]):
    """The tokens of a browser's session. The refresh token is only in the cookie; `expires_in` is in seconds."""

    access_token = serializers.CharField()
    token_type = serializers.ChoiceField(["Bearer"])
    expires_in = serializers.IntegerField()


class ChallengeOut(serializers.Serializer[Any]):
    """The password is correct. Send a code of the authenticator within three minutes."""

    challenge = serializers.ChoiceField([SOFTWARE_TOKEN_MFA])
    session = serializers.CharField()


class MfaOut(serializers.Serializer[Any]):
    secret = serializers.CharField()
    otpauth_uri = serializers.CharField()


def render_registered(user_id: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"id": user_id, "username": body["username"], "email": body["email"], "confirmed": False}


def render_tokens(tokens: Tokens) -> dict[str, Any]:
    return {
        "access_token": tokens.access_token,
        "id_token": tokens.id_token,
        "refresh_token": tokens.refresh_token,
        "token_type": "Bearer",
        "expires_in": tokens.expires_in,
    }


def render_browser_session(tokens: Tokens) -> dict[str, Any]:
    return {"access_token": tokens.access_token, "token_type": "Bearer", "expires_in": tokens.expires_in}


def render_login(found: Tokens | tuple[Challenge, str]) -> dict[str, Any]:
    if isinstance(found, Tokens):
        return render_tokens(found)
    _, session = found
    return {"challenge": SOFTWARE_TOKEN_MFA, "session": session}


def render_secret(secret: Secret) -> dict[str, Any]:
    return {"secret": secret.secret, "otpauth_uri": secret.otpauth_uri}


def _is_strong(password: str) -> bool:
    """Check the pool's policy: character classes, and no space at either end."""
    return password == password.strip() and password.isprintable() and all(one.search(password) for one in _CLASSES)
