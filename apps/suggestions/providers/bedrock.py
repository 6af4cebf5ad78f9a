"""Amazon Bedrock: the Converse API with the shape of a recipe as a tool that the model must use."""

import io
import threading
import time
from functools import cache
from typing import Any

import boto3
import urllib3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError
from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies
from django.conf import settings
from urllib3.exceptions import HTTPError

from apps.recipes.content import RecipeContent
from apps.suggestions.generation import prompts
from apps.suggestions.generation.prompts import MAX_INPUT_TOKENS, MAX_OUTPUT_TOKENS, Prompt
from apps.suggestions.providers import bedrock_errors, prices, recipe_schema, wire
from apps.suggestions.providers.port import Failure, Generated, GenerationFailed, GenerationRequest, Usage
from apps.suggestions.providers.recipe_schema import Malformed

PROVIDER = "bedrock"
TOOL = "save_recipe"

_TEMPERATURE = 0.7
# Longer than any deadline: each call sets its own, this one is never reached.
_READ_TIMEOUT = 60.0
_REFUSED = {"guardrail_intervened", "content_filtered"}
# What the tokens ran out of, and what the model gave where a tool's input should be.
_FAULTY = {
    "max_tokens": "answer:truncated",
    "model_context_window_exceeded": "answer:truncated",
    "malformed_model_output": "answer:malformed",
    "malformed_tool_use": "answer:malformed",
}

_building = threading.Lock()
_under_way = threading.local()


def generate(request: GenerationRequest, *, deadline: float, model: str) -> Generated:
    """Return a recipe from one call of `model`, an id of a model or an inference profile, or an ARN of either.

    GenerationFailed carries what the call cost. A call that is given up at the deadline counts as the most it can have
    cost, since the model goes on and is paid for; one that Bedrock answers with an error costs nothing.
    """
    prompt = prompts.build(request)
    started = time.monotonic()
    try:
        answer = _converse(_parameters(request, prompt, model), deadline)
    except (wire.TooLong, RecursionError) as error:
        # json gives up at a nesting that no recipe has.
        usage = _most(model, prompt, started)
        raise GenerationFailed(Failure.INVALID_OUTPUT, usage, "no recipe", faults=("answer:malformed",)) from error
    except (ClientError, BotoCoreError, HTTPError, wire.NotTried, wire.TooLate) as error:
        failure, detail = bedrock_errors.explain(error, model)
        is_cut_off = isinstance(error, ReadTimeoutError | wire.TooLate)
        usage = _most(model, prompt, started) if is_cut_off else _usage(model, prompt, started, {})
        raise GenerationFailed(failure, usage, detail) from error
    usage = _usage(model, prompt, started, answer.get("usage") or {})
    return Generated(_recipe(answer, request, usage), usage)


def _parameters(request: GenerationRequest, prompt: Prompt, model: str) -> dict[str, Any]:
    specification = {
        "name": TOOL,
        "description": "Save the finished recipe.",
        "inputSchema": {"json": recipe_schema.schema(request)},
    }
    parameters: dict[str, Any] = {
        "modelId": model,
        "system": [{"text": prompt.system}],
        "messages": [{"role": "user", "content": [{"text": prompt.user}]}],
        "inferenceConfig": {"maxTokens": MAX_OUTPUT_TOKENS, "temperature": _TEMPERATURE},
        "toolConfig": {"tools": [{"toolSpec": specification}], "toolChoice": {"tool": {"name": TOOL}}},
    }
    if settings.AI_BEDROCK_GUARDRAIL_ID:
        parameters["guardrailConfig"] = {
            "guardrailIdentifier": settings.AI_BEDROCK_GUARDRAIL_ID,
            "guardrailVersion": settings.AI_BEDROCK_GUARDRAIL_VERSION,
        }
    return parameters


def _recipe(answer: dict[str, Any], request: GenerationRequest, usage: Usage) -> RecipeContent:
    """Read the input of the tool; what stopped the model comes first, half a tool's input is none."""
    reason = answer.get("stopReason")
    if reason in _REFUSED:
        raise GenerationFailed(Failure.REFUSED, usage, str(reason))
    if reason in _FAULTY:
        raise GenerationFailed(Failure.INVALID_OUTPUT, usage, str(reason), faults=(_FAULTY[reason],))
    message = (answer.get("output") or {}).get("message")
    if not isinstance(message, dict):
        raise GenerationFailed(Failure.INVALID_OUTPUT, usage, "no message", faults=("answer:malformed",))
    blocks = message.get("content") or []
    used = [block["toolUse"] for block in blocks if isinstance(block, dict) and block.get("toolUse")]
    if not used:
        raise GenerationFailed(Failure.REFUSED, usage, "a text instead of the tool", faults=("answer:missing",))
    try:
        return recipe_schema.read(used[0].get("input"), request)
    except Malformed as malformed:
        raise GenerationFailed(Failure.INVALID_OUTPUT, usage, str(malformed), faults=malformed.faults) from malformed


def _usage(model: str, prompt: Prompt, started: float, tokens: dict[str, Any]) -> Usage:
    # What was read from, or written to, a cache of prompts is not part of inputTokens, and counts in full here.
    cached = int(tokens.get("cacheReadInputTokens") or 0) + int(tokens.get("cacheWriteInputTokens") or 0)
    input_tokens = int(tokens.get("inputTokens") or 0) + cached
    output_tokens = int(tokens.get("outputTokens") or 0)
    return Usage(
        PROVIDER, model, input_tokens, output_tokens, prices.cost(model, input_tokens, output_tokens),
        wire.milliseconds(started), prompt.hash,
    )  # fmt: skip


def _most(model: str, prompt: Prompt, started: float) -> Usage:
    """Return the most that a call can have cost of which nobody said what it did."""
    return _usage(model, prompt, started, {"inputTokens": MAX_INPUT_TOKENS, "outputTokens": MAX_OUTPUT_TOKENS})


def prepare() -> Any:
    """Return the process's client; making it takes half a second, finding it microseconds."""
    with _building:  # making a client of boto3's default session is not safe in threads
        return _client(settings.AI_BEDROCK_REGION, settings.AI_BEDROCK_ENDPOINT)


def _converse(parameters: dict[str, Any], deadline: float) -> dict[str, Any]:
    if time.monotonic() >= deadline:
        raise wire.NotTried
    client = prepare()
    _under_way.deadline = deadline
    answer: dict[str, Any] = client.converse(**parameters)
    return answer


@cache
def _client(region: str, endpoint: str) -> Any:
    """Return the process's client: no retries, since whoever calls knows what time and money are left.

    AWS_ENDPOINT_URL is for the services that the local stack stands in for. Bedrock is none of them.
    """
    config = Config(  # type: ignore[call-arg]  # the stubs are older than the last option
        connect_timeout=wire.CONNECT_TIMEOUT,
        read_timeout=_READ_TIMEOUT,
        retries={"total_max_attempts": 1, "mode": "standard"},
        max_pool_connections=wire.CONNECTIONS,
        ignore_configured_endpoint_urls=True,
    )
    client = boto3.client("bedrock-runtime", region_name=region, endpoint_url=endpoint or None, config=config)
    session = URLLib3Session(
        proxies=get_environ_proxies(client.meta.endpoint_url),
        timeout=(wire.CONNECT_TIMEOUT, _READ_TIMEOUT),  # type: ignore[arg-type]  # a pair, as botocore gives it
        max_pool_connections=wire.CONNECTIONS,
    )

    def send(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        return _send(session, request)

    client.meta.events.register("before-send.bedrock-runtime.Converse", send)
    return client


def _send(session: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
    """Send what botocore has signed, and read the answer by the deadline of this thread's call and of a bounded size.

    botocore takes a response from here instead of sending by itself: its own way knows a timeout for each read alone,
    and would take an endless body into memory.
    """
    deadline = _under_way.deadline
    request.stream_output = True
    request.context["read_timeout"] = wire.left(deadline)  # type: ignore[attr-defined]  # younger than the stubs
    response = session.send(request)
    body = wire.read(response.raw, deadline=deadline)
    raw = urllib3.HTTPResponse(io.BytesIO(body), preload_content=False)
    return AWSResponse(response.url, response.status_code, response.raw.headers, raw)
