"""Messages for invalid fields in both languages. DRF lacks Vietnamese for most of its own."""

from typing import Any

from django.core.validators import ProhibitNullCharactersValidator
from django.utils.functional import lazystr
from rest_framework import serializers

from apps.core.language import Text

_REQUIRED = Text("Trường này là bắt buộc.", "This field is required.")
_NULL = Text("Trường này không được là null.", "This field may not be null.")
_MIN_VALUE = Text("Giá trị phải từ {min_value} trở lên.", "Must be {min_value} or more.")
_MAX_VALUE = Text("Giá trị phải từ {max_value} trở xuống.", "Must be {max_value} or less.")
_TOO_LONG_A_NUMBER = Text("Số quá lớn.", "This number is too large.")
_NO_NULL = Text("Không được có ký tự NUL.", "Null characters are not allowed.")
_NO_TIME = Text("Cần một thời điểm theo dạng ISO 8601.", "Expected a time as ISO 8601.")

MESSAGES: dict[type[serializers.Field[Any, Any, Any, Any]], dict[str, Text]] = {
    serializers.Field: {"required": _REQUIRED, "null": _NULL},
    serializers.Serializer: {
        "invalid": Text("Cần một đối tượng JSON, không phải {datatype}.", "Expected a JSON object, not {datatype}."),
    },
    serializers.CharField: {
        "invalid": Text("Cần một chuỗi ký tự.", "Expected a string."),
        "blank": Text("Trường này không được để trống.", "This field may not be blank."),
        "min_length": Text("Cần ít nhất {min_length} ký tự.", "Must have at least {min_length} characters."),
        "max_length": Text("Không được quá {max_length} ký tự.", "Must have at most {max_length} characters."),
    },
    serializers.EmailField: {
        "invalid": Text("Nhập một địa chỉ e-mail hợp lệ, ví dụ an@example.com.", "Enter a valid e-mail address."),
    },
    serializers.RegexField: {
        "invalid": Text("Giá trị không đúng dạng quy định.", "This is not in the required format.")
    },
    serializers.IntegerField: {
        "invalid": Text("Cần một số nguyên.", "Expected a whole number."),
        "min_value": _MIN_VALUE,
        "max_value": _MAX_VALUE,
        "max_string_length": _TOO_LONG_A_NUMBER,
    },
    serializers.FloatField: {
        "invalid": Text("Cần một con số.", "Expected a number."),
        "min_value": _MIN_VALUE,
        "max_value": _MAX_VALUE,
        "max_string_length": _TOO_LONG_A_NUMBER,
        "overflow": _TOO_LONG_A_NUMBER,
    },
    serializers.BooleanField: {"invalid": Text("Cần true hoặc false.", "Expected true or false.")},
    serializers.DateField: {
        "invalid": Text("Cần một ngày theo dạng {format}.", "Expected a date as {format}."),
        "datetime": Text("Cần một ngày, không kèm giờ.", "Expected a date without a time."),
    },
    serializers.DateTimeField: {
        "invalid": _NO_TIME,
        "date": _NO_TIME,
        "make_aware": _NO_TIME,
        "overflow": _NO_TIME,
    },
    serializers.ChoiceField: {
        "invalid_choice": Text("“{input}” không phải giá trị được chấp nhận.", '"{input}" is not an accepted value.'),
    },
    serializers.ListField: {
        "not_a_list": Text("Cần một danh sách.", "Expected a list."),
        "empty": Text("Danh sách này không được rỗng.", "This list may not be empty."),
        "min_length": Text("Danh sách cần ít nhất {min_length} mục.", "The list needs at least {min_length} items."),
        "max_length": Text(
            "Danh sách không được quá {max_length} mục.", "The list may have at most {max_length} items."
        ),
    },
}


def install() -> None:
    """Replace the messages of DRF's fields; fields made from now on, and copies of earlier ones, have ours."""
    for field, messages in MESSAGES.items():
        replaced: Any = field
        own = vars(field).get("default_error_messages", {})
        # Validators of Django and DRF treat messages as strings; these choose the language when they are used.
        replaced.default_error_messages = {**own, **{code: lazystr(text) for code, text in messages.items()}}
    ProhibitNullCharactersValidator.message = lazystr(_NO_NULL)
