"""Measure matching on the corpus of real spellings, group by group: quality and CPU time.

    python -m tests.load.spellings [-v]

Precision is the share of accepted results (exact or corrected) that are the right ingredient; recall is the share of
cases with a right ingredient that got it. Times are CPU time per name.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from apps.ingredients import master
from apps.ingredients.matching import MAX_SUGGESTIONS, Match, Matcher

CORPUS = Path(__file__).parents[1] / "ingredients" / "corpus" / "spellings.yaml"

_REPEATS = 5


@dataclass(frozen=True, slots=True)
class Case:
    """A spelling and its meaning: one ingredient (`key`), one of several (`keys`) or none; and an amount, if any."""

    input: str
    status: str
    group: str
    key: str | None = None
    keys: tuple[str, ...] = ()
    quantity: float | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    case: Case
    match: Match
    milliseconds: float

    @property
    def accepted(self) -> str | None:
        return self.match.ingredient.key if self.match.ingredient else None

    @property
    def is_wrong_acceptance(self) -> bool:
        return self.accepted is not None and self.accepted != self.case.key

    @property
    def is_right(self) -> bool:
        """Say whether the result is as expected; compares quantity and unit only if the case names them."""
        case, match = self.case, self.match
        amounts = ((case.quantity, match.quantity), (case.unit, match.unit))
        return (
            match.status == case.status
            and self.accepted == case.key
            and all(expected in (None, given) for expected, given in amounts)
            and (not case.keys or _offers(match, case.keys))
        )


def _offers(match: Match, keys: tuple[str, ...]) -> bool:
    offered = {ingredient.key for ingredient in match.suggestions}
    return offered <= set(keys) and len(offered) == min(len(keys), MAX_SUGGESTIONS)


def read(path: Path = CORPUS) -> list[Case]:
    rows: list[dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))
    return [Case(**(row | {"keys": tuple(row.get("keys", ()))})) for row in rows]


def ask(matcher: Matcher, cases: Iterable[Case]) -> list[Answer]:
    return [_ask(matcher, case) for case in cases]


def _ask(matcher: Matcher, case: Case) -> Answer:
    times = []
    for _ in range(_REPEATS):
        start = time.thread_time_ns()
        match = matcher.match(case.input)
        times.append(time.thread_time_ns() - start)
    return Answer(case, match, min(times) / 1e6)


def precision(answers: Iterable[Answer]) -> float:
    """Return the precision; 1.0 if nothing was accepted."""
    accepted = [answer for answer in answers if answer.accepted]
    return _share(accepted, [answer for answer in accepted if not answer.is_wrong_acceptance])


def recall(answers: Iterable[Answer]) -> float:
    """Return the recall; 1.0 if no case has a right ingredient."""
    possible = [answer for answer in answers if answer.case.key]
    return _share(possible, [answer for answer in possible if answer.accepted == answer.case.key])


def _share(whole: list[Answer], part: list[Answer]) -> float:
    return len(part) / len(whole) if whole else 1.0


def _row(name: str, answers: list[Answer]) -> str:
    right = sum(answer.is_right for answer in answers)
    wrong = sum(answer.is_wrong_acceptance for answer in answers)
    figures = f"{len(answers):>6} {right:>6} {wrong:>9} {precision(answers):>10.3f} {recall(answers):>7.3f}"
    times = [answer.milliseconds for answer in answers]
    return f"{name:<14}{figures} {statistics.median(times):>8.3f} {max(times):>8.3f}"


def _miss(answer: Answer) -> str:
    case, match = answer.case, answer.match
    expected = f"{case.status} {case.key or ' '.join(case.keys)} {case.quantity or ''} {case.unit or ''}"
    offered = " ".join(ingredient.key for ingredient in match.suggestions)
    given = f"{match.status} {answer.accepted or offered} {match.quantity or ''} {match.unit or ''}"
    return f"{case.group}: {case.input!r}: {' '.join(expected.split())} expected, {' '.join(given.split())} given"


def main() -> None:
    parser = argparse.ArgumentParser("spellings", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("-v", "--verbose", action="store_true", help="print every miss")
    verbose = parser.parse_args().verbose
    entries = master.load()
    answers = ask(Matcher(entries), read())
    groups = dict.fromkeys(answer.case.group for answer in answers)
    lines = [f"{len(entries)} ingredients, {len(answers)} spellings; median and slowest in milliseconds"]
    lines += ["group          cases  right   wrongly  precision  recall   median      max"]
    lines += [_row(group, [answer for answer in answers if answer.case.group == group]) for group in groups]
    lines += [_row("all", answers)]
    lines += [_miss(answer) for answer in answers if verbose and not answer.is_right]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
