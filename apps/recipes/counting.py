"""Which ratings count when a recipe enters the catalogue or leaves it."""

from apps.recipes import approval, repositories
from apps.recipes.repositories import Stored
from apps.users import relations, suspensions
from apps.users.relations import Circle


def decide(recipe: Stored, *, rater_id: str, stars: int | None) -> str:
    """Return the approval after a rating (`stars`) or its withdrawal (None), which is in the figures of the state.

    Ratings by people parted from the owner by a block and by suspended accounts stay on the recipe and do not count
    here. That is looked into only where it can decide: while a pending recipe has ratings enough, and when the average
    of all would take an approved one out. 1 read unit for the owner's circle, 1 for about 15 ratings, and 1 for each
    rater; the figures are those of this moment, since whoever rates meanwhile fails this transaction.
    """
    state = recipe.state
    total, count = int(state.rating_sum), int(state.rating_count)
    if not approval.is_open(state.approval, rating_sum=total, rating_count=count):
        return state.approval
    counted = _counted(recipe, rater_id, stars)
    return approval.after_rating(state.approval, rating_sum=sum(counted), rating_count=len(counted))


def _counted(recipe: Stored, rater_id: str, stars: int | None) -> list[int]:
    given = {row.user_id: int(row.stars) for row in repositories.all_ratings(recipe.id)}
    given.pop(rater_id, None)
    if stars is not None:
        given[rater_id] = stars
    owner_id = recipe.row.owner_id
    circle, suspended = relations.of(owner_id) if owner_id else Circle(), suspensions.among(given)
    return [one for id_, one in given.items() if id_ not in suspended and not circle.is_blocked(id_)]
