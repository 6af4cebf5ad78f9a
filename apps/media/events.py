"""Events of pictures that the apps above subscribe to."""

from dataclasses import dataclass

from apps.core.events import Event


@dataclass(frozen=True, slots=True)
class PictureReady(Event):
    """A picture that an import is waiting for has passed the check."""

    user_id: str
    upload_id: str
