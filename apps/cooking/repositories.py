"""Every access of the cooking app to the table."""

from collections.abc import Callable

from apps.cooking.models import CookingStats, SessionRow
from apps.core import keys, queries


def find_session(user_id: str, session_id: str) -> SessionRow | None:
    """Read an owner's session consistently: 1 read unit."""
    return SessionRow.read(keys.cooking_session(user_id, session_id))


def page_sessions(
    user_id: str, *, limit: int, after: dict[str, str] | None, keep: Callable[[SessionRow], bool] | None
) -> queries.Slice[SessionRow]:
    """Page through somebody's sessions, newest first. Rows that `keep` refuses don't shorten a page."""
    return queries.query_page(
        SessionRow,
        keys.user(user_id).pk,
        within=SessionRow.sk.startswith(keys.prefix("COOKING")),
        limit=limit,
        after=after,
        newest_first=True,
        keep=keep,
        consistent=True,
    )


def load_stats(user_id: str) -> CookingStats:
    """Read somebody's statistics; new ones if they haven't cooked yet."""
    key = keys.cooking_stats(user_id)
    return CookingStats.read(key) or CookingStats(pk=key.pk, sk=key.sk)
