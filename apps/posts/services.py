"""Posts: write, read, edit and delete them, and check their owner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from apps.core import clock, ids, outbox, own_deletions, recent_changes
from apps.core.authentication import Actor
from apps.core.preconditions import Check, any_version
from apps.core.transactions import Transaction, retry_conflicts
from apps.media import services as media
from apps.notifications import services as notifications
from apps.posts import attached_recipes, authors, counts, mentions, post_events
from apps.posts.attached_recipes import RecipeSummary
from apps.posts.content import Visibility
from apps.posts.counts import Counts
from apps.posts.errors import PostExists, PostNotFound
from apps.posts.events import PostPublished, PostWithdrawn
from apps.posts.models import PostRow, ReactionRow
from apps.posts.repositories import posts, reactions
from apps.posts.visibility import visible_to
from apps.recipes import services as recipes
from apps.recipes.errors import RecipeNotFound
from apps.recipes.recipe import Recipe
from apps.users import services as users
from apps.users.errors import UserNotFound
from apps.users.visibility import Viewer, load_viewer, own_viewer
from smartcooking.contract import queues

# The row, as an opaque type for other apps.
Post = PostRow


CLEAR = outbox.Task("posts.clear", queues.DEFAULT)
# The number of a person's latest posts that are searched for public ones.
_LATEST = 30
_WIDTH = {Visibility.PRIVATE: 0, Visibility.FRIENDS: 1, Visibility.PUBLIC: 2}


@dataclass(frozen=True, slots=True)
class PostView:
    """A post as one person may see it."""

    post: PostRow
    my_reaction: str | None
    recipe: RecipeSummary | None
    counts: Counts


@retry_conflicts
def create_post(
    *,
    post_id: str,
    content: str,
    visibility: Visibility,
    recipe_id: str | None,
    images: Sequence[str],
    actor: Actor,
    share_recipe: bool = False,
) -> PostView:
    """Create a post under a given id. Repeating the call with the same id returns the existing post.

    `images` are ids of the author's uploads. `share_recipe` lets all readers open the recipe.
    """
    transaction = Transaction()
    body: dict[str, Any] = {"content": content}
    _set(body, "recipe", attached_recipes.build_attachment(recipe_id, share=share_recipe, actor=actor))
    _set(body, "images", _attach(transaction, images, post_id, actor=actor))
    post, pointer, own = posts.build_post(
        post_id, author=authors.load_author(transaction, actor), visibility=visibility.value, body=body
    )
    posts.create_post(transaction, post, pointer, own)
    _tell(transaction, post, before="")
    try:
        transaction.commit()
    except PostExists:
        return get_post(post_id, actor=actor)
    return build_view(post, None, who=own_viewer(actor.id))


def _set(body: dict[str, Any], name: str, value: Any) -> None:
    """Store only fields that are set."""
    body.pop(name, None)
    if value:
        body[name] = value


def _attach(transaction: Transaction, images: Sequence[str], post_id: str, *, actor: Actor) -> list[str]:
    if not images:
        return []
    return media.attach(transaction, images, purpose=media.Purpose.POST, target=f"post:{post_id}", actor=actor)


def _tell(transaction: Transaction, post: PostRow, *, before: str, was: str = Visibility.PRIVATE) -> None:
    """Fan the post out to friends' feeds once they may see it, and notify people whom it mentions.

    If more people see it than before, all mentioned people are checked again. Nobody is notified twice.
    """
    if post.visibility == Visibility.PRIVATE:
        return
    if was == Visibility.PRIVATE:
        transaction.publish(PostPublished(post.id, post.user_id))
    if _WIDTH[Visibility(post.visibility)] > _WIDTH[Visibility(was)]:
        before = ""
    mentions.enqueue_mentions(transaction, post.id, before=before, after=post.body["content"])


def get_post(post_id: str, *, actor: Actor) -> PostView:
    """Return a post that the actor may see: 2 read units, and 2 for the actor. `PostNotFound` otherwise."""
    who, post, mine = _visible(post_id, actor=actor)
    return build_view(post, mine.reaction if mine else None, who=who)


def open_recipe(post_id: str, *, actor: Actor) -> Recipe:
    """Return the recipe of a friend's post, or of one whose author shares it with all readers.

    The reader gets access from then on; friends need not wait for the fan-out, which gives them theirs.
    `RecipeNotFound` if there is none for this reader.
    """
    who, post = get_visible_post(post_id, actor=actor)
    recipe_id = attached_recipes.recipe_id_of(post)
    if recipe_id is None:
        raise RecipeNotFound
    may_open = attached_recipes.is_shared(post) or who.is_friend(post.user_id)
    if may_open and post.visibility != Visibility.PRIVATE:
        attached_recipes.share_with(recipe_id, author_id=post.user_id, reader_ids={actor.id} - {post.user_id})
    return recipes.get_recipe(recipe_id, actor=actor)


def get_visible_post(post_id: str, *, actor: Actor) -> tuple[Viewer, PostRow]:
    """Return a visible post, for work on its comments and reactions; `PostNotFound` if the actor may not see it."""
    if not ids.is_id(post_id):
        raise PostNotFound
    post = posts.find_post(post_id)
    if post is None:
        raise PostNotFound
    who = load_viewer(actor.id)
    if not visible_to(who, post.user_id, post):
        raise PostNotFound
    return who, post


def get_stored_post(post_id: str) -> PostRow:
    """Return a post without checking visibility; `PostNotFound` if it was deleted."""
    post = posts.find_post(post_id)
    if post is None:
        raise PostNotFound
    return post


def _visible(post_id: str, *, actor: Actor) -> tuple[Viewer, PostRow, ReactionRow | None]:
    post, mine = posts.find_post_with_reaction(post_id, actor.id) if ids.is_id(post_id) else (None, None)
    if post is None:
        raise PostNotFound
    who = load_viewer(actor.id)
    if not visible_to(who, post.user_id, post):
        raise PostNotFound
    return who, post, mine


def build_view(post: PostRow, my_reaction: str | None, *, who: Viewer) -> PostView:
    """Return a post for one reader: 1 read unit for a recipe outside the catalogue; see `counts` for the counts."""
    return _assemble([post], {post.id: my_reaction}, who=who)[0]


def _assemble(found: Sequence[PostRow], mine: Mapping[str, str | None], *, who: Viewer) -> list[PostView]:
    attached = attached_recipes.summarize(found, who=who)
    shown = counts.count_visible(found, who=who)
    return [PostView(post, mine.get(post.id), attached.get(post.id), shown[post.id]) for post in found]


def _read_own(post_id: str, *, actor: Actor) -> tuple[PostRow, ReactionRow | None]:
    """Return the actor's post; `PostNotFound` for other people's."""
    post, mine = posts.find_post_with_reaction(post_id, actor.id) if ids.is_id(post_id) else (None, None)
    if post is None or post.user_id != actor.id:
        raise PostNotFound
    return post, mine


@retry_conflicts
def edit_post(post_id: str, *, actor: Actor, changes: dict[str, Any], check: Check) -> PostView:
    """Change the given fields of the actor's post. `check` raises if the caller has read another edition.

    An edit that changes nothing succeeds whatever the edition.
    """
    post, mine = _read_own(post_id, actor=actor)
    transaction = Transaction()
    body, visibility = _changed(transaction, post, changes, actor=actor)
    if (body, visibility) != (post.body, post.visibility):
        check(int(post.edition))
        _write(transaction, post, body, visibility)
    return build_view(post, mine.reaction if mine else None, who=own_viewer(actor.id))


def _changed(
    transaction: Transaction, post: PostRow, changes: dict[str, Any], *, actor: Actor
) -> tuple[dict[str, Any], str]:
    """Return body and visibility after an edit. Pictures are attached and detached in `transaction`."""
    body = dict(post.body)
    if "content" in changes:
        body["content"] = changes["content"]
    kept = body.get("recipe") or {}
    recipe_id, share = changes.get("recipe_id", kept.get("id")), changes.get("share_recipe", kept.get("share", False))
    if (recipe_id, share) != (kept.get("id"), kept.get("share", False)):
        _set(body, "recipe", attached_recipes.build_attachment(recipe_id, share=share, actor=actor))
    if "images" in changes:
        _set(body, "images", _attach(transaction, changes["images"], post.id, actor=actor))
        media.detach(transaction, [one for one in post.body.get("images", ()) if one not in body.get("images", ())])
    return body, changes.get("visibility", post.visibility)


def _write(transaction: Transaction, post: PostRow, body: dict[str, Any], visibility: str) -> None:
    """Write an edit with its effects. Updates `post`."""
    posts.update_content(transaction, post, body=body, visibility=visibility)
    before, was = post.body["content"], post.visibility
    post.body, post.visibility, post.edition, post.updated_at = body, visibility, int(post.edition) + 1, clock.now()
    _tell(transaction, post, before=before, was=was)
    if visibility != was:
        recent_changes.record_change(transaction, post.id)
    if _WIDTH[Visibility(visibility)] < _WIDTH[Visibility(was)]:
        transaction.after(post_events.RECHECK_POST, post.id)
    transaction.commit()


@retry_conflicts
def delete_post(post_id: str, *, actor: Actor, check: Check = any_version) -> None:
    """Delete the actor's post, at once for everybody. A task deletes its comments, reactions and references.

    Idempotent.
    """
    try:
        post, _ = _read_own(post_id, actor=actor)
    except PostNotFound:
        if own_deletions.was_deleted_by(actor.id, post_id):
            return
        raise
    check(int(post.edition))
    transaction = Transaction()
    posts.bury_post(transaction, post)
    own_deletions.record_deletion(transaction, user_id=actor.id, deleted=post_id)
    notifications.remove_about(transaction, post_id)
    media.detach(transaction, post.body.get("images", ()))
    recent_changes.record_change(transaction, post.id)
    transaction.after(CLEAR, post.id)
    transaction.publish(PostWithdrawn(post.id, post.user_id))
    transaction.commit()


def set_hidden(transaction: Transaction, post: PostRow, *, hidden: bool) -> None:
    """Hide a post from all but its author in `transaction`, effective at once, or show it again."""
    posts.set_hidden(transaction, post, hidden=hidden)
    if hidden:
        transaction.after(post_events.RECHECK_POST, post.id)
    recent_changes.record_change(transaction, post.id)


def clear_deleted_post(post_id: str) -> None:
    """Remove comments and reactions of a deleted post, then its tombstone. Safe to repeat and to interrupt.

    Nothing can be added meanwhile: comments and reactions are written on condition that the post exists.
    """
    post = posts.find_tombstone(post_id)
    if post is None:
        return
    # Comments first: a reaction to a comment is written on condition that the comment exists.
    posts.delete_all(posts.iterate_dependent_rows(post_id, "COMMENT"))
    posts.delete_all(posts.iterate_dependent_rows(post_id, "REACTION"))
    posts.delete_tombstone(post)


def list_posts_of(user_id: str, *, actor: Actor, limit: int, after: str | None) -> tuple[list[PostView], str | None]:
    """Page through somebody's posts that the actor may see, newest first.

    The author's list decides visibility and is read consistently: 1 read unit for about 30 posts, half a unit for each
    post shown (1 for own posts), half for the actor's reactions, 1 for the author, and 2 for the actor.
    """
    who = load_viewer(actor.id)
    users.require_person(user_id)
    if not who.can_see(user_id):
        raise UserNotFound
    places = posts.iterate_pointers(user_id, before=after, page_size=limit + 1)
    visible = (place.id for place in places if visible_to(who, user_id, place))
    shown: list[PostRow] = []
    while len(shown) <= limit and (post_ids := list(islice(visible, limit + 1 - len(shown)))):
        found = posts.find_posts(post_ids, consistent=user_id == actor.id)
        shown += [found[id_] for id_ in post_ids if id_ in found]
    page, more = shown[:limit], len(shown) > limit
    return build_views(page, who=who), page[-1].id if more else None


def list_published_posts(user_id: str, *, limit: int) -> list[PostRow]:
    """Return somebody's latest public posts for moderators, including hidden ones, but none for friends only.

    1 read unit for the latest 30 entries of the author's list, and half a unit for each post.
    """
    places = posts.iterate_pointers(user_id, before=None, page_size=_LATEST)
    seen = islice(places, _LATEST)
    wanted = [place.id for place in seen if place.visibility == Visibility.PUBLIC][:limit]
    found = posts.find_posts(wanted, consistent=False)
    return [found[id_] for id_ in wanted if id_ in found]


def build_views(found: Sequence[PostRow], *, who: Viewer) -> list[PostView]:
    """Return a page of posts with the reader's reactions, which take one query."""
    mine = reactions.find_reactions_to_posts(who.id, [post.id for post in found])
    return _assemble(found, mine, who=who)
