"""The most expensive body of every operation is cheap to refuse, because size and shape are checked first."""

import gc
import re
import time
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from apps.core import ids
from apps.core.fields import MAX_ERRORS
from apps.core.http import body_limit
from tests.support import moderators
from tests.support.interface import document

pytestmark = pytest.mark.usefixtures("seeded")

# Seconds of CPU on a machine ten times slower than a laptop. Without limits it was 3 to 22.
MAX_CPU_SECONDS = 1.0


def operations_with_bodies() -> list[tuple[str, str]]:
    """Return method and path of every operation with a JSON body."""
    return [
        (method.upper(), path)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
        if isinstance(operation, dict) and "application/json" in operation.get("requestBody", {}).get("content", {})
    ]


def body_schema(method: str, path: str) -> dict[str, Any]:
    operation = document()["paths"][path][method.lower()]
    return resolved(operation["requestBody"]["content"]["application/json"]["schema"])


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref") or next((one["$ref"] for one in schema.get("allOf", []) if "$ref" in one), None)
    if reference is None:
        return schema
    found: dict[str, Any] = document()["components"]["schemas"][reference.rpartition("/")[2]]
    return found


def worst_bodies(schema: dict[str, Any], size: int) -> Iterator[bytes]:
    """Yield bodies of nearly `size` bytes that took a service without limits the most time."""
    unknown = {f"k{number}": 1 for number in range(size // 12)}
    values = [
        [1] * (size // 3),
        [{}] * (size // 4),
        [unknown],
        [str(number) for number in range(size // 10)],
        unknown,
        "a" * (size - 100),
        "\u0301" * (size // 3),
        10 ** (size // 2),
    ]
    yield orjson.dumps(unknown)
    yield b"[" * (size - 10)
    yield orjson.dumps([unknown])
    for name in schema.get("properties", {}):
        for value in values:
            yield _encoded({name: value}, size)


def _encoded(body: dict[str, Any], size: int) -> bytes:
    name, value = next(iter(body.items()))
    # orjson can't write numbers of more than 64 bits, but clients can send them.
    written = b"1" * (size // 2) if isinstance(value, int) else orjson.dumps(value)
    return b'{"' + name.encode() + b'":' + written + b"}"


@pytest.fixture(scope="module")
def tokens(person: Any, seeded: None) -> dict[str, str]:
    """Tokens of people whose requests get as far as reading the body, by the start of the path."""
    return {"/v1/moderation/": moderators.make().token, "/v1/": person().token}


def sent(api: Any, method: str, path: str, body: bytes, token: str) -> tuple[Any, float]:
    """Return the response, and the seconds of CPU that this thread used."""
    started = time.thread_time()
    answer = api.request(method, path, body=body, token=token, headers={"X-Smart-Cooking": "1"})
    return answer, time.thread_time() - started


def fill(path: str) -> str:
    """Fill the parameters of a path with valid words and ids."""
    words = {"{kind}": "recipes", "{act}": "reject", "{name}": "recipes"}
    for name, word in words.items():
        path = path.replace(name, word)
    return re.sub(r"{[^}]+}", ids.new_id(), path)


@pytest.fixture(scope="module", autouse=True)
def frozen() -> Iterator[None]:
    """Freeze loaded objects, as the server does, so that a full garbage collection doesn't count."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.parametrize(("method", "path"), operations_with_bodies())
def test_the_worst_body_is_refused_cheaply_with_few_errors(
    api: Any, tokens: dict[str, str], method: str, path: str
) -> None:
    filled = fill(path)
    token = next(token for start, token in tokens.items() if path.startswith(start))

    for body in worst_bodies(body_schema(method, path), body_limit(filled)):
        answer, spent = sent(api, method, filled, body, token)
        # The minimum of several tries, so that a busy machine doesn't count.
        for _ in range(2):
            if spent >= MAX_CPU_SECONDS:
                spent = min(spent, sent(api, method, filled, body, token)[1])

        assert answer.status_code < 500, (body[:80], answer.content)
        # The request got as far as the body and was not refused earlier.
        assert answer.status_code == 400 or not body.startswith(b'{"k0"'), answer.content
        assert answer.content.count(b'{"field":') <= MAX_ERRORS
        assert spent < MAX_CPU_SECONDS, body[:80]


@pytest.mark.parametrize(
    ("path", "limit"),
    [("/v1/auth/login", 16 * 1024), ("/v1/recipes", 64 * 1024), ("/v1/ingredients/validate", 256 * 1024)],
)
def test_a_larger_body_than_the_paths_limit_is_413(api: Any, ana: Any, path: str, limit: int) -> None:
    fitting = api.post(path, body=b'{"a":"' + b"x" * (limit - 8) + b'"}', token=ana.token)
    larger = api.post(path, body=b'{"a":"' + b"x" * (limit - 7) + b'"}', token=ana.token)

    assert (fitting.status_code, larger.status_code) == (400, 413)
    assert larger.json()["code"] == "payload_too_large"
