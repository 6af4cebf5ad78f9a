"""Events of imports that the apps above subscribe to."""

from dataclasses import dataclass

from apps.core.events import Event


@dataclass(frozen=True, slots=True)
class OwnNetworkAddressed(Event):
    """Somebody tried to import from the service's own machine or network. Nothing was fetched."""

    user_id: str
    import_id: str
