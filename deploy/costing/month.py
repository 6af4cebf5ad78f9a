"""What a line of the bill is, and what all of them are computed from."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

from deploy.costing import usage
from deploy.costing.inventory import Inventory
from deploy.costing.prices import GB, HOURS
from deploy.environments import Environment

MINUTES = HOURS * 60


@dataclass(frozen=True)
class Line:
    """What a service costs in a month, and why."""

    service: str
    usd: float
    basis: str


@dataclass(frozen=True)
class Month:
    """An environment's resources, and what so many active people ask of them."""

    env: Environment
    people: int
    resources: Inventory
    each: usage.Units

    @classmethod
    def of(cls, env: Environment, people: int) -> Self:
        return cls(env, people, Inventory(env), usage.units())

    @property
    def requests(self) -> float:
        return self.people * self.each.requests

    @property
    def messages(self) -> float:
        return self.people * self.each.messages

    @property
    def generations(self) -> float:
        return self.people * usage.GENERATIONS

    @property
    def rows_gb(self) -> float:
        """What lies in the table of everybody who ever came."""
        return self.people * usage.EVER * usage.ROWS_KB / GB

    @property
    def pictures_gb(self) -> float:
        return self.people * usage.EVER * usage.PICTURES_KB / GB

    @cached_property
    def kinds(self) -> dict[str, int]:
        return dict(self.resources.kinds)
