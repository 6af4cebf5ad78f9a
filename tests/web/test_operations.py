"""Everything that the interface offers to people, the client uses; what it doesn't is listed here with the reason."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_ROOT = Path(__file__).resolve().parents[2]
_SOURCES = _ROOT / "web" / "src"
_VERBS = ("get", "post", "put", "patch", "delete")
_MODERATION = "Moderators work in the admin, to which the client links."
_SESSION = "The client uses `/v1/session`, which keeps the refresh token in a cookie."
_LOTS = "The client writes the lots of a food one by one, so that each keeps its own date and place."

_UNUSED = {
    "GET /health": "For operators.",
    "GET /livez": "For load balancers.",
    "POST /v1/auth/login": _SESSION,
    "POST /v1/auth/challenge": _SESSION,
    "POST /v1/auth/refresh": _SESSION,
    "POST /v1/auth/logout": _SESSION,
    "PUT /v1/pantry/{ingredient_id}": _LOTS,
    "DELETE /v1/pantry/{ingredient_id}": _LOTS,
    "GET /v1/plans/{plan_id}.ics": "For calendar apps; the client shows its address.",
    "GET /v1/posts/{post_id}/comments/{comment_id}": "A post is opened with all its comments.",
    "GET /v1/moderation/queues": _MODERATION,
    "GET /v1/moderation/queues/{name}": _MODERATION,
    "GET /v1/moderation/audit": _MODERATION,
    "GET /v1/moderation/{kind}/{target_id}": _MODERATION,
    "POST /v1/moderation/{kind}/{target_id}/{act}": _MODERATION,
}
# Parameters of lists that are used everywhere or nowhere.
_OF_EVERY_LIST = {"limit", "cursor"}


@cache
def operations() -> dict[str, Any]:
    paths = yaml.load((_ROOT / "docs" / "api.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)["paths"]
    return {f"{verb.upper()} {path}": paths[path][verb] for path in paths for verb in _VERBS if verb in paths[path]}


def called() -> dict[str, str]:
    """Return the operations that the client calls, each with the text of the modules that call it."""
    found: dict[str, str] = {}
    for file in sorted(_SOURCES.rglob("*.ts*")):
        text = file.read_text("utf-8")
        calls = re.findall(r"\bapi\.([A-Z]+)\(\s*'([^']+)'", text)
        for name, path in re.findall(r"const (\w+) = '(/v1/[^']+)'", text):
            calls += [(verb, path) for verb in re.findall(rf"\bapi\.([A-Z]+)\({name}\b", text)]
        if file.name == "session.ts":
            calls += [(verb, f"/v1/session{end}") for verb, end in re.findall(r"\bcall\('([A-Z]+)', '([^']*)'", text)]
        for verb, path in calls:
            found[f"{verb} {path}"] = found.get(f"{verb} {path}", "") + text
    return found


def test_the_client_uses_every_operation_or_it_is_said_why_not() -> None:
    assert set(operations()) - set(called()) == set(_UNUSED)


def test_the_client_sends_every_parameter_of_a_list() -> None:
    offered = {
        (name, parameter["name"])
        for name, operation in operations().items()
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "query" and parameter["name"] not in _OF_EVERY_LIST
    }
    sent = called()

    missing = {(name, word) for name, word in offered if name in sent and not re.search(rf"\b{word}\b", sent[name])}

    assert missing == set()
