"""Recipes: waiting for a decision, in the catalogue, or kept out of it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.backoffice import describing, forms
from apps.backoffice.models import Recipe
from apps.backoffice.screens.read_only import ReadOnlyAdmin, actor_of, label, person_link
from apps.backoffice.wording import APPROVALS, say
from apps.dynamo_admin.acts import Act
from apps.dynamo_admin.changelists import FacetFilter
from apps.moderation import cases, meanings, reviews
from apps.moderation.acts import Act as Name
from apps.moderation.content import Target
from apps.recipes import reviewing
from apps.recipes.content import Approval


class ApprovalFilter(FacetFilter):
    title = say("danh sách", "list")
    parameter_name = "queue"
    field = "queue"
    choices_ = tuple(APPROVALS.items())


def _review(decide: Any) -> Any:
    def run(request: HttpRequest, recipe: Recipe, reason: str = "", **more: Any) -> None:
        decide(recipe.pk, actor=actor_of(request), reason=reason, **more)

    return run


def _recipe_case(decide: Any) -> Any:
    def run(request: HttpRequest, recipe: Recipe, reason: str = "") -> None:
        decide(Target.RECIPE, recipe.pk, actor=actor_of(request), reason=reason)

    return run


def _can_be_sent_back(recipe: Recipe) -> bool:
    """Return whether the edition to be decided, which may be a new one, isn't already in the queue."""
    edition = reviewing.edition_to_decide(recipe.record, Approval.PENDING)
    return bool((edition or recipe).approval != Approval.PENDING)


def _correct(request: HttpRequest, recipe: Recipe, **answers: Any) -> None:
    meanings.correct(recipe.pk, actor=actor_of(request), **answers)


def _fit_lines(form: Any, recipe: Recipe) -> None:
    form.fit(reviewing.content_of(recipe.record), describing.lines_in_short(recipe.record))


def _preview_meaning(
    request: HttpRequest, recipe: Recipe, line: int, ingredient_id: str | None, **_answers: Any
) -> list[str]:
    content = reviewing.content_of(recipe.record)
    return forms.meaning_lines(meanings.effect_of(content, line=line, ingredient_id=ingredient_id))


@admin.register(Recipe)
class RecipeAdmin(ReadOnlyAdmin):
    list_display = ("title", "owner_name", "source", "approval", "rating", "hidden", "since")
    list_filter = (ApprovalFilter, "hidden", "source")
    search_fields = ("title",)
    search_help_text = say("Từ trong công thức đã duyệt, hoặc mã công thức", "Words of approved recipes, or an id")
    change_form_template = "backoffice/recipe.html"
    fields = (
        ("approval", "hidden"),
        ("source", "language"),
        "owner",
        ("rating", "cook_count"),
        ("created_at", "since"),
    )
    acts = (
        Act("approve", label(Name.APPROVE), _review(reviews.approve), bulk=True,
            is_offered=lambda one: one.queue != "approved"),
        Act("reject", label(Name.REJECT), _review(reviews.reject), forms.Reason, bulk=True, is_dangerous=True,
            is_offered=lambda one: one.approval != "rejected"),
        Act("send-back", label(Name.SEND_BACK), _review(reviews.send_back), forms.OptionalNote,
            is_offered=_can_be_sent_back),
        Act("correct", label(Name.CORRECT), _correct, forms.Meaning, fit=_fit_lines,
            preview=_preview_meaning),
        Act("merge", label(Name.MERGE), _review(reviews.merge), forms.Merging,
            is_offered=lambda one: one.approval != "rejected"),
        Act("hide", label(Name.HIDE), _recipe_case(cases.hide), forms.Reason, is_dangerous=True, bulk=True,
            is_offered=lambda one: not one.hidden),
        Act("restore", label(Name.RESTORE), _recipe_case(cases.restore), forms.OptionalReason, bulk=True,
            is_offered=lambda one: one.hidden),
    )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "owner", "rating")

    @admin.display(description=say("đánh giá", "rating"))
    def rating(self, recipe: Recipe) -> str:
        return f"{recipe.rating_average} ({recipe.rating_count})" if recipe.rating_count else "–"

    @admin.display(description=say("người đăng", "owner"))
    def owner(self, recipe: Recipe) -> Any:
        return person_link(recipe.owner_id, recipe.owner_name)

    def describe(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        return describing.recipe(obj.record)
