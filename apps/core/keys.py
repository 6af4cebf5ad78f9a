"""Every key of the single table: one pure function per kind of row, and one per partition of an index."""

from datetime import date
from typing import NamedTuple

SEPARATOR = "#"
META = "META"


class Key(NamedTuple):
    pk: str
    sk: str


def join(*parts: str) -> str:
    """Put the parts of a key together; ValueError where one is empty or holds the separator."""
    for part in parts:
        if not part or SEPARATOR in part:
            message = f"{part!r} cannot be part of a key"
            raise ValueError(message)
    return SEPARATOR.join(parts)


def user(user_id: str) -> Key:
    return Key(join("USER", user_id), "PROFILE")


def preferences(user_id: str) -> Key:
    return Key(join("USER", user_id), "PREFERENCES")


def recently_cooked(user_id: str) -> Key:
    """Beside the preferences, so that one query of the prefix PREFERENCES reads both."""
    return Key(join("USER", user_id), join("PREFERENCES", "COOKED"))


def recently_rejected(user_id: str) -> Key:
    """Beside the preferences, as what was cooked."""
    return Key(join("USER", user_id), join("PREFERENCES", "REJECTED"))


def privacy(user_id: str) -> Key:
    return Key(join("USER", user_id), "PRIVACY")


def circle(user_id: str) -> Key:
    return Key(join("USER", user_id), "CIRCLE")


def username(name: str) -> Key:
    return Key(join("USERNAME", name), "CLAIM")


def usernames_feed(name: str) -> Key:
    """GSI1: people by the first two letters of their username."""
    return Key(join("USERNAMES", name[:2]), name)


def throttle(scope: str, subject: str, window: int) -> Key:
    return Key(join("THROTTLE", scope, subject), str(window))


def ingredient(ingredient_id: str) -> Key:
    return Key(join("INGREDIENT", ingredient_id), META)


def ingredients_feed(changed_at: str, ingredient_id: str) -> Key:
    """GSI1: the whole master list in one partition, by change."""
    return Key("INGREDIENTS", join(changed_at, ingredient_id))


def unknown_name(name_hash: str) -> Key:
    return Key(join("UNKNOWN", name_hash), META)


def unknown_name_reporter(name_hash: str, user_id: str) -> Key:
    return Key(join("UNKNOWN", name_hash), join("REPORTER", user_id))


def unknown_names_queue(since: str, name_hash: str) -> Key:
    """GSI4: unknown ingredients that moderators should look at."""
    return Key("UNKNOWN_INGREDIENTS", join(since, name_hash))


def pantry(user_id: str, ingredient_id: str) -> Key:
    return Key(join("USER", user_id), join("PANTRY", ingredient_id))


def recipe(recipe_id: str) -> Key:
    return Key(join("RECIPE", recipe_id), META)


def recipe_state(recipe_id: str) -> Key:
    """Behind META, so that one query of the prefix META reads content and state."""
    return Key(join("RECIPE", recipe_id), join(META, "STATE"))


def recipe_access(recipe_id: str, user_id: str) -> Key:
    return Key(join("RECIPE", recipe_id), join("ACCESS", user_id))


def rating(recipe_id: str, user_id: str) -> Key:
    return Key(join("RECIPE", recipe_id), join("RATING", user_id))


def cooked(recipe_id: str, user_id: str) -> Key:
    return Key(join("RECIPE", recipe_id), join("COOKED", user_id))


def ratings_list(recipe_id: str, updated_at: str, user_id: str) -> Key:
    """GSI2: ratings of a recipe by time."""
    return Key(join("RATINGS", recipe_id), join(updated_at, user_id))


def owned_recipe(user_id: str, recipe_id: str) -> Key:
    return Key(join("USER", user_id), join("RECIPE", recipe_id))


def favorite(user_id: str, recipe_id: str) -> Key:
    return Key(join("USER", user_id), join("FAVORITE", recipe_id))


def catalogue_feed(changed_at: str, recipe_id: str) -> Key:
    """GSI1: the states of all recipes that are or were in the catalogue, by change."""
    return Key("CATALOGUE", join(changed_at, recipe_id))


def pending_queue(since: str, recipe_id: str) -> Key:
    """GSI4: recipes that wait for a moderator."""
    return Key("PENDING", join(since, recipe_id))


def suggestion(user_id: str, suggestion_id: str) -> Key:
    return Key(join("USER", user_id), join("SUGGESTION", suggestion_id))


def generation_cache(request_hash: str) -> Key:
    return Key(join("GENERATION", request_hash), META)


def generation_record(day: date, generation_id: str) -> Key:
    return Key(join("GENERATIONS", day.isoformat()), generation_id)


def generation_flight(request_hash: str) -> Key:
    """Beside the kept answer: the generation that is under way for a question."""
    return Key(join("GENERATION", request_hash), "FLIGHT")


def generation_follower(request_hash: str, suggestion_id: str) -> Key:
    return Key(join("GENERATION", request_hash), join("FOLLOWER", suggestion_id))


def flights_queue(since: str, request_hash: str) -> Key:
    """GSI4: generations under way, for the sweeper that ends those whose worker died for good."""
    return Key("FLIGHTS", join(since, request_hash))


def ai_budget(month: str) -> Key:
    return Key(join("AIBUDGET", month), META)


def ai_settings() -> Key:
    return Key("AISETTINGS", META)


def breaker(provider: str) -> Key:
    return Key(join("BREAKER", provider), META)


def suggestion_figures(day: date, shard: int) -> Key:
    return Key(join("FIGURES", day.isoformat()), str(shard))


def quota(user_id: str, day: date) -> Key:
    return Key(join("USER", user_id), join("QUOTA", day.isoformat()))


def cooking_session(user_id: str, session_id: str) -> Key:
    return Key(join("USER", user_id), join("COOKING", session_id))


def cooking_stats(user_id: str) -> Key:
    return Key(join("USER", user_id), "COOKED")


def upload(user_id: str, upload_id: str) -> Key:
    return Key(join("USER", user_id), join("UPLOAD", upload_id))


def open_uploads(user_id: str) -> Key:
    return Key(join("USER", user_id), "UPLOADS")


def removals_queue(due: str, upload_id: str) -> Key:
    """GSI4: uploads that nothing uses, by when they are to be removed."""
    return Key("REMOVALS", join(due, upload_id))


def outbox(shard: int, message_id: str) -> Key:
    return Key(join("OUTBOX", str(shard)), message_id)


def once(scope: str, event: str) -> Key:
    return Key(join("ONCE", scope, event), META)


def idempotency(caller: str, key_hash: str) -> Key:
    return Key(join("IDEMPOTENCY", caller), key_hash)


def prefix(*parts: str) -> str:
    """Return the start of the sort keys that begin with these parts: ("RATING",) → "RATING#"."""
    return join(*parts) + SEPARATOR


def last_part(key: str) -> str:
    """Return what follows the last separator: the id at the end of a key."""
    return key.rpartition(SEPARATOR)[2]
