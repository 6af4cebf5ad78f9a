"""Summaries and examples for the OpenAPI document: a sentence for each operation, examples of its bodies.

Examples follow from the schemas, so that they are valid as long as the schemas are right; well-known fields have
values that a person recognizes.
"""

import re
from collections.abc import Iterator
from typing import Any

_JSON = "application/json"
_ULID = "01JDQ8ZK5N7T3W9XB2C4E6G8HM"
_PERSON = "3f2b8c1e-9d4a-4b6f-8e21-5c7d9a0b1f34"
_DEEPEST = 6
_LISTS = {"ingredients": ["2 quả cà chua", "3 quả trứng gà", "hành lá"]}

_VALUES: dict[str, Any] = {
    "access_token": "eyJraWQiOiJ…", "id_token": "eyJraWQiOiJ…", "refresh_token": "eyJjdHkiOiJ…", "session": "AYABeN…",
    "address": "http://127.0.0.1:8000", "allergies": ["peanuts"], "amount": 300, "bio": "Thích nấu món miền Trung.",
    "code": "123456", "comment": "Rất ngon, tôi thêm chút tiêu.", "content": "Hôm nay nấu canh chua cá lóc.",
    "country": "VN", "cuisine": "vietnamese", "date_of_birth": "1994-05-17", "description": "Món canh chua nhẹ.",
    "draft_id": "001",
    "email": "lan@example.com", "full_name": "Nguyễn Thị Lan", "language": "vi", "message": "Chào bạn!",
    "name": "cà chua", "names": {"vi": "cà chua", "en": "tomato"}, "new_password": "Canh-chua-9!", "next": None,
    "notes": "Lần sau bớt muối.", "old_password": "Xoi-gac-456!", "otpauth_uri": "otpauth://totp/Smart%20Cooking:lan",
    "password": "Xoi-gac-456!", "preparation": "thái lát", "quantity": 2, "reason": "spam",
    "secret": "JBSWY3DPEHPK3PXP", "servings": 4, "stars": 5, "text": "Cho cà chua vào xào hai phút.",
    "timezone": "Asia/Ho_Chi_Minh", "title": "Canh chua cá lóc", "unit": "quả", "url": "https://example.com/mon-an",
    "username": "lan.nguyen",
}  # fmt: skip


def describe_operations(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001
    """Give every operation its summary and examples (a postprocessing hook)."""
    schemas = result.get("components", {}).get("schemas", {})
    for operation in _operations(result):
        operation.setdefault("summary", _first_sentence(operation.get("description", "")))
        bodies = [operation.get("requestBody", {}), *_successes(operation)]
        for media in (body.get("content", {}).get(_JSON) for body in bodies):
            if media is not None and "example" not in media and "examples" not in media:
                media["example"] = sample(media.get("schema", {}), schemas)
    return result


def _operations(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in result.get("paths", {}).values():
        yield from (one for one in path.values() if isinstance(one, dict) and "responses" in one)


def _successes(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (answer for status, answer in operation["responses"].items() if str(status).startswith("2"))


def _first_sentence(description: str) -> str:
    """Return the first sentence of a docstring without its full stop."""
    paragraph = " ".join(description.split("\n\n", maxsplit=1)[0].split())
    return re.split(r"(?<=[.!?])\s", paragraph, maxsplit=1)[0].rstrip(".")


def sample(  # noqa: PLR0911  one for each form of a schema
    schema: dict[str, Any], schemas: dict[str, Any], *, name: str = "", depth: int = 0
) -> Any:
    """Return a value of a JSON schema; `name` is that of the field."""
    if "$ref" in schema:
        return sample(schemas[schema["$ref"].rsplit("/", 1)[-1]], schemas, name=name, depth=depth + 1)
    for many in ("allOf", "oneOf", "anyOf"):
        if schema.get(many):
            return sample(schema[many][0], schemas, name=name, depth=depth)
    if schema.get("enum"):
        return schema["enum"][0]
    kind = schema.get("type")
    kind = next((one for one in kind if one != "null"), "null") if isinstance(kind, list) else kind
    if kind == "object" or "properties" in schema:
        return _object(schema, schemas, depth)
    if kind == "array":
        item = schema.get("items", {})
        if name in _LISTS and item.get("type") == "string":
            return _LISTS[name]
        if depth > _DEEPEST and not schema.get("minItems"):
            return []
        return [sample(item, schemas, name=_singular(name), depth=depth + 1)]
    return _scalar(schema, kind, name)


def _object(schema: dict[str, Any], schemas: dict[str, Any], depth: int) -> dict[str, Any]:
    fields = schema.get("properties", {})
    return {field: sample(one, schemas, name=field, depth=depth + 1) for field, one in fields.items()}


def _scalar(schema: dict[str, Any], kind: str | None, name: str) -> Any:
    if kind == "boolean":
        return True
    if kind in {"integer", "number"}:
        known = _VALUES.get(name)
        low, high = schema.get("minimum", 0), schema.get("maximum", 10**9)
        return known if isinstance(known, int) and low <= known <= high else max(low, min(high, 10))
    if kind == "null":
        return None
    return _text(schema, name)


def _text(schema: dict[str, Any], name: str) -> str:
    by_format = {
        "date-time": "2026-11-21T03:04:05Z", "date": "2026-11-21", "uuid": _PERSON, "email": "lan@example.com",
        "uri": f"https://images.example.com/{_ULID}.webp",
    }  # fmt: skip
    if schema.get("format") in by_format and name != "date_of_birth":
        return str(by_format[schema["format"]])
    pattern = str(schema.get("pattern", ""))
    is_id = schema.get("minLength") == schema.get("maxLength") == len(_ULID)
    if is_id or pattern.startswith(("^[0-7]", "^[0-9A-Za-z-]{26,")):
        return _ULID
    if pattern.startswith("^[0-9a-f]{8}"):
        return _PERSON
    known = _VALUES.get(name)
    if isinstance(known, str):
        return known
    if pattern.startswith("^(") and "|" in pattern:
        return pattern[2:].split("|", 1)[0]
    return "vietnamese" if pattern.startswith("^[a-z]") else "…" if not name else name.replace("_", " ")


def _singular(name: str) -> str:
    return name.removesuffix("s")
