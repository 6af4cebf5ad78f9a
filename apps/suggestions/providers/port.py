"""The port between suggestions and whoever generates recipes."""

from dataclasses import dataclass, field
from enum import StrEnum

from apps.recipes.content import Language, Meal, Method, RecipeContent


@dataclass(frozen=True, slots=True)
class AtHand:
    """An ingredient that the person has, by its canonical names only: what people typed never gets here."""

    id: str
    name_vi: str
    name_en: str
    category: str
    staple: bool = False
    quantity: float | None = None
    unit: str | None = None

    def name(self, language: Language) -> str:
        return self.name_en if language == Language.EN else self.name_vi


@dataclass(frozen=True, slots=True)
class Person:
    """What a provider may know about somebody: enumerations, ranges and canonical names, nothing that identifies."""

    diets: tuple[str, ...] = ()
    allergens: tuple[str, ...] = ()
    avoid: tuple[AtHand, ...] = ()
    favorite_cuisines: tuple[str, ...] = ()
    cooking_methods: tuple[str, ...] = ()
    spice_level: str | None = None
    skill_level: str | None = None
    household_size: int | None = None
    budget_level: str | None = None
    health_goals: tuple[str, ...] = ()
    age_range: str | None = None
    gender: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """One recipe to be generated: with this method, of these ingredients, in this language.

    `variant` numbers the recipes of one suggestion, so that two of the same method differ. `violations` names what was
    wrong with the first attempt when this is the second: ingredients, allergens or diets by their names in the master
    list. `faults` says the same of its shape, as "path:code" ("steps.2.text:max_length"): never what the model wrote.
    With `any_method` nobody asked for `method`, and another will do as well.
    """

    ingredients: tuple[AtHand, ...]
    method: Method
    language: Language
    variant: int = 0
    any_method: bool = False
    person: Person = field(default_factory=Person)
    cuisine: str | None = None
    meal: Meal | None = None
    max_minutes: int | None = None
    servings: int = 2
    avoid_titles: tuple[str, ...] = ()
    violations: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """What one call took: tokens, US dollars, milliseconds; `prompt_hash` is SHA-256 of what was sent."""

    provider: str
    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
    latency_ms: int = 0
    prompt_hash: str = ""


@dataclass(frozen=True, slots=True)
class Generated:
    """A recipe as generated, its ingredients still unresolved, and what it took."""

    content: RecipeContent
    usage: Usage


class Failure(StrEnum):
    TIMEOUT = "timeout"
    UNAVAILABLE = "unavailable"
    THROTTLED = "throttled"
    REFUSED = "refused"
    INVALID_OUTPUT = "invalid_output"
    NOT_COMPOSABLE = "not_composable"
    MODEL_UNAVAILABLE = "model_unavailable"


class GenerationFailed(Exception):
    """No recipe; `failure` says why and `usage` what the attempt took all the same.

    `faults` says of INVALID_OUTPUT what was wrong, as `GenerationRequest.faults` takes it for another attempt.
    """

    def __init__(self, failure: Failure, usage: Usage, detail: str = "", *, faults: tuple[str, ...] = ()) -> None:
        super().__init__(f"{failure.value}: {detail}" if detail else failure.value)
        self.failure = failure
        self.usage = usage
        self.detail = detail
        self.faults = faults
