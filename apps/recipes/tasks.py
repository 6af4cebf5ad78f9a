"""Background work on recipes."""

from apps.core.tasks import task
from apps.recipes import authoring, merging, owner_names, rating_recounts, rederivation
from smartcooking.contract import queues


@task(queues.DEFAULT, name=authoring.CLEAR.name)
def clear(recipe_id: str) -> None:
    authoring.clear_deleted_recipe(recipe_id)


@task(queues.DEFAULT, name=rating_recounts.RECOUNT.name)
def recount_ratings(rater_id: str, owner_id: str, after: str) -> None:
    rating_recounts.recount_ratings(rater_id, owner_id, after)


@task(queues.DEFAULT, name=owner_names.SHOW.name)
def show_owner(user_id: str, after: str = "") -> None:
    owner_names.show(user_id, after)


@task(queues.DEFAULT, name=rederivation.REDERIVE.name)
def rederive(ingredient_id: str, after: str) -> None:
    rederivation.rederive(ingredient_id, after)


@task(queues.DEFAULT, name=merging.MERGE.name)
def merge_ratings(recipe_id: str, edition: str, after: str) -> None:
    merging.merge_ratings(recipe_id, edition, after)


@task(queues.DEFAULT, name=merging.TAKE_BACK.name)
def part_ratings(recipe_id: str, after: str) -> None:
    merging.take_back_ratings(recipe_id, after)
