"""Object actions of the admin, each with a form, a confirmation and the service that performs it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

Run = Callable[..., None]


class NoQuestions(forms.Form):
    """An act that needs nothing but a yes."""


@dataclass(frozen=True)
class Act:
    """One act on an object: `run(request, obj, **answers)` calls the domain service, with the answers of `form`.

    A button is shown only for what will be accepted: `is_offered` says whether the act makes sense for an object as it
    stands. Where that cannot be told from the object, `trial` holds answers with which the page has the service try the
    act without writing (`core.dry_runs`); `run` must not do anything else before its first write.

    Acts that are `bulk` can be carried out on several objects of a list, one after the other. `permission` names a
    method `has_<name>_permission` of the admin: act, view, add, change, delete, or one of a subclass.
    """

    name: str
    label: Any
    run: Run
    form: type[forms.Form] = NoQuestions
    is_offered: Callable[[Any], bool] = lambda obj: True
    trial: Mapping[str, Any] | None = None
    permission: str = "act"
    bulk: bool = False
    is_dangerous: bool = False
    help: Any = ""
    # Fills in what the form offers for one object: `fit(form, obj)`. Not for acts that are `bulk`.
    fit: Callable[[Any, Any], None] | None = None
    # Returns lines that say what the act would change, for the page that asks: `preview(request, obj, **answers)`.
    preview: Callable[..., Any] | None = None
