"""Rows of insights: the totals of a day."""

from apps.core.models import BodyAttribute, Item, MomentAttribute


class DayFigures(Item, discriminator="day_figures"):
    """The totals of a day (UTC), rolled up so that reading them costs the same whatever the number of events."""

    body = BodyAttribute(default=dict)
    rolled_up_at = MomentAttribute()
