"""The `ollama` provider against a server that speaks its chat API."""

import json
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from apps.recipes.content import Language, Method
from apps.suggestions.generation.prompts import MAX_INPUT_TOKENS, MAX_OUTPUT_TOKENS
from apps.suggestions.providers import ollama
from apps.suggestions.providers.port import AtHand, Failure, GenerationFailed, GenerationRequest
from tests.support import model_stub, ollama_stub
from tests.support.model_stub import ModelStub

pytestmark = pytest.mark.usefixtures("needs_aws")

MODEL = "llama3.1:8b"
REQUEST = GenerationRequest(
    (AtHand("1", "thịt bò", "beef", "meat"), AtHand("2", "cà chua", "tomato", "vegetable")), Method.SOUP, Language.EN
)


@pytest.fixture
def stub(settings: Any) -> Iterator[ModelStub]:
    with ollama_stub.start() as running:
        settings.OLLAMA_HOST = running.url
        yield running


def generate(request: GenerationRequest = REQUEST, *, seconds: float = 20.0) -> Any:
    return ollama.generate(request, deadline=time.monotonic() + seconds, model=MODEL)


def failing(**options: Any) -> GenerationFailed:
    with pytest.raises(GenerationFailed) as raised:
        generate(**options)
    assert raised.value.usage.provider == "ollama"
    assert raised.value.usage.cost_usd == 0.0
    assert len(raised.value.usage.prompt_hash) == 64
    return raised.value


def test_an_answer_becomes_a_recipe_with_its_tokens_at_no_cost(stub: ModelStub) -> None:
    generated = generate()

    assert [line.name for line in generated.content.ingredients] == ["beef", "tomato", "fish sauce"]
    assert generated.usage.input_tokens == len(json.dumps(stub.last.json)) // 4
    assert generated.usage.output_tokens > 50
    assert (generated.usage.model, generated.usage.cost_usd) == (MODEL, 0.0)


def test_the_format_is_the_schema_and_the_context_fits_prompt_and_answer(stub: ModelStub) -> None:
    generate(replace(REQUEST, method=Method.GRILL))

    body = stub.last.json
    assert (body["model"], body["stream"]) == (MODEL, False)
    assert body["format"]["properties"]["method"]["enum"] == ["grill"]
    assert body["options"]["num_predict"] == MAX_OUTPUT_TOKENS
    assert body["options"]["num_ctx"] >= MAX_INPUT_TOKENS + MAX_OUTPUT_TOKENS
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert "maxLength" not in str(body["format"]), "llama.cpp makes no grammar of long repetitions"


def test_the_host_needs_no_scheme(stub: ModelStub, settings: Any) -> None:
    settings.OLLAMA_HOST = stub.url.removeprefix("http://")

    assert generate().content.title


@pytest.mark.parametrize(
    ("behaviour", "faults"),
    [
        (model_stub.REFUSAL, ("answer:malformed",)),
        (model_stub.TRUNCATED, ("answer:truncated",)),
        (model_stub.MALFORMED, ("answer:malformed",)),
        (model_stub.VIOLATION, ("title:required", "difficulty:invalid_choice", "steps:not_a_list")),
        (model_stub.recipe(given=[1, 2]), ("answer:not_an_object",)),
        (model_stub.recipe(ingredients=[{"name": "<b></b>"}]), ("ingredients.0.name:blank",)),
    ],
)
def test_an_invalid_answer_is_named_with_its_tokens(stub: ModelStub, behaviour: Any, faults: tuple[str, ...]) -> None:
    stub.then(behaviour)

    failed = failing()

    assert (failed.failure, set(failed.faults)) == (Failure.INVALID_OUTPUT, set(faults))
    assert failed.usage.input_tokens > 0


@pytest.mark.parametrize("behaviour", [model_stub.GARBAGE, model_stub.HUGE, model_stub.DEEP])
def test_an_answer_of_another_type_or_size_is_invalid(stub: ModelStub, behaviour: Any) -> None:
    stub.then(behaviour)

    assert failing().failure == Failure.INVALID_OUTPUT


@pytest.mark.parametrize(
    ("status", "message", "failure", "told"),
    [
        (404, f"model '{MODEL}' not found", Failure.MODEL_UNAVAILABLE, f"ollama pull {MODEL}"),
        (400, f"{MODEL} does not support chat", Failure.MODEL_UNAVAILABLE, "does not support chat"),
        (503, "server busy, please try again.  maximum pending requests exceeded", Failure.THROTTLED, "busy"),
        (429, "too many", Failure.THROTTLED, ""),
        (500, "llama runner process has terminated", Failure.UNAVAILABLE, "500"),
        (200, "unexpected EOF", Failure.UNAVAILABLE, "EOF"),
    ],
)
def test_errors_of_ollama_are_mapped_to_ours(
    stub: ModelStub, status: int, message: str, failure: Failure, told: str
) -> None:
    stub.then(model_stub.error(status, "", message))

    failed = failing()

    assert failed.failure == failure
    assert told in failed.detail
    assert len(stub.requests) == 1


@pytest.mark.parametrize("behaviour", [model_stub.slow(30), model_stub.DRIP])
def test_a_call_ends_at_the_deadline(stub: ModelStub, behaviour: Any) -> None:
    stub.then(behaviour)

    assert failing(seconds=0.5).failure == Failure.TIMEOUT


def test_nothing_is_sent_after_the_deadline(stub: ModelStub) -> None:
    assert failing(seconds=0).failure == Failure.TIMEOUT
    assert stub.requests == []


@pytest.mark.parametrize("behaviour", [model_stub.RESET, model_stub.HALF])
def test_a_broken_connection_makes_the_provider_unavailable(stub: ModelStub, behaviour: Any) -> None:
    stub.then(behaviour)

    assert failing().failure == Failure.UNAVAILABLE
    assert generate().content.title


def test_a_refused_connection_makes_ollama_unavailable(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.OLLAMA_HOST = f"127.0.0.1:{server.getsockname()[1]}"

    assert failing().failure == Failure.UNAVAILABLE
