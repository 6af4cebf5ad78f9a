"""The master list as authored: YAML files, one per category, validated entry by entry."""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import yaml

from apps.core.food import broken_diets
from apps.core.ids import derived_id
from apps.core.text import normalize
from apps.ingredients.entry import ALLERGENS, DIETS, Category, Ingredient

# libyaml, if available, is ten times as fast and just as safe.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

DATA = Path(__file__).parent / "data"
# Files beside the master list that don't belong to it: see `carrier_table` and `_check_shared_names`.
_AMBIGUOUS_FILE = "ambiguous.yaml"
_NO_CATEGORY = frozenset({_AMBIGUOUS_FILE, "carriers.yaml"})

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_REQUIRED = frozenset({"key", "vi", "en"})
_OPTIONAL = frozenset({"aliases", "allergens", "may_contain", "breaks", "staple", "kind_of", "made_of"})
_LANGUAGES = frozenset({"vi", "en"})
_ANIMALS = frozenset({Category.MEAT, Category.SEAFOOD})


class MasterListError(ValueError):
    """A data file violates the format. The message names the file, the key and the problem."""


def compute_fingerprint() -> str:
    """Return a hash of the data files and of the code that reads them. Takes 5 ms, while `load` takes 2 s."""
    digest = hashlib.sha256()
    for path in sorted([*DATA.glob("*.yaml"), *Path(__file__).parent.glob("*.py")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def load(directory: Path = DATA) -> tuple[Ingredient, ...]:
    """Read every `*.yaml` in `directory`, in the order of files and entries.

    The id of an entry is a ULID derived from its key (fixed time, 80 bits of the SHA-256 of "ingredient:" + key), so
    it is the same on every machine and seeding twice writes the same rows. Raises `MasterListError`.
    """
    paths = sorted(path for path in directory.glob("*.yaml") if path.name not in _NO_CATEGORY)
    located = [(path.name, entry) for path in paths for entry in _read(path)]
    _check_unique_keys(located)
    _check_main_names(located)
    _check_shared_names(located, declared=_ambiguous_names(directory))
    _check_kinds(located)
    return tuple(entry for _, entry in located)


def _read(path: Path) -> list[Ingredient]:
    category = _category(path)
    try:
        rows = yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506  _Loader is the safe one, in C
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise MasterListError(f"{path.name}: not YAML: {error}") from error
    if not isinstance(rows, list):
        raise MasterListError(f"{path.name}: a list of entries is expected")
    entries = [_entry(row, category, path.name, place) for place, row in enumerate(rows, 1)]
    _check_order(entries, path.name)
    return entries


def _category(path: Path) -> Category:
    try:
        return Category(path.stem)
    except ValueError:
        raise MasterListError(f"{path.name}: not named after a category") from None


def _entry(row: Any, category: Category, file: str, place: int) -> Ingredient:
    label = row.get("key") if isinstance(row, dict) else None
    for problem in _problems(row, category):
        raise MasterListError(f"{file}: {label or f'entry {place}'}: {problem}")
    return Ingredient(
        id=derived_id("ingredient", row["key"]),
        key=row["key"],
        vi=row["vi"],
        en=row["en"],
        category=category,
        aliases={language: tuple(names) for language, names in row.get("aliases", {}).items()},
        allergens=frozenset(row.get("allergens", ())),
        breaks=frozenset(row.get("breaks", ())),
        staple=row.get("staple", False),
        kind_of=derived_id("ingredient", row["kind_of"]) if "kind_of" in row else None,
        made_of=tuple(derived_id("ingredient", key) for key in row.get("made_of", ())),
        may_contain=frozenset(row.get("may_contain", ())),
    )


def _problems(row: Any, category: Category) -> Iterator[str]:
    """Yield the problems of a row. Checks the structure first, on which later checks rely."""
    if not isinstance(row, dict):
        yield "a mapping is expected"
        return
    yield from _problems_of_fields(row)
    yield from _problems_of_names(row)
    yield from _problems_of_sets(row)
    yield from _contradictions(category, set(row.get("allergens", ())), set(row.get("breaks", ())))


def _problems_of_fields(row: dict[Any, Any]) -> Iterator[str]:
    yield from (f"{field} is missing" for field in sorted(_REQUIRED - row.keys()))
    yield from (f"unknown field {field!r}" for field in row if field not in _REQUIRED | _OPTIONAL)
    if not isinstance(row["key"], str) or not _KEY.fullmatch(row["key"]):
        yield "the key is not ASCII kebab-case"
    if row.get("staple", True) is not True:
        yield "staple is true or left out"
    if not isinstance(row.get("kind_of", ""), str):
        yield "kind_of is the key of an entry"


def _problems_of_names(row: dict[str, Any]) -> Iterator[str]:
    aliases = row.get("aliases", {})
    if not isinstance(aliases, dict) or not aliases.keys() <= _LANGUAGES:
        yield "aliases are lists under vi and en"
    for names in aliases.values():
        yield from _problems_of_list("aliases", names)
    for name in _names(row):
        yield from _problems_of_name(name)
    yield from _repeated(row)


def _names(row: dict[str, Any]) -> list[Any]:
    return [row["vi"], row["en"], *(name for names in row.get("aliases", {}).values() for name in names)]


def _problems_of_name(name: Any) -> Iterator[str]:
    if not isinstance(name, str):
        yield f"the name {name!r} is not text (quote it)"
    elif not any(char.isalpha() for char in name):
        yield f"the name {name!r} has no letter"
    elif name != unicodedata.normalize("NFC", name):
        yield f"the name {name!r} is not in NFC"
    elif name != normalize(name):
        yield f"the name {name!r} is not lower case with single spaces"


def _repeated(row: dict[str, Any]) -> Iterator[str]:
    """A language names an ingredient once; "rum" may stand in both, as people say it in both."""
    for language, aliases in row.get("aliases", {}).items():
        names = [row[language], *aliases]
        yield from (f"{name!r} stands twice in {language}" for name in sorted(set(names)) if names.count(name) > 1)


def _problems_of_sets(row: dict[str, Any]) -> Iterator[str]:
    for field, allowed in (("allergens", ALLERGENS), ("may_contain", ALLERGENS), ("breaks", DIETS)):
        if field in row:
            yield from _problems_of_list(field, row[field])
            yield from (f"unknown {field}: {value}" for value in row[field] if value not in allowed)
    if "made_of" in row:
        yield from _problems_of_list("made_of", row["made_of"])
    if not set(row.get("may_contain", ())).isdisjoint(row.get("allergens", ())):
        yield "an allergen stands in both allergens and may_contain"


def _problems_of_list(field: str, values: Any) -> Iterator[str]:
    if not isinstance(values, list) or not values:
        yield f"{field}: a list is expected, or nothing"
    elif len({str(value) for value in values}) < len(values):
        yield f"{field}: something stands twice"


def _contradictions(category: Category, allergens: set[str], breaks: set[str]) -> Iterator[str]:
    """What follows from an allergen, a diet or a category; an allergen that products may contain breaks none."""
    implied = broken_diets(allergens, breaks) - breaks
    if implied:
        yield f"does not break {', '.join(sorted(implied))}, which its allergens or other diets imply"
    if category in _ANIMALS and not {"vegetarian", "vegan"} <= breaks:
        yield f"is {category} and does not break vegetarian and vegan"


def _check_order(entries: list[Ingredient], file: str) -> None:
    for before, entry in pairwise(entries):
        if entry.key < before.key:
            raise MasterListError(f"{file}: {entry.key}: stands after {before.key}: entries are sorted by key")


def _check_unique_keys(located: Iterable[tuple[str, Ingredient]]) -> None:
    files: dict[str, str] = {}
    for file, entry in located:
        if entry.key in files:
            raise MasterListError(f"{file}: {entry.key}: the key also stands in {files[entry.key]}")
        files[entry.key] = file


def _check_main_names(located: Iterable[tuple[str, Ingredient]]) -> None:
    for language in sorted(_LANGUAGES):
        owners: dict[str, str] = {}
        for file, entry in located:
            name = entry.name(language)
            if name in owners:
                raise MasterListError(f"{file}: {entry.key}: {name!r} is also the name of {owners[name]}")
            owners[name] = entry.key


def _ambiguous_names(directory: Path) -> dict[str, str]:
    """Return the names that several foods may have, with the reason; a list may do without such names."""
    path = directory / _AMBIGUOUS_FILE
    return dict(yaml.load(path.read_text("utf-8"), Loader=_Loader)) if path.exists() else {}  # noqa: S506


def _check_shared_names(located: Iterable[tuple[str, Ingredient]], *, declared: dict[str, str]) -> None:
    """A name, main name or alias in either language, is that of one food, or it is declared ambiguous."""
    owners: dict[str, set[str]] = defaultdict(set)
    for _, entry in located:
        for name in (entry.vi, entry.en, *chain.from_iterable(entry.aliases.values())):
            owners[name].add(entry.key)
    shared = {name: keys for name, keys in owners.items() if len(keys) > 1}
    for name in sorted(shared.keys() - declared.keys()):
        raise MasterListError(f"{name!r} is a name of {', '.join(sorted(shared[name]))}: rename, or declare it")
    for name in sorted(declared.keys() - shared.keys()):
        raise MasterListError(f"{_AMBIGUOUS_FILE}: {name!r} is not the name of several entries")


def _check_kinds(located: Iterable[tuple[str, Ingredient]]) -> None:
    """Check that `kind_of` and `made_of` refer to entries of the list, without cycles."""
    by_id = {entry.id: entry for _, entry in located}
    for file, entry in located:
        for other in (*((entry.kind_of,) if entry.kind_of else ()), *entry.made_of):
            if other not in by_id:
                raise MasterListError(f"{file}: {entry.key}: kind_of or made_of names an entry that does not exist")
    finished: set[str] = set()
    for file, entry in located:
        if _leads_back(entry.id, by_id, finished, path=[]):
            raise MasterListError(f"{file}: {entry.key}: is a kind of itself or made of itself")


def _leads_back(id_: str, by_id: dict[str, Ingredient], finished: set[str], path: list[str]) -> bool:
    if id_ in path:
        return True
    if id_ in finished:
        return False
    entry = by_id[id_]
    others = (*((entry.kind_of,) if entry.kind_of else ()), *entry.made_of)
    found = any(_leads_back(other, by_id, finished, [*path, id_]) for other in others)
    finished.add(id_)
    return found
