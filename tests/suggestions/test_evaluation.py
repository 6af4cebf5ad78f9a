"""`manage.py evaluate_prompts`: figures for judging a change of model or prompt."""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.suggestions import safety
from apps.suggestions.generation import evaluation
from apps.suggestions.providers import registry
from tests.support import bedrock_stub, model_stub

pytestmark = pytest.mark.usefixtures("seeded")


@pytest.fixture
def stub(settings: Any) -> Iterator[Any]:
    with bedrock_stub.start() as running:
        settings.AI_BEDROCK_ENDPOINT = running.url
        yield running


def evaluate(*arguments: str) -> str:
    out = StringIO()
    call_command("evaluate_prompts", "--quiet", *arguments, stdout=out)
    return out.getvalue()


def test_the_requests_cover_both_languages_allergies_diets_and_short_times() -> None:
    requests = [case.request for case in evaluation.cases()]

    assert len(requests) >= 9
    assert {request.language for request in requests} == {"vi", "en"}
    assert len({request.method for request in requests}) >= 8
    assert len({allergen for request in requests for allergen in request.person.allergens}) >= 8
    assert len({diet for request in requests for diet in request.person.diets}) >= 5
    assert any(request.max_minutes and request.max_minutes <= 10 for request in requests)
    assert all(len(request.ingredients) >= 2 for request in requests)


def test_no_request_offers_forbidden_ingredients() -> None:
    for case in evaluation.cases():
        assert not safety.violations(case.limits, [one.id for one in case.request.ingredients]), case.name


def test_rules_break_no_allergy_and_cost_nothing() -> None:
    report = json.loads(evaluate("--provider", "rules", "--json"))[0]

    figures = report["summary"]
    assert (figures["provider"], figures["violations"], figures["cost_usd"]) == ("rules", 0, 0)
    assert figures["valid_at_first_try"] >= 7
    assert figures["methods"] >= 5


def test_results_of_a_model_are_counted(stub: Any) -> None:
    stub.then(model_stub.RECIPE, model_stub.TRUNCATED, model_stub.recipe(prep_minutes=500))

    report = json.loads(evaluate("--provider", "bedrock", "--limit", "3", "--json"))[0]

    figures = report["summary"]
    assert (figures["requests"], figures["valid_at_first_try"], figures["methods"]) == (3, 2, 2)
    assert figures["input_tokens"] > 0
    assert figures["cost_usd"] > 0
    assert [one["outcome"] for one in report["results"]] == ["valid", "invalid_output", "valid"]
    assert report["results"][1]["detail"] == "answer:truncated"


def test_a_model_that_breaks_an_allergy_fails_the_run(stub: Any) -> None:
    line = {"quantity": 1, "unit": "g"}
    harmful = [{"name": "thịt heo", **line}, {"name": "nước mắm", **line}]
    stub.then(*[model_stub.RECIPE] * 3, model_stub.recipe(ingredients=harmful))

    with pytest.raises(CommandError, match="1 recipe broke an allergy or a diet"):
        evaluate("--provider", "bedrock", "--limit", "4")


def test_the_table_names_requests_figures_and_the_model(stub: Any) -> None:
    table = evaluate("--provider", "bedrock", "--model", "apac.some-model", "--limit", "2")

    assert "everyday stir-fry" in table
    assert "latency ms p95" in table
    assert "apac.some-model" in table
    assert bedrock_stub.model(stub.last) == "apac.some-model"


def test_providers_of_the_environment_are_evaluated_by_default(settings: Any) -> None:
    settings.AI_PROVIDERS = ["rules"]

    assert "rules-2" in evaluate("--limit", "2")


def test_a_model_without_its_provider_is_refused() -> None:
    with pytest.raises(CommandError, match="--model needs --provider"):
        evaluate("--model", "x")


def test_every_provider_has_a_model() -> None:
    assert all(registry.default_model(name) for name in registry.PROVIDERS)
