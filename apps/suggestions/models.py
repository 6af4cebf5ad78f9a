"""Rows of suggestions: what was asked and answered, what generation took, quotas, answers to be used again."""

from enum import StrEnum
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from apps.core.models import BodyAttribute, Item, MomentAttribute


class Status(StrEnum):
    GENERATING = "generating"
    COMPLETE = "complete"


class SuggestionRow(Item, discriminator="suggestion"):
    """One question and its answer.

    `request` is what was understood, in ids and enumerations; `recipes` the answer so far, in order: {recipe_id,
    source, score, have, missing}; `plan` the methods still to be generated, each under its number; `done` the numbers
    that are stored, given up or unsafe, so that a redelivered task goes on where the last one was killed.
    """

    user_id = UnicodeAttribute()
    status = UnicodeAttribute(default=Status.COMPLETE.value)
    request = BodyAttribute()
    recipes = BodyAttribute()
    plan = BodyAttribute()
    done = BodyAttribute()
    warnings = BodyAttribute()
    # What of the day's quota this suggestion holds, and the day whose quota it is.
    reserved = NumberAttribute(default=0)
    reserved_on = UnicodeAttribute(null=True)
    cost_usd = NumberAttribute(default=0)
    cost_saved_usd = NumberAttribute(default=0)
    feedback = BodyAttribute(null=True)
    created_at = MomentAttribute()
    completed_at = MomentAttribute(null=True)
    # When its owner first read what had to be generated for it.
    seen_at = MomentAttribute(null=True)


class GenerationRecord(Item, discriminator="generation_record"):
    """What one attempt at one recipe took, whatever became of it."""

    suggestion_id = UnicodeAttribute()
    user_id = UnicodeAttribute()
    provider = UnicodeAttribute()
    model = UnicodeAttribute()
    outcome = UnicodeAttribute()
    input_tokens = NumberAttribute(default=0)
    output_tokens = NumberAttribute(default=0)
    cost_usd = NumberAttribute(default=0)
    latency_ms = NumberAttribute(default=0)
    prompt_hash = UnicodeAttribute(default="")
    created_at = MomentAttribute()


class CachedAnswer(Item, discriminator="cached_answer"):
    """The recipes generated for a question, for whoever asks the same within the hour: `recipes` as in a suggestion."""

    recipes = BodyAttribute()
    cost_usd = NumberAttribute(default=0)


class QuotaRow(Item, discriminator="quota"):
    """How many generated recipes somebody has had, or has under way, on one day."""

    used = NumberAttribute(default=0)


Entry = dict[str, Any]
