"""PLACEHOLDER until the engine lands."""

from dataclasses import dataclass

from apps.core.text import fold, normalize
from apps.ingredients.entry import Ingredient


@dataclass(frozen=True, slots=True)
class Match:
    status: str
    ingredient: Ingredient | None
    confidence: float
    quantity: float | None = None
    unit: str | None = None
    suggestions: tuple[Ingredient, ...] = ()


class Matcher:
    def __init__(self, ingredients):
        self.all = tuple(ingredients)
        self.exact, self.folded = {}, {}
        for i in ingredients:
            for n in [i.vi, i.en, *[a for v in i.aliases.values() for a in v]]:
                self.exact.setdefault(normalize(n), {})[i.id] = i
                self.folded.setdefault(fold(n), {})[i.id] = i

    def match(self, text):
        for table, conf in ((self.exact.get(normalize(text)), 1.0), (self.folded.get(fold(text)), 0.95)):
            if table:
                vals = tuple(table.values())
                if len(vals) == 1:
                    return Match("exact", vals[0], conf)
                return Match("ambiguous", None, conf, suggestions=vals[:3])
        return Match("unknown", None, 0.0)

    def resolve(self, name):
        t = self.exact.get(normalize(name), {})
        if len(t) == 1:
            return next(iter(t.values()))
        main = [i for i in t.values() if normalize(name) in (i.vi, i.en)]
        return main[0] if len(main) == 1 else None

    def complete(self, q, *, category=None, limit=20):
        return [i for i in self.all if fold(i.vi).startswith(fold(q)) or fold(i.en).startswith(fold(q))][:limit]
