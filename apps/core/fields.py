"""Serializer fields that are strict about JSON types: "3" is not 3, 1 is not true, unknown names are errors."""

import math
import re
from collections.abc import Mapping
from datetime import date
from itertools import islice
from typing import Any, ClassVar

from django.utils.functional import lazystr
from rest_framework import serializers

from apps.core import ids, text
from apps.core.field_copies import copied, prototypes
from apps.core.language import Text

# The most errors that a response lists, also of one list or object: refusing a body full of mistakes must be cheap.
MAX_ERRORS = 20
FIRST_DAY = date(2000, 1, 1)
# The same for clients that validate what they send.
DAY_PATTERN = "^[2-9][0-9]{3}-"
_TOO_EARLY = Text("Ngày này phải từ năm 2000 trở đi.", "Expected a day in or after the year 2000.")
_UNKNOWN = Text("Trường này không tồn tại.", "There is no such field.")


class Strict(serializers.Serializer[Any]):
    """A JSON object in a request. Unknown members are errors."""

    def get_fields(self) -> dict[str, Any]:
        """Return copies of the declared fields.

        DRF builds all of them anew, from the arguments of their declarations, for each request: a third of what a list
        of recipes costs.
        """
        return {name: copied(field) for name, field in prototypes(type(self)).items()}

    def to_internal_value(self, data: Any) -> Any:
        errors: dict[str, Any] = {}
        if isinstance(data, Mapping):
            unknown = islice((name for name in data if name not in self.fields), MAX_ERRORS)
            errors |= {str(name)[:100]: [serializers.ErrorDetail(str(_UNKNOWN), "unknown_field")] for name in unknown}
            errors |= self._missing(data)
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            # A list where data is no object: then nothing was unknown.
            others: Any = error.detail
            raise serializers.ValidationError({**errors, **others} if errors else others) from error
        if errors:
            raise serializers.ValidationError(errors)
        return value

    def _missing(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return errors for what objects in lists leave out: a PATCH may leave out fields of the whole alone."""
        if self.parent is None or not getattr(self.root, "partial", False):
            return {}
        missing = [name for name, field in self.fields.items() if field.required and name not in data]
        message = str(self.error_messages["required"])
        return {name: [serializers.ErrorDetail(message, "required")] for name in missing}


class Day(serializers.DateField):
    """A day to plan for, or to keep food until. One before 2000 is a mistake, such as a year of two digits."""

    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        if day < FIRST_DAY:
            raise serializers.ValidationError(str(_TOO_EARLY), code="min_value")
        return day


class TextField(serializers.CharField):
    """Text: strings only, in NFC, without control characters. `max_length` counts code points."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("trim_whitespace", True)
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        # Check the length before cleaning: a client must be able to check it too.
        if self.max_length is not None and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        return text.clean(super().to_internal_value(data))

    def run_validation(self, data: Any = serializers.empty) -> Any:
        value = super().run_validation(data)
        # Text of invisible characters only is blank too.
        if value == "" and not self.allow_blank and data is not serializers.empty:
            self.fail("blank")
        return value


class LineField(TextField):
    """Text of one line: a name or a title. Line breaks and repeated spaces become one space."""

    def to_internal_value(self, data: Any) -> str:
        return " ".join(super().to_internal_value(data).split())


class SecretField(serializers.CharField):
    """A password or code: taken as it is, never trimmed or normalized, never echoed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, write_only=True, **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class WholeNumber(serializers.IntegerField):
    """A JSON integer, which 5.0 is as well; in a query its digits."""

    _DIGITS: ClassVar[re.Pattern[str]] = re.compile(r"-?\d{1,9}", re.ASCII)

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, str) and self._in_query() and self._DIGITS.fullmatch(data):
            return int(data)
        if isinstance(data, bool) or not isinstance(data, int | float) or data != data // 1:
            self.fail("invalid")
        return int(data)

    def _in_query(self) -> bool:
        return isinstance(self.root, Query)


class Number(serializers.FloatField):
    """A finite JSON number, kept to six decimals: DynamoDB takes neither 1e-200 nor forty digits.

    The limits are those of what was sent: -1e-9 is less than 0, although it would be kept as 0.
    """

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        value = float(data)
        if not math.isfinite(value):
            self.fail("invalid")
        if self.min_value is not None and value < self.min_value:
            self.fail("min_value", min_value=self.min_value)
        if self.max_value is not None and value > self.max_value:
            self.fail("max_value", max_value=self.max_value)
        # There is no need of two zeros.
        return round(value, 6) + 0.0


class Flag(serializers.BooleanField):
    """true or false; in a query the words."""

    _WORDS: ClassVar[dict[str, bool]] = {"true": True, "false": False}

    def to_internal_value(self, data: Any) -> bool:
        if isinstance(data, str) and isinstance(self.root, Query) and data in self._WORDS:
            return self._WORDS[data]
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Choice(serializers.ChoiceField):
    """One of the strings given; an error names them, unless there are too many to read."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "not_listed": Text("“{input}” không phải một trong: {choices}.", '"{input}" is not one of: {choices}.'),
    }
    _MOST_LISTED = 30

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, str) and data in self.choices:
            return data
        shown = str(data)[:100]
        if len(self.choices) > self._MOST_LISTED:
            self.fail("invalid_choice", input=shown)
        message = self.error_messages["not_listed"].format(input=shown, choices=", ".join(self.choices))
        raise serializers.ValidationError(str(message), code="invalid_choice")


class Id(serializers.CharField):
    """A ULID."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid_id": Text("Cần một mã gồm 26 ký tự (ULID).", "Expected an id of 26 characters (a ULID)."),
    }

    def __init__(self, **options: Any) -> None:
        options.setdefault("min_length", 26)
        options.setdefault("max_length", 26)
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or not ids.is_id(data):
            self.fail("invalid_id")
        return data


class PersonId(serializers.RegexField):
    """The id of a person: a Cognito `sub`, which is a UUID in lower case."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": lazystr(Text("Cần mã của một người dùng (UUID viết thường).", "Expected a person's id (a UUID).")),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Slug(serializers.RegexField):
    """A lower-case word like `vietnamese` or `stir_fry`."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": lazystr(
            Text(
                "Cần 2–30 chữ cái thường a–z hoặc dấu _, ví dụ stir_fry.",
                "Expected 2–30 lower-case letters a–z or _, such as stir_fry.",
            )
        ),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(r"^[a-z][a-z_]{1,29}\Z", **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class BoundedList(serializers.ListField):
    """A JSON list whose length is checked before its members are: DRF validates all of them first."""

    def to_internal_value(self, data: Any) -> list[Any]:
        if not isinstance(data, list):
            self.fail("not_a_list", input_type=type(data).__name__)
        if self.max_length is not None and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        return list(super().to_internal_value(data))


class UniqueList(BoundedList):
    """A list without duplicates, in the order of first occurrence. `max_length` counts duplicates too."""

    def to_internal_value(self, data: Any) -> list[Any]:
        return list(dict.fromkeys(super().to_internal_value(data)))


class CommaSeparatedList(UniqueList):
    """In a query: `?diet=vegan,halal` or `?diet=vegan&diet=halal`."""


class Query(Strict):
    """The parameters of a GET."""


class PageQuery(Query):
    """`?limit=` and `?cursor=`, of every list."""

    limit = WholeNumber(min_value=1, max_value=100, default=20)
    cursor = serializers.CharField(required=False, max_length=2000, trim_whitespace=False)
