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
from apps.recipes import services as recipes
from apps.recipes import tags
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
    """Have a worker read an address, a text or a file into drafts; the job has the import's id.

    `AddressRefused` where an address cannot be one of a public page; what it leads to is checked by the worker.
    20 an hour and person.
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
    """Let pass what may be a public page; `OwnNetworkAddressed` is published of whoever tries the service's network."""
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
    """Return one's own import with its drafts; `ImportNotFound` for anybody else's."""
    row = repositories.read_import(actor.id, import_id) if ids.is_id(import_id) else None
    if row is None:
        raise ImportNotFound
    drafts = repositories.read_drafts(actor.id, import_id) if row.status == ImportStatus.READY else []
    return ImportView(row, drafts)


def list_imports(*, actor: Actor, limit: int, after: Any) -> tuple[list[ImportRow], Any]:
    found = repositories.page_of_imports(actor.id, limit=limit, after=after)
    return found.items, found.next


def draft_of(import_id: str, draft_id: str, *, actor: Actor) -> DraftRow:
    """Return a draft of one's own import: 2 read units, however many drafts the import has."""
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
    """A draft to be kept, as its owner wants it; `image` is an upload of theirs in place of the draft's picture."""

    draft: DraftRow
    content: RecipeContent
    image: str | None = None


def accept(import_id: str, chosen: Sequence[Chosen], *, actor: Actor) -> list[Recipe]:
    """Make drafts private recipes, each as it is or as its owner changed it; again returns the same recipes.

    A recipe's id follows from its draft, so that a request that died half-way makes none twice. The picture of its
    source follows in the background.
    """
    made = []
    for one in chosen:
        recipe_id = ids.derived_id("import", actor.id, import_id, one.draft.id, at=ids.made_at(import_id))
        content = replace(one.content, origin=one.draft.origin)
        content = tags.said(content, one.draft.tags_said or {}, by="owner")
        made.append(recipes.create_recipe(recipe_id=recipe_id, content=content, actor=actor, image=one.image))
        _note_accepted(one.draft, import_id, recipe_id, actor, wants_picture=one.image is None)
    return made


def require_complete(draft: DraftRow) -> None:
    if draft.missing:
        raise DraftIncomplete(", ".join(draft.missing))


@retry_conflicts
def _note_accepted(draft: DraftRow, import_id: str, recipe_id: str, actor: Actor, *, wants_picture: bool) -> None:
    """Note what a draft became, and have its picture brought in the same transaction, once."""
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
    """Forget an import and its drafts; recipes that were made of them stay. Again changes nothing."""
    with own_deletions.repeatable(actor.id, import_id, ImportNotFound):
        view = get_import(import_id, actor=actor)
        transaction = Transaction()
        transaction.delete(view.row)
        own_deletions.record_deletion(transaction, user_id=actor.id, deleted=import_id)
        transaction.commit()
        for draft in repositories.read_drafts(actor.id, import_id):
            draft.delete(add_version_condition=False)
