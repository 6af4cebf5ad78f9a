"""What the pages of the admin show beside the fields: content in its context, and why things are as they are."""

from typing import Any

from django.urls import reverse

from apps.backoffice.wording import ALLERGENS, DIETS, FIELDS, REASONS, say, words
from apps.core import audit as audit_log
from apps.core import clock
from apps.core.audit import AuditEntry
from apps.core.errors import DomainError
from apps.dynamo_admin import history
from apps.ingredients import editing
from apps.ingredients import services as ingredients
from apps.media import services as media
from apps.moderation import appeals, cases, master_list
from apps.moderation.content import Target
from apps.posts import comments
from apps.posts import services as posts
from apps.recipes import editions, reviewing
from apps.recipes import services as recipes
from apps.users import services as users

_SHOWN = 20


def recipe(stored: Any) -> dict[str, Any]:
    """Show a recipe as it was understood: about 1 read unit, and 1 for each of the last twenty ratings."""
    content = reviewing.content_of(stored)
    lines = [_line(number, line) for number, line in enumerate(content.ingredients, 1)]
    named = {allergen for line in lines for allergen in line["carries"]}
    rows, more = reviewing.list_ratings(stored.id, limit=_SHOWN)
    return {
        "content": content,
        "edition": stored.edition,
        "changes": [
            {"field": FIELDS.get(one.field, one.field), "removed": one.removed, "added": one.added}
            for one in editions.changes_of(stored)
        ],
        "lines": lines,
        "allergens": words(content.allergens, ALLERGENS),
        "by_words": words([one for one in content.allergens if one not in named], ALLERGENS),
        "diets": words(content.diets, DIETS),
        "picture": (media.links(content.image, public=stored.state.is_public and not stored.edition) or {}).get("1024"),
        "ratings": rows,
        "more_ratings": more,
    }


def _line(number: int, line: Any) -> dict[str, Any]:
    known = ingredients.find(line.ingredient_id) if line.ingredient_id else None
    carries = sorted(known.allergens) if known else []
    return {
        "number": number, "line": line, "known": known, "carries": carries, "allergens": words(carries, ALLERGENS),
        "breaks": words(sorted(known.breaks), DIETS) if known else "",
    }  # fmt: skip


def case(case: Any) -> dict[str, Any]:
    """Show what was reported, who reported it and why, and what else was decided about its author."""
    target = Target(case.target_type)
    reports = cases.list_reports(target, case.target_id, limit=_SHOWN)
    people = users.find_profile_rows([report.user_id for report in reports] + [case.owner_id])
    return {
        "shown": _content(target, case.target_id),
        "reports": [
            {
                "report": report, "reason": REASONS.get(report.reason, report.reason),
                "who": people.get(report.user_id), "record": cases.load_reporter_record(report.user_id),
            }
            for report in reports
        ],
        "author": people.get(case.owner_id),
        "author_history": audit_log.history("user", case.owner_id, limit=5).items
        if case.owner_id else [],
        "case_history": audit_log.history(case.target_type, case.target_id, limit=5).items,
    }  # fmt: skip


def _content(target: Target, target_id: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = _READERS[target](target_id)
    except DomainError as gone:
        return {"text": str(gone.title)}
    return found


def _post(post_id: str) -> dict[str, Any]:
    post = posts.get_stored_post(post_id)
    pictures = [media.links(one, public=False) for one in post.body.get("images", ())]
    return {
        "who": post.username, "text": post.body["content"], "at": post.created_at,
        "pictures": [one["256"] for one in pictures if one],
    }  # fmt: skip


def _comment(comment_id: str) -> dict[str, Any]:
    comment = comments.get_stored_comment(comment_id)
    return {
        "who": comment.username, "text": str(comment.content), "at": comment.created_at,
        "context": _content(Target.POST, comment.post_id),
    }  # fmt: skip


def _recipe(recipe_id: str) -> dict[str, Any]:
    stored = recipes.get_stored_recipe(recipe_id)
    content = stored.row.content()
    steps = "\n".join(step.text for step in content.steps)
    return {
        "who": stored.row.owner_name, "title": content.title, "text": f"{content.description}\n{steps}".strip(),
        "at": stored.row.created_at, "link": reverse("admin:backoffice_recipe_change", args=[recipe_id]),
    }  # fmt: skip


def _user(user_id: str) -> dict[str, Any]:
    found = users.find_profile_rows([user_id]).get(user_id)
    if found is None:
        return {"text": "–"}
    avatar = media.links(found.avatar, public=False) if found.avatar else None
    return {
        "who": found.username, "text": found.bio or "", "pictures": [avatar["256"]] if avatar else [],
        "link": reverse("admin:backoffice_person_change", args=[user_id]),
    }  # fmt: skip


_READERS: dict[Target, Any] = {
    Target.POST: _post,
    Target.COMMENT: _comment,
    Target.RECIPE: _recipe,
    Target.USER: _user,
}


def person(person: Any, *, reveals: bool, site: Any) -> dict[str, Any]:
    """Show what was decided about somebody; e-mail address and birthday only after a look that was noted."""
    user = person.record["user"]
    return {
        "points": [{**one, "at": clock.parse(one["at"])} for one in person.record["points"]],
        "decisions": [
            history.Action(entry, site) for entry in audit_log.history("user", person.pk, limit=_SHOWN).items
        ],
        "personal": {
            say("Họ tên", "Full name"): user.full_name,
            say("E-mail", "E-mail"): user.email,
            say("Ngày sinh", "Date of birth"): user.date_of_birth or "–",
            say("Quốc gia", "Country"): user.country or "–",
        }
        if reveals
        else None,
    }


def name(row: Any) -> dict[str, Any]:
    """Show what the matcher thinks of a name."""
    match = ingredients.match([row.name])[0]
    mapped = ingredients.find(row.ingredient_id) if row.ingredient_id else None
    return {"near": match.suggestions, "mapped": mapped}


def mapping_effect(row: Any, ingredient_id: str, language: str) -> list[str]:
    """Say what mapping a name would do to the catalogue."""
    from apps.backoffice.forms import effect_lines  # noqa: PLC0415  forms import what this module stands on

    before = ingredients.get(ingredient_id)
    effect = master_list.preview(editing.with_alias(before, row.name, language), None)
    lines = effect_lines(effect)
    count = str(say("{n} công thức có nguyên liệu này", "{n} recipes have this ingredient")).format(n=effect.recipes)
    return [f"{before.vi} / {before.en}", count, *lines]


def appeal(row: Any, *, site: Any) -> dict[str, Any]:
    return {
        "shown": _content(Target(row.target_type), row.target_id),
        "decision": history.Action(appeals.decision_of(row), site),
    }


def audit(entry: AuditEntry, *, site: Any) -> dict[str, Any]:
    action = history.Action(entry, site)
    return {"change": action.change, "target_url": action.get_admin_url()}
