"""A path is resolved as Django would resolve it, with fewer patterns tried."""

import re

import pytest
from django.http import HttpResponse
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from smartcooking.url_segments import BySegment


def interface() -> BySegment:
    return next(one for one in get_resolver().url_patterns if isinstance(one, BySegment))


def test_every_path_of_the_interface_finds_its_own_view() -> None:
    found = interface()
    plain = URLResolver(RoutePattern("v1/"), found.url_patterns)

    for pattern in found.url_patterns:
        path = "v1/" + re.sub(r"<[^>]*>", "01ARZ3NDEKTSV4RRFFQ69G5FAV", str(pattern.pattern))
        mine, django = found.resolve(path), plain.resolve(path)
        assert (mine.func, mine.kwargs, mine.route) == (django.func, django.kwargs, django.route)


@pytest.mark.parametrize("path", ["v1/", "v1", "v1/nothing", "v1/recipes/", "v2/recipes", "", "v1//recipes"])
def test_other_paths_find_nothing(path: str) -> None:
    with pytest.raises(Resolver404):
        interface().resolve(path)


def test_patterns_of_one_segment_are_tried_in_their_order() -> None:
    first, second = (URLPattern(RoutePattern("a/b", is_endpoint=True), lambda _: HttpResponse()) for _ in range(2))

    assert BySegment("v1/", [first, second]).resolve("v1/a/b").func is first.callback


def test_a_pattern_without_a_segment_of_its_own_is_refused() -> None:
    with pytest.raises(ValueError, match="first segment"):
        BySegment("v1/", [URLPattern(RoutePattern("<str:name>", is_endpoint=True), lambda _: HttpResponse())])
