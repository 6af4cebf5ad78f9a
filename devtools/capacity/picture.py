"""The smallest valid picture, for uploads."""

import base64
import io
import zipfile
from http import HTTPStatus
from typing import Any

import urllib3

# One white pixel.
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTmuzAAAAABJRU5ErkJggg==")


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def post(form: dict[str, Any], content: bytes = PNG) -> None:
    """Post a file (by default the picture) with the form of an upload; RuntimeError if it is refused."""
    parts = [*form["fields"].items(), ("file", ("file", content, form["fields"]["Content-Type"]))]
    answer = urllib3.request("POST", form["url"], fields=parts, retries=False, timeout=10)
    if answer.status >= HTTPStatus.BAD_REQUEST:
        raise RuntimeError(f"the storage refuses the file: {answer.status}")
