"""Comments of posts in the table."""

from collections.abc import Callable, Iterator

from pynamodb.expressions.update import Action

from apps.core import clock, keys, queries
from apps.core.models import Item, derived_keys
from apps.core.transactions import Transaction
from apps.posts.errors import CommentExists, CommentNotFound
from apps.posts.models import Author, CommentRow

# Extra comments read per page, to replace those that the reader does not see.
_SPARE = 5


def build_comment(post_id: str, comment_id: str, *, author: Author, content: str, parent_id: str | None) -> CommentRow:
    """Build the row of a comment, which indexes list by its author and by its id."""
    key = keys.comment(post_id, comment_id)
    listed = derived_keys(gsi1=keys.comments_of(author.id, comment_id), gsi2=keys.comment_place(comment_id, post_id))
    return CommentRow(pk=key.pk, sk=key.sk, content=content, parent_id=parent_id, **author.attributes, **listed)


def create_comment(transaction: Transaction, comment: CommentRow) -> None:
    transaction.save(comment, otherwise=CommentExists())
    if comment.parent_id is not None:
        parent = keys.comment(comment.post_id, comment.parent_id)
        transaction.check(CommentRow, parent, CommentRow.pk.exists(), otherwise=CommentNotFound())


def find_comment(post_id: str, comment_id: str) -> CommentRow | None:
    """Read a comment, consistently: 1 read unit."""
    return CommentRow.read(keys.comment(post_id, comment_id))


def find_post_id(comment_id: str) -> str | None:
    """Return the id of a comment's post: half a read unit."""
    partition = keys.comment_place(comment_id, "-").pk
    found = next(iter(Item.lists.query(partition, limit=1)), None)
    return keys.last_part(found.pk) if found else None


def add_to_figures(transaction: Transaction, comment: CommentRow, actions: list[Action]) -> None:
    """Update a comment's counts; `WriteConflict` if it is gone."""
    transaction.update(comment, actions, CommentRow.pk.exists())


def update_content(transaction: Transaction, comment: CommentRow, *, content: str) -> None:
    """Write the author's edit; `WriteConflict` if there was another edit meanwhile."""
    comment.edited_at = clock.now()
    actions = [
        CommentRow.content.set(content),
        CommentRow.edition.set(int(comment.edition) + 1),
        CommentRow.edited_at.set(comment.edited_at),
    ]
    transaction.update(comment, actions, CommentRow.edition == comment.edition)


def set_hidden(transaction: Transaction, comment: CommentRow, *, hidden: bool) -> None:
    transaction.update(comment, [CommentRow.hidden.set(hidden)], CommentRow.pk.exists())


def set_author(comment: CommentRow, author: Author) -> None:
    """Update the copy of the author; `WriteConflict` if the comment is gone or its counts change at the same time."""
    transaction = Transaction()
    avatar = CommentRow.avatar.set(author.avatar) if author.avatar else CommentRow.avatar.remove()
    transaction.update(comment, [CommentRow.username.set(author.username), avatar], CommentRow.pk.exists())
    transaction.commit()


def page_comments(
    post_id: str, *, limit: int, after: dict[str, str] | None, keep: Callable[[CommentRow], bool]
) -> queries.Slice[CommentRow]:
    """Page through the comments on a post that `keep` accepts, oldest first, consistently. Pages are full."""
    return queries.query_page(
        CommentRow,
        keys.post(post_id).pk,
        within=CommentRow.sk.startswith(keys.prefix("COMMENT")),
        limit=limit,
        after=after,
        keep=keep,
        consistent=True,
        read_ahead=limit + _SPARE,
    )


def iterate_replies(comment: CommentRow) -> Iterator[CommentRow]:
    """Yield the replies to a comment by reading all later comments."""
    partition = keys.post(comment.post_id).pk
    end = keys.prefix("COMMENT") + "~"
    rows = CommentRow.query(partition, CommentRow.sk.between(comment.sk, end), consistent_read=True)
    return (row for row in rows if row.parent_id == comment.id)


def iterate_comments(post_id: str) -> Iterator[CommentRow]:
    """Yield all comments of a post, oldest first, consistently."""
    partition = keys.post(post_id).pk
    return iter(CommentRow.query(partition, CommentRow.sk.startswith(keys.prefix("COMMENT")), consistent_read=True))


def iterate_comments_by(user_id: str, *, newer_than: str | None = None) -> Iterator[tuple[str, str]]:
    """Yield post and id of a person's comments, all of them or those after an id."""
    within = Item.gsi1sk > newer_than if newer_than else None
    for row in Item.feeds.query(keys.comments_of(user_id, "-").pk, within):
        yield keys.last_part(row.pk), keys.last_part(row.sk)
