"""The recipes of a suggestion: where each comes from, and how it fits what is at hand."""

from dataclasses import dataclass
from typing import Any, Self

from apps.suggestions.fits import Fit, Short
from apps.suggestions.models import SuggestionRow


@dataclass(frozen=True, slots=True)
class Entry:
    """One recipe of a suggestion; `source` is catalogue, ai or rules."""

    recipe_id: str
    source: str
    fit: Fit

    def as_stored(self) -> dict[str, Any]:
        """Return the entry as rows store it, without empty values: older rows lack these fields."""
        body = self.fit.as_dict()
        kept = {name: value for name, value in body.items() if value or name in {"score", "have", "missing"}}
        return {"recipe_id": self.recipe_id, "source": self.source, **kept}

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        fit = Fit(
            score=float(stored["score"]),
            have=tuple(stored["have"]),
            missing=tuple(stored["missing"]),
            substitutes={one["ingredient"]: one["by"] for one in stored.get("substitutes", ())},
            short=tuple(_short(one) for one in stored.get("short", ())),
            why=stored.get("why", ""),
            warnings=tuple(stored.get("warnings", ())),
        )
        return cls(stored["recipe_id"], stored["source"], fit)


def _short(stored: dict[str, Any]) -> Short:
    return Short(stored["ingredient"], float(stored["have"]), float(stored["need"]), stored["unit"])


def entries_of(row: SuggestionRow) -> list[Entry]:
    return [Entry.of(stored) for stored in row.recipes]
