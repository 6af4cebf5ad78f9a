"""A synthetic society is stored as if its people had created it over HTTP, and is written once."""

from collections import Counter
from datetime import datetime, timedelta
from io import StringIO
from itertools import islice
from typing import Any

import pytest
from django.core.management import call_command

from apps.core import clock, ids, keys
from apps.core.models import Item
from apps.friends import repositories as friends
from apps.posts import feed_sources
from apps.posts.content import Reaction, Visibility
from apps.posts.models import CommentRow, PostRow, ReactionRow
from apps.posts.repositories import references
from apps.recipes.repositories import stored_ratings
from apps.users import relations
from devtools.society import friendships, posts, social_seeding
from devtools.society.people import person as demo_person
from devtools.society.posts import Post, Setting
from tests.support import society as support

pytestmark = pytest.mark.usefixtures("seeded")

PEOPLE, RECIPES, POSTS = 25, 10, 60


@pytest.fixture(scope="module")
def seed() -> int:
    """A seed that no other test has used, with its society in the table; recent posts of it are of each kind."""
    number = int.from_bytes(ids.new_id()[-6:].encode(), "big")
    while len({post.visibility for post in recent(setting_of(number))}) < len(Visibility):
        number += 1
    run(number)
    return number


@pytest.fixture(scope="module")
def setting(seed: int) -> Setting:
    return setting_of(seed)


def setting_of(seed: int) -> Setting:
    return Setting(seed, friendships.build(seed, PEOPLE), RECIPES, social_seeding.until(seed))


def run(seed: int, *, people: int = PEOPLE) -> str:
    out = StringIO()
    counts = {"users": people, "recipes": RECIPES, "ratings": 8, "posts": POSTS}
    call_command("seed_demo", *(f"--{k}={v}" for k, v in counts.items()), f"--seed={seed}", "--quiet", stdout=out)
    return out.getvalue().strip()


def planned(setting: Setting) -> list[Post]:
    return [posts.post(setting, number) for number in range(POSTS)]


def recent(setting: Setting) -> list[Post]:
    floor = ids.first_id_at(clock.now() - feed_sources.KEPT + timedelta(minutes=1))
    return [post for post in planned(setting) if post.id > floor]


def rows_of(post_id: str) -> list[Item]:
    return list(Item.query(keys.post(post_id).pk, consistent_read=True))


def since(user_id: str, other_id: str) -> datetime | None:
    """Return since when two people have been friends, by the first one's row."""
    mine = friends.load_pair(user_id, other_id).mine
    return mine.since if mine else None


def everything(setting: Setting) -> list[Any]:
    partitions = [keys.post(post.id).pk for post in planned(setting)]
    people = [demo_person(setting.seed, number).id for number in range(PEOPLE)]
    partitions += [keys.user(id_).pk for id_ in people] + [keys.feed_reference(id_, "-").pk for id_ in people]
    return [row.serialize() for pk in partitions for row in Item.query(pk, consistent_read=True)]


def test_seeding_again_changes_nothing(seed: int, setting: Setting) -> None:
    before = everything(setting)

    assert run(seed).endswith(f"0 of 8 ratings, 0 friendships, 0 of {POSTS} posts written")
    assert everything(setting) == before


def test_figures_of_posts_and_comments_equal_the_rows(setting: Setting) -> None:
    kinds: Counter[str] = Counter()
    for planned_post in planned(setting):
        rows = rows_of(planned_post.id)
        (post,) = [row for row in rows if isinstance(row, PostRow)]
        said = [row for row in rows if isinstance(row, CommentRow)]
        given = [row for row in rows if isinstance(row, ReactionRow)]
        assert post.comment_count == len(said)
        texts: list[PostRow | CommentRow] = [post, *said]
        for target in texts:
            prefix = "REACTION#" if target is post else None
            mine = [
                row.reaction
                for row in given
                if (row.sk.count("#") == 1 if prefix else keys.last_part(row.sk) == target.id)
            ]
            assert target.figures == {kind: mine.count(kind.value) for kind in Reaction}
        there = {comment.id: comment for comment in said}
        assert all(there[row.parent_id].parent_id is None for row in said if row.parent_id)
        kinds.update(type(row).__name__ for row in rows)
    assert kinds["CommentRow"] > 10
    assert kinds["ReactionRow"] > 20


def test_friendships_are_symmetric_in_rows_and_relations(setting: Setting) -> None:
    ids_ = [demo_person(setting.seed, number).id for number in range(PEOPLE)]
    friends_of = {id_: set(relations.load_relations(id_).friend_ids()) & set(ids_) for id_ in ids_}

    assert friends_of == {
        ids_[number]: {ids_[other] for other in near} for number, near in enumerate(setting.society.friends)
    }
    assert any(friends_of.values())
    for id_, friends_here in friends_of.items():
        ties = {row.user_id: row for row in friends.query_friend_rows(id_)}
        assert set(ties) == friends_here
        assert {row.state for row in ties.values()} <= {"friends"}
        assert all(id_ in friends_of[other] for other in friends_here)
        assert all(since(other, id_) == row.since for other, row in islice(ties.items(), 2))
        assert {one.user_id for one in friends.query_friends(id_, limit=100, after=None)[0]} == friends_here


def test_numbers_of_friends_follow_a_power_law_and_grow_with_the_society() -> None:
    small, large = friendships.build(1, 400), friendships.build(1, 1000)
    counts = sorted(map(len, large.friends), reverse=True)

    assert all(fewer <= more for fewer, more in zip(small.friends, large.friends, strict=False))
    assert counts[0] > 20 * counts[500] > 0
    assert counts[0] <= 1000
    assert len(set(large.communities)) > 10


def test_nobody_reacts_to_or_comments_on_what_they_cannot_see(setting: Setting) -> None:
    for post in planned(setting):
        near = setting.society.friends[post.author] | {post.author}
        answering = set(post.reactions) | {one.author for one in post.comments}
        assert post.visibility != "private" or not answering
        assert post.visibility != "friends" or answering <= near


def test_recent_posts_lie_in_the_feeds_of_all_friends(setting: Setting) -> None:
    floor = ids.first_id_at(clock.now() - feed_sources.KEPT + timedelta(minutes=1))
    for reader in range(PEOPLE):
        near = setting.society.friends[reader]
        due = {
            one.id
            for one in recent(setting)
            if one.author == reader or (one.author in near and one.visibility != "private")
        }
        found = references.iterate_references(
            demo_person(setting.seed, reader).id, newer_than=floor, older_than="8", page_size=100
        )
        assert {row.id for row in found} == due


def test_a_friend_reads_them_in_the_feed_and_a_stranger_only_the_public_ones(
    api: Any, ana: Any, ben: Any, setting: Setting
) -> None:
    from apps.feed import fan_out  # noqa: PLC0415

    author = demo_person(setting.seed, 0)
    support.befriend(ana, author)
    fan_out.exchange_posts(ana.id, author.id)
    floor = ids.first_id_at(clock.now() - feed_sources.KEPT + timedelta(minutes=1))
    mine = [post for post in planned(setting) if post.author == 0 and post.id > floor]

    near = api.get("/v1/feed?scope=friends&limit=100", token=ana.token).json()["items"]
    answer = api.get(f"/v1/users/{author.id}/posts?limit=100", token=ben.token).json()["items"]

    assert {one["id"] for one in near} == {post.id for post in mine if post.visibility != "private"}
    shown = {one["id"]: one for one in near}
    first = mine[0]
    assert shown[first.id]["comment_count"] == len(first.comments)
    assert shown[first.id]["reaction_count"] == len(first.reactions)
    assert {one["visibility"] for one in answer} == {"public"}


def test_what_is_shown_was_cooked_and_ratings_are_listed_with_their_authors(setting: Setting) -> None:
    shown = [post for post in planned(setting) if post.recipe]
    rated = [rating for number in range(2) for rating in _ratings(setting, number)]

    marks = [
        keys.cooked(post.recipe.recipe_id, demo_person(setting.seed, post.author).id) for post in shown if post.recipe
    ]
    places = [keys.rated_recipe(row.user_id, keys.last_part(row.pk)) for row in rated]
    assert shown
    assert len(rated) >= 8 - 5
    assert {row.key for row in Item.batch_get([tuple(key) for key in {*marks, *places}])} == {*marks, *places}


def _ratings(setting: Setting, number: int) -> list[Any]:
    from devtools.society import recipes as demo_recipes  # noqa: PLC0415

    recipe_id = demo_recipes.head(setting.seed, number).recipe_id
    return stored_ratings.page_ratings(recipe_id, limit=10, after=None)[0]


def test_newcomers_find_the_posts_of_their_friends() -> None:
    number = int.from_bytes(ids.new_id()[-6:].encode(), "big")
    run(number, people=12)
    run(number, people=16)

    grown = friendships.build(number, 16)
    floor = ids.first_id_at(clock.now() - feed_sources.KEPT + timedelta(minutes=1))
    found = 0
    for reader in range(12, 16):
        rows = references.iterate_references(
            demo_person(number, reader).id, newer_than=floor, older_than="8", page_size=100
        )
        there = {row.id for row in rows}
        for friend in grown.friends[reader]:
            listed = {
                one.id for one in feed_sources.list_shareable_posts_of(demo_person(number, friend).id, newer_than=floor)
            }
            assert listed <= there
            found += len(listed)
    assert found
