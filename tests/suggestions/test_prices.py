"""The cost of calls, and the amount reserved for one."""

import pytest

from apps.suggestions.generation.prompts import MAX_INPUT_TOKENS, MAX_OUTPUT_TOKENS
from apps.suggestions.providers import prices

HAIKU = "anthropic.claude-haiku-4-5-20251001-v1:0"


@pytest.mark.parametrize(
    ("model", "dollars"),
    [
        (HAIKU, 6.0),
        (f"global.{HAIKU}", 6.0),
        (f"apac.{HAIKU}", 6.6),
        (f"arn:aws:bedrock:ap-southeast-1::foundation-model/{HAIKU}", 6.0),
        (f"arn:aws:bedrock:ap-southeast-1:123456789012:inference-profile/apac.{HAIKU}", 6.6),
        ("anthropic.claude-3-haiku-20240307-v1:0", 1.5),
        ("somebody.new-model-v1:0", 90.0),
        ("arn:aws:bedrock:ap-southeast-1:123456789012:application-inference-profile/abc", 90.0),
    ],
)
def test_a_million_tokens_each_way_cost_the_list_price(model: str, dollars: float) -> None:
    assert prices.cost(model, 1_000_000, 1_000_000) == pytest.approx(dollars)


def test_an_unknown_model_counts_as_the_most_expensive() -> None:
    assert all(price.input <= 15 and price.output <= 75 for price in prices.PRICES.values())
    assert prices.UNKNOWN == (15, 75)


def test_the_reservation_covers_the_longest_prompt_and_answer() -> None:
    assert prices.ceiling(HAIKU) == pytest.approx((MAX_INPUT_TOKENS * 1 + MAX_OUTPUT_TOKENS * 5) / 1e6)


@pytest.mark.parametrize("provider", ["ollama", "rules"])
def test_self_hosted_models_cost_nothing(provider: str) -> None:
    assert prices.cost("llama3.1:8b", 1000, 1000, provider=provider) == 0.0
    assert prices.ceiling("llama3.1:8b", provider=provider) == 0.0
