"""The six things that every kitchen has, and for whom each is left out."""

from dataclasses import dataclass

from apps.recipes.content import Language
from apps.suggestions.providers.port import AtHand, GenerationRequest


@dataclass(frozen=True, slots=True)
class Staple:
    """A staple under its names in the master list; `amount` per serving in `unit` (vi, en).

    `equals` are other staples of the master list that do the same, used instead where somebody named them.
    """

    kind: str
    vi: str
    en: str
    amount: float
    unit: tuple[str, str]
    allergens: frozenset[str] = frozenset()
    breaks: frozenset[str] = frozenset()
    equals: tuple[str, ...] = ()


_TBSP = ("muỗng canh", "tbsp")
_TSP = ("muỗng cà phê", "tsp")

# Repeats the master list, so that composing needs no directory; a test compares the two.
STAPLES = {
    staple.kind: staple
    for staple in (
        Staple("water", "nước", "water", 0, ("ml", "ml")),
        Staple("salt", "muối", "salt", 0.25, _TSP, equals=("coarse salt", "himalayan pink salt")),
        Staple("sugar", "đường", "sugar", 0.5, _TSP, breaks=frozenset({"low_carb"})),
        Staple("pepper", "tiêu đen", "black pepper", 0.25, _TSP, equals=("white pepper",)),
        Staple(
            "oil", "dầu ăn", "vegetable oil", 0.5, _TBSP,
            equals=("corn oil", "palm oil", "soybean oil", "rice bran oil", "canola oil", "sunflower oil"),
        ),
        Staple(
            "fish_sauce", "nước mắm", "fish sauce", 0.5, _TBSP,
            allergens=frozenset({"fish"}), breaks=frozenset({"vegetarian", "vegan"}),
        ),
    )
}  # fmt: skip

# The master list does not say that fish sauce breaks kosher, but what fish it is made of is rarely known.
_DOUBTFUL = {"fish_sauce": frozenset({"kosher"})}


@dataclass(frozen=True, slots=True)
class Stocked:
    """A staple that may be used, under the name by which this kitchen has it."""

    staple: Staple
    at_hand: AtHand | None = None

    def name(self, language: Language) -> str:
        if self.at_hand is not None:
            return self.at_hand.name(language)
        return self.staple.en if language == Language.EN else self.staple.vi


def stocked(request: GenerationRequest, usable: tuple[AtHand, ...]) -> dict[str, Stocked]:
    """Return what staples may be used, by kind; one that somebody named comes before the usual one."""
    found = {}
    for kind, staple in STAPLES.items():
        named = next((one for one in usable if one.name_en in (staple.en, *staple.equals)), None)
        if named is not None:
            found[kind] = Stocked(staple, named)
        elif is_allowed(staple, request):
            found[kind] = Stocked(staple)
    return found


def is_allowed(staple: Staple, request: GenerationRequest) -> bool:
    person = request.person
    avoided = {one.name_en for one in person.avoid} | {one.name_vi for one in person.avoid} | set(request.violations)
    broken = staple.breaks | _DOUBTFUL.get(staple.kind, frozenset())
    return (
        staple.allergens.isdisjoint(person.allergens)
        and broken.isdisjoint(person.diets)
        and staple.en not in avoided
        and staple.vi not in avoided
    )
