"""Rows of suggestions: requests and answers, cost records, quotas, cached answers."""

from enum import StrEnum
from typing import Any

from pynamodb.attributes import BooleanAttribute, MapAttribute, NumberAttribute, UnicodeAttribute

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
    # The question whose generation for somebody else this suggestion waits for.
    follows = UnicodeAttribute(null=True)
    # What of the day's quota this suggestion holds, and the day whose quota it is.
    reserved = NumberAttribute(default=0)
    reserved_on = UnicodeAttribute(null=True)
    cost_usd = NumberAttribute(default=0)
    cost_saved_usd = NumberAttribute(default=0)
    feedback = BodyAttribute(null=True)
    created_at = MomentAttribute()
    completed_at = MomentAttribute(null=True)
    # When its owner first read the generated recipes.
    seen_at = MomentAttribute(null=True)


class GenerationRecord(Item, discriminator="generation_record"):
    """The cost record of one attempt at one recipe, whatever its outcome."""

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
    """The cached answer to a question, for the same question within the hour.

    `recipes` as in a suggestion; each may have its `place` in the answer, where recipes of the catalogue stood between.
    """

    recipes = BodyAttribute()
    cost_usd = NumberAttribute(default=0)


class RunningGeneration(Item, discriminator="generation_flight"):
    """A generation in progress: later requests for the same wait for its result instead of starting their own.

    `is_closing` while its followers are being served: new requests find the cached answer instead.
    """

    user_id = UnicodeAttribute()
    suggestion_id = UnicodeAttribute()
    is_closing = BooleanAttribute(default=False, attr_name="landing")


class FollowerRow(Item, discriminator="generation_follower"):
    """A suggestion that waits for a generation in progress for somebody else."""

    user_id = UnicodeAttribute()


class BudgetRow(Item, discriminator="ai_budget"):
    """What generation may take and has taken in one month, in millionths of a US dollar.

    `committed` is what was spent and what calls under way may still cost; `reservations` says of each suggestion what
    it holds of that, since when and for whom. All of it moves in single writes of this row, which DynamoDB puts in
    line: transactions of many workers on one row would run into each other.
    """

    committed = NumberAttribute(default=0)
    spent = NumberAttribute(default=0)
    reservations = MapAttribute[str, Any](default=dict)  # type: ignore[no-untyped-call]


class BreakerRow(Item, discriminator="breaker"):
    """A circuit breaker: a provider's consecutive failures, and the time (epoch seconds) until which it is skipped."""

    failures = NumberAttribute(default=0)
    open_until = NumberAttribute(default=0)


class AiSettingsRow(Item, discriminator="ai_settings"):
    """Settings of generation that operators changed at run time."""

    body = BodyAttribute(default=dict)


class FiguresRow(Item, discriminator="suggestion_figures"):
    """Statistics of the suggestions completed on one day, a share of them: money in millionths of a US dollar."""

    suggestions = NumberAttribute(default=0)
    requested = NumberAttribute(default=0)
    from_catalogue = NumberAttribute(default=0)
    from_ai = NumberAttribute(default=0)
    from_rules = NumberAttribute(default=0)
    answered_again = NumberAttribute(default=0)
    cost = NumberAttribute(default=0)
    saved = NumberAttribute(default=0)


class TagAnswerRow(Item, discriminator="tag_answer"):
    """What a model said to a question for tags, or that a worker is asking: whoever has the same question waits.

    `found` is None until there is an answer; `runs` counts the workers that began, of which all but one were killed.
    """

    found = BodyAttribute(null=True)
    asked_until = NumberAttribute(default=0)
    runs = NumberAttribute(default=0)


class TagQuotaRow(Item, discriminator="tag_quota"):
    """For how many questions for tags of one person's recipes a model was asked on one day."""

    used = NumberAttribute(default=0)


class QuotaRow(Item, discriminator="quota"):
    """A person's quota: recipes generated or in progress on one day."""

    used = NumberAttribute(default=0)
