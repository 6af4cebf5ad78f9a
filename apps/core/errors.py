"""Errors of the domain: each class carries the code, title and HTTP status that clients see."""

from dataclasses import dataclass
from typing import Any, ClassVar

from apps.core.language import Text


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: `field` is its path ("ingredients.0.name"), `code` is stable."""

    field: str
    code: str
    message: str


class DomainError(Exception):
    """Base of all errors that a service raises on purpose. `detail` adds what is particular to the case."""

    code: ClassVar[str] = "error"
    title: ClassVar[Text] = Text("Không thực hiện được yêu cầu", "The request could not be carried out")
    status: ClassVar[int] = 400

    def __init__(
        self, detail: Text | str = "", *, errors: tuple[FieldError, ...] = (), retry_after: int | None = None
    ) -> None:
        super().__init__(str(detail) or str(self.title))
        self.detail = detail
        self.errors = errors
        self.retry_after = retry_after
        # Members of the problem beside those of RFC 9457 and ours (its section 3.2).
        self.extensions: dict[str, Any] = {}
        # Headers of the answer beside those that follow from the status.
        self.headers: dict[str, str] = {}


class ValidationFailed(DomainError):
    code = "validation_failed"
    title = Text("Dữ liệu chưa hợp lệ", "The request is not valid")


class Malformed(DomainError):
    code = "malformed"
    title = Text("Không đọc được nội dung yêu cầu", "The request body cannot be read")


class InvalidCursor(DomainError):
    code = "invalid_cursor"
    title = Text("Con trỏ trang không hợp lệ", "The cursor is not valid for this list")


class NotAuthenticated(DomainError):
    code = "not_authenticated"
    title = Text("Cần đăng nhập", "A valid access token is required")
    status = 401


class Forbidden(DomainError):
    code = "forbidden"
    title = Text("Không được phép", "Not allowed")
    status = 403


class NotFound(DomainError):
    code = "not_found"
    title = Text("Không tìm thấy", "Not found")
    status = 404


class MethodNotAllowed(DomainError):
    code = "method_not_allowed"
    title = Text("Phương thức không được hỗ trợ", "This method is not supported here")
    status = 405


class NotAcceptable(DomainError):
    code = "not_acceptable"
    title = Text("Chỉ trả lời bằng JSON", "Answers are available as JSON only")
    status = 406


class Conflict(DomainError):
    code = "conflict"
    title = Text("Xung đột với trạng thái hiện tại", "The request conflicts with the current state")
    status = 409


class PreconditionFailed(DomainError):
    code = "precondition_failed"
    title = Text("Nội dung đã được sửa ở nơi khác", "The resource has changed since you read it")
    status = 412


class UriTooLong(DomainError):
    code = "uri_too_long"
    title = Text("Địa chỉ quá dài", "The address is too long")
    status = 414


class HeadersTooLarge(DomainError):
    code = "headers_too_large"
    title = Text("Các tiêu đề của yêu cầu quá lớn", "The headers of the request are too large")
    status = 431


class PayloadTooLarge(DomainError):
    code = "payload_too_large"
    title = Text("Nội dung quá lớn", "The request body is too large")
    status = 413


class UnsupportedMediaType(DomainError):
    code = "unsupported_media_type"
    title = Text("Chỉ nhận application/json", "Send application/json")
    status = 415


class TooManyRequests(DomainError):
    code = "too_many_requests"
    title = Text("Quá nhiều yêu cầu", "Too many requests")
    status = 429

    def __init__(self, detail: Text | str = "", *, retry_after: int) -> None:
        """`retry_after` is in seconds; whoever refuses knows when the caller may try again."""
        super().__init__(detail, retry_after=max(1, retry_after))


class InternalError(DomainError):
    code = "internal_error"
    title = Text("Lỗi của hệ thống", "Something went wrong on our side")
    status = 500


class Unavailable(DomainError):
    """A service we depend on did not answer in time; the caller may try again."""

    code = "unavailable"
    title = Text("Dịch vụ tạm thời gián đoạn, hãy thử lại", "Temporarily unavailable, please try again")
    status = 503

    def __init__(self, detail: Text | str = "", *, retry_after: int = 2) -> None:
        super().__init__(detail, retry_after=retry_after)
