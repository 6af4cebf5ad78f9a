"""Rules by which ratings approve a recipe or revoke its approval."""

from django.conf import settings

from apps.recipes.content import Approval


def average(rating_sum: int, rating_count: int) -> float | None:
    """Return the mean of the stars, rounded to 2 decimals; None without ratings."""
    return round(rating_sum / rating_count, 2) if rating_count else None


def after_rating(approval: str, *, rating_sum: int, rating_count: int) -> str:
    """Return the approval that follows from the ratings.

    Compares sums of stars instead of averages, so that rounding can't decide. A moderator's rejection stays.
    """
    if approval == Approval.PENDING and _earns_approval(rating_sum, rating_count):
        return Approval.APPROVED
    if approval == Approval.APPROVED and _loses_approval(rating_sum, rating_count):
        return Approval.PENDING
    return approval


def after_exclusion(approval: str, *, rating_sum: int, rating_count: int, by_ratings: bool) -> str:
    """Return the approval that follows when a rating no longer counts, or was taken back.

    A recipe approved by ratings loses its approval if the remaining ratings are too few. Recipes approved by a
    moderator, and seeds, keep theirs: it never depended on ratings.
    """
    if approval == Approval.APPROVED and by_ratings and rating_count < settings.APPROVE_RATINGS:
        return Approval.PENDING
    return after_rating(approval, rating_sum=rating_sum, rating_count=rating_count)


def _earns_approval(rating_sum: int, rating_count: int) -> bool:
    return rating_count >= settings.APPROVE_RATINGS and rating_sum >= settings.APPROVE_AVERAGE * rating_count


def _loses_approval(rating_sum: int, rating_count: int) -> bool:
    return rating_count >= settings.REVOKE_RATINGS and rating_sum < settings.REVOKE_AVERAGE * rating_count
