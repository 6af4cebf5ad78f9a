"""Filters on recipes: a mask over all slots, narrowed by each condition."""

from collections.abc import Iterable

import numpy as np

from apps.core.text import fold
from apps.search.index.arrays import Bools, Slots
from apps.search.index.state import State


class Filter:
    """The live slots that meet all conditions so far. Each condition is one pass over a column: 10 µs for 100,000.

    An empty condition matches all recipes; a name that no recipe has matches none.
    """

    __slots__ = ("_state", "mask")

    def __init__(self, state: State) -> None:
        self._state = state
        self.mask: Bools = state.live.copy()

    def cuisine(self, name: str | None) -> None:
        self._same("cuisine", fold(name) if name else None)

    def method(self, name: str | None) -> None:
        self._same("method", name)

    def without_methods(self, names: Iterable[str]) -> None:
        for code in filter(None, map(self._state.codes.method.find, names)):
            self.mask &= self._state.rows.method != code

    def meal(self, name: str | None) -> None:
        self._same("meal", name)

    def language(self, name: str | None) -> None:
        self._same("language", name)

    def difficulty(self, name: str | None) -> None:
        self._same("difficulty", name)

    def within(self, minutes: int | None) -> None:
        """Keep recipes with a known time within the limit."""
        if minutes is not None:
            self.mask &= self._state.rows.minutes <= min(max(minutes, 0), 65_534)

    def keeping(self, diets: frozenset[str]) -> None:
        known = self._state.codes.diets
        if any(known.find(diet) is None for diet in diets):
            self.mask[:] = False
        elif bits := known.find_bits(diets):
            self.mask &= self._state.rows.diets & np.uint32(bits) == bits

    def labelled(self, names: frozenset[str]) -> None:
        known = self._state.codes.labels
        if any(known.find(name) is None for name in names):
            self.mask[:] = False
        elif bits := known.find_bits(names):
            self.mask &= self._state.rows.labels & np.uint64(bits) == np.uint64(bits)

    def complete(self) -> None:
        """Keep recipes whose allergens are all known."""
        self.mask &= self._state.rows.is_complete

    def without_allergens(self, names: frozenset[str]) -> None:
        """Keep recipes known to be without these allergens. Recipes with unknown allergens are dropped."""
        if names:
            self.complete()
            bits = self._state.codes.allergens.find_bits(names)
            self.mask &= self._state.rows.allergens & np.uint32(bits) == 0

    def with_ingredient(self, ingredient_id: str) -> None:
        has = np.zeros_like(self.mask)
        has[self._slots_of([ingredient_id])] = True
        self.mask &= has

    def without_ingredients(self, ingredient_ids: Iterable[str]) -> None:
        """Drop recipes with any of these ingredients, in any role."""
        self.mask[self._slots_of(ingredient_ids)] = False

    def _slots_of(self, ingredient_ids: Iterable[str]) -> Slots:
        find = self._state.codes.ingredients.find
        codes = [code for each in ingredient_ids if (code := find(each)) is not None]
        return self._state.ingredients.of(codes)[0]

    def _same(self, column: str, name: str | None) -> None:
        if not name:
            return
        code = getattr(self._state.codes, column).find(name)
        if code is None:
            self.mask[:] = False
        else:
            self.mask &= getattr(self._state.rows, column) == code
