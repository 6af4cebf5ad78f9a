"""Recognize and strip bullets and numbers before rows, and split blocks at numbers."""

import re
from collections.abc import Iterator

BULLET = re.compile(r"^\s*(?:[-–—*•·●▪◦►✓✔☑☐□➤★☆+~>]+|\[ ?[xX]? ?\])\s*")
NUMBERED = re.compile(
    r"^\s*(?:(?:bước|buoc|step|b)\s*(\d{1,2})\s*[:.)\-–—]*|(\d{1,2})\s*[.):\-–—/](?!\d))\s*", re.IGNORECASE
)
INLINE_NUMBER = re.compile(
    r"(?:(?<=[\s.;:!,])|^)(?:(?:bước|buoc|step)\s*(\d{1,2})\s*[:.)\-–—]*|[bB](\d{1,2})\s*[:.)]|"
    r"(\d{1,2})[.)](?!\d))\s+",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[^\W\d_a-zà-ỹ]|\d)")


def split_block(row: str) -> Iterator[str]:
    """Split a block into sentences and numbered steps."""
    starts = [found.start() for found in INLINE_NUMBER.finditer(row)]
    numbers = [_number(found) for found in INLINE_NUMBER.finditer(row)]
    if len(starts) > 1 and numbers[:2] == [1, 2]:
        yield from SENTENCE.split(row[: starts[0]].strip())
        for start, end in zip(starts, [*starts[1:], len(row)], strict=True):
            yield row[start:end].strip()
        return
    yield from (part for part in SENTENCE.split(row) if part.strip())


def _number(found: re.Match[str]) -> int:
    return int(next(group for group in found.groups() if group))


def strip_bullet(row: str) -> str:
    """Return a row without its bullet or number. "2 quả trứng" keeps its 2."""
    bare = BULLET.sub("", row)
    found = NUMBERED.match(bare)
    return bare[found.end() :].strip() if found else bare.strip()
