"""Events of pictures that the apps above subscribe to."""

from dataclasses import dataclass

from apps.core.events import Event


@dataclass(frozen=True, slots=True)
class PictureReady(Event):
    """A picture was checked that a thing has been waiting for since it was brought in."""

    user_id: str
    upload_id: str
