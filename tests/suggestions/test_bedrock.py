"""The `bedrock` provider against a server that speaks the Converse API, through botocore's own client."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from apps.recipes.content import Language, Meal, Method
from apps.suggestions.generation.prompts import MAX_INPUT_TOKENS, MAX_OUTPUT_TOKENS
from apps.suggestions.providers import bedrock, prices
from apps.suggestions.providers.port import AtHand, Failure, GenerationFailed, GenerationRequest
from tests.support import bedrock_stub, model_stub
from tests.support.bedrock_stub import tokens
from tests.support.model_stub import ModelStub

MODEL = "anthropic.claude-3-haiku-20240307-v1:0"
pytestmark = pytest.mark.usefixtures("seeded")

BEEF = AtHand("1", "thịt bò", "beef", "meat")
TOMATO = AtHand("2", "cà chua", "tomato", "vegetable")
REQUEST = GenerationRequest((BEEF, TOMATO), Method.SOUP, Language.VI)


@pytest.fixture
def stub(settings: Any) -> Iterator[ModelStub]:
    with bedrock_stub.start() as running:
        settings.AI_BEDROCK_ENDPOINT = running.url
        yield running


def soon(seconds: float = 20.0) -> float:
    return time.monotonic() + seconds


def generate(request: GenerationRequest = REQUEST, *, deadline: float | None = None, model: str = MODEL) -> Any:
    return bedrock.generate(request, deadline=deadline or soon(), model=model)


def failing(**options: Any) -> GenerationFailed:
    with pytest.raises(GenerationFailed) as raised:
        generate(**options)
    assert raised.value.usage.provider == "bedrock"
    assert len(raised.value.usage.prompt_hash) == 64
    return raised.value


def test_a_tool_call_becomes_a_recipe_with_its_tokens_and_cost(stub: ModelStub) -> None:
    generated = generate(replace(REQUEST, meal=Meal.DINNER, servings=3, cuisine="vietnamese"))

    content, usage = generated.content, generated.usage
    assert [line.name for line in content.ingredients] == ["thịt bò", "cà chua", "nước mắm"]
    assert (content.method, content.language, content.meal) == (Method.SOUP, Language.VI, Meal.DINNER)
    assert (content.servings, content.cuisine, content.total_minutes) == (3, "vietnamese", 15)
    assert usage.input_tokens == tokens(stub.last.json)
    assert usage.output_tokens > 50
    assert usage.cost_usd == pytest.approx((usage.input_tokens * 0.25 + usage.output_tokens * 1.25) / 1e6, abs=1e-8)


def test_the_model_must_call_the_tool_and_its_output_is_limited(stub: ModelStub) -> None:
    generate(replace(REQUEST, method=Method.BAKE))

    body = stub.last.json
    tool = body["toolConfig"]["tools"][0]["toolSpec"]
    assert body["toolConfig"]["toolChoice"] == {"tool": {"name": tool["name"]}}
    assert tool["inputSchema"]["json"]["properties"]["method"]["enum"] == ["bake"]
    assert body["inferenceConfig"]["maxTokens"] == MAX_OUTPUT_TOKENS
    assert "guardrailConfig" not in body
    assert bedrock_stub.model(stub.last) == MODEL


def test_a_configured_guardrail_and_inference_profile_are_sent(stub: ModelStub, settings: Any) -> None:
    settings.AI_BEDROCK_GUARDRAIL_ID, settings.AI_BEDROCK_GUARDRAIL_VERSION = "abc123", "2"
    profile = f"arn:aws:bedrock:ap-southeast-1:123456789012:inference-profile/apac.{MODEL}"

    generate(model=profile)

    assert stub.last.json["guardrailConfig"] == {"guardrailIdentifier": "abc123", "guardrailVersion": "2"}
    assert bedrock_stub.model(stub.last) == profile


@pytest.mark.parametrize(
    ("behaviour", "failure", "faults"),
    [
        (model_stub.REFUSAL, Failure.REFUSED, ("answer:missing",)),
        (model_stub.GUARDRAIL, Failure.REFUSED, ()),
        ({"kind": "refusal", "reason": "content_filtered"}, Failure.REFUSED, ()),
        (model_stub.TRUNCATED, Failure.INVALID_OUTPUT, ("answer:truncated",)),
        (model_stub.MALFORMED, Failure.INVALID_OUTPUT, ("answer:not_an_object",)),
        ({"kind": "recipe", "reason": "malformed_tool_use"}, Failure.INVALID_OUTPUT, ("answer:malformed",)),
        (
            model_stub.VIOLATION,
            Failure.INVALID_OUTPUT,
            ("title:required", "difficulty:invalid_choice", "steps:not_a_list"),
        ),
        (model_stub.recipe(ingredients=[]), Failure.INVALID_OUTPUT, ("ingredients:min_length",)),
        (model_stub.recipe(method="grill"), Failure.INVALID_OUTPUT, ("method:invalid_choice",)),
        (model_stub.recipe(steps=[{"text": "x" * 2001}]), Failure.INVALID_OUTPUT, ("steps.0.text:max_length",)),
        (model_stub.recipe(cook_minutes="10"), Failure.INVALID_OUTPUT, ("cook_minutes:invalid",)),
    ],
)
def test_an_invalid_answer_is_named_and_billed(
    stub: ModelStub, behaviour: Any, failure: Failure, faults: tuple[str, ...]
) -> None:
    stub.then(behaviour)

    failed = failing()

    assert failed.failure == failure
    assert set(faults) == set(failed.faults)
    assert failed.usage.input_tokens == tokens(stub.last.json)
    assert failed.usage.output_tokens > 0
    assert failed.usage.cost_usd > 0
    assert len(stub.requests) == 1


LEGACY = (
    "Access denied. This Model is marked by provider as Legacy and you have not been actively using the model in the "
    "last 30 days. Please upgrade to an active model on Amazon Bedrock"
)
ON_DEMAND = (
    f"Invocation of model ID {MODEL} with on-demand throughput isn’t supported. Retry your request with the ID or ARN "
    "of an inference profile that contains this model."
)


@pytest.mark.parametrize(
    ("status", "code", "message", "failure", "told"),
    [
        (429, "ThrottlingException", "Too many requests, please wait before trying again.", Failure.THROTTLED, ""),
        (400, "ServiceQuotaExceededException", "Too many tokens per day", Failure.THROTTLED, ""),
        (408, "ModelTimeoutException", "Model has timed out.", Failure.TIMEOUT, ""),
        (429, "ModelNotReadyException", "Model is not ready.", Failure.UNAVAILABLE, ""),
        (424, "ModelErrorException", "An error occurred.", Failure.UNAVAILABLE, ""),
        (500, "InternalServerException", "", Failure.UNAVAILABLE, ""),
        (503, "ServiceUnavailableException", "Bedrock is unable to process your request.", Failure.UNAVAILABLE, ""),
        (502, "", "", Failure.UNAVAILABLE, ""),
        (403, "ExpiredTokenException", "The security token is expired", Failure.UNAVAILABLE, "ExpiredToken"),
        (
            404, "ResourceNotFoundException", "This model version has reached the end of its life. Please refer to …",
            Failure.MODEL_UNAVAILABLE, "retired",
        ),
        (
            404, "ResourceNotFoundException",
            LEGACY, Failure.MODEL_UNAVAILABLE, "being retired",
        ),
        (
            400, "ValidationException", "The provided model identifier is invalid.",
            Failure.MODEL_UNAVAILABLE, "no such model in ap-southeast-1",
        ),
        (400, "ValidationException", ON_DEMAND, Failure.MODEL_UNAVAILABLE, f"apac.{MODEL} or global.{MODEL}"),
        (
            403, "AccessDeniedException", "You don't have access to the model with the specified model ID.",
            Failure.MODEL_UNAVAILABLE, "not enabled for this account",
        ),
        (
            403, "AccessDeniedException",
            "User: arn:aws:sts::1:assumed-role/task is not authorized to perform: bedrock:InvokeModel on resource: x",
            Failure.MODEL_UNAVAILABLE, "lacks bedrock:InvokeModel",
        ),
        (400, "ValidationException", "Something else.", Failure.MODEL_UNAVAILABLE, "Something else."),
    ],
)  # fmt: skip
def test_errors_of_aws_are_mapped_to_ours_and_cost_nothing(
    stub: ModelStub, status: int, code: str, message: str, failure: Failure, told: str
) -> None:
    stub.then(model_stub.error(status, code, message))

    failed = failing()

    assert failed.failure == failure
    assert told in failed.detail
    assert (failed.usage.cost_usd, failed.usage.input_tokens) == (0.0, 0)
    assert len(stub.requests) == 1, "botocore must not retry: the caller decides"


@pytest.mark.parametrize("behaviour", [model_stub.slow(30), model_stub.DRIP])
def test_a_call_ends_at_the_deadline_and_is_billed_at_its_maximum(stub: ModelStub, behaviour: Any) -> None:
    stub.then(behaviour)

    failed = failing(deadline=soon(0.5))

    assert failed.failure == Failure.TIMEOUT
    assert (failed.usage.input_tokens, failed.usage.output_tokens) == (MAX_INPUT_TOKENS, MAX_OUTPUT_TOKENS)
    assert failed.usage.cost_usd == prices.ceiling(MODEL)


def test_nothing_is_sent_after_the_deadline(stub: ModelStub) -> None:
    failed = failing(deadline=time.monotonic())

    assert (failed.failure, failed.usage.cost_usd, stub.requests) == (Failure.TIMEOUT, 0.0, [])


@pytest.mark.parametrize("behaviour", [model_stub.RESET, model_stub.HALF])
def test_a_broken_connection_makes_the_provider_unavailable(stub: ModelStub, behaviour: Any) -> None:
    stub.then(behaviour)

    assert failing().failure == Failure.UNAVAILABLE
    assert generate().content.title, "the next call gets a connection of its own"


def test_a_refused_connection_makes_the_provider_unavailable(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.AI_BEDROCK_ENDPOINT = f"http://127.0.0.1:{server.getsockname()[1]}"

    failed = failing()

    assert (failed.failure, failed.usage.cost_usd) == (Failure.UNAVAILABLE, 0.0)


@pytest.mark.parametrize("behaviour", [model_stub.GARBAGE, model_stub.HUGE, model_stub.DEEP])
def test_an_answer_of_another_type_or_size_is_invalid(stub: ModelStub, behaviour: Any) -> None:
    stub.then(behaviour)

    assert failing().failure == Failure.INVALID_OUTPUT


def test_one_client_makes_sixteen_calls_at_once(stub: ModelStub) -> None:
    with ThreadPoolExecutor(16) as pool:
        requests = [replace(REQUEST, variant=number, language=Language.EN) for number in range(16)]
        made = list(pool.map(generate, requests))

    assert {one.content.ingredients[0].name for one in made} == {"beef"}
    assert len(stub.requests) == 16


def test_bedrock_does_not_use_the_endpoint_of_the_local_stack(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

    client = bedrock._client("eu-west-3", "")

    assert client.meta.endpoint_url == "https://bedrock-runtime.eu-west-3.amazonaws.com"
