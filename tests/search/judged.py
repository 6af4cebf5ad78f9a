"""Judged queries: what somebody types, and conditions for the first three results.

The first of each two lines of the file is for tuning, the second is held out. A line is a query and its conditions,
which all must hold: `field~regex` (`|` before another field: or), `field!~regex`, `field=value`, `minutes<=n`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from apps.recipes import catalogue, search_terms, seeds
from apps.recipes.content import Approval, RecipeContent, Source
from apps.recipes.derivation import derive
from apps.recipes.models import to_body
from apps.recipes.repositories import build_recipe
from apps.search import searching
from apps.search.index import Catalogue, Entry, SearchQuery

JUDGED = Path(__file__).with_name("judged_queries.tsv")
# Written before their answers were seen; then the wrong ones were read, and the rules changed.
LEARNED = Path(__file__).with_name("learned_queries.tsv")
# Written after the last change of the rules, and evaluated once.
UNSEEN = Path(__file__).with_name("unseen_queries.tsv")
_FIRST = 3


@dataclass(frozen=True, slots=True)
class Judged:
    """A query with the titles found. `score` is the share of correct ones among the first three.

    If fewer recipes are correct, or found, only that many are judged. Nothing found is 0.
    """

    query: str
    is_held_out: bool
    titles: list[str]
    score: float


def read_recipes(*directories: Path) -> dict[str, RecipeContent]:
    found: dict[str, RecipeContent] = {}
    for each in directories:
        found |= seeds.load_recipes(each)
    return {id_: derive(content) for id_, content in found.items()}


def index(contents: dict[str, RecipeContent]) -> Catalogue:
    made = Catalogue()
    made.apply(_entries(contents))
    return made


def _entries(contents: dict[str, RecipeContent]) -> Iterator[Entry]:
    for recipe_id, content in contents.items():
        stored = build_recipe(recipe_id, body=to_body(content), source=Source.SEED, approval=Approval.APPROVED)
        yield catalogue.entry(recipe_id, stored.row, stored.state)


def judge(searched: Catalogue, contents: dict[str, RecipeContent], file: Path = JUDGED) -> list[Judged]:
    """Judge every query for which the catalogue has an answer."""
    judged = []
    for number, line in enumerate(file.read_text("utf-8").splitlines()):
        query, conditions = line.split("\t")
        right = {id_ for id_, content in contents.items() if _holds(conditions, content)}
        if right:
            found = search(searched, query)
            wanted = min(_FIRST, len(right), len(found) or 1)
            score = sum(id_ in right for id_ in found[:wanted]) / wanted
            judged.append(Judged(query, number % 2 == 1, [_title(contents[id_]) for id_ in found], score))
    return judged


def search(searched: Catalogue, query: str) -> list[str]:
    """Search like `services.search_catalogue`."""
    page = searching.search(searched, search_terms.current().interpreter, SearchQuery(query), limit=_FIRST)
    return [hit.recipe_id for hit in page.hits]


def _title(content: RecipeContent) -> str:
    return f"{content.title} ({content.translated_title})"


def _holds(conditions: str, content: RecipeContent) -> bool:
    return all(_any_holds(each.strip(), content) for each in conditions.split(" & "))


def _any_holds(condition: str, content: RecipeContent) -> bool:
    return any(_one_holds(each, content) for each in re.split(r"\|(?=(?:title|tags|has)~)", condition))


def _one_holds(condition: str, content: RecipeContent) -> bool:
    name, operator, value = re.split(r"(!~|~|<=|=)", condition, maxsplit=1)
    if operator == "<=":
        return (content.total_minutes or 0) <= int(value)
    if operator == "=":
        return value in content.diets if name == "diet" else value == getattr(content, name)
    texts = {
        "title": [content.title, content.translated_title],
        "has": [line.name for line in content.ingredients],
        "tags": content.tags,
    }[name]
    found = any(re.search(value, text, re.IGNORECASE) for text in texts)
    return found == (operator == "~")
