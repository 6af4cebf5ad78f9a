"""The names of the master list as search uses them, computed once per version of the list."""

from functools import cached_property

from apps.ingredients.directory import Directory, live
from apps.ingredients.entry import Category, Ingredient
from apps.search.index.words import split_words
from apps.search.interpretation import Interpreter


class SearchTerms:
    """Names for searches, computed from one version of the master list."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self._names: dict[str, tuple[str, ...]] = {}

    @cached_property
    def interpreter(self) -> Interpreter:
        """The interpreter of queries. The first call takes some tenths of a second."""
        listed, kinds = self.directory.by_id.values(), self.directory.kinds
        # One set for all names of an entry, since the interpreter keeps each pair: thousands of sets would take 3 MB.
        covered = ((entry, kinds.kinds_of(entry.id)) for entry in listed)
        names = ((name, ids) for entry, ids in covered for name in _all_names(entry))
        dishes = [_all_names(entry) for entry in listed if entry.category == Category.PREPARED]
        return Interpreter(names, dishes)

    def names_of(self, ingredient_id: str) -> tuple[str, ...]:
        """Return the folded names of an ingredient; none if it was deleted."""
        found = self._names.get(ingredient_id)
        if found is None:
            entry = self.directory.by_id.get(ingredient_id)
            names = [" ".join(split_words(name)) for name in _all_names(entry)] if entry else []
            found = self._names[ingredient_id] = tuple(dict.fromkeys(names))
        return found


def _all_names(entry: Ingredient) -> list[str]:
    return [entry.vi, entry.en, *(name for names in entry.aliases.values() for name in names)]


_made: SearchTerms | None = None


def current() -> SearchTerms:
    """Return the terms of the current master list."""
    global _made  # noqa: PLW0603  replaced whole, as the list is
    directory, made = live().current(), _made
    if made is None or made.directory is not directory:
        made = _made = SearchTerms(directory)
    return made
