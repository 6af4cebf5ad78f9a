"""Events of recipes that the apps above subscribe to."""

from dataclasses import dataclass

from apps.core.events import Event


@dataclass(frozen=True, slots=True)
class TagsWanted(Event):
    """A recipe joined the catalogue or was imported, or its text changed since."""

    recipe_id: str
