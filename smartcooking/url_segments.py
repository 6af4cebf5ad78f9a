"""Resolve paths among many patterns by their first segment: of 120, a few are tried."""

from collections.abc import Sequence

from django.urls import ResolverMatch, URLPattern, URLResolver
from django.urls.resolvers import RoutePattern


class BySegment(URLResolver):
    """The patterns of `patterns` behind `prefix`, as `path(prefix, include(patterns))`.

    A path is tried with the patterns that begin with its first segment, in their order; Django alone tries all before
    the one that matches, which took longer the later an app stands in the list.
    """

    def __init__(self, prefix: str, patterns: Sequence[URLPattern]) -> None:
        super().__init__(RoutePattern(prefix), list(patterns))
        self._prefix = prefix
        names = set(map(_first_segment, patterns))
        if any("<" in name for name in names):
            raise ValueError("the first segment of a pattern must be its own")
        self._of_segment = {
            name: URLResolver(RoutePattern(prefix), [one for one in patterns if _first_segment(one) == name])
            for name in names
        }

    def resolve(self, path: str) -> ResolverMatch:
        if path.startswith(self._prefix):
            found = self._of_segment.get(path[len(self._prefix) :].partition("/")[0])
            if found is not None:
                return found.resolve(path)
        return super().resolve(path)


def _first_segment(pattern: URLPattern) -> str:
    return str(pattern.pattern).partition("/")[0]
