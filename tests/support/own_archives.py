"""Imports of archives that the service itself has exported."""

from typing import Any

from tests.support import images, tasks
from tests.support.imports import begin, read


def bring(api: Any, person: Any, content: bytes, messages: list[Any]) -> dict[str, Any]:
    """Upload and import a file; return the import."""
    form = images.request_upload(api, person, purpose="import", content_type="application/zip", size=len(content))
    assert images.post(form, content) == 204
    assert images.complete(api, person, form["id"]).status_code == 200
    begun = begin(api, person, upload_id=form["id"])
    tasks.run_all(messages)
    return read(api, person, begun["id"])
