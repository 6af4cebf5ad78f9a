"""Events of households that the apps above subscribe to."""

from dataclasses import dataclass

from apps.core.events import Event


@dataclass(frozen=True, slots=True)
class MemberLeft(Event):
    """Somebody left or was removed, and the household goes on without them."""

    household_id: str
    user_id: str
    left_at: str
