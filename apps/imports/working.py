"""Process an import in the worker: fetch or unpack, read, match ingredients, find duplicates, store drafts."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from rapidfuzz import fuzz

from apps.core import transactions
from apps.core.authentication import Actor
from apps.core.errors import DomainError, Unavailable
from apps.core.language import Text
from apps.core.text import fold
from apps.core.transactions import retry_conflicts
from apps.imports import fetching, repositories, understanding
from apps.imports.errors import FileNotUnderstood, NoRecipeFound
from apps.imports.models import DraftRow, ImportKind, ImportRow, ImportStatus
from apps.imports.reading import archives, captions, pages
from apps.imports.reading.archives import Reading
from apps.imports.reading.drafts import Draft
from apps.imports.reading.schema_org import is_address
from apps.imports.understanding import UnderstoodLine
from apps.jobs import services as jobs
from apps.jobs.errors import JobEnded
from apps.media import services as media
from apps.recipes import services as recipes
from apps.recipes.serializers import RecipeIn
from apps.users import services as users

# Titles of at least this similarity (rapidfuzz's token_set_ratio, 0–100) are taken for the same dish.
_SAME_TITLE = 92.0
_OWN_LOOKED_AT = 300
_AT_ONCE = 20
_FOUND = Text("Chỉ tìm thấy: {parts}", "Found only: {parts}")


def read(user_id: str, job_id: str) -> None:
    """Process a job of kind `import`. Safe to repeat: it writes the same drafts again."""
    jobs.run(user_id, job_id, _read)


def _read(work: jobs.Work) -> jobs.Result | None:
    row = repositories.read_import(work.user_id, work.job_id)
    if row is None:
        return None
    if row.status == ImportStatus.READY:
        # Another run got this far, and the source is deleted after that.
        return jobs.Result("import", row.id)
    actor = users.actor_of(work.user_id)
    try:
        reading = _read_all(row)
        work.report(0.5)
        _store(work, row, reading.drafts, actor)
    except (Unavailable, JobEnded):
        # Not a failure of the import: the message will be retried, or another delivery has ended the job.
        raise
    except DomainError:
        _close(row, ImportStatus.FAILED)
        raise
    _close(row, ImportStatus.READY, count=len(reading.drafts), left_out=reading.left_out)
    return jobs.Result("import", row.id)


def _read_all(row: ImportRow) -> Reading:
    """Return the source as drafts; `NoRecipeFound` if there are none."""
    if row.import_kind == ImportKind.URL:
        page = fetching.fetch(row.body["url"])
        found = [pages.read_page(page.text, page.url)]
        if not found[0].is_recipe:
            raise _nothing(found[0])
        return Reading(found)
    if row.import_kind == ImportKind.TEXT:
        reading = Reading([captions.read_text(row.body["text"])])
    else:
        reading = archives.read_file(_file(row))
    readable = [draft for draft in reading.drafts if draft.title or draft.lines]
    kept = [draft for draft in readable if draft.lines or draft.steps]
    if not kept:
        raise _nothing(reading.drafts[0] if reading.drafts else Draft(""))
    return replace(reading, drafts=kept)


def _file(row: ImportRow) -> bytes:
    content = media.read_file(row.user_id, row.body["upload_id"])
    if content is None:
        raise FileNotUnderstood
    return content


def _nothing(draft: Draft) -> NoRecipeFound:
    """Describe what was found instead of a recipe."""
    vi, en = [], []
    for value, name in (
        (draft.title, ("tên", "title")),
        (draft.lines, ("nguyên liệu", "ingredients")),
        (draft.steps, ("các bước", "steps")),
    ):
        if value:
            vi.append(f"{name[0]} ({value})" if isinstance(value, str) else f"{len(value)} {name[0]}")
            en.append(f"{name[1]} ({value})" if isinstance(value, str) else f"{len(value)} {name[1]}")
    if not vi:
        return NoRecipeFound()
    return NoRecipeFound(Text(_FOUND.vi.format(parts=", ".join(vi)), _FOUND.en.format(parts=", ".join(en))))


def _store(work: jobs.Work, row: ImportRow, drafts: Sequence[Draft], actor: Actor) -> None:
    """Store the drafts in batches. Each batch is also a heartbeat of the job; a repeated run writes the same rows."""
    own, language = _own_titles(actor), work.parameters["language"]
    for start in range(0, len(drafts), _AT_ONCE):
        some = enumerate(drafts[start : start + _AT_ONCE], start)
        repositories.put_drafts([_draft_row(row, number, draft, own, language) for number, draft in some])
        work.report(0.5 + 0.5 * min(1.0, (start + _AT_ONCE) / len(drafts)))


def _draft_row(row: ImportRow, number: int, draft: Draft, own: dict[str, str], language: str | None) -> DraftRow:
    body, lines = _understood(draft, language)
    is_own = bool(draft.owner) and draft.owner == row.user_id
    return repositories.fresh_draft(
        row,
        f"{number:03d}",
        body=body,
        lines=[asdict(line) for line in lines],
        missing=draft.missing,
        duplicates=_duplicates(draft, own),
        origin=None if is_own else _origin(draft),
        picture=_picture(row, draft),
        tags_said=draft.tags_said or None,
    )


def _understood(draft: Draft, language: str | None) -> tuple[dict[str, Any], list[UnderstoodLine]]:
    """Return a draft in the format of the API, and its lines. Our own archives contain both."""
    if draft.given is not None:
        serializer = RecipeIn(data=draft.given)
        if serializer.is_valid():
            given = serializer.validated_data["ingredients"]
            lines = understanding.understand_given(given, str(draft.given.get("language") or "vi"))
            return understanding.to_given_recipe(draft.given, lines), lines
    spoken = language or draft.language or captions.language_of(f"{draft.title} {' '.join(draft.lines)}")
    lines = understanding.understand_lines(draft.lines, spoken)
    return understanding.to_recipe(draft, lines, language=language), lines


def _origin(draft: Draft) -> dict[str, str | None]:
    return {"url": draft.url or None, "site": draft.site or None, "author": draft.author or None}


def _picture(row: ImportRow, draft: Draft) -> dict[str, Any] | None:
    """Return the place of a draft's picture, for use when the draft is accepted."""
    if draft.picture:
        return {"upload_id": row.body["upload_id"], "entries": list(draft.picture)}
    return {"url": draft.image} if is_address(draft.image) else None


def _own_titles(actor: Actor) -> dict[str, str]:
    """Return the titles of the owner's latest recipes by id: 1 read unit each, at most 300."""
    return recipes.list_own_titles(actor=actor, most=_OWN_LOOKED_AT)


def _duplicates(draft: Draft, own: dict[str, str]) -> list[str]:
    """Return the owner's recipes that a draft may duplicate: an archive's own recipe first, then similar titles."""
    folded = fold(draft.title)
    alike = [
        recipe_id
        for recipe_id, other in own.items()
        if folded and fuzz.token_sort_ratio(folded, fold(other)) >= _SAME_TITLE
    ]
    same = [draft.identifier] if draft.identifier in own else []
    return list(dict.fromkeys([*same, *alike]))[:5]


@retry_conflicts
def _close(row: ImportRow, status: ImportStatus, *, count: int = 0, left_out: int = 0) -> None:
    current = repositories.read_import(row.user_id, row.id)
    if current is not None and current.status == ImportStatus.READING:
        current.status, current.drafts, current.left_out = status.value, count, left_out or None
        # The source is no longer needed.
        current.body = {name: value for name, value in current.body.items() if name != "text"}
        transactions.save(current)


def close_abandoned(user_id: str, job_id: str) -> None:
    """Close an import that no worker will read any more; ignore jobs of other kinds."""
    row = repositories.read_import(user_id, job_id)
    if row is not None and row.status == ImportStatus.READING:
        _close(row, ImportStatus.FAILED)
