"""Integer codes for names, so that columns can hold them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields


class Codes:
    """Names and their numbers. Append-only, so a number means the same to all readers. 0 is no name."""

    __slots__ = ("_codes", "texts")

    def __init__(self, texts: Iterable[str] = ("",)) -> None:
        self.texts = list(texts)
        self._codes = {text: code for code, text in enumerate(self.texts)}

    def add(self, text: str) -> int:
        """Return the code of `text`, assigning the next one if it has none. Writers only."""
        code = self._codes.get(text)
        if code is None:
            code = len(self.texts)
            self.texts.append(text)
            self._codes[text] = code
        return code

    def find(self, text: str) -> int | None:
        return self._codes.get(text)

    def add_bits(self, names: Iterable[str], *, most: int = 32) -> int:
        """Return `names` as a bit set; `ValueError` if there are more than `most` names in all. Writers only."""
        bits = sum(1 << (self.add(name) - 1) for name in set(names))
        if bits >> most:
            raise ValueError(f"more than {most} names in one set: {self.texts[1:]}")
        return bits

    def find_bits(self, names: Iterable[str]) -> int:
        """Return the known ones of `names` as a bit set."""
        return sum(1 << (code - 1) for name in set(names) if (code := self._codes.get(name)))


@dataclass(frozen=True, slots=True)
class CodeBook:
    """The names to which columns and postings refer. Cuisines are folded."""

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
