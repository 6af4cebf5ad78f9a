"""Posts and their lists in the table."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from pynamodb.expressions.condition import And, Condition
from pynamodb.expressions.update import Action

from apps.core import clock, ids, keys, queries
from apps.core.models import Item, derived_keys
from apps.core.transactions import Transaction
from apps.posts.content import Visibility
from apps.posts.errors import PostExists
from apps.posts.models import Author, FeedReference, PostPointer, PostRow, ReactionRow
from apps.posts.repositories.references import build_reference


def build_post(
    post_id: str, *, author: Author, visibility: str, body: dict[str, Any]
) -> tuple[PostRow, PostPointer, FeedReference]:
    """Build the rows of a new post: the post, its entry in its author's list, and that in their feed."""
    key, place = keys.post(post_id), keys.post_pointer(author.id, post_id)
    post = PostRow(
        pk=key.pk, sk=key.sk, visibility=visibility, body=body, updated_at=clock.now(), **author.attributes,
        **derived_keys(gsi3=_public_key(post_id) if visibility == Visibility.PUBLIC else None),
    )  # fmt: skip
    return (
        post,
        PostPointer(pk=place.pk, sk=place.sk, visibility=visibility),
        build_reference(author.id, post_id, author.id),
    )


def create_post(transaction: Transaction, post: PostRow, pointer: PostPointer, own: FeedReference) -> None:
    """Create a post; `PostExists` if its id is taken, which means that the request is a repetition."""
    transaction.save(post, otherwise=PostExists())
    transaction.save(pointer, otherwise=PostExists())
    transaction.save(own, otherwise=PostExists())


def find_post(post_id: str, *, consistent: bool = True) -> PostRow | None:
    """Read a post, 1 read unit; None if there is none or only its tombstone."""
    post = PostRow.read(keys.post(post_id), consistent=consistent)
    return None if post is None or post.deleted else post


def find_tombstone(post_id: str) -> PostRow | None:
    post = PostRow.read(keys.post(post_id))
    return post if post is not None and post.deleted else None


def find_post_with_reaction(post_id: str, user_id: str) -> tuple[PostRow | None, ReactionRow | None]:
    """Read a post and somebody's reaction to it in one request: 2 read units."""
    place, mine = keys.post(post_id), keys.post_reaction(post_id, user_id)
    found = queries.read_many(Item, [place, mine])
    post, reaction = found.get(place), found.get(mine)
    return (
        post if isinstance(post, PostRow) and not post.deleted else None,
        reaction if isinstance(reaction, ReactionRow) else None,
    )


def find_posts(post_ids: Sequence[str], *, consistent: bool) -> dict[str, PostRow]:
    """Read posts by id, 100 per request: 1 read unit each, or half with eventual consistency."""
    if not post_ids:
        return {}
    found = queries.read_many(PostRow, [keys.post(id_) for id_ in post_ids], consistent=consistent)
    return {post.id: post for post in found.values() if not post.deleted}


def add_to_figures(transaction: Transaction, post: PostRow, actions: Sequence[Action]) -> None:
    """Update a post's counts; `WriteConflict` if its visibility has changed since it was read."""
    transaction.update(post, actions, _unmoved(post))


def _unmoved(post: PostRow) -> Condition:
    """Condition: the post's visibility hasn't changed. Otherwise an edit could list a hidden post as public again."""
    stays = And(PostRow.hidden == post.hidden, PostRow.visibility == post.visibility)
    return And(PostRow.deleted == False, stays)  # noqa: E712  an expression of DynamoDB


def update_content(transaction: Transaction, post: PostRow, *, body: dict[str, Any], visibility: str) -> None:
    """Write the author's edit; `WriteConflict` if there was another edit meanwhile.

    Compares `edition`, which counts don't change, so that an edit doesn't conflict with reactions.
    """
    actions = [
        PostRow.body.set(body),
        PostRow.visibility.set(visibility),
        PostRow.edition.set(int(post.edition) + 1),
        PostRow.updated_at.set(clock.now()),
        *_listing(post.id, visible=visibility == Visibility.PUBLIC and not post.hidden),
    ]
    transaction.update(post, actions, _unmoved(post) & (PostRow.edition == post.edition))
    if visibility != post.visibility:
        transaction.update(_pointer(post), [PostPointer.visibility.set(visibility)], PostPointer.pk.exists())


def set_hidden(transaction: Transaction, post: PostRow, *, hidden: bool) -> None:
    """Hide a post from all but its author, or show it again."""
    visible = not hidden and post.visibility == Visibility.PUBLIC
    transaction.update(post, [PostRow.hidden.set(hidden), *_listing(post.id, visible=visible)], _unmoved(post))
    transaction.update(_pointer(post), [PostPointer.hidden.set(hidden)], PostPointer.pk.exists())


def set_author(post: PostRow, author: Author) -> None:
    """Update the copy of the author; `WriteConflict` if the post is gone or its counts change at the same time."""
    transaction = Transaction()
    avatar = PostRow.avatar.set(author.avatar) if author.avatar else PostRow.avatar.remove()
    transaction.update(post, [PostRow.username.set(author.username), avatar], _unmoved(post))
    transaction.commit()


def bury_post(transaction: Transaction, post: PostRow) -> None:
    """Turn a post into a tombstone and remove it from its author's lists; `WriteConflict` if it is one already."""
    actions = [PostRow.deleted.set(True), PostRow.body.remove(), *_listing(post.id, visible=False)]
    transaction.update(post, actions, PostRow.deleted == False)  # noqa: E712  an expression of DynamoDB
    place, own = keys.post_pointer(post.user_id, post.id), keys.feed_reference(post.user_id, post.id)
    for item in queries.read_many(Item, [place, own]).values():
        transaction.delete(item)


def _listing(post_id: str, *, visible: bool) -> list[Action]:
    """Add a post to the public ones, or remove it."""
    if not visible:
        return [PostRow.gsi3pk.remove(), PostRow.gsi3sk.remove()]
    key = _public_key(post_id)
    return [PostRow.gsi3pk.set(key.pk), PostRow.gsi3sk.set(key.sk)]


def _pointer(post: PostRow) -> PostPointer:
    key = keys.post_pointer(post.user_id, post.id)
    return PostPointer(pk=key.pk, sk=key.sk)


def iterate_pointers(user_id: str, *, before: str | None, page_size: int) -> Iterator[PostPointer]:
    """Yield the entries of somebody's list of posts, newest first, consistently: 1 read unit for about 30."""
    start = keys.prefix("POST")
    end = keys.post_pointer(user_id, before).sk if before else start + "~"
    within = PostPointer.sk.between(start, end)
    rows = PostPointer.query(
        keys.user(user_id).pk, within, scan_index_forward=False, consistent_read=True, page_size=page_size
    )
    return (row for row in rows if row.id != before)


def iterate_public_posts(newer_than: str, older_than: str, *, page_size: int) -> Iterator[PostRow]:
    """Yield public posts between two ids, newest first, in full, from the index: half a read unit for 4 KB.

    One query per month, executed only as far as the caller iterates.
    """
    for month in _months(ids.made_at(newer_than), ids.made_at(older_than)):
        partition = keys.public_posts(month, older_than).pk
        within = PostRow.gsi3sk.between(newer_than, older_than)
        for post in PostRow.public.query(partition, within, scan_index_forward=False, page_size=page_size):
            if isinstance(post, PostRow) and newer_than < post.id < older_than:
                yield post


def _public_key(post_id: str) -> keys.Key:
    return keys.public_posts(_month(ids.made_at(post_id)), post_id)


def _month(moment: datetime) -> str:
    return moment.strftime("%Y-%m")


def _months(first: datetime, last: datetime) -> Iterator[str]:
    """Yield the months from `last` back to `first`."""
    year, month = last.year, last.month
    while (year, month) >= (first.year, first.month):
        yield f"{year:04d}-{month:02d}"
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)


def iterate_dependent_rows(post_id: str, part: str) -> Iterator[Item]:
    """Yield a post's COMMENT or REACTION rows, consistently."""
    return iter(Item.query(keys.post(post_id).pk, Item.sk.startswith(keys.prefix(part)), consistent_read=True))


def delete_all(rows: Iterator[Item]) -> int:
    """Delete rows without conditions, 25 per request, and return their number; missing rows are no error."""
    deleted = 0
    while chunk := list(islice(rows, 25)):
        with Item.batch_write() as batch:
            for row in chunk:
                batch.delete(row)
        deleted += len(chunk)
    return deleted


def delete_tombstone(post: PostRow) -> None:
    post.delete(add_version_condition=False)
