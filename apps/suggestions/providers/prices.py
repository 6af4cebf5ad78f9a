"""Prices of models: list prices of on-demand inference, and the maximum cost of one call."""

import re
from typing import NamedTuple

from apps.suggestions.generation.prompts import MAX_INPUT_TOKENS, MAX_OUTPUT_TOKENS
from smartcooking.contract import ai_model

# The day on which the prices below were compared with https://aws.amazon.com/bedrock/pricing/ (us-east-1, on demand,
# as quoted in aws/agent-toolkit-for-aws, which AWS checked on 2026-10-05) and, for Claude, https://claude.com/pricing.
AS_OF = "2026-11-21"

_PER = 1_000_000
# A profile that stays within a geography costs a tenth more than the global one or the model itself, where the model
# is offered through both (Claude 4.5 and later). It is added to all: an estimate may be too high, not too low.
_GEOGRAPHIC = 1.1


class Price(NamedTuple):
    """US dollars per million tokens."""

    input: float
    output: float


PRICES = {
    "anthropic.claude-3-haiku-20240307-v1:0": Price(0.25, 1.25),
    "anthropic.claude-3-5-haiku-20241022-v1:0": Price(0.80, 4.00),
    ai_model.MODEL: Price(ai_model.INPUT_USD, ai_model.OUTPUT_USD),
    "anthropic.claude-sonnet-4-5-20250929-v1:0": Price(3.00, 15.00),
    "anthropic.claude-sonnet-4-6": Price(3.00, 15.00),
    "anthropic.claude-sonnet-5": Price(2.00, 10.00),
    "anthropic.claude-opus-4-8": Price(5.00, 25.00),
    "amazon.nova-micro-v1:0": Price(0.035, 0.14),
    "amazon.nova-lite-v1:0": Price(0.06, 0.24),
    "amazon.nova-2-lite-v1:0": Price(0.33, 2.75),
    "amazon.nova-pro-v1:0": Price(0.80, 3.20),
}
# What is not listed is counted at this: too dear closes the budget early, too cheap would overrun it. Dearer than all
# that is listed, as the dearest models on offer are.
UNKNOWN = Price(15.00, 75.00)

_FREE = frozenset({"ollama", "rules"})
# "apac.anthropic.claude-…", "arn:aws:bedrock:…:inference-profile/apac.anthropic.claude-…", and the same of a model.
_ARN = re.compile(r"^arn:[^/]*/")
_PROFILE = re.compile(r"^(global|us-gov|apac|us|eu|jp|au|ca|in|sa|me|af)\.")


def price(model: str) -> Price:
    """Return the price of a model of Bedrock, given by its id, the id of an inference profile or an ARN of either."""
    name = _ARN.sub("", model)
    profile = _PROFILE.match(name)
    listed = PRICES.get(_PROFILE.sub("", name))
    if listed is None:
        return UNKNOWN
    if profile and profile[1] != "global":
        return Price(listed.input * _GEOGRAPHIC, listed.output * _GEOGRAPHIC)
    return listed


def cost(model: str, input_tokens: int, output_tokens: int, *, provider: str = "bedrock") -> float:
    """Return US dollars for so many tokens of a model; what runs on one's own machines costs nothing by the token."""
    if provider in _FREE:
        return 0.0
    rate = price(model)
    return round((input_tokens * rate.input + output_tokens * rate.output) / _PER, 8)


def ceiling(model: str, *, provider: str = "bedrock") -> float:
    """Return the most US dollars that one call can cost: the longest prompt and the longest answer."""
    return cost(model, MAX_INPUT_TOKENS, MAX_OUTPUT_TOKENS, provider=provider)
