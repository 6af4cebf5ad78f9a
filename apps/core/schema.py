"""Extend drf-spectacular's OpenAPI 3.1 document: problem responses, headers and custom fields."""

import inspect
import re
from http import HTTPStatus
from threading import Lock
from typing import Any, ClassVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from apps.core import fields, idempotency, problems, text

IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": r'^(\*|(W/)?"[!#-~]*"(, ?(W/)?"[!#-~]*")*)$'},
    OpenApiParameter.HEADER,
    description="The ETag of the version that was read; 412 if it has changed since.",
)
_IDEMPOTENCY_KEY = OpenApiParameter(
    idempotency.HEADER,
    {"type": "string", "pattern": f"^{idempotency.KEY_PATTERN}$"},
    OpenApiParameter.HEADER,
    description="Repeating a request with the same key and body returns the same response for 24 hours.",
)

_making = Lock()
_made: dict[str, Any] = {}

_UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


class Generator(SchemaGenerator):
    """Builds the document once per process, under a lock: building is expensive and not thread-safe."""

    def get_schema(self, request: Any = None, public: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002  as inherited
        with _making:
            if not _made:
                _made.update(super().get_schema(request=None, public=True))  # type: ignore[no-untyped-call]
            return _made


class FieldErrorOut(serializers.Serializer[Any]):
    field = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """RFC 9457 problem details. `code` is stable; `errors` lists the fields that are wrong.

    `suspended_until` comes with `account_suspended`.
    """

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    request_id = serializers.CharField()
    suspended_until = serializers.DateTimeField(required=False)
    errors = FieldErrorOut(many=True, required=False)  # type: ignore[assignment]  # DRF takes the field off the class


class ListOf(serializers.Serializer[Any]):
    """A page of a list. `next` is the cursor of the next page, or null on the last page."""


def list_of(item: type[serializers.Serializer[Any]]) -> type[serializers.Serializer[Any]]:
    """Return the serializer of `{"items": […], "next": …}` for an item serializer."""
    return type(
        f"{item.__name__.removesuffix('Out')}List",
        (ListOf,),
        {"items": item(many=True), "next": serializers.CharField(allow_null=True), "__doc__": ListOf.__doc__},
    )


_DESCRIPTIONS = {
    "400": "Malformed or invalid",
    "401": "No valid access token",
    "403": "The caller's role or account does not allow it",
    "404": "Not found, or not visible to the caller",
    "405": "Method not supported",
    "406": "Only JSON is available",
    "409": "Conflict with the current state",
    "412": "Changed since it was read",
    "413": "Body too large",
    "414": "URL too long",
    "415": "Not JSON",
    "429": "Too many requests",
    "503": "Temporarily unavailable",
}


_HEADERS = {
    "ETag": {"description": "The version: send it back as `If-Match`.", "schema": {"type": "string"}, "required": True},
    "Location": {"description": "Where to read it.", "schema": {"type": "string"}, "required": True},
}


def response_headers(serializer: Any, status: int) -> list[str]:
    """Return the headers of answers with this status that are just what the serializer describes.

    It says so by `SENDS_ETAG`, and `SENDS_LOCATION` with the statuses that have one.
    """
    headers = []
    if getattr(serializer, "SENDS_ETAG", False) and status < HTTPStatus.MULTIPLE_CHOICES:
        headers.append("ETag")
    if status in getattr(serializer, "SENDS_LOCATION", ()):
        headers.append("Location")
    return headers


class Schema(AutoSchema):
    """Adds the problems that an operation can return, and the headers that it honours."""

    def get_operation_id(self) -> str:
        """Return verb and view, such as `get_recipe_detail`. Stable, and unique because names of views are."""
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(self.view).__name__).lower()
        return f"{self.method.lower()}_{name}"

    def get_override_parameters(self) -> list[Any]:
        parameters = list(super().get_override_parameters())
        if getattr(self._handler(), "__wrapped__", None) is not None and self.method == "POST":
            parameters.append(_IDEMPOTENCY_KEY)
        return parameters

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        """Add the problems to what `extend_schema` declares. It replaces every public hook; this one is private."""
        build: Any = self._get_response_for_code
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for answer in bodies.values():
            content = answer.get("content", {})
            if content.get("application/json", {}).get("schema", {}).get("$ref", "").endswith("/Problem"):
                answer["content"] = {problems.MEDIA_TYPE: content["application/json"]}
        # A long request line is refused everywhere, before the service sees it.
        for status in [*self._problem_statuses(), "414"]:
            if status not in bodies:
                response = OpenApiResponse(Problem, description=_DESCRIPTIONS[status])
                bodies[status] = build(response, status, [problems.MEDIA_TYPE], direction)
        return bodies

    def _get_response_for_code(self, serializer: Any, status_code: str, *args: Any, **options: Any) -> dict[str, Any]:
        """Add the headers that a response serializer says its answers carry."""
        build: Any = super()._get_response_for_code
        described: dict[str, Any] = build(serializer, status_code, *args, **options)
        headers = response_headers(serializer, int(str(status_code)[:3]))
        if headers:
            described["headers"] = {name: _HEADERS[name] for name in headers}
        return described

    def _get_request_body(self, direction: Any = "request") -> dict[str, Any] | None:
        """Add the body of a DELETE that takes one, which the view names in `delete_body`."""
        serializer = getattr(self.view, "delete_body", None) if self.method == "DELETE" else None
        if serializer is None:
            inherited: Any = super()._get_request_body
            body: dict[str, Any] | None = inherited(direction)
            return body
        schema = self.resolve_serializer(serializer, "request").ref
        return {"content": {"application/json": {"schema": schema}}, "required": True}

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular calls it
        """Return the docstring of the method; that of its class describes the resource."""
        return inspect.getdoc(inspect.unwrap(self._handler())) or ""

    def _handler(self) -> Any:
        return getattr(self.view, self.method.lower(), None)

    def _problem_statuses(self) -> list[str]:
        statuses = ["400", "406", "429", "503"]
        if not getattr(self.view, "public", False):
            statuses += ["401", "403", "404"]
        elif getattr(self.view, "needs_header", False):
            statuses.append("403")
        if self.method in _UNSAFE:
            statuses += ["409", "412", "413", "415"]
        return statuses

    def map_renderers(self, attribute: str) -> list[str]:
        return ["application/json"]


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Names the access token in the document."""

    target_class = "apps.core.authentication.CognitoAccessToken"
    name = "accessToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class TextField(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """Text with at least one visible character, unless it may be blank."""

    target_class = "apps.core.fields.TextField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "string"}
        if self.target.max_length is not None:
            schema["maxLength"] = self.target.max_length
        if not self.target.allow_blank:
            schema |= {"minLength": 1, "pattern": text.VISIBLE}
        return schema


class DayField(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """A date whose year a plan or a pantry can have: JSON Schema has no least value for dates."""

    target_class = "apps.core.fields.Day"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        return {"type": "string", "format": "date", "pattern": fields.DAY_PATTERN}


class IdField(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """A ULID's pattern."""

    target_class = "apps.core.fields.Id"
    PATTERN: ClassVar[str] = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        return {"type": "string", "pattern": self.PATTERN, "minLength": 26, "maxLength": 26}


def strict_bodies(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001
    """Forbid unknown members in request bodies (a postprocessing hook)."""
    for name, schema in result.get("components", {}).get("schemas", {}).items():
        if name.endswith(("In", "InRequest", "PatchedIn")) and schema.get("type") == "object":
            schema["additionalProperties"] = False
    return result
