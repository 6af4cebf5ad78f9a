"""What happens to recipes and that apps above act on."""

from dataclasses import dataclass

from apps.core.events import Event


@dataclass(frozen=True, slots=True)
class TagsWanted(Event):
    """A recipe came into the catalogue or was imported, or says something else since."""

    recipe_id: str
