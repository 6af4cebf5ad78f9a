"""What the worker does with an import: fetch or unpack, read, understand, look for duplicates, store the drafts."""

from collections.abc import Sequence
from dataclasses import asdict

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
from apps.imports.reading.drafts import Draft
from apps.jobs import services as jobs
from apps.media import services as media
from apps.recipes import services as recipes

# Titles from this likeness on (token_set_ratio of rapidfuzz, 0–100) are those of one dish.
_SAME_TITLE = 92.0
_OWN_LOOKED_AT = 300
_PAGE = 100
_FOUND = Text("Chỉ tìm thấy: {parts}", "Found only: {parts}")


def read(user_id: str, job_id: str) -> None:
    """Carry out a job of kind `import`; safe to repeat: the same drafts are written again."""
    jobs.run(user_id, job_id, _read)


def _read(work: jobs.Work) -> jobs.Result | None:
    row = repositories.read_import(work.user_id, work.job_id)
    if row is None:
        return None
    actor = Actor(work.user_id, work.parameters["username"])
    try:
        drafts = _drafts(row)
        work.report(0.5)
        _store(row, drafts, actor, work.parameters["language"])
    except Unavailable:
        raise
    except DomainError:
        _close(row, ImportStatus.FAILED)
        raise
    _close(row, ImportStatus.READY, count=len(drafts))
    return jobs.Result("import", row.id)


def _drafts(row: ImportRow) -> list[Draft]:
    """Return what was brought as drafts; `NoRecipeFound` where there is none."""
    if row.import_kind == ImportKind.URL:
        page = fetching.fetch(row.body["url"])
        found = [pages.read_page(page.text, page.url)]
        if not found[0].is_recipe:
            raise _nothing(found[0])
        return found
    if row.import_kind == ImportKind.TEXT:
        found = [captions.read_text(row.body["text"])]
    else:
        found = archives.read_file(_file(row))
    readable = [draft for draft in found if draft.title or draft.lines]
    kept = [draft for draft in readable if draft.lines or draft.steps]
    if not kept:
        raise _nothing(found[0] if found else Draft(""))
    return kept


def _file(row: ImportRow) -> bytes:
    content = media.read_file(row.user_id, row.body["upload_id"])
    if content is None:
        raise FileNotUnderstood
    return content


def _nothing(draft: Draft) -> NoRecipeFound:
    """Say what was found all the same."""
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


def _store(row: ImportRow, drafts: Sequence[Draft], actor: Actor, language: str | None) -> None:
    own = _own_titles(actor)
    rows = [_draft_row(row, number, draft, own, language) for number, draft in enumerate(drafts)]
    repositories.put_drafts(rows)


def _draft_row(row: ImportRow, number: int, draft: Draft, own: dict[str, str], language: str | None) -> DraftRow:
    spoken = language or draft.language or captions.language_of(f"{draft.title} {' '.join(draft.lines)}")
    lines = understanding.understand_lines(draft.lines, spoken)
    return repositories.fresh_draft(
        row,
        f"{number:03d}",
        body=understanding.to_recipe(draft, lines, language=language),
        lines=[asdict(line) for line in lines],
        missing=draft.missing,
        duplicates=_duplicates(draft.title, own),
        origin={"url": draft.url or None, "site": draft.site or None, "author": draft.author or None},
    )


def _own_titles(actor: Actor) -> dict[str, str]:
    """Return the titles of one's latest recipes by id: 1 read unit each, 300 at most."""
    return recipes.list_own_titles(actor=actor, most=_OWN_LOOKED_AT)


def _duplicates(title: str, own: dict[str, str]) -> list[str]:
    folded = fold(title)
    return [
        recipe_id
        for recipe_id, other in own.items()
        if folded and fuzz.token_sort_ratio(folded, fold(other)) >= _SAME_TITLE
    ][:5]


@retry_conflicts
def _close(row: ImportRow, status: ImportStatus, *, count: int = 0) -> None:
    current = repositories.read_import(row.user_id, row.id)
    if current is not None and current.status != status:
        current.status, current.drafts = status.value, count
        # What was brought has done its work.
        current.body = {name: value for name, value in current.body.items() if name != "text"}
        transactions.save(current)
