"""The hierarchy of the master list: what an ingredient is a kind of, its own kinds, and what it is made of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from apps.ingredients.entry import Ingredient

# Degree to which a general ingredient at hand satisfies one of its kinds, by the steps between them: "chicken" is good
# for a recipe with chicken thigh, less so for one with thigh fillet, and not beyond that.
_GENERAL = {0: 1.0, 1: 0.8, 2: 0.6}


class Kinds:
    """Transitive closures of `kind_of` and `made_of` for one version of the master list. Immutable.

    Lookups take constant time. An unknown id is only a kind of itself.
    """

    def __init__(self, by_id: Mapping[str, Ingredient]) -> None:
        self._ancestors = {id_: _ancestors(id_, by_id) for id_ in by_id}
        self._kinds = _kinds(self._ancestors)
        self._contains: dict[str, frozenset[str]] = {}
        for id_ in by_id:
            self._collect(id_, by_id)

    def ancestors(self, ingredient_id: str) -> Sequence[str]:
        """Return what the ingredient is a kind of, the nearest first."""
        return self._ancestors.get(ingredient_id, ())

    def kinds_of(self, ingredient_id: str) -> frozenset[str]:
        """Return the ingredient and all its kinds."""
        return self._kinds.get(ingredient_id) or frozenset({ingredient_id})

    def contains(self, ingredient_id: str) -> frozenset[str]:
        """Return the ingredient, all that it is a kind of, all that it is made of, and what those are kinds of.

        Somebody who must avoid any of these must avoid the ingredient.
        """
        return self._contains.get(ingredient_id) or frozenset({ingredient_id})

    def satisfaction(self, have_id: str, need_id: str) -> float:
        """Return the degree, from 0 to 1, to which one ingredient satisfies a recipe that lists another.

        1 for the ingredient itself and for a kind of it, less for what it is a kind of, 0 for anything else.
        """
        if have_id == need_id or need_id in self.ancestors(have_id):
            return 1.0
        above = self.ancestors(need_id)
        return _GENERAL.get(above.index(have_id) + 1, 0.0) if have_id in above else 0.0

    def _collect(self, id_: str, by_id: Mapping[str, Ingredient]) -> frozenset[str]:
        """Compute `contains` of an ingredient and, before it, of those that it consists of."""
        if id_ not in self._contains:
            # A placeholder while parts are collected, so that cycles end.
            self._contains[id_] = frozenset({id_})
            parts = _parents(by_id[id_]) if id_ in by_id else ()
            self._contains[id_] = frozenset({id_}).union(*(self._collect(part, by_id) for part in parts))
        return self._contains[id_]


def _parents(entry: Ingredient) -> Iterable[str]:
    return (*((entry.kind_of,) if entry.kind_of else ()), *entry.made_of)


def _ancestors(id_: str, by_id: Mapping[str, Ingredient]) -> tuple[str, ...]:
    """Follow `kind_of` upwards. Handles cycles, since moderators edit entries one by one."""
    found: list[str] = []
    entry = by_id.get(id_)
    while entry and entry.kind_of and entry.kind_of not in (id_, *found):
        found.append(entry.kind_of)
        entry = by_id.get(entry.kind_of)
    return tuple(found)


def _kinds(ancestors: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
    """Return ids with kinds only: most have none, and need no set."""
    below: dict[str, set[str]] = defaultdict(set)
    for id_, above in ancestors.items():
        for each in above:
            below[each] |= {each, id_}
    return {id_: frozenset(kinds) for id_, kinds in below.items()}
