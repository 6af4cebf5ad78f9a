"""Waiting for a suggestion as clients do: again, for as long as they are told that it is being generated."""

import time
from typing import Any

from tests.support.client import Answer

_PATIENCE = 200.0


def wait_for(api: Any, person: Any, suggestion_id: str) -> Answer:
    """Return the answer that is complete; a worker that has just started needs longer than one wait lasts."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        answer: Answer = api.get(f"/v1/suggestions/{suggestion_id}?wait=10", token=person.token)
        if answer.status_code != 202 or time.monotonic() > deadline:
            return answer
