"""What a feed is made from: references to friends' posts, public posts by time, and the posts themselves."""

from collections.abc import Iterator, Sequence

from apps.posts import attached_recipes
from apps.posts.content import Visibility
from apps.posts.models import PostPointer, PostRow
from apps.posts.repositories import posts, references
from apps.posts.visibility import visible_to
from apps.users.visibility import Viewer

# How long a post stays in feeds.
KEPT = references.KEPT


def iterate_close_post_ids(who: Viewer, *, newer_than: str, older_than: str, page_size: int) -> Iterator[str]:
    """Yield ids of posts by friends and by oneself between two ids, newest first.

    Skips references to posts of former friends. Their public posts come with the other public posts.
    """
    found = references.iterate_references(who.id, newer_than=newer_than, older_than=older_than, page_size=page_size)
    return (row.id for row in found if who.is_close_to(row.user_id))


def iterate_public_posts(who: Viewer, *, newer_than: str, older_than: str, page_size: int) -> Iterator[PostRow]:
    """Yield public posts between two ids, newest first, without those of people who are blocked or hidden."""
    found = posts.iterate_public_posts(newer_than, older_than, page_size=page_size)
    return (post for post in found if visible_to(who, post.user_id, post))


def read_posts(post_ids: Sequence[str], *, consistent: bool) -> dict[str, PostRow]:
    return posts.find_posts(post_ids, consistent=consistent)


def find_post(post_id: str) -> PostRow | None:
    """Read a post for background work, regardless of visibility: 1 read unit."""
    return posts.find_post(post_id)


def list_shareable_posts_of(user_id: str, *, newer_than: str) -> list[PostPointer]:
    """Return somebody's posts that others may see, consistently: 1 read unit for about 30."""
    found = []
    for pointer in posts.iterate_pointers(user_id, before=None, page_size=100):
        if pointer.id <= newer_than:
            break
        if pointer.visibility != Visibility.PRIVATE:
            found.append(pointer)
    return found


def add_to_feeds(post_id: str, author_id: str, reader_ids: Sequence[str]) -> None:
    """Add a post to feeds. Idempotent. 1 write unit each."""
    references.put_references([references.build_reference(reader_id, post_id, author_id) for reader_id in reader_ids])


def remove_from_feeds(post_id: str, reader_ids: Sequence[str]) -> None:
    """Remove a post from feeds. Idempotent. 1 write unit each."""
    references.delete_references(reader_ids, post_id)


def share_recipe(post: PostRow, reader_ids: Sequence[str]) -> None:
    """Give the author's friends access to the post's recipe."""
    recipe = post.body.get("recipe")
    if recipe:
        attached_recipes.share_with(recipe["id"], author_id=post.user_id, reader_ids=reader_ids)
