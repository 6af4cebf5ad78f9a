"""Measure the safety check on the corpora: missed carriers and false alarms, by allergen and diet.

    python -m tests.load.alarms [-v]

There must be no misses, which tests enforce. Each false alarm costs one more generation. Uses the authored master list
and needs no table. Times are CPU time per recipe.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from deploy.local import offline

if TYPE_CHECKING:
    from tests.support.safety import Answer

_CORPORA = ("allergens", "diets")


def main() -> None:
    parser = argparse.ArgumentParser("alarms", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("-v", "--verbose", action="store_true", help="print every miss and false alarm")
    verbose = parser.parse_args().verbose
    set_up()
    sys.stdout.write("\n".join(_report(verbose=verbose)) + "\n")


def set_up() -> None:
    """Set Django up and load the authored master list as if it had been read from the table."""
    os.environ.update(offline.environment() | {"DJANGO_SETTINGS_MODULE": "smartcooking.settings"})
    import django  # noqa: PLC0415  only now is the environment complete

    django.setup()

    from apps.ingredients import directory, master  # noqa: PLC0415
    from apps.ingredients.matching import Matcher  # noqa: PLC0415

    entries = master.load()
    live = directory.live()
    live._current = directory.Directory({entry.id: entry for entry in entries}, Matcher(entries))
    live._loaded = True


def _report(*, verbose: bool) -> list[str]:
    from tests.support import safety  # noqa: PLC0415

    safety.ask(safety.read(_CORPORA[0])[:1])
    lines = ["recipes that carry a limit and pass (misses), harmless ones that do not (alarms); milliseconds a recipe"]
    lines += ["limit              carriers  misses   harmless  alarms    share        ms"]
    everything: list[Answer] = []
    started = time.process_time()
    for name in _CORPORA:
        everything += safety.ask(safety.read(name))
    milliseconds = (time.process_time() - started) * 1000 / len(everything)
    lines += [_row(limit, found) for limit, found in _by_limit(everything).items()]
    lines += [f"{_row('all', everything)} {milliseconds:>9.3f}"]
    lines += [_wrong(answer) for answer in everything if verbose and (answer.is_miss or answer.is_false_alarm)]
    return lines


def _by_limit(answers: Sequence["Answer"]) -> dict[str, list["Answer"]]:
    """Group cases by allergen or diet; all single ingredients form one group, since each has few cases."""
    groups: dict[str, list[Answer]] = {}
    for answer in answers:
        name = answer.case.limit if answer.case.is_of_a_group else "single ingredients"
        groups.setdefault(name, []).append(answer)
    return groups


def _row(name: str, answers: Sequence["Answer"]) -> str:
    harmless = sum(answer.case.is_harmless for answer in answers)
    misses = sum(answer.is_miss for answer in answers)
    alarms = sum(answer.is_false_alarm for answer in answers)
    share = alarms / harmless if harmless else 0.0
    return f"{name:<18} {len(answers) - harmless:>8} {misses:>7} {harmless:>10} {alarms:>7} {share:>8.3f}"


def _wrong(answer: "Answer") -> str:
    case = answer.case
    what = f"alarm: {', '.join(answer.violations)}" if answer.is_false_alarm else "missed"
    return f"{case.id}: {case.place} {case.text!r}: {what}"


if __name__ == "__main__":
    main()
