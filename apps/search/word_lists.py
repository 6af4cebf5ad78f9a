"""The lists of words by which queries are interpreted: data/*.yaml."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from apps.search.index.words import split_words
from apps.search.phrases import Phrases

_DATA = Path(__file__).parent / "data"


@cache
def synonyms() -> tuple[tuple[str, ...], ...]:
    """Return groups of names of dishes, methods and regions that mean the same."""
    return _groups("synonyms")


@cache
def occasions() -> tuple[tuple[str, ...], ...]:
    """Return groups of names of occasions, people and times that mean the same."""
    return _groups("occasions")


@cache
def other_meanings() -> tuple[str, ...]:
    return tuple(_load("other_meanings"))


@cache
def conditions() -> Phrases[dict[str, Any]]:
    return Phrases.of((phrase, each) for each in _load("conditions") for phrase in each["phrases"])


@cache
def hints() -> Phrases[tuple[str, ...]]:
    return Phrases.of((phrase, tuple(each["means"])) for each in _load("hints") for phrase in each["phrases"])


@cache
def methods() -> Phrases[frozenset[str]]:
    return Phrases.of((phrase, frozenset(each["methods"])) for each in _load("methods") for phrase in each["phrases"])


@cache
def filler() -> frozenset[str]:
    return frozenset(" ".join(split_words(phrase)) for phrase in _load("filler"))


def _groups(name: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(" ".join(split_words(phrase)) for phrase in group) for group in _load(name))


def _load(name: str) -> Any:
    return yaml.safe_load((_DATA / f"{name}.yaml").read_text("utf-8"))
