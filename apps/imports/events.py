"""Events of imports that the apps above subscribe to."""

from dataclasses import dataclass

from apps.core.events import Event


@dataclass(frozen=True, slots=True)
class OwnNetworkAddressed(Event):
    """Somebody asked for a page of the service's own machine or network; nothing was fetched."""

    user_id: str
    import_id: str
