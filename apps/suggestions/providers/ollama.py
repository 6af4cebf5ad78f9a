"""Ollama: its chat API with the shape of a recipe as the format that the answer is held to."""

import time
from http import HTTPStatus
from typing import Any

import orjson
import urllib3
from django.conf import settings
from urllib3.exceptions import HTTPError, ReadTimeoutError

from apps.recipes.content import RecipeContent
from apps.suggestions.generation import prompts
from apps.suggestions.generation.prompts import MAX_INPUT_TOKENS, MAX_OUTPUT_TOKENS, Prompt
from apps.suggestions.providers import recipe_schema, wire
from apps.suggestions.providers.port import Failure, Generated, GenerationFailed, GenerationRequest, Usage
from apps.suggestions.providers.recipe_schema import Malformed

PROVIDER = "ollama"

_TEMPERATURE = 0.7
# Ollama cuts off, without a word, the beginning of what does not fit into its window: 4096 tokens unless told.
_WINDOW = MAX_INPUT_TOKENS + MAX_OUTPUT_TOKENS
# A model that is loaded again takes longer than a recipe may.
_KEEP_LOADED = "30m"
_LONGEST = 200

_pool = urllib3.PoolManager(num_pools=2, maxsize=wire.CONNECTIONS, retries=False)


def generate(request: GenerationRequest, *, deadline: float, model: str) -> Generated:
    """Return a recipe from one call of `model`, by its name in Ollama; GenerationFailed says why there is none.

    Tokens of a call that is given up at the deadline are unknown and count as none: nobody is billed by them.
    """
    prompt = prompts.build(request)
    started = time.monotonic()
    try:
        status, answer = _ask(_body(request, prompt, model), deadline)
    except (HTTPError, OSError, ValueError, wire.NotTried, wire.TooLate, wire.TooLong) as error:
        failure, detail, faults = _explain_none(error)
        raise GenerationFailed(failure, _usage(model, prompt, started, {}), detail, faults=faults) from error
    usage = _usage(model, prompt, started, answer)
    if status != HTTPStatus.OK or "error" in answer:
        failure, detail = _explain(status, str(answer.get("error", "")), model)
        raise GenerationFailed(failure, usage, detail)
    return Generated(_recipe(answer, request, usage), usage)


def _body(request: GenerationRequest, prompt: Prompt, model: str) -> dict[str, Any]:
    return {
        "model": model,
        "messages": [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}],
        "format": recipe_schema.schema(request),
        "stream": False,
        "keep_alive": _KEEP_LOADED,
        "options": {"temperature": _TEMPERATURE, "num_predict": MAX_OUTPUT_TOKENS, "num_ctx": _WINDOW},
    }


def _ask(body: dict[str, Any], deadline: float) -> tuple[int, dict[str, Any]]:
    """Return the status and the JSON object in the answer, empty where an error has none; ValueError for no JSON."""
    if time.monotonic() >= deadline:
        raise wire.NotTried
    response = _pool.request(
        "POST", f"{_address(settings.OLLAMA_HOST)}/api/chat", body=orjson.dumps(body),
        headers={"Content-Type": "application/json"}, timeout=wire.timeout(deadline), redirect=False,
        preload_content=False,
    )  # fmt: skip
    text = wire.read(response, deadline=deadline)
    try:
        answer = orjson.loads(text)
    except ValueError:
        if response.status == HTTPStatus.OK:
            raise
        answer = {}
    if not isinstance(answer, dict):
        raise ValueError  # noqa: TRY004  a list is as little an answer as no JSON at all
    return response.status, answer


def _address(host: str) -> str:
    """Return the base URL; Ollama itself reads OLLAMA_HOST with or without a scheme."""
    return (host if "://" in host else f"http://{host}").rstrip("/")


def _recipe(answer: dict[str, Any], request: GenerationRequest, usage: Usage) -> RecipeContent:
    reason = answer.get("done_reason")
    if reason == "length" or answer.get("done") is False:
        raise GenerationFailed(Failure.INVALID_OUTPUT, usage, str(reason), faults=("answer:truncated",))
    message = answer.get("message")
    content = message.get("content") if isinstance(message, dict) else None
    try:
        written = orjson.loads(content if isinstance(content, str) else "")
    except orjson.JSONDecodeError as error:
        raise GenerationFailed(Failure.INVALID_OUTPUT, usage, "no JSON", faults=("answer:malformed",)) from error
    try:
        return recipe_schema.read(written, request)
    except Malformed as malformed:
        raise GenerationFailed(Failure.INVALID_OUTPUT, usage, str(malformed), faults=malformed.faults) from malformed


def _usage(model: str, prompt: Prompt, started: float, answer: dict[str, Any]) -> Usage:
    """Count tokens as Ollama did; a prompt that it remembers from the last call it may leave out of its count."""
    counts = [answer.get(name) for name in ("prompt_eval_count", "eval_count")]
    read, written = (count if isinstance(count, int) and count > 0 else 0 for count in counts)
    return Usage(PROVIDER, model, read, written, 0.0, wire.milliseconds(started), prompt.hash)


def _explain_none(error: Exception) -> tuple[Failure, str, tuple[str, ...]]:
    """Say why there is no answer."""
    if isinstance(error, ReadTimeoutError | wire.NotTried | wire.TooLate):
        return Failure.TIMEOUT, "no answer by the deadline", ()
    if isinstance(error, ValueError | wire.TooLong) and not isinstance(error, HTTPError):
        return Failure.INVALID_OUTPUT, "no recipe", ("answer:malformed",)
    return Failure.UNAVAILABLE, type(error).__name__, ()


def _explain(status: int, message: str, model: str) -> tuple[Failure, str]:
    """Say what an error of Ollama means; it names a model that it does not have with 404."""
    if status == HTTPStatus.NOT_FOUND:
        return Failure.MODEL_UNAVAILABLE, f"{model}: Ollama does not have it: ollama pull {model}"
    said = " ".join(message.split())[:_LONGEST]
    if status == HTTPStatus.TOO_MANY_REQUESTS or (status == HTTPStatus.SERVICE_UNAVAILABLE and "busy" in said):
        return Failure.THROTTLED, said
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Failure.MODEL_UNAVAILABLE, f"{model}: {said}"
    return Failure.UNAVAILABLE, f"{status} {said}".strip()
