"""The wire format of uploads and pictures."""

from typing import Any, ClassVar

from rest_framework import serializers

from apps.core import clock, fields
from apps.core.language import Text
from apps.media import models
from apps.media.models import (
    CONTENT_TYPES,
    FILE_TYPES,
    MEGABYTE,
    MOST_BYTES,
    PICTURE_TYPES,
    Purpose,
    Reason,
    Status,
    UploadRow,
)
from apps.media.pictures import SIZES, links
from apps.media.services import picture_of
from apps.media.storage import Form

PURPOSES = [purpose.value for purpose in Purpose]
STATUSES = [Status.WAITING.value, Status.READY.value, Status.REJECTED.value]
REASONS = [reason.value for reason in Reason]
_WRONG_TYPE = Text("Chỉ nhận {types}.", "One of {types}.")
_ADVICE = {
    **dict.fromkeys(("image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence"), Reason.HEIF),
    **dict.fromkeys(("image/avif", "image/avif-sequence"), Reason.AVIF),
}
_TOO_LARGE = Text("Nhiều nhất {megabytes} MB.", "At most {megabytes} MB.")


class ContentType(fields.Choice):
    """A type of file that is accepted for the purpose. The types of phones' own pictures are refused with advice."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, str) and data in _ADVICE:
            raise serializers.ValidationError(str(models.REASONS[_ADVICE[data]]), code="invalid_choice")
        given = self.parent.initial_data
        types = FILE_TYPES if isinstance(given, dict) and given.get("purpose") == Purpose.IMPORT else PICTURE_TYPES
        if data not in types:
            raise serializers.ValidationError(str(_WRONG_TYPE.format(types=", ".join(types))), code="invalid_choice")
        return data


class UploadIn(fields.Strict):
    """A file to upload: an avatar of at most 5 MB, another picture of at most 10, or a file of recipes (`import`)."""

    purpose = fields.Choice(PURPOSES)
    content_type = ContentType(CONTENT_TYPES)
    size = fields.WholeNumber(min_value=1, max_value=max(MOST_BYTES.values()), help_text="In bytes.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        most = MOST_BYTES[Purpose(attrs["purpose"])]
        if attrs["size"] > most:
            message = str(_TOO_LARGE.format(megabytes=most // MEGABYTE))
            raise serializers.ValidationError({"size": [serializers.ErrorDetail(message, "max_value")]})
        return attrs


# The fields are numbers (the longest side in pixels), which a class body can't declare.
PictureOut = type(
    "PictureOut",
    (serializers.Serializer,),
    {
        **{str(size): serializers.URLField() for size in SIZES},
        "__doc__": "Addresses of a picture (WebP) by its longest side; read it again when one has expired.",
    },
)


class UploadFormOut(serializers.Serializer[Any]):
    """Post `fields` and then the file, named `file`, as multipart/form-data to `url`; then complete the upload."""

    SENDS_LOCATION: ClassVar[tuple[int, ...]] = (201,)

    id = fields.Id()
    url = serializers.URLField()
    fields = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]  # DRF takes it off
    expires_at = serializers.DateTimeField()


class UploadOut(serializers.Serializer[Any]):
    """An upload. `reason` says why it was rejected; `links` are set once it is ready."""

    id = fields.Id()
    purpose = serializers.ChoiceField(PURPOSES)
    status = serializers.ChoiceField(STATUSES)
    reason = serializers.ChoiceField(REASONS, allow_null=True)
    message = serializers.CharField(allow_null=True, help_text="The reason in words, in the caller's language.")
    links = PictureOut(allow_null=True)
    created_at = serializers.DateTimeField()


def render_form(row: UploadRow, form: Form) -> dict[str, Any]:
    return {"id": row.id, "url": form.url, "fields": form.fields, "expires_at": clock.iso(form.expires_at)}


def render(row: UploadRow) -> dict[str, Any]:
    is_ready = row.status == Status.READY and row.purpose != Purpose.IMPORT
    return {
        "id": row.id,
        "purpose": row.purpose,
        "status": row.status,
        "reason": row.reason,
        "message": str(models.REASONS[Reason(row.reason)]) if row.reason else None,
        "links": links(str(picture_of(row)), public=False) if is_ready else None,
        "created_at": clock.iso(row.created_at),
    }
