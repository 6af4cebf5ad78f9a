"""Each error class has a stable code and a title in both languages."""

import importlib
import pkgutil
import re

import apps
from apps.core.errors import DomainError


def all_errors() -> list[type[DomainError]]:
    for module in pkgutil.walk_packages(apps.__path__, "apps."):
        if not module.name.endswith(("urls", "tasks")) and ".management" not in module.name:
            importlib.import_module(module.name)
    found: list[type[DomainError]] = []
    waiting = [DomainError]
    while waiting:
        one = waiting.pop()
        found += one.__subclasses__()
        waiting += one.__subclasses__()
    return [one for one in found if one.__module__.startswith("apps.") and not one.__name__.startswith("_")]


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [error.code for error in all_errors()]

    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z][a-z_]+", code) for code in codes)


def test_every_error_has_a_title_in_both_languages_and_a_status_of_http() -> None:
    for error in all_errors():
        assert error.title.vi
        assert error.title.en
        assert error.title.vi != error.title.en
        assert 400 <= error.status < 600
