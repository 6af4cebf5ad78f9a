"""Errors of the imports app, and the reasons why an import fails."""

from apps.core.errors import Conflict, DomainError, NotFound, TooManyRequests
from apps.core.language import Text


class ImportNotFound(NotFound):
    code = "import_not_found"
    title = Text("Không có lần nhập này", "There is no such import")


class DraftNotFound(NotFound):
    code = "draft_not_found"
    title = Text("Không có bản nháp này", "There is no such draft")


class AddressRefused(DomainError):
    """Not a public web page: another scheme or port, a private address, or credentials in the URL."""

    code = "address_refused"
    title = Text("Chỉ nhập được từ trang web công khai", "Only public web pages can be imported")


class PageNotReached(DomainError):
    code = "page_not_reached"
    title = Text("Không mở được trang này", "The page could not be read")


class PageTooLarge(DomainError):
    code = "page_too_large"
    title = Text("Trang lớn hơn 2 MB", "The page is larger than 2 MB")


class PageTooSlow(DomainError):
    code = "page_too_slow"
    title = Text("Trang không trả lời trong 10 giây", "The page did not answer within 10 seconds")


class NoRecipeFound(DomainError):
    """No recipe in the markup or the text. The detail says what was found."""

    code = "no_recipe_found"
    title = Text("Không tìm thấy công thức", "No recipe was found")


class FileNotUnderstood(DomainError):
    code = "file_not_understood"
    title = Text("Không đọc được tệp này", "This file cannot be read")


class FileTooLarge(DomainError):
    code = "file_too_large"
    title = Text("Tệp có quá nhiều nội dung", "There is too much in this file")


class DraftIncomplete(DomainError):
    """An accepted draft lacks ingredients, steps or a title. The detail says which."""

    code = "draft_incomplete"
    title = Text("Bản nháp còn thiếu thông tin", "The draft is not complete")


class ImportExists(Conflict):
    code = "import_exists"
    title = Text("Lần nhập này đã được tạo", "This import was created already")


class ImportNotReady(Conflict):
    code = "import_not_ready"
    title = Text("Lần nhập chưa xong", "This import is not ready")


class TooManyImports(TooManyRequests):
    code = "too_many_imports"
    title = Text("Bạn đã nhập 20 lần trong một giờ", "You have made 20 imports within an hour")
