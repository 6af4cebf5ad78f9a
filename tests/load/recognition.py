"""Measure how well ingredient lines are recognised, and count false allergen warnings, on recipes in a file.

    python -m tests.load.recognition recipes.jsonl.gz [--language en] [--half 0|1] [-v]

The file holds a JSON object a line: {"file", "lang", "title", "ingredients": [..], "steps": [..], "description"?,
"keywords"?}. `file` begins with the site; a hash of the site divides recipes into two halves, so that one can be
studied and the other one measured. Uses the authored master list and needs no table.
"""

import argparse
import gzip
import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.load import alarms

_SHOWN = 40


def main() -> None:
    parser = argparse.ArgumentParser("recognition", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--language", default="en", choices=["en", "vi"])
    parser.add_argument("--half", type=int, choices=[0, 1])
    parser.add_argument("-v", "--verbose", action="store_true", help="print the lines and words that failed")
    given = parser.parse_args()
    alarms.set_up()
    recipes = list(_read(given.path, given.language, given.half))
    sys.stdout.write("\n".join([*_lines(recipes, given), "", *_flags(recipes, given)]) + "\n")


def _read(path: Path, language: str, half: int | None) -> Iterator[dict[str, Any]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            if row["lang"] == language and half in {None, _half(row["file"])}:
                yield row


def _half(file: str) -> int:
    return hashlib.md5(file.split("/", 1)[0].encode(), usedforsecurity=False).digest()[0] % 2


def _lines(recipes: list[dict[str, Any]], given: argparse.Namespace) -> Iterator[str]:
    from apps.ingredients import services as ingredients  # noqa: PLC0415

    lines = [line for recipe in recipes for line in recipe["ingredients"]]
    started = time.process_time()
    found = ingredients.match(lines, given.language)
    milliseconds = (time.process_time() - started) * 1000 / max(1, len(lines))
    by_status = Counter(match.status for match in found)
    known = sum(by_status[status] for status in ("exact", "corrected", "ambiguous"))
    yield f"{len(recipes)} recipes, {len(lines)} lines: {known / len(lines):.3f} recognised, {milliseconds:.2f} ms each"
    yield ", ".join(f"{status} {count}" for status, count in by_status.most_common())
    if given.verbose:
        pairs = zip(lines, found, strict=True)
        yield from (f"{match.status}: {line}" for line, match in pairs if match.status in {"unknown", "corrected"})


def _flags(recipes: list[dict[str, Any]], given: argparse.Namespace) -> Iterator[str]:
    contents = [_derived(recipe, given.language) for recipe in recipes]
    complete = sum(content.allergens_complete for content in contents)
    yield f"{complete / len(contents):.3f} complete"
    words: Counter[str] = Counter()
    flagged = 0
    for content in contents:
        said = [r for r in content.reasons if r.tier == "contains" and r.ingredient_id is None]
        flagged += bool(said)
        words.update(f"{reason.because} ({reason.allergen}, {reason.place})" for reason in said)
    yield f"{flagged / len(contents):.3f} contain an allergen that only words say"
    if given.verbose:
        yield from (f"{count:>4} {word}" for word, count in words.most_common(_SHOWN))


def _derived(recipe: dict[str, Any], language: str) -> Any:
    from apps.recipes.content import IngredientLine, Language, Method, RecipeContent, Step  # noqa: PLC0415
    from apps.recipes.derivation import derive  # noqa: PLC0415

    return derive(
        RecipeContent(
            title=recipe["title"],
            ingredients=tuple(IngredientLine(line) for line in recipe["ingredients"]),
            steps=tuple(Step(text) for text in recipe["steps"]),
            language=Language(language),
            method=Method.OTHER,
            description=recipe.get("description") or "",
            tags=tuple(recipe.get("keywords") or ()),
        )
    )


if __name__ == "__main__":
    main()
