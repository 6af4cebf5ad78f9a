"""A picture to be posted, the smallest that there is."""

import base64
from http import HTTPStatus
from typing import Any

import urllib3

# One white pixel.
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTmuzAAAAABJRU5ErkJggg==")


def post(form: dict[str, Any]) -> None:
    """Post it with the form of an upload; RuntimeError where the storage refuses it."""
    parts = [*form["fields"].items(), ("file", ("pixel.png", PNG, "image/png"))]
    answer = urllib3.request("POST", form["url"], fields=parts, retries=False, timeout=10)
    if answer.status >= HTTPStatus.BAD_REQUEST:
        raise RuntimeError(f"the storage refuses the picture: {answer.status}")
