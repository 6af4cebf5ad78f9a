"""The feed over HTTP: its content and order, and the background work that fills it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from apps.core import clock, ids, keys
from apps.feed import fan_out, repositories
from apps.posts import feed_sources
from apps.posts.models import FeedReference
from tests.support import friends, society
from tests.support.between import between

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded")]


def pages(api: Any, person: Any, query: str = "limit=20") -> Iterator[list[str]]:
    cursor = ""
    while cursor is not None:
        answer = api.get(f"/v1/feed?{query}{cursor and '&cursor=' + cursor}", token=person.token)
        assert answer.status_code == 200, answer.content
        yield [one["id"] for one in answer.json()["items"]]
        cursor = answer.json()["next"]


def feed(api: Any, person: Any, query: str = "scope=friends&limit=20") -> list[str]:
    return [id_ for page in pages(api, person, query) for id_ in page]


def write(api: Any, person: Any, visibility: str = "friends", *, times: int = 1) -> str:
    """Create a post and run the worker's task, once for each delivery."""
    post_id: str = society.post(api, person, visibility=visibility)["id"]
    for _ in range(times):
        fan_out.fan_out_post(post_id, person.id)
    return post_id


def referenced(person: Any) -> list[str]:
    return [row.sk for row in FeedReference.query(keys.feed_reference(person.id, "-").pk)]


def test_a_post_stands_once_in_the_feeds_of_friends_and_of_its_author(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    society.befriend(ana, ben)
    posts = [write(api, ana, kind, times=2) for kind in ("public", "friends", "private")]

    assert feed(api, ben) == [posts[1], posts[0]]
    assert feed(api, ana) == posts[::-1]
    assert feed(api, cyd) == []
    assert [id_ for id_ in feed(api, cyd, "scope=public&limit=100") if id_ in posts] == [posts[0]]
    assert [id_ for id_ in feed(api, ben, "limit=100") if id_ in posts] == [posts[1], posts[0]]


def test_ones_own_post_is_in_ones_feed_before_any_worker_has_run(api: Any, ana: Any) -> None:
    posts = [society.post(api, ana, visibility=kind)["id"] for kind in ("public", "friends", "private")]

    assert feed(api, ana) == posts[::-1]


def test_a_page_of_the_feed_shows_whole_posts_with_ones_own_reactions(api: Any, ana: Any, ben: Any) -> None:
    society.befriend(ana, ben)
    first, second = write(api, ana), write(api, ana, "public")
    society.react(api, ben, first, "love")
    society.react(api, ana, second, "wow")
    comment = society.comment(api, ana, second)["id"]
    society.react(api, ben, f"{second}/comments/{comment}", "like")

    shown = api.get("/v1/feed?scope=friends", token=ben.token).json()["items"]

    assert shown == [api.get(f"/v1/posts/{id_}", token=ben.token).json() for id_ in (second, first)]
    assert [(one["my_reaction"], one["reaction_count"]) for one in shown] == [(None, 1), ("love", 1)]


def test_the_end_of_a_friendship_a_block_a_deletion_and_a_narrower_visibility_work_at_once(
    api: Any, ana: Any, ben: Any, cyd: Any
) -> None:
    for friend in (ana, cyd):
        society.befriend(ben, friend)
    kept, narrowed, deleted = (write(api, ana) for _ in range(3))
    theirs = write(api, cyd, "public")
    assert feed(api, ben) == [theirs, deleted, narrowed, kept]

    api.patch(f"/v1/posts/{narrowed}", json={"visibility": "private"}, token=ana.token)
    api.delete(f"/v1/posts/{deleted}", token=ana.token)
    assert feed(api, ben) == [theirs, kept]
    society.unfriend(ana, ben)
    assert feed(api, ben) == [theirs]
    society.unfriend(ben, cyd)
    assert theirs in feed(api, ben, "limit=100")
    society.block(cyd, ben)
    assert theirs not in feed(api, ben, "limit=100")


def test_a_private_post_that_is_shown_to_friends_reaches_them(api: Any, ana: Any, ben: Any) -> None:
    society.befriend(ana, ben)
    post = write(api, ana, "private")
    assert feed(api, ben) == []

    api.patch(f"/v1/posts/{post}", json={"visibility": "friends"}, token=ana.token)
    fan_out.fan_out_post(post, ana.id)

    assert feed(api, ben) == [post]


def test_new_friends_find_each_others_posts_of_the_last_days(api: Any, ana: Any, ben: Any) -> None:
    posts = [write(api, ana, kind) for kind in ("friends", "private", "public")]
    theirs = write(api, ben)
    society.befriend(ana, ben)
    for _ in range(2):
        fan_out.exchange_posts(ana.id, ben.id)

    assert feed(api, ben) == [theirs, posts[2], posts[0]]
    assert feed(api, ana) == [theirs, *posts[::-1]]


def test_whoever_is_no_friend_any_more_is_not_welcomed(api: Any, ana: Any, ben: Any) -> None:
    write(api, ana)

    fan_out.exchange_posts(ana.id, ben.id)

    assert referenced(ben) == []


def test_what_is_older_than_thirty_days_is_in_no_feed(api: Any, ana: Any, ben: Any) -> None:
    society.befriend(ana, ben)
    recent = write(api, ana)
    old = ids.derived_id(recent, at=clock.now() - feed_sources.KEPT - timedelta(hours=1))
    feed_sources.add_to_feeds(old, ana.id, [ben.id])

    assert feed(api, ben) == [recent]


def test_an_interrupted_fan_out_goes_on_where_it_stopped(
    api: Any, ana: Any, person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    friends = [person() for _ in range(5)]
    for friend in friends:
        society.befriend(ana, friend)
    monkeypatch.setattr(fan_out, "BATCH_SIZE", 2)
    give, calls = feed_sources.add_to_feeds, []

    def die_in_the_second_part(post_id: str, author_id: str, readers: list[str]) -> None:
        calls.append(readers)
        if len(calls) == 2:
            raise SystemExit
        give(post_id, author_id, readers)

    post = society.post(api, ana)["id"]
    monkeypatch.setattr(feed_sources, "add_to_feeds", die_in_the_second_part)
    with pytest.raises(SystemExit):
        fan_out.fan_out_post(post, ana.id)
    assert len(repositories.list_batches(post)) == 2
    calls.clear()

    def noting(*given: Any) -> Any:
        calls.append(given[2])
        return give(*given)

    monkeypatch.setattr(feed_sources, "add_to_feeds", noting)
    fan_out.fan_out_post(post, ana.id)

    assert [len(readers) for readers in calls] == [2, 1]
    assert all(referenced(friend) == [post] for friend in friends)


@pytest.mark.parametrize("order", ["deleted before", "deleted during", "deleted after"])
def test_a_deleted_post_leaves_every_feed_whenever_it_was_deleted(
    api: Any, ana: Any, ben: Any, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    society.befriend(ana, ben)
    post = society.post(api, ana)["id"]
    give = feed_sources.add_to_feeds

    def delete() -> None:
        assert api.delete(f"/v1/posts/{post}", token=ana.token).status_code == 204
        fan_out.withdraw_post(post, ana.id)

    def delete_and_give(*given: Any) -> None:
        delete()
        give(*given)

    if order == "deleted before":
        delete()
    elif order == "deleted during":
        monkeypatch.setattr(feed_sources, "add_to_feeds", delete_and_give)
    fan_out.fan_out_post(post, ana.id)
    if order == "deleted after":
        delete()
    fan_out.withdraw_post(post, ana.id)

    assert referenced(ben) == referenced(ana) == []
    assert repositories.list_batches(post) == []


@pytest.mark.parametrize("step", range(6))
def test_whoever_is_unfriended_while_a_post_is_fanned_out_does_not_see_it_and_nothing_stays_of_it(
    api: Any, ana: Any, ben: Any, cyd: Any, step: int
) -> None:
    """The friendship ends between any two steps of the fan-out. Deleting the post finds all references."""
    for friend in (ben, cyd):
        friends.befriend(api, ana, friend)
    post = society.post(api, ana, visibility="friends")["id"]

    with between(step, lambda: friends.unfriend(api, ben, ana)):
        fan_out.fan_out_post(post, ana.id)

    assert (feed(api, ben), feed(api, cyd)) == ([], [post])
    assert api.get(f"/v1/posts/{post}", token=ben.token).status_code == 404
    friends.befriend(api, ana, ben)
    fan_out.exchange_posts(ana.id, ben.id)
    assert feed(api, ben) == [post]
    assert api.delete(f"/v1/posts/{post}", token=ana.token).status_code == 204
    fan_out.withdraw_post(post, ana.id)
    assert referenced(ben) == referenced(cyd) == referenced(ana) == []


def test_a_friends_only_post_shares_its_recipe_with_friends(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    from tests.support import recipes  # noqa: PLC0415

    society.befriend(ana, ben)
    recipe = recipes.create(api, ana)["id"]
    post = society.post(api, ana, visibility="friends", recipe_id=recipe)["id"]
    fan_out.fan_out_post(post, ana.id)

    assert [api.get(f"/v1/recipes/{recipe}", token=one.token).status_code for one in (ben, cyd)] == [200, 404]


def test_paging_through_many_posts_misses_and_repeats_nothing_while_others_write(
    server: Any, ana: Any, ben: Any, cyd: Any
) -> None:
    api = server.api
    society.befriend(ana, ben)
    kinds = ["public", "friends"]
    with ThreadPoolExecutor(4) as threads:
        posts = set(threads.map(lambda number: write(api, ana, kinds[number % 2]), range(160)))
    seen: list[str] = []

    with ThreadPoolExecutor(2) as threads:
        for number, page in enumerate(pages(api, ben, "limit=8")):
            seen += page
            threads.submit(write, api, (ana, cyd)[number % 2], kinds[number % 2])
            if number % 5 == 0:
                (society.unfriend if number % 10 else society.befriend)(ben, cyd)

    assert len(seen) == len(set(seen))
    assert seen == sorted(seen, reverse=True)
    assert posts <= set(seen)


def test_all_pages_but_the_last_are_full_also_where_posts_have_gone(api: Any, ana: Any, ben: Any) -> None:
    society.befriend(ana, ben)
    posts = [write(api, ana) for _ in range(14)]
    gone = posts[3:9]
    for post in gone:
        api.patch(f"/v1/posts/{post}", json={"visibility": "private"}, token=ana.token)

    found = list(pages(api, ben, "scope=friends&limit=4"))

    assert [len(page) for page in found] == [4, 4]
    assert [id_ for page in found for id_ in page] == [id_ for id_ in posts[::-1] if id_ not in gone]


@pytest.mark.parametrize("query", ["scope=private", "limit=0", "limit=101", "cursor=x", "scope=friends&scope=public"])
def test_a_question_that_is_not_valid_is_400(api: Any, ana: Any, query: str) -> None:
    assert api.get(f"/v1/feed?{query}", token=ana.token).status_code == 400


def test_the_cursor_of_another_person_or_scope_is_refused(api: Any, ana: Any, ben: Any) -> None:
    for _ in range(2):
        society.post(api, ana)
    cursor = api.get("/v1/feed?limit=1", token=ana.token).json()["next"]

    assert api.get(f"/v1/feed?cursor={cursor}", token=ben.token).status_code == 400
    assert api.get(f"/v1/feed?scope=public&cursor={cursor}", token=ana.token).status_code == 400
    assert api.get(f"/v1/feed?cursor={cursor}", token=ana.token).status_code == 200
