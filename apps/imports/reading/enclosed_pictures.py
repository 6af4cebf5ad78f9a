"""Pictures in an archive of recipes: find them by their path and read them within size limits."""

import base64
import binascii
import posixpath
from collections import defaultdict
from collections.abc import Iterable, Sequence

import orjson

from apps.imports.errors import FileNotUnderstood, FileTooLarge
from apps.imports.reading import unpacking
from apps.imports.reading.unpacking import Budget

MAX_PICTURE = 10 * 1024 * 1024
# Used instead of an entry's name if the picture is inside the document under this name, as in Paprika's exports.
WITHIN, FIELD = "#picture", "photo_data"
_ENDINGS = (".jpg", ".jpeg", ".png", ".webp")
# File names of the largest size in each exporter's archives. Other pictures rank after these.
_BEST = ("full", "original", "image", "cover", "photo")


class Shelf:
    """The pictures of an archive, by folder."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names: set[str] = set()
        self._by_folder: dict[str, list[str]] = defaultdict(list)
        self._documents: dict[str, int] = defaultdict(int)
        for name in names:
            if name.lower().endswith(_ENDINGS):
                self._names.add(name)
                self._by_folder[posixpath.dirname(name)].append(name)
            elif not name.endswith("/"):
                self._documents[posixpath.dirname(name)] += 1

    def find(self, document: str, named: str, *, is_alone: bool) -> str | None:
        """Return the picture of a document: the one that it names, or the best one beside it.

        A picture is beside a document if it has the same name, or if the document is alone in its folder.
        """
        folder, stem = posixpath.dirname(document), posixpath.splitext(document)[0]
        wanted = posixpath.normpath(posixpath.join(folder, named)) if named and ":" not in named else ""
        if wanted in self._names:
            return wanted
        if not is_alone:
            return None
        same = [name for name in self._by_folder[folder] if posixpath.splitext(name)[0] == stem]
        if same or self._documents[folder] > 1:
            return same[0] if same else None
        beside = [*self._by_folder[folder], *self._by_folder[posixpath.join(folder, "images")]]
        return min(beside, key=_rank, default=None)


def _rank(name: str) -> tuple[int, str]:
    stem = posixpath.splitext(posixpath.basename(name))[0].lower()
    return (_BEST.index(stem) if stem in _BEST else len(_BEST), name)


def read(content: bytes, path: Sequence[str]) -> bytes | None:
    """Return a picture, at most 10 MB, by the names of the entries that lead to it; None if it can't be read."""
    budget = Budget()
    try:
        for name in path:
            content = _within(content, budget) if name == WITHIN else _unzipped(content, name, budget)
    except (FileNotUnderstood, FileTooLarge, KeyError):
        return None
    return content if len(content) <= MAX_PICTURE else None


def _unzipped(content: bytes, name: str, budget: Budget) -> bytes:
    most = unpacking.MAX_UNPACKED if name.lower().endswith(".zip") else MAX_PICTURE
    with unpacking.opened(content) as archive:
        return unpacking.unzip(archive, name, budget, most=most)


def _within(content: bytes, budget: Budget) -> bytes:
    text = unpacking.gunzip(content, budget) if unpacking.is_gzip(content) else content
    try:
        return base64.b64decode(orjson.loads(text)[FIELD], validate=False)
    except (orjson.JSONDecodeError, binascii.Error, TypeError, ValueError) as error:
        raise FileNotUnderstood from error


def kind_of(content: bytes) -> str | None:
    """Return the type of a picture by its first bytes; None if it is not an accepted type."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None
