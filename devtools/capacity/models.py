"""A model that answers immediately, to count the cost of storing its answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from django.test import override_settings

from apps.plans import dishes
from apps.suggestions.providers import registry, rules
from apps.suggestions.providers.port import Answer, Generated, Usage

_USAGE = Usage("bedrock", "", input_tokens=900, output_tokens=450, cost_usd=0.003, latency_ms=1, prompt_hash="0" * 64)


@contextmanager
def answering() -> Iterator[None]:
    """Have `bedrock` answer without a network: recipes composed by rules, and the first tags that it may choose."""
    with (
        override_settings(AI_PROVIDERS=["bedrock", "rules"], AI_MONTHLY_BUDGET_USD=1_000_000.0),
        patch.dict(registry.PROVIDERS, {"bedrock": _generate}),
        patch.dict(registry.MODELS, {"bedrock": _ask}),
    ):
        yield


@contextmanager
def empty_catalogue() -> Iterator[None]:
    """Have plans find no dish, so that each meal is a gap."""
    with patch.object(dishes, "pool", lambda *_: []):
        yield


def _generate(request: Any, *, deadline: float, model: str) -> Generated:
    made = rules.generate(request, deadline=deadline, model=rules.MODEL)
    return Generated(made.content, replace(_USAGE, model=model))


def _ask(question: Any, *, deadline: float, model: str) -> Answer:
    name = question.schema["properties"]["tags"]["items"]["properties"]["name"]["enum"][0]
    return Answer({"tags": [{"name": name, "confidence": 0.9}]}, replace(_USAGE, model=model))
