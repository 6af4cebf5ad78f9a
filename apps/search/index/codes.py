"""Integer codes for names, so that columns can hold them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields


class Codes:
    """Names and their numbers: append-only, so a number once given means the same to every reader. 0 is no name."""

    __slots__ = ("_codes", "texts")

    def __init__(self, texts: Iterable[str] = ("",)) -> None:
        self.texts = list(texts)
        self._codes = {text: code for code, text in enumerate(self.texts)}

    def add(self, text: str) -> int:
        """Return the code of `text`, giving it the next one if it has none. Writers only."""
        code = self._codes.get(text)
        if code is None:
            code = len(self.texts)
            self.texts.append(text)
            self._codes[text] = code
        return code

    def find(self, text: str) -> int | None:
        return self._codes.get(text)

    def add_bits(self, names: Iterable[str], *, most: int = 32) -> int:
        """Return `names` as a set of bits; `ValueError` when more than `most` names turn up. Writers only."""
        bits = sum(1 << (self.add(name) - 1) for name in set(names))
        if bits >> most:
            raise ValueError(f"more than {most} names in one set: {self.texts[1:]}")
        return bits

    def find_bits(self, names: Iterable[str]) -> int:
        """Return those of the `names` that have been seen as a set of bits."""
        return sum(1 << (code - 1) for name in set(names) if (code := self._codes.get(name)))


@dataclass(frozen=True, slots=True)
class CodeBook:
    """The names that columns and postings refer to; cuisines are folded."""

    cuisine: Codes = field(default_factory=Codes)
    method: Codes = field(default_factory=Codes)
    meal: Codes = field(default_factory=Codes)
    difficulty: Codes = field(default_factory=Codes)
    language: Codes = field(default_factory=Codes)
    allergens: Codes = field(default_factory=Codes)
    diets: Codes = field(default_factory=Codes)
    labels: Codes = field(default_factory=Codes)
    ingredients: Codes = field(default_factory=Codes)

    def texts(self) -> dict[str, list[str]]:
        return {each.name: getattr(self, each.name).texts for each in fields(self)}

    @classmethod
    def of(cls, texts: dict[str, list[str]]) -> "CodeBook":
        return cls(**{name: Codes(listed) for name, listed in texts.items()})
