"""Report how well the catalogue answers ordinary fridges."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from apps.recipes import catalogue
from apps.search.index import Candidate, MatchQuery
from apps.suggestions.composition.foods import left_out_ids
from apps.suggestions.errors import NotEnoughIngredients
from apps.suggestions.judging import fridges, pairs, workshop
from apps.suggestions.judging.fridges import Fridge

_SHARE = 0.8
_WORST = 15
_FEW = 3


class Command(BaseCommand):
    help = (
        "Count for fridges drawn from common ingredients how many recipes have at least 80 % at hand, in "
        "memory and without AWS. Example: manage.py catalogue_report --fridges 300 --seed 7"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--recipes", type=Path, help="a directory of recipes in YAML (default: the repository's)")
        parser.add_argument("--fridges", type=int, default=300, help="fridges to draw (default: 300)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed draws the same fridges (default: 1)")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        contents, problems = workshop.load(options["recipes"])
        for problem in problems:
            self.stderr.write(f"passed over: {problem}")
        drawn = list(fridges.sampled(options["fridges"], seed=options["seed"]))
        disable = options["quiet"] or None
        found = [(one, _cookable(one)) for one in tqdm(drawn, unit="fridge", leave=False, disable=disable)]
        self.stdout.write("\n".join(_report(found, len(contents))))
        for language in ("vi", "en"):
            self.stdout.write("\n".join(_pairs(pairs.count(contents.values(), language))))


def _cookable(fridge: Fridge) -> list[Candidate]:
    """Return the recipes of which four fifths are at hand, everything that makes the dish among them."""
    try:
        asked = fridge.question(5)
    except NotEnoughIngredients:
        return []
    query = MatchQuery(asked.satisfied, minor=left_out_ids(), min_coverage=_SHARE, language=fridge.language, limit=500)
    return catalogue.current().match(query)


def _report(found: Sequence[tuple[Fridge, list[Candidate]]], recipes: int) -> Iterator[str]:
    numbers = sorted(len(candidates) for _, candidates in found)
    own = [sum(one.language == fridge.language for one in candidates) for fridge, candidates in found]
    yield f"{recipes} recipes, {len(found)} fridges, at least {_SHARE:.0%} at hand"
    yield f"  recipes a fridge: {sum(numbers) / len(numbers):.1f}, median {numbers[len(numbers) // 2]}"
    yield f"  in the fridge's language: {sum(own) / len(own):.1f} on average"
    few = sum(one < _FEW for one in numbers)
    yield f"  fridges with none: {numbers.count(0)}, with fewer than {_FEW}: {few}"
    reached = {one.recipe_id: one for _, candidates in found for one in candidates}
    yield f"  recipes that some fridge reaches: {len(reached)}"
    yield f"  by method: {_counted(one.method for one in reached.values())}"
    yield f"  by language: {_counted(one.language for one in reached.values())}"
    yield "  worst fridges:"
    for fridge, candidates in sorted(found, key=lambda pair: len(pair[1]))[:_WORST]:
        yield f"    {len(candidates):3} {fridge.language} {', '.join(fridge.have)}"


def _pairs(counted: pairs.Pairs) -> Iterator[str]:
    short = counted.short
    foods = Counter(name for pair in short for name in pair)
    number = len(counted.recipes)
    yield f"  {counted.language}: {len(short)} of {number} pairs of common foods with fewer than {pairs.ENOUGH} recipes"
    yield f"    most often {', '.join(f'{name} {times}' for name, times in foods.most_common(_WORST))}"
    yield f"    {'; '.join(f'{one} + {other} {recipes}' for (one, other), recipes in short.items())}"


def _counted(values: Iterator[str]) -> str:
    return ", ".join(f"{value} {number}" for value, number in Counter(values).most_common())
