"""The types of a bill: its lines, and the inputs from which they are computed."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

from deploy.costing import inventory, usage
from deploy.costing.inventory import Inventory
from deploy.costing.prices import GB, HOURS
from deploy.environments import Environment

MINUTES = HOURS * 60


@dataclass(frozen=True)
class Line:
    """A service's monthly cost, and its basis."""

    service: str
    usd: float
    basis: str


@dataclass(frozen=True)
class Month:
    """An environment's resources, and the load that this many active people cause."""

    env: Environment
    people: int
    resources: Inventory
    each: usage.Units
    # How often people visit, relative to the model.
    often: float = 1.0

    @classmethod
    def of(cls, env: Environment, people: int, often: float = 1.0) -> Self:
        return cls(env, people, inventory.of(env), usage.units(often), often)

    @property
    def visits(self) -> float:
        return self.people * usage.VISITS * self.often

    @property
    def requests(self) -> float:
        return self.people * self.each.requests

    @property
    def messages(self) -> float:
        return self.people * self.each.messages

    @property
    def generations(self) -> float:
        return self.people * usage.GENERATIONS * self.often

    @property
    def uploads(self) -> float:
        return self.people * usage.ACTIONS["ask for an upload"] * self.often

    @property
    def rows_gb(self) -> float:
        """Return the gigabytes of rows of everybody who ever used the service."""
        return self.people * usage.EVER * usage.ROWS_KB / GB

    @property
    def pictures_gb(self) -> float:
        return self.people * usage.EVER * usage.PICTURES_KB / GB

    @cached_property
    def kinds(self) -> dict[str, int]:
        return dict(self.resources.kinds)
