"""Rows of insights: the totals of a day."""

from apps.core.models import BodyAttribute, Item, MomentAttribute


class DayFigures(Item, discriminator="day_figures"):
    """What a day (UTC) came to, rolled up so that reading it costs the same however much happened."""

    body = BodyAttribute(default=dict)
    rolled_up_at = MomentAttribute()
