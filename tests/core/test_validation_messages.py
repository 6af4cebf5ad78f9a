"""Validation messages are in the caller's language and say what is expected."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation
from rest_framework import serializers

import apps
from apps.core import fields, language


def inputs() -> list[type[serializers.Serializer[Any]]]:
    """Return every serializer of request bodies and parameters."""
    importlib.import_module(settings.ROOT_URLCONF)
    for module in pkgutil.walk_packages(apps.__path__, "apps."):
        if "serializers" in module.name:
            importlib.import_module(module.name)
    found: list[type[serializers.Serializer[Any]]] = []
    waiting: list[type[serializers.Serializer[Any]]] = [fields.Strict]
    while waiting:
        subclasses = waiting.pop().__subclasses__()
        found += [one for one in subclasses if one.__module__.startswith("apps.")]
        waiting += subclasses
    return found


def all_fields(field: Any) -> Iterator[Any]:
    yield field
    for inner in [*getattr(field, "fields", {}).values(), *filter(None, [getattr(field, "child", None)])]:
        yield from all_fields(inner)


def in_language(message: Any, code: str) -> str:
    before = language.current.set(code)
    try:
        with translation.override(code):
            return str(message)
    finally:
        language.current.reset(before)


def test_every_error_of_every_field_is_said_in_vietnamese() -> None:
    messages = {
        (type(field).__name__, code, message)
        for serializer in inputs()
        for field in all_fields(serializer())
        for code, message in field.error_messages.items()
    }

    same = {
        (name, code) for name, code, message in messages if in_language(message, "vi") == in_language(message, "en")
    }
    assert same == set()
    assert len(messages) > 40


@pytest.mark.parametrize(
    ("body", "field", "vi", "en"),
    [
        ({"ingredients": "x"}, "ingredients", "Cần một danh sách.", "Expected a list."),
        ({"ingredients": []}, "ingredients", "Danh sách cần ít nhất 1 mục.", "The list needs at least 1 items."),
        ({"ingredients": [3]}, "ingredients.0", "Cần một chuỗi ký tự.", "Expected a string."),
        ({}, "ingredients", "Trường này là bắt buộc.", "This field is required."),
    ],
)
def test_an_answer_speaks_the_language_that_was_asked_for(
    api: Any, ana: Any, body: dict[str, Any], field: str, vi: str, en: str
) -> None:
    for code, expected in (("vi", vi), ("en", en)):
        answer = api.post(
            "/v1/ingredients/validate", json=body, token=ana.token, headers={"Accept-Language": code}
        ).json()
        assert (answer["errors"][0]["field"], answer["errors"][0]["message"]) == (field, expected)


def test_a_choice_names_what_it_accepts(api: Any, ana: Any) -> None:
    answer = api.patch(
        "/v1/users/me/privacy", json={"profile": "x"}, token=ana.token, headers={"Accept-Language": "en"}
    ).json()

    assert answer["errors"][0]["message"] == '"x" is not one of: public, friends, private.'
