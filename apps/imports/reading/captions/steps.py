"""Split rows into steps."""

import re
from collections.abc import Iterator, Sequence

from apps.imports.reading.captions.bullets import BULLET, INLINE_NUMBER, NUMBERED, split_block, strip_bullet
from apps.imports.reading.captions.phrases import CLOSING, META

_ARROWS = re.compile("\\s*(?:→|➡|➜|➔|⇒|=>|->|>>)\ufe0f?\\s*")


def step_lines(rows: Sequence[str]) -> Iterator[str]:
    """Return the steps: numbered ones, else one per row. A single block is split at numbers, arrows or sentences."""
    kept = [row for row in rows if not CLOSING.match(strip_bullet(row)) and not META.match(row)]
    numbered = [NUMBERED.match(BULLET.sub("", row)) is not None for row in kept]
    if any(numbered) and len(kept) > 1:
        yield from _joined(kept, numbered)
    elif len(kept) == 1:
        yield from _of_numbered(kept[0]) if _is_single_number(kept[0]) else _of_block(kept[0])
    else:
        for row in kept:
            yield from _of_row(row)


def _is_single_number(row: str) -> bool:
    return NUMBERED.match(row) is not None and len(INLINE_NUMBER.findall(row)) == 1


def _joined(rows: Sequence[str], numbered: Sequence[bool]) -> Iterator[str]:
    """Join rows that continue the numbered row before them."""
    step = ""
    for row, begins in zip(rows, numbered, strict=True):
        if begins or not step:
            yield from _of_numbered(step)
            step = row
        else:
            step = f"{step} {BULLET.sub('', row)}"
    yield from _of_numbered(step)


def _of_numbered(step: str) -> Iterator[str]:
    pieces = list(split_block(step)) if len(INLINE_NUMBER.findall(step)) > 1 else [step]
    for piece in pieces:
        yield from _tidy(piece)


def split_line(row: str) -> Iterator[str]:
    """Return the steps in one line of several. Numbers and arrows begin a step; sentences don't."""
    yield from _of_block(row) if _ARROWS.search(row) else _of_numbered(row)


def _of_row(row: str) -> Iterator[str]:
    if not strip_bullet(row).rstrip().endswith(":"):
        yield from _tidy(row)


def _of_block(block: str) -> Iterator[str]:
    if _ARROWS.search(block):
        for part in _ARROWS.split(block):
            yield from _tidy(part)
        return
    for part in split_block(block):
        yield from _tidy(part)


def _tidy(step: str) -> Iterator[str]:
    text = strip_bullet(step).strip(" -–—;|")
    if len(text) > 2 and not CLOSING.match(text):  # noqa: PLR2004
        yield text
