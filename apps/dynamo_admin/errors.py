"""Errors of the library."""

from django.core.exceptions import FieldError


class UnsupportedQuery(FieldError):
    """No access pattern answers the query: raised instead of reading the table from end to end."""


class ReadBudgetExceeded(UnsupportedQuery):
    """An exact answer would read more rows than `Store.budget`; a short one would be wrong without saying so."""
