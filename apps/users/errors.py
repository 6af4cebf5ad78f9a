"""Errors of the users app."""

from datetime import datetime

from django.conf import settings

from apps.core import clock
from apps.core.errors import Conflict, DomainError, Forbidden, NotAuthenticated, NotFound, TooManyRequests
from apps.core.language import Text


class UserNotFound(NotFound):
    code = "user_not_found"
    title = Text("Không có người dùng này", "There is no such person")


class UsernameTaken(Conflict):
    code = "username_taken"
    title = Text("Tên người dùng đã có người dùng", "This username is taken")


class UsernameChangedRecently(Conflict):
    """Carries `possible_from`: when the username may be changed again."""

    code = "username_changed_recently"
    title = Text("Chỉ được đổi tên người dùng 30 ngày một lần", "A username can be changed once in 30 days")

    def __init__(self, *, possible_from: datetime) -> None:
        moment = clock.iso(possible_from)
        super().__init__(Text(f"Có thể đổi lại từ {moment}", f"Possible from {moment}"))
        self.extensions = {"possible_from": moment}


class EmailTaken(Conflict):
    """Raised only after the code has proven that the caller owns the mailbox."""

    code = "email_taken"
    title = Text("Email này đã thuộc về tài khoản khác", "This e-mail address belongs to another account")


class ProfileStaysPrivate(Conflict):
    code = "profile_stays_private"
    title = Text("Hồ sơ của người dưới 16 tuổi luôn ở chế độ riêng tư", "Profiles of people under 16 stay private")


class InvalidCredentials(NotAuthenticated):
    code = "invalid_credentials"
    title = Text("Sai tên đăng nhập hoặc mật khẩu", "Wrong username or password")


class InvalidRefreshToken(NotAuthenticated):
    code = "invalid_refresh_token"
    title = Text("Phiên đăng nhập không còn hiệu lực", "This refresh token is not valid any more")


class SessionHeaderMissing(Forbidden):
    """Requests that another site makes a browser send lack the custom header."""

    code = "session_header_missing"
    title = Text("Thiếu header X-Smart-Cooking", "The header X-Smart-Cooking is missing")


class SessionExpired(NotAuthenticated):
    code = "session_expired"
    title = Text("Phiên xác thực không còn hiệu lực, hãy đăng nhập lại", "This session is not valid: log in again")


class NotConfirmed(Forbidden):
    """Raised only for the right password. `username` says what to confirm: an address may have several accounts."""

    code = "not_confirmed"
    title = Text("Tài khoản chưa được xác nhận", "This account has not been confirmed")

    def __init__(self, *, username: str = "") -> None:
        super().__init__()
        if username:
            self.extensions = {"username": username}


class PasswordResetRequired(Forbidden):
    code = "password_reset_required"
    title = Text("Cần đặt lại mật khẩu", "The password has to be reset first")


class AccountNotReady(Forbidden):
    """The pool asks for a step that this API does not support: the account was created by hand in the console."""

    code = "account_not_ready"
    title = Text("Tài khoản chưa sẵn sàng", "This account is not ready for use yet")


class InvalidCode(DomainError):
    """The code is wrong, expired or used, or the account does not exist; the error does not reveal which."""

    code = "invalid_code"
    title = Text("Mã không đúng, đã hết hạn hoặc đã dùng", "The code is wrong, has expired or was used already")


class CodeRequired(DomainError):
    code = "code_required"
    title = Text("Cần thêm mã của ứng dụng xác thực", "A code of your authenticator is needed as well")


class WrongPassword(DomainError):
    code = "wrong_password"
    title = Text("Mật khẩu hiện tại không đúng", "The current password is wrong")


class MfaNotBegun(Conflict):
    code = "mfa_not_begun"
    title = Text("Chưa bắt đầu bật xác thực hai bước", "Ask for a secret before verifying it")


class MfaEnabled(Conflict):
    code = "mfa_enabled"
    title = Text("Xác thực hai bước đang bật, hãy tắt trước", "Two-factor login is on: turn it off first")


class AccountSuspended(Forbidden):
    """Raised for every write of a suspended account, with `suspended_until`: when it may write again."""

    code = "account_suspended"
    title = Text("Tài khoản đang bị tạm khóa, chỉ được xem", "This account is suspended: it may only read")

    def __init__(self, *, until: datetime) -> None:
        moment = clock.iso(until)
        super().__init__(Text(f"Đến {moment}", f"Until {moment}"))
        self.extensions = {"suspended_until": moment}


class TooManyAttempts(TooManyRequests):
    code = "too_many_attempts"
    title = Text("Thử quá nhiều lần, hãy chờ một lúc", "Too many attempts: wait a while")


class LoginRecorded(Conflict):
    """The login was recorded before."""

    code = "login_recorded"
    title = Text("Lần đăng nhập này đã được ghi nhận", "This login was recorded already")


class ErasureBegun(Forbidden):
    code = "erasure_begun"
    title = Text("Tài khoản này đang được xóa", "This account is being erased")


class ErasureDone(Conflict):
    """Another process has already erased the account."""

    code = "erasure_done"
    title = Text("Tài khoản này đã được xóa", "This account is erased already")


class TermsChanged(Conflict):
    """Carries `current_version`: the caller accepted a version other than the current one."""

    code = "terms_changed"
    title = Text("Điều khoản đã có phiên bản khác", "The terms have changed since")

    def __init__(self) -> None:
        super().__init__()
        self.extensions = {"current_version": settings.TERMS_VERSION}


class ConsentRecorded(Conflict):
    """The version was accepted before."""

    code = "consent_recorded"
    title = Text("Phiên bản này đã được chấp nhận", "This version was accepted already")
