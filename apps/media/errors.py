"""Errors of the media app."""

from apps.core.errors import Conflict, NotFound, TooManyRequests
from apps.core.language import Text


class UploadNotFound(NotFound):
    code = "upload_not_found"
    title = Text("Không có tệp tải lên này", "There is no such upload")


class UploadExists(Conflict):
    code = "upload_exists"
    title = Text("Tệp tải lên này đã được tạo", "This upload was created already")


class UploadNotReceived(Conflict):
    """The upload was completed before its file was posted, or the storage refused the file."""

    code = "upload_not_received"
    title = Text("Chưa nhận được tệp", "The file has not been received")


class UploadNotReady(Conflict):
    """The upload has not been checked yet, or was rejected."""

    code = "upload_not_ready"
    title = Text("Tệp chưa sẵn sàng để dùng", "This upload is not ready to be used")


class UploadAttached(Conflict):
    code = "upload_attached"
    title = Text("Tệp này đã được dùng ở nơi khác", "This upload is used for something else already")


class WrongPurpose(Conflict):
    code = "upload_wrong_purpose"
    title = Text("Tệp được tải lên cho mục đích khác", "This upload was made for another purpose")


class TooManyUploads(TooManyRequests):
    code = "too_many_uploads"
    title = Text("Quá nhiều tệp chưa được dùng", "Too many uploads that are not used for anything")
