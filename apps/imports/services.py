"""Imports: start one, let a worker read it into drafts, review the drafts, accept them as private recipes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from apps.core import clock, ids, language, outbox, own_deletions
from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.imports import repositories
from apps.imports.addresses import names_own_network, parse_address
from apps.imports.errors import (
    AddressRefused,
    DraftIncomplete,
    DraftNotFound,
    ImportExists,
    ImportNotFound,
    ImportNotReady,
)
from apps.imports.events import OwnNetworkAddressed
from apps.imports.models import DraftRow, ImportKind, ImportRow, ImportStatus
from apps.jobs import services as jobs
from apps.jobs.errors import JobExists
from apps.jobs.services import JobRow
from apps.media import services as media
from apps.recipes import authoring, tags
from apps.recipes.content import RecipeContent
from apps.recipes.recipe import Recipe
from smartcooking.contract import queues

READ = outbox.Task("imports.read", queues.IMPORTS)
BRING_PICTURE = outbox.Task("imports.bring_picture", queues.IMPORTS)


@dataclass(frozen=True, slots=True)
class ImportView:
    row: ImportRow
    drafts: list[DraftRow]


def begin(
    *, import_id: str, actor: Actor, url: str | None = None, text: str | None = None, upload_id: str | None = None,
    spoken: str | None = None,
) -> JobRow:  # fmt: skip
    """Start an import of a URL, a text or a file. A worker reads it into drafts; the job has the import's id.

    Raises `AddressRefused` if the URL can't be a public page; the worker checks where it leads. At most 20 per person
    and hour.
    """
    if url is not None:
        _require_public(url, import_id=import_id, actor=actor)
    kind, body = _given(url, text, upload_id, actor)
    row = repositories.fresh_import(
        import_id, user_id=actor.id, kind=kind.value, body=body, language=spoken or language.current.get()
    )
    row.url = url
    transaction = Transaction()
    repositories.add_import(transaction, row)
    repositories.count_import(transaction, actor.id, clock.now())
    job = jobs.create(
        transaction, job_id=import_id, kind=jobs.Kind.IMPORT, task=READ, user_id=actor.id,
        parameters={"language": spoken},
    )  # fmt: skip
    try:
        transaction.commit()
    except (ImportExists, JobExists):
        return jobs.get_job(import_id, actor=actor)
    return job


def _require_public(url: str, *, import_id: str, actor: Actor) -> None:
    """Check that a URL may be a public page. Publishes `OwnNetworkAddressed` if it points to our own network."""
    try:
        parse_address(url)
    except AddressRefused:
        if names_own_network(url):
            transaction = Transaction()
            transaction.publish(OwnNetworkAddressed(actor.id, import_id))
            transaction.commit()
        raise


def _given(url: str | None, text: str | None, upload_id: str | None, actor: Actor) -> tuple[ImportKind, dict[str, Any]]:
    if url is not None:
        return ImportKind.URL, {"url": url}
    if upload_id is not None:
        media.require_file(upload_id, actor=actor)
        return ImportKind.FILE, {"upload_id": upload_id}
    return ImportKind.TEXT, {"text": text}


def get_import(import_id: str, *, actor: Actor) -> ImportView:
    """Return the actor's import with its drafts; `ImportNotFound` for other people's."""
    row = repositories.read_import(actor.id, import_id) if ids.is_id(import_id) else None
    if row is None:
        raise ImportNotFound
    drafts = repositories.read_drafts(actor.id, import_id) if row.status == ImportStatus.READY else []
    return ImportView(row, drafts)


def list_imports(*, actor: Actor, limit: int, after: Any) -> tuple[list[ImportRow], Any]:
    found = repositories.page_of_imports(actor.id, limit=limit, after=after)
    return found.items, found.next


def draft_of(import_id: str, draft_id: str, *, actor: Actor) -> DraftRow:
    """Return a draft of the actor's import: 2 read units, however many drafts there are."""
    row = repositories.read_import(actor.id, import_id) if ids.is_id(import_id) else None
    if row is None:
        raise ImportNotFound
    if row.status != ImportStatus.READY:
        raise ImportNotReady
    found = repositories.read_draft(actor.id, import_id, draft_id)
    if found is None:
        raise DraftNotFound
    return found


@dataclass(frozen=True, slots=True)
class Chosen:
    """A draft to accept, with the owner's changes. `image` is an upload that replaces the draft's picture."""

    draft: DraftRow
    content: RecipeContent
    image: str | None = None


def accept(import_id: str, chosen: Sequence[Chosen], *, actor: Actor) -> list[Recipe]:
    """Create private recipes from drafts, with or without changes. Repeating the call returns the same recipes.

    A recipe's id is derived from its draft, so that repeating an interrupted request creates no duplicates. A task adds
    the source's picture.
    """
    made = []
    for one in chosen:
        recipe_id = ids.derived_id("import", actor.id, import_id, one.draft.id, at=ids.made_at(import_id))
        content = replace(one.content, origin=one.draft.origin)
        content = tags.said(content, one.draft.tags_said or {}, by="owner")
        made.append(authoring.create_recipe(recipe_id=recipe_id, content=content, actor=actor, image=one.image))
        _note_accepted(one.draft, import_id, recipe_id, actor, wants_picture=one.image is None)
    return made


def require_complete(draft: DraftRow) -> None:
    if draft.missing:
        raise DraftIncomplete(", ".join(draft.missing))


@retry_conflicts
def _note_accepted(draft: DraftRow, import_id: str, recipe_id: str, actor: Actor, *, wants_picture: bool) -> None:
    """Store which recipe a draft became, and send the task for its picture in the same transaction, once."""
    current = repositories.reread_draft(draft)
    if current is None or current.accepted:
        return
    current.accepted, current.recipe_id = True, recipe_id
    transaction = Transaction()
    transaction.save(current)
    if wants_picture and current.picture:
        transaction.after(BRING_PICTURE, actor.id, import_id, current.id)
    transaction.commit()


@retry_conflicts
def delete_import(import_id: str, *, actor: Actor) -> None:
    """Delete an import and its drafts. Recipes created from them stay. Idempotent."""
    with own_deletions.repeatable(actor.id, import_id, ImportNotFound):
        view = get_import(import_id, actor=actor)
        transaction = Transaction()
        transaction.delete(view.row)
        own_deletions.record_deletion(transaction, user_id=actor.id, deleted=import_id)
        transaction.commit()
        for draft in repositories.read_drafts(actor.id, import_id):
            draft.delete(add_version_condition=False)
