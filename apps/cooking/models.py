"""Rows of cooking: sessions with a snapshot of the recipe, and one row of statistics per person."""

from datetime import timedelta
from enum import StrEnum

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from apps.core import clock
from apps.core.models import BodyAttribute, Item, MomentAttribute

# Sessions end by themselves after a day.
OPEN_FOR = timedelta(hours=24)


class Status(StrEnum):
    COOKING = "cooking"
    COMPLETED = "completed"
    ABANDONED = "abandoned"


class SessionRow(Item, discriminator="cooking_session"):
    """A cooking session; `snapshot` is the recipe as it was, for the servings cooked."""

    user_id = UnicodeAttribute()
    recipe_id = UnicodeAttribute()
    stored_status = UnicodeAttribute(default=Status.COOKING.value)
    snapshot = BodyAttribute()
    servings = NumberAttribute()
    current_step = NumberAttribute(default=0)
    notes = UnicodeAttribute(null=True)
    started_at = MomentAttribute()
    ended_at = MomentAttribute(null=True)

    @property
    def has_lapsed(self) -> bool:
        """Return whether it was left open for more than a day. It ends then by itself, without a job."""
        return self.stored_status == Status.COOKING and clock.now() >= self.started_at + OPEN_FOR

    @property
    def status(self) -> Status:
        return Status.ABANDONED if self.has_lapsed else Status(self.stored_status)


class CookingStats(Item, discriminator="cooking_stats"):
    """Statistics of a cook; `methods` and `recipes` count completed sessions."""

    completed = NumberAttribute(default=0)
    minutes = NumberAttribute(default=0)
    methods = BodyAttribute(default=dict)
    recipes = NumberAttribute(default=0)
    last_cooked_at = MomentAttribute(null=True)
