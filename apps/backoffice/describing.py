"""Extra panels on the admin's pages: content in its context, and the reasons for an object's state."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.admin.utils import quote
from django.urls import reverse

from apps.backoffice.wording import ALLERGENS, DIETS, FIELDS, PLACES, REASONS, TARGETS, counted, say, words
from apps.core import audit as audit_log
from apps.core import clock, text
from apps.core.audit import AuditEntry
from apps.core.errors import DomainError
from apps.core.language import Text
from apps.dynamo_admin import history
from apps.ingredients import editing
from apps.ingredients import services as ingredients
from apps.ingredients.entry import Ingredient
from apps.media import services as media
from apps.moderation import appeals, cases, master_list, members, sign_ins
from apps.moderation.acts import Act
from apps.moderation.content import Target
from apps.posts import comments
from apps.posts import services as posts
from apps.recipes import editions, reviewing
from apps.recipes import services as recipes
from apps.recipes.content import Reason, RecipeContent, Tier
from apps.users import services as users

_SHOWN = 20
_FEW = 5
# The fields of a recipe that are lists. A reason gives the position in them.
_LISTED = frozenset({"ingredients", "steps", "tags"})
# The attribute of such an entry that contains the text.
_TEXTS = ("preparation", "name", "text")


def recipe(stored: Any) -> dict[str, Any]:
    """Show a recipe with its ingredients as matched: about 1 read unit, and 1 for each of the last twenty ratings."""
    content = reviewing.content_of(stored)
    lines = [_line(number, line) for number, line in enumerate(content.ingredients, 1)]
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
        "may_contain": words(content.may_contain, ALLERGENS),
        "reasons": [_reason(reason, content) for reason in content.reasons],
        "diets": words(content.diets, DIETS),
        "picture": (media.links(content.image, public=False) or {}).get("1024"),
        "ratings": rows,
        "more_ratings": more,
    }


def lines_in_short(stored: Any) -> list[str]:
    """Return each line of a recipe as written, with the ingredient that was matched."""
    short = []
    for line in reviewing.content_of(stored).ingredients:
        known = ingredients.find(line.ingredient_id) if line.ingredient_id else None
        short.append(f"{line.name} → {Text(known.vi, known.en) if known else '?'}")
    return short


def _line(number: int, line: Any) -> dict[str, Any]:
    known = ingredients.find(line.ingredient_id) if line.ingredient_id else None
    return {
        "number": number, "line": line, "known": known,
        "allergens": words(sorted(known.allergens), ALLERGENS) if known else "",
        "may_contain": words(sorted(known.may_contain), ALLERGENS) if known else "",
        "breaks": words(sorted(known.breaks), DIETS) if known else "",
    }  # fmt: skip


def _reason(reason: Reason, content: RecipeContent) -> dict[str, Any]:
    """Describe which ingredient or words carry an allergen, and where."""
    known = ingredients.find(reason.ingredient_id) if reason.ingredient_id else None
    place = PLACES.get(reason.place, reason.place)
    return {
        "allergen": words([reason.allergen], ALLERGENS),
        "is_sure": reason.tier == Tier.CONTAINS,
        "because": str(Text(known.vi, known.en)) if known else _words(reason, content),
        "place": f"{place} {reason.position + 1}" if reason.place in _LISTED else str(place),
    }


def _words(reason: Reason, content: RecipeContent) -> str:
    """Return the words of the recipe that a reason refers to; their meaning if it refers to none."""
    held = getattr(content, reason.place, "")
    entry = held[reason.position] if reason.place in _LISTED and reason.position < len(held) else held
    texts = (entry,) if isinstance(entry, str) else (getattr(entry, name, None) for name in _TEXTS)
    found = (text[reason.start : reason.end].strip() for text in texts if text and reason.start is not None)
    return next((one for one in found if one), reason.because)


def case(case: Any, *, site: Any) -> dict[str, Any]:
    """Show what was reported, by whom and why, with the history of the author and the reporters.

    About 1 read unit for the content, 2 for each of up to twenty reporters, and 10 for the author.
    """
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
        "case_history": _decisions(case.target_type, case.target_id, site=site),
        **(_record_of(case.owner_id, site=site) if case.owner_id else {}),
    }  # fmt: skip


def _decisions(target_type: str, target_id: str, *, site: Any, limit: int = _FEW) -> list[history.Action]:
    return [history.Action(entry, site) for entry in audit_log.history(target_type, target_id, limit=limit).items]


def _record_of(user_id: str, *, site: Any) -> dict[str, Any]:
    """Return an author's points, earlier decisions, and public posts. Includes nothing that only friends may see."""
    points = members.find_points([user_id]).get(user_id, [])
    return {
        "points": [_point(one) for one in points],
        "author_history": _decisions("user", user_id, site=site),
        "published": posts.list_published_posts(user_id, limit=_FEW),
    }


def _point(entry: dict[str, Any]) -> dict[str, Any]:
    target_type, _, target_id = entry["cause"].partition(":")
    return {**entry, "at": clock.parse(entry["at"]), **_linked(target_type, target_id)}


def _linked(target_type: str, target_id: str) -> dict[str, Any]:
    """Return the name of reported content, linked to the page of its case."""
    known = target_type in Target._value2member_map_
    page = reverse("admin:backoffice_case_change", args=[quote(f"{target_type}:{target_id}")]) if known else ""
    return {"what": _named(target_type, target_id), "case_url": page}


def _named(target_type: str, target_id: str) -> str:
    return f"{TARGETS.get(target_type, target_type)} {target_id}"


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
    """Show the decisions about somebody, and what they reported and published.

    E-mail address and date of birth are shown only after the moderator has recorded a reason. About 1 read unit for
    each of up to twenty decisions and reports, and half a unit for each of five posts.
    """
    user = person.record["user"]
    return {
        "points": [_point(one) for one in person.record["points"]],
        "decisions": _decisions("user", person.pk, site=site, limit=_SHOWN),
        "reported": [
            {
                "report": report,
                "reason": REASONS.get(report.reason, report.reason),
                **_linked(report.target_type, report.target_id),
            }
            for report in cases.list_reports_by(person.pk, limit=_SHOWN)
        ],
        "reporting": cases.load_reporter_record(person.pk),
        "published": posts.list_published_posts(person.pk, limit=_FEW),
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
    """Show how the matcher interprets a name."""
    match = ingredients.match([row.name])[0]
    mapped = ingredients.find(row.ingredient_id) if row.ingredient_id else None
    return {"near": match.suggestions, "mapped": mapped}


def completions(typed: str) -> list[dict[str, str]]:
    """Autocomplete ingredients: return a name that identifies each, and its names in both languages."""
    cleaned = text.clean(typed)
    found = ingredients.complete(cleaned, category=None, limit=_SHOWN)[0] if cleaned else []
    return [{"name": _name_for(one), "hint": f"{one.vi} / {one.en}"} for one in found]


def _name_for(entry: Ingredient) -> str:
    """Return the name in the reader's language, or if that is ambiguous, one that means only this ingredient."""
    for name in (str(Text(entry.vi, entry.en)), entry.vi, entry.en):
        meant = ingredients.resolve(name)
        if meant is not None and meant.id == entry.id:
            return name
    return entry.vi


def mapping_effect(row: Any, ingredient_id: str, language: str) -> list[str]:
    """Describe the effect of mapping a name on the catalogue."""
    from apps.backoffice.forms import effect_lines  # noqa: PLC0415  forms import what this module stands on

    before = ingredients.get(ingredient_id)
    effect = master_list.preview(editing.with_alias(before, row.name, language), None)
    lines = effect_lines(effect)
    count = counted(
        effect.recipes, "{n} công thức có nguyên liệu này", "{n} recipe has this ingredient",
        "{n} recipes have this ingredient",
    )  # fmt: skip
    return [f"{before.vi} / {before.en}", count, *lines]


def appeal(row: Any, *, site: Any) -> dict[str, Any]:
    return {
        "shown": _content(Target(row.target_type), row.target_id),
        "decision": history.Action(appeals.decision_of(row), site),
    }


def why(entry: AuditEntry) -> str:
    """Return the reason of an action; a refused sign-in stores an error code, which is translated."""
    reason = entry.reason or ""
    return str(sign_ins.REASONS.get(reason, reason)) if entry.act == Act.SIGN_IN_REFUSED else reason


def audit(entry: AuditEntry, *, site: Any, refusals: sign_ins.Refusals | None) -> dict[str, Any]:
    """Show what an action changed, with links to its target and to other actions on the target and by the actor."""
    action = history.Action(entry, site)
    log = reverse("admin:backoffice_auditrecord_changelist")
    related = [
        (action.get_admin_url(), action.object_repr),
        (
            f"{log}?{urlencode({'target_type': entry.target_type, 'target_id': entry.target_id})}",
            say("Mọi việc với đối tượng này", "All actions on it"),
        ),
    ]
    if entry.actor_id != sign_ins.ANONYMOUS:
        said = Text("Mọi việc của {name}", "All actions by {name}").format(name=entry.actor_name)
        related.append((f"{log}?{urlencode({'actor_id': entry.actor_id})}", said))
    return {
        "act_changed": action.change, "refusals": refusals, "related": [(url, words) for url, words in related if url]
    }  # fmt: skip
