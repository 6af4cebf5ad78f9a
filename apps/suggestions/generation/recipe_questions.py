"""The question for a recipe as providers are asked it, and the recipe in their answer."""

from apps.suggestions.generation import prompts
from apps.suggestions.providers import recipe_schema
from apps.suggestions.providers.port import Answer, Failure, Generated, GenerationFailed, GenerationRequest, Question
from apps.suggestions.providers.recipe_schema import Malformed

TOOL = "save_recipe"
_TEMPERATURE = 0.7


def question(request: GenerationRequest) -> Question:
    prompt = prompts.build(request)
    return Question(
        prompt.system,
        prompt.user,
        prompt.hash,
        TOOL,
        "Save the finished recipe.",
        recipe_schema.schema(request),
        prompts.MAX_INPUT_TOKENS,
        prompts.MAX_OUTPUT_TOKENS,
        _TEMPERATURE,
    )


def read(answer: Answer, request: GenerationRequest) -> Generated:
    """Return the recipe in an answer; `GenerationFailed` with the usage if there is none."""
    try:
        return Generated(recipe_schema.read(answer.value, request), answer.usage)
    except Malformed as malformed:
        raise GenerationFailed(
            Failure.INVALID_OUTPUT, answer.usage, str(malformed), faults=malformed.faults
        ) from malformed
