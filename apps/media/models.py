"""Rows of uploads: one per file, and a count of each person's unused ones."""

from datetime import timedelta
from enum import StrEnum

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from apps.core import clock, keys
from apps.core.language import Text
from apps.core.models import Item, MomentAttribute

MEGABYTE = 1024 * 1024


class Purpose(StrEnum):
    """The purpose of an upload; it cannot be used for another."""

    AVATAR = "avatar"
    RECIPE = "recipe"
    POST = "post"
    # Not a picture but a file of recipes, which the import's worker reads.
    IMPORT = "import"


class Status(StrEnum):
    WAITING = "waiting"
    READY = "ready"
    REJECTED = "rejected"
    # Removed: its bytes are being deleted, and nobody can see it any more.
    REMOVED = "removed"


class Reason(StrEnum):
    """Why a file was rejected; `REASONS` has the messages."""

    MISSING = "missing"
    TOO_LARGE = "too_large"
    NOT_AN_IMAGE = "not_an_image"
    WRONG_TYPE = "wrong_type"
    TOO_MANY_PIXELS = "too_many_pixels"
    SIDE_TOO_LONG = "side_too_long"
    TOO_COMPLEX = "too_complex"
    HEIF = "heif"
    AVIF = "avif"
    ANIMATED = "animated"
    DAMAGED = "damaged"


REASONS: dict[Reason, Text] = {
    Reason.MISSING: Text("Không nhận được tệp.", "The file was never received."),
    Reason.TOO_LARGE: Text("Tệp lớn hơn kích thước đã khai báo.", "The file is larger than was declared."),
    Reason.NOT_AN_IMAGE: Text("Tệp không phải là ảnh đọc được.", "The file is not a picture that can be read."),
    Reason.WRONG_TYPE: Text("Tệp không đúng loại đã khai báo.", "The file is not of the declared type."),
    Reason.TOO_MANY_PIXELS: Text("Ảnh có hơn 52 triệu điểm ảnh.", "The picture has more than 52 million pixels."),
    Reason.SIDE_TOO_LONG: Text(
        "Ảnh có cạnh dài hơn 16.384 điểm ảnh.", "A side of the picture is longer than 16,384 pixels."
    ),
    Reason.TOO_COMPLEX: Text(
        "Ảnh quá phức tạp để xử lý. Hãy lưu lại thành JPEG thông thường rồi tải lên.",
        "The picture takes too long to decode. Save it as an ordinary JPEG and upload that.",
    ),
    Reason.HEIF: Text(
        "Chưa nhận ảnh HEIC/HEIF. Trên iPhone, chọn Cài đặt › Camera › Định dạng › Tương thích nhất, "
        "hoặc xuất ảnh thành JPEG.",
        "HEIC and HEIF pictures are not accepted. On an iPhone choose Settings › Camera › Formats › Most Compatible, "
        "or export the picture as JPEG.",
    ),
    Reason.AVIF: Text(
        "Chưa nhận ảnh AVIF. Hãy lưu lại thành JPEG, PNG hoặc WebP rồi tải lên.",
        "AVIF pictures are not accepted. Save the picture as JPEG, PNG or WebP and upload that.",
    ),
    Reason.ANIMATED: Text("Chưa nhận ảnh động.", "Animated pictures are not accepted."),
    Reason.DAMAGED: Text("Tệp ảnh bị hỏng.", "The picture is damaged."),
}
PICTURE_TYPES = ("image/jpeg", "image/png", "image/webp")
FILE_TYPES = (
    "application/zip", "application/json", "application/ld+json", "application/gzip", "application/octet-stream",
    "text/plain", "text/html",
)  # fmt: skip
CONTENT_TYPES = PICTURE_TYPES + FILE_TYPES
MOST_BYTES = {
    Purpose.AVATAR: 5 * MEGABYTE,
    Purpose.RECIPE: 10 * MEGABYTE,
    Purpose.POST: 10 * MEGABYTE,
    # With the pictures of all its recipes.
    Purpose.IMPORT: 50 * MEGABYTE,
}
# How long an unused upload is kept.
KEPT_UNUSED = timedelta(hours=24)


class UploadRow(Item, discriminator="upload"):
    """A file that a person may post or has posted.

    It is in the removal queue until something uses it, so that forgotten uploads are removed.
    """

    user_id = UnicodeAttribute()
    purpose = UnicodeAttribute()
    content_type = UnicodeAttribute()
    size = NumberAttribute()
    status = UnicodeAttribute(default=Status.WAITING.value)
    reason = UnicodeAttribute(null=True)
    # The random part of the pictures' object names.
    name = UnicodeAttribute()
    target = UnicodeAttribute(null=True)
    completed_at = MomentAttribute(null=True)
    # How often decoding failed for lack of time or memory.
    failures = NumberAttribute(null=True)
    created_at = MomentAttribute()

    @property
    def id(self) -> str:
        return keys.last_part(self.sk)

    @property
    def incoming(self) -> str:
        """Return the object name of the posted file."""
        return f"incoming/{self.user_id}/{self.id}"

    @property
    def is_over(self) -> bool:
        """Return whether it has been unused for too long, even if it has not been removed yet."""
        return not self.target and clock.now() - self.created_at >= KEPT_UNUSED


class OpenUploads(Item, discriminator="open_uploads"):
    """The number of a person's unused uploads."""

    number = NumberAttribute(default=0)
