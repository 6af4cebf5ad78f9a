"""Error responses of signing in, as OpenAPI describes them: the same for tokens and for browser sessions."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse

from apps.core.schema import Problem


def refused(description: str) -> Any:
    return OpenApiResponse(Problem, description=description)


PASSWORD = {
    401: refused("Unknown user or wrong password"),
    403: refused("The account is not confirmed (`username` says which), or its password must be reset"),
}
CODE = {401: refused("The session is not valid any more")}
