"""When ratings bring a recipe into the catalogue, and when they take it out again."""

from django.conf import settings

from apps.recipes.models import Approval


def average(rating_sum: int, rating_count: int) -> float | None:
    """Return the mean of the stars to 2 decimals, None without ratings."""
    return round(rating_sum / rating_count, 2) if rating_count else None


def after_rating(approval: str, *, rating_sum: int, rating_count: int) -> str:
    """Return the approval that follows from the ratings.

    Compared in whole stars, so that no rounding of the average decides. A moderator's rejection stays.
    """
    if approval == Approval.PENDING and _earns_approval(rating_sum, rating_count):
        return Approval.APPROVED
    if approval == Approval.APPROVED and _loses_approval(rating_sum, rating_count):
        return Approval.PENDING
    return approval


def is_open(approval: str, *, rating_sum: int, rating_count: int) -> bool:
    """Say whether leaving out some of these ratings, or none, could change the approval.

    An approved recipe is looked at when all its ratings together would take it out: ratings that hold it up are not
    gone through on each of the many that a recipe of the catalogue gets.
    """
    if approval == Approval.PENDING:
        return rating_count >= settings.APPROVE_RATINGS
    return approval == Approval.APPROVED and _loses_approval(rating_sum, rating_count)


def _earns_approval(rating_sum: int, rating_count: int) -> bool:
    return rating_count >= settings.APPROVE_RATINGS and rating_sum >= settings.APPROVE_AVERAGE * rating_count


def _loses_approval(rating_sum: int, rating_count: int) -> bool:
    return rating_count >= settings.REVOKE_RATINGS and rating_sum < settings.REVOKE_AVERAGE * rating_count
