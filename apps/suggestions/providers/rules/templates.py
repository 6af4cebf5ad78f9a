"""Method templates: which roles a dish takes, what it is called, and its steps in both languages.

Read from data/rules/methods/*.yaml. A template says

- `methods` it is for, its `heat` (a column of `minutes` in classes.yaml), whether it is `cold` (what is eaten raw stays
  raw, the rest is boiled first) or `sweet`;
- `takes`: how many ingredients of each role at most; `solid`: roles of which one must be there; `requires`: roles of
  which one must be there as well; `apart`: roles that do not go together; `fresh`: roles served beside what is cooked,
  raw or cooked ahead;
- `leads`: the roles after which the dish is named, the main one first;
- `dishes`: a title ({a} the main ingredient, {b} another; {a_name} is never in the plural), the role `of` the main one,
  its seasoning of staples, those it `needs`, and how much of a staple it `uses` per serving;
- `steps`: `{role}` stands for the names of that role, `{role+role}` for those of both. A bracketed [fragment] is left
  out where a name in it is missing; a whole step is then replaced by its `plain` text or left out. `each` repeats a
  step for each ingredient of a role; `gather` adds the ingredients of several roles to one pot, what takes longest
  first, so that all are done together.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from apps.recipes.content import Method
from apps.suggestions.providers.rules.larder import DATA, Both

_FRAGMENT = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{([a-z_+]+)\}")
_SPACES = re.compile(r" {2,}")


@dataclass(frozen=True, slots=True)
class Dish:
    vi: str
    en: str
    season: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    of: str = ""
    uses: dict[str, float] = field(default_factory=dict)

    def title(self, language: str) -> str:
        return self.en if language == "en" else self.vi


@dataclass(frozen=True, slots=True)
class StepTemplate:
    """One step; `minutes` is a number or the roles whose longest time counts."""

    text: Both
    minutes: int | str = 0
    prep: bool = False
    marinade: bool = False
    each: str = ""
    gather: tuple[str, ...] = ()
    when: str = ""
    unless: str = ""
    unless_egg: bool = False
    plain: Both | None = None
    again: Both | None = None
    ready: Both | None = None
    uses: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Template:
    key: str
    methods: tuple[Method, ...]
    heat: str
    takes: dict[str, int]
    solid: tuple[str, ...]
    leads: tuple[str, ...]
    dishes: tuple[Dish, ...]
    steps: tuple[StepTemplate, ...]
    requires: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
    cold: bool = False
    sweet: bool = False


@cache
def templates(method: Method) -> tuple[Template, ...]:
    """Return the templates for a method, in the order in which they are written."""
    return tuple(template for template in _all() if method in template.methods)


@cache
def _all() -> tuple[Template, ...]:
    return tuple(
        _template(written)
        for path in sorted((DATA / "methods").glob("*.yaml"))
        for written in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    )


def _template(written: dict[str, Any]) -> Template:
    lists = {name: tuple(written.get(name, ())) for name in ("solid", "leads", "requires", "apart", "fresh")}
    return Template(
        key=written["key"],
        methods=tuple(Method(name) for name in written["methods"]),
        heat=written["heat"],
        takes=written["takes"],
        dishes=tuple(_dish(dish) for dish in written["dishes"]),
        steps=tuple(_step(step) for step in written["steps"]),
        cold=written.get("cold", False),
        sweet=written.get("sweet", False),
        **lists,
    )


def _dish(written: dict[str, Any]) -> Dish:
    tuples = {name: tuple(written.get(name, ())) for name in ("season", "needs")}
    return Dish(**{**written, **tuples})


def _step(written: dict[str, Any]) -> StepTemplate:
    rest = {name: value for name, value in written.items() if name not in {"vi", "en", "gather"}}
    gather = tuple(written.get("gather", ()))
    return StepTemplate(text={"vi": written["vi"], "en": written["en"]}, gather=gather, **rest)


def fill(text: str, names: Callable[[str], str]) -> str | None:
    """Return the text with its slots filled from `names`; None where a name outside of brackets is missing."""

    def fragment(match: re.Match[str]) -> str:
        inner = match.group(1)
        return inner if all(names(slot) for slot in _SLOT.findall(inner)) else ""

    kept = _FRAGMENT.sub(fragment, text)
    if not all(names(slot) for slot in _SLOT.findall(kept)):
        return None
    filled = _SPACES.sub(" ", _SLOT.sub(lambda match: names(match.group(1)), kept)).strip()
    return _capitalised(filled) or None


def slots(text: str, names: Callable[[str], str]) -> list[str]:
    """Return the slots that `fill` fills, in their order."""
    kept = _FRAGMENT.sub(
        lambda match: match.group(1) if all(names(slot) for slot in _SLOT.findall(match.group(1))) else "", text
    )
    return _SLOT.findall(kept)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def joined(names: Sequence[str], language: str) -> str:
    """Return "a, b và c", or "a, b and c"."""
    if len(names) < 2:  # noqa: PLR2004  one name needs no "and"
        return "".join(names)
    word = "and" if language == "en" else "và"
    return f"{', '.join(names[:-1])} {word} {names[-1]}"
