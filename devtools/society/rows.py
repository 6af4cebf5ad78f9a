"""Synthetic recipes and ratings as rows of the table."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from apps.core import clock, ids, keys
from apps.core.models import Item, derived_keys
from apps.recipes import repositories
from apps.recipes.content import Approval, Source
from apps.recipes.derivation import derive
from apps.recipes.models import OwnedRecipe, RatedRecipe, RatingRow, to_body
from apps.recipes.repositories import stored_ratings
from apps.users.models import User, UsernameClaim
from devtools.society import recipes, words
from devtools.society.people import JOINED_AT, DemoPerson, person
from devtools.society.recipes import Figures, Head


@dataclass(frozen=True, slots=True)
class Crowd:
    """The `size` people of a seed."""

    seed: int
    size: int

    def owner(self, number: int) -> DemoPerson:
        """Return the owner of a recipe: a few people write many, most of them few."""
        chance = random.Random(f"{self.seed}:owner:{number}")  # noqa: S311
        return person(self.seed, min(int(chance.paretovariate(0.6)) - 1, chance.randrange(self.size)))

    def raters(self, number: int) -> Iterator[DemoPerson]:
        """Return everybody but the owner, starting at a different person for each recipe."""
        owner = self.owner(number)
        for step in range(self.size):
            one = person(self.seed, (number * 7 + step) % self.size)
            if one.id != owner.id:
                yield one


@dataclass(frozen=True, slots=True)
class RecipeRows:
    """The rows of a recipe in the order of writing: if the last one exists, all do."""

    content: Item
    pointer: Item
    state: Item


def recipe_rows(head: Head, crowd: Crowd) -> RecipeRows:
    """Build the rows of an approved recipe, with allergens and diets derived as for any other."""
    owner, moved = crowd.owner(head.number), recipes.figures(crowd.seed, head.number)
    body = to_body(derive(recipes.content(head)))
    stored = repositories.build_recipe(
        head.recipe_id, body=body, source=Source.USER, owner=(owner.id, owner.username), approval=Approval.APPROVED
    )
    stored.row.created_at = stored.row.updated_at = head.created_at
    repositories.dequeue_from_review(stored.state)
    repositories.append_to_feed(stored.state)
    stored.state.rating_sum, stored.state.rating_count = sum(moved.stars), len(moved.stars)
    stored.state.cook_count = moved.cook_count
    place = keys.owned_recipe(owner.id, head.recipe_id)
    return RecipeRows(stored.row, OwnedRecipe(pk=place.pk, sk=place.sk), stored.state)


def rating_rows(head: Head, crowd: Crowd, *, limit: int) -> Iterator[RatingRow]:
    """Build the rows of a recipe's first ratings; the counts in its state already include them."""
    moved: Figures = recipes.figures(crowd.seed, head.number)
    for rater, stars in islice(zip(crowd.raters(head.number), moved.stars, strict=False), limit):
        rating = stored_ratings.build_rating(head.recipe_id, rater.id, rater.username)
        comments = words.COMMENTS[words.VI if head.number % 3 else words.EN]
        rating.stars, rating.comment = stars, comments[stars % len(comments)] if stars % 2 else None
        rating.created_at = rating.updated_at = ids.made_at(head.recipe_id)
        listed = keys.ratings_list(head.recipe_id, clock.sortable(rating.updated_at), rater.id)
        rating.gsi2pk, rating.gsi2sk = listed.pk, listed.sk
        yield rating


def rated_row(rating: RatingRow) -> RatedRecipe:
    """Build the row that lists a recipe among those that the rating's author has rated."""
    place = keys.rated_recipe(rating.user_id, keys.last_part(rating.pk))
    return RatedRecipe(pk=place.pk, sk=place.sk)


@dataclass(frozen=True, slots=True)
class PersonRows:
    """The rows of a person in the order of writing."""

    profile: Item
    claim: Item


def person_rows(one: DemoPerson) -> PersonRows:
    """Build a profile and the claim of its username, without an account in Cognito."""
    key, place = keys.user(one.id), keys.username(one.username)
    profile = User(
        pk=key.pk, sk=key.sk, user_id=one.id, username=one.username, email=f"{one.username}@example.com",
        full_name=one.full_name, created_at=JOINED_AT,
    )  # fmt: skip
    listed = derived_keys(gsi1=keys.usernames_feed(one.username))
    return PersonRows(profile, UsernameClaim(pk=place.pk, sk=place.sk, user_id=one.id, **listed))
