"""Change lists with keyset pagination: pages in both directions, cursors instead of page numbers, no totals."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR, ChangeList
from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils.functional import cached_property

from apps.dynamo_admin.errors import UnsupportedQuery


class KeysetChangeList(ChangeList):
    """`?p=` carries a signed cursor, bound to the caller and the query.

    ChangeList strips it from the links of filters, orders and searches, and takes what is no number for page 1.
    """

    def get_results(self, request: HttpRequest) -> None:
        try:
            page = self.queryset.keyset_page(self.list_per_page, request.GET.get(PAGE_VAR), caller=str(request.user.pk))
        except UnsupportedQuery as error:
            raise IncorrectLookupParameters(error) from error
        # A QuerySet that has its answer, not a list: formsets ask it whether it is ordered.
        self.result_list = self.queryset.all()
        self.result_list._result_cache = page.objects  # noqa: SLF001
        self.page = page
        # There are no totals. This one hides "select all N" and "N results (show all)", which would mean this page.
        self.result_count = self.full_result_count = len(page.objects)
        self.show_full_result_count = False
        self.show_admin_actions = True
        self.can_show_all = self.multi_page = False
        self.paginator = None

    @property
    def next_url(self) -> str | None:
        return self.get_query_string({PAGE_VAR: self.page.next}) if self.page.next else None

    @property
    def previous_url(self) -> str | None:
        return self.get_query_string({PAGE_VAR: self.page.previous}) if self.page.previous else None

    @property
    def first_url(self) -> str:
        return self.get_query_string(remove=[PAGE_VAR])


class WindowPaginator(Paginator):  # type: ignore[type-arg]
    """Numbered pages without a count, for the short lists of autocompletion."""

    MAX_ROWS = 200

    @cached_property
    def count(self) -> int:
        return self.MAX_ROWS

    def validate_number(self, number: Any) -> int:
        return max(1, min(int(number), self.MAX_ROWS // self.per_page))

    def page(self, number: Any) -> Any:
        number = self.validate_number(number)
        low = (number - 1) * self.per_page
        objects: Any = self.object_list
        found = objects.keyset_page(low + self.per_page + 1).objects[low:]
        page: Any = Page(found[: self.per_page], number, self)
        page.has_next = lambda: len(found) > self.per_page
        return page


class FacetFilter(admin.SimpleListFilter):
    """A filter by a field that listings are made for: it always has a value, the first of `choices_` unless chosen.

    A list without it would have no access pattern.
    """

    field = ""
    choices_: tuple[tuple[Any, Any], ...] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(str(value), label) for value, label in self.choices_]

    def value(self) -> str:
        chosen = super().value()
        known = [str(value) for value, _ in self.choices_]
        return chosen if chosen in known else known[0]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Filter, but for a search in which nobody has chosen a value: it looks everywhere."""
        if super().value() is None and request.GET.get(SEARCH_VAR) and queryset.model.store.find is not None:
            return queryset
        wanted = next(value for value, _ in self.choices_ if str(value) == self.value())
        return queryset.filter(**{self.field: wanted})

    def choices(self, changelist: Any) -> Any:
        for value, label in self.lookup_choices:
            yield {
                "selected": self.value() == str(value),
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }
