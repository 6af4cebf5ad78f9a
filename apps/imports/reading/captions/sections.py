"""Sort rows into title, ingredients, steps and notes: by headings, or by what rows look like."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from apps.imports.reading.captions.bullets import NUMBERED, SENTENCE, split_block, strip_bullet
from apps.imports.reading.captions.headings import find_heading
from apps.imports.reading.captions.ingredients import (
    ingredient_lines,
    is_amount,
    is_ingredient,
    is_list,
    is_short_name,
    split_list,
)
from apps.imports.reading.captions.phrases import CLOSING, META, VERBS
from apps.imports.reading.captions.steps import split_line, step_lines

# Numbers that are not amounts: "3 ingredient cookies", "món 10 phút".
_COUNTS_NOTHING = re.compile(
    r"^\W*\d+[- ]?(?:ingredients?|nguyên liệu|minutes?|mins?|phút|bước|steps?)\b", re.IGNORECASE
)


@dataclass
class Parts:
    """The rows sorted so far."""

    before: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def sort_by_headings(rows: Sequence[str]) -> Parts:
    parts, current = Parts(), "before"
    held: dict[str, list[str]] = {"before": [], "ingredients": [], "steps": [], "notes": []}
    for row in rows:
        heading = find_heading(row)
        if heading:
            # After the ingredients, "Chuẩn bị" is a step.
            current = (
                "steps" if heading[0] == "ingredients" and held["steps"] and not held["ingredients"] else heading[0]
            )
            if heading[1]:
                held[current].append(heading[1])
        elif current == "notes" and NUMBERED.match(row) and not held["steps"]:
            current = "steps"
            held[current].append(row)
        else:
            if current == "ingredients" and _begins_steps(row, held["ingredients"]):
                current = "steps"
            held[current].append(row)
    if not held["ingredients"]:
        _take_ingredients(held)
    if not held["steps"]:
        _take_steps(held)
    parts.before, parts.notes = held["before"], held["notes"]
    parts.lines = list(ingredient_lines(held["ingredients"]))
    parts.steps = list(step_lines(held["steps"]))
    return parts


def _begins_steps(row: str, ingredients: Sequence[str]) -> bool:
    """Return whether steps begin here without a heading: with a numbered sentence or an instruction."""
    if not ingredients or is_amount(strip_bullet(row)):
        return False
    numbered = NUMBERED.match(row)
    body = strip_bullet(row)
    if numbered and not any(NUMBERED.match(one) for one in ingredients):
        return len(body.split()) > 3  # noqa: PLR2004  "1. Trứng" is still a list of things
    return bool(VERBS.match(body)) and len(body.split()) > 5  # noqa: PLR2004


def _take_ingredients(held: dict[str, list[str]]) -> None:
    """Find the ingredients before the heading of the steps: rows with amounts, and rows between them."""
    looks = [is_ingredient(strip_bullet(row)) for row in held["before"]]
    if any(looks):
        first, last = looks.index(True), len(looks) - 1 - looks[::-1].index(True)
        if _are_names(held["before"][last + 1 :]):
            last = len(looks) - 1
        held["ingredients"] = held["before"][first : last + 1]
        held["before"] = held["before"][:first] + held["before"][last + 1 :]


def _are_names(rows: Sequence[str]) -> bool:
    """Return whether rows continue a list: subheadings, and names without amounts below one."""
    return (
        bool(rows)
        and rows[0].rstrip().endswith(":")
        and all(is_short_name(strip_bullet(row)) and not CLOSING.match(row) and not META.match(row) for row in rows)
    )


def _take_steps(held: dict[str, list[str]]) -> None:
    """Find steps without a heading after ingredients with one."""
    rows = held["ingredients"]
    for place, row in enumerate(rows):
        if place and not is_ingredient(strip_bullet(row)) and (NUMBERED.match(row) or VERBS.match(strip_bullet(row))):
            held["steps"], held["ingredients"] = rows[place:], rows[:place]
            return
    if held["notes"]:
        return
    if len(rows) == 1:
        _part_of_one_row(held)


def _part_of_one_row(held: dict[str, list[str]]) -> None:
    """Split "300g bò, 2 cà chua. Xào bò trước..." before the first sentence with a verb."""
    sentences = SENTENCE.split(held["ingredients"][0])
    for place, sentence in enumerate(sentences[1:], start=1):
        if VERBS.match(strip_bullet(sentence)):
            held["steps"] = [" ".join(sentences[place:])]
            held["ingredients"] = [" ".join(sentences[:place])]
            return


def sort_by_looks(rows: Sequence[str]) -> Parts:
    """Sort rows without headings: rows that begin with an amount are ingredients, rows after them are steps."""
    if len(rows) <= 2:  # noqa: PLR2004  all in one block
        rows = [piece for row in rows for piece in split_block(row)]
    parts = Parts()
    for row in rows:
        body = strip_bullet(row)
        if CLOSING.match(body) or META.match(body):
            continue
        named = _named_list(body) if not parts.lines and not parts.before else None
        if named:
            parts.before.append(named[0])
            parts.lines += split_list(named[1])
        elif _COUNTS_NOTHING.match(body) and not parts.lines:
            parts.before.append(row)
        else:
            _sort(row, body, parts)
    return parts


def _sort(row: str, body: str, parts: Parts) -> None:
    numbered = NUMBERED.match(row) is not None
    if is_ingredient(body) and not parts.steps:
        parts.lines += split_list(body) if is_list(body) else [body]
    elif parts.lines and (numbered or VERBS.match(body) or parts.steps):
        parts.steps += list(split_line(row))
    elif parts.lines and is_short_name(body):
        parts.lines.append(body)
    elif parts.lines or (numbered and len(body.split()) > 3):  # noqa: PLR2004
        parts.steps += list(split_line(row))
    else:
        parts.before.append(row)


def _named_list(body: str) -> tuple[str, str] | None:
    """Split "Sinh tố bơ: 1 quả bơ, 100ml sữa" into the name and the list."""
    name, _, rest = body.partition(":")
    if rest and not any(char.isdigit() for char in name) and len(name.split()) <= 8 and is_list(rest):  # noqa: PLR2004
        return name.strip(), rest.strip()
    return None
