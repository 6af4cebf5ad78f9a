"""The screens of moderators: lists, pages and acts; every act calls a service of apps/moderation."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from apps.backoffice import describing, forms, signin
from apps.backoffice.models import Appeal, AuditRecord, Case, Ingredient, Person, Recipe, UnknownName
from apps.backoffice.wording import ALLERGENS, APPROVALS, CATEGORIES, STATUSES, TARGETS, say, words
from apps.core.authentication import Actor
from apps.dynamo_admin.acts import Act
from apps.dynamo_admin.changelists import FacetFilter
from apps.dynamo_admin.options import DynamoModelAdmin
from apps.moderation import acts as moderation_acts
from apps.moderation import appeals, cases, master_list, members, reviews, undoing
from apps.moderation.acts import WORDS
from apps.moderation.acts import Act as Name
from apps.moderation.content import Target


def actor_of(request: Any) -> Actor:
    actor: Actor = request.user.actor
    return actor


def label(act: Name) -> Any:
    said = WORDS[act]
    return say(said.vi, said.en)


class ReadOnlyAdmin(DynamoModelAdmin):
    """Nothing is typed here: objects change by acts."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [field.name for field in self.opts.fields if field.name not in {"id", "version"}]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields or self.get_readonly_fields(request, obj)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        return super().changeform_view(
            request, object_id, form_url,
            {"show_save": False, "show_save_and_continue": False, **(extra_context or {})},
        )  # fmt: skip


# --- Recipes -----------------------------------------------------------------------------------------------------


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


def _correct(request: HttpRequest, recipe: Recipe, line: int, ingredient_id: str | None) -> None:
    reviews.correct_meaning(recipe.pk, line=line, ingredient_id=ingredient_id, actor=actor_of(request))


@admin.register(Recipe)
class RecipeAdmin(ReadOnlyAdmin):
    list_display = ("title", "owner_name", "source", "language", "approval", "rating", "hidden", "since")
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
        Act("send-back", label(Name.SEND_BACK), _review(reviews.send_back), forms.OptionalReason,
            is_offered=lambda one: one.approval != "pending"),
        Act("correct", label(Name.CORRECT), _correct, forms.Meaning),
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
        return _person_link(recipe.owner_id, recipe.owner_name)

    def describe(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        return describing.recipe(obj.record)


def _person_link(user_id: str | None, name: str | None) -> Any:
    if not user_id:
        return "–"
    return format_html(
        '<a href="{}">{}</a>', reverse("admin:backoffice_person_change", args=[user_id]), name or user_id
    )


# --- Reports -----------------------------------------------------------------------------------------------------


class StatusFilter(FacetFilter):
    title = say("trạng thái", "status")
    parameter_name = "status"
    field = "status"
    choices_ = (("hidden", STATUSES["hidden"]), ("confirmed", STATUSES["confirmed"]))


def _case(decide: Any) -> Any:
    def run(request: HttpRequest, case: Case, reason: str = "") -> None:
        decide(Target(case.target_type), case.target_id, actor=actor_of(request), reason=reason)

    return run


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "reporters", "status", "since")
    list_filter = (StatusFilter, "target_type")
    search_fields = ("target_id",)
    search_help_text = say("loại:mã, ví dụ post:01…", "kind:id, for example post:01…")
    change_form_template = "backoffice/case.html"
    fields = (("target_type", "status"), "target_id", "author", ("reporters", "since"))
    acts = (
        Act("confirm", label(Name.CONFIRM), _case(cases.confirm), forms.Reason, bulk=True, is_dangerous=True,
            is_offered=lambda one: one.status == "hidden",
            help=say("Nội dung tiếp tục bị ẩn, tác giả nhận điểm vi phạm.",
                     "It stays hidden and its author gets points.")),
        Act("dismiss", label(Name.DISMISS), _case(cases.dismiss), forms.OptionalReason, bulk=True,
            is_offered=lambda one: one.status == "hidden",
            help=say("Nội dung hiện lại; người hay báo cáo sai sẽ mất tiếng nói.",
                     "It is shown again; people who are often wrong count less.")),
        Act("restore", label(Name.RESTORE), _case(cases.restore), forms.OptionalReason, bulk=True,
            is_offered=lambda one: one.status != "open"),
        Act("hide", label(Name.HIDE), _case(cases.hide), forms.Reason, is_dangerous=True,
            is_offered=lambda one: one.status == "open"),
    )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "author")

    @admin.display(description=say("tác giả", "author"))
    def author(self, case: Case) -> Any:
        return _person_link(case.owner_id, None)

    def describe(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        return describing.case(obj)


# --- People ------------------------------------------------------------------------------------------------------


class SuspendedFilter(FacetFilter):
    title = say("danh sách", "list")
    parameter_name = "suspended"
    field = "suspended"
    choices_ = ((True, say("Đang bị khóa", "Suspended")),)


def _suspend(request: HttpRequest, person: Person, **answers: Any) -> None:
    members.suspend(person.pk, actor=signin.require_current_groups(request), **answers)


def _lift(request: HttpRequest, person: Person, reason: str = "") -> None:
    members.lift(person.pk, actor=signin.require_current_groups(request), reason=reason)


def _end_sessions(request: HttpRequest, person: Person, reason: str = "") -> None:
    members.end_sessions(person.pk, actor=signin.require_current_groups(request), reason=reason)


def _look(request: HttpRequest, person: Person, reason: str) -> None:
    members.record_look(person.pk, actor=actor_of(request), reason=reason)
    request.session["looks"] = {person.pk: True}


@admin.register(Person)
class PersonAdmin(ReadOnlyAdmin):
    list_display = ("username", "suspended", "suspended_until", "points", "created_at")
    list_filter = (SuspendedFilter,)
    search_fields = ("username",)
    search_help_text = say("Đầu tên người dùng, hoặc mã", "The start of a username, or an id")
    change_form_template = "backoffice/person.html"
    fields = (
        "username",
        "language",
        ("created_at", "hidden"),
        ("suspended", "suspended_until"),
        "suspension_reason",
        "points",
    )
    acts = (
        Act("suspend", label(Name.SUSPEND), _suspend, forms.Suspension, is_dangerous=True, bulk=True),
        Act("lift", label(Name.LIFT), _lift, forms.OptionalReason, bulk=True, is_offered=lambda one: one.suspended),
        Act("look", label(Name.LOOK), _look, forms.Reason, permission="view",
            help=say("Mỗi lần xem đều được ghi vào nhật ký.", "Each look is written into the audit log.")),
        Act("end-sessions", label(Name.END_SESSIONS), _end_sessions, forms.OptionalReason, permission="admins_only"),
    )  # fmt: skip

    def has_admins_only_permission(self, request: Any) -> bool:
        return bool(request.user.is_superuser)

    def describe(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        looks = request.session.pop("looks", {})
        return describing.person(obj, reveals=bool(looks.get(obj.pk)), site=self.admin_site)


# --- Unknown names and ingredients ---------------------------------------------------------------------------------


class WaitsFilter(FacetFilter):
    title = say("danh sách", "list")
    parameter_name = "waits"
    field = "waits"
    choices_ = ((True, say("Đang chờ", "Waiting")),)


def _map_name(request: HttpRequest, name: UnknownName, ingredient_id: str, language: str) -> None:
    master_list.map_name(name.pk, ingredient_id=ingredient_id, language=language, actor=actor_of(request))


def _preview_mapping(
    request: HttpRequest, name: UnknownName, ingredient_id: str = "", language: str = "vi"
) -> list[str]:
    """Say which recipes would know their ingredient."""
    return describing.mapping_effect(name.record, ingredient_id, language) if ingredient_id else []


def _dismiss_name(request: HttpRequest, name: UnknownName, reason: str = "") -> None:
    master_list.dismiss_name(name.pk, actor=actor_of(request), reason=reason)


def _unmap(request: HttpRequest, name: UnknownName, reason: str = "") -> None:
    master_list.unmap_name(name.pk, actor=actor_of(request), reason=reason)


@admin.register(UnknownName)
class UnknownNameAdmin(ReadOnlyAdmin):
    list_display = ("name", "reporters", "status", "first_seen_at")
    list_filter = (WaitsFilter,)
    change_form_template = "backoffice/name.html"
    fields = ("name", "reporters", "status", "first_seen_at")
    acts = (
        Act("map", label(Name.MAP_NAME), _map_name, forms.NameMapping, preview=_preview_mapping,
            is_offered=lambda one: one.waits),
        Act("dismiss", label(Name.DISMISS_NAME), _dismiss_name, forms.OptionalReason, bulk=True,
            is_offered=lambda one: one.waits),
        Act("unmap", label(Name.UNMAP_NAME), _unmap, forms.OptionalReason,
            is_offered=lambda one: one.status == "mapped"),
    )  # fmt: skip

    def describe(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        return describing.name(obj.record)


class CategoryFilter(admin.SimpleListFilter):
    title = say("nhóm", "category")
    parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return list(CATEGORIES.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(category=self.value()) if self.value() else queryset


def _delete_ingredient(request: HttpRequest, ingredient: Ingredient, reason: str) -> None:
    master_list.delete_ingredient(ingredient.pk, actor=actor_of(request), reason=reason)


@admin.register(Ingredient)
class IngredientAdmin(DynamoModelAdmin):
    form = forms.IngredientForm
    list_display = ("vi", "en", "category_name", "allergen_names")
    list_filter = (CategoryFilter,)
    search_fields = ("vi",)
    search_help_text = say("Tên nguyên liệu, tiếng Việt hoặc tiếng Anh", "A name in Vietnamese or English")
    change_form_template = "backoffice/ingredient.html"
    fields = (("vi", "en"), "category", "aliases_vi", "aliases_en", "allergens", "breaks", "kind_of", "staple")
    acts = (Act("delete", label(Name.DELETE_INGREDIENT), _delete_ingredient, forms.Reason, is_dangerous=True),)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=say("nhóm", "category"))
    def category_name(self, ingredient: Ingredient) -> str:
        return str(CATEGORIES[ingredient.category])

    @admin.display(description=say("dị ứng", "allergens"))
    def allergen_names(self, ingredient: Ingredient) -> str:
        return words(sorted(ingredient.record.allergens), ALLERGENS) or "–"

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001  as inherited
        actor, changes = actor_of(request), form.changes()
        if change:
            master_list.edit_ingredient(obj.pk, changes=changes, actor=actor)
        else:
            obj.pk = master_list.add_ingredient(
                vi=changes["vi"], en=changes["en"], category=changes["category"], changes=changes, actor=actor
            )


# --- Appeals and the audit log -------------------------------------------------------------------------------------


def _appeal(decide: Any) -> Any:
    def run(request: HttpRequest, appeal: Appeal, reason: str) -> None:
        decide(appeal.pk, actor=actor_of(request), reason=reason)

    return run


@admin.register(Appeal)
class AppealAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "status", "created_at")
    list_filter = (WaitsFilter,)
    change_form_template = "backoffice/appeal.html"
    fields = ("target_type", "target_id", "text", ("status", "created_at"))
    acts = (
        Act("uphold", label(Name.UPHOLD), _appeal(appeals.uphold), forms.Reason, is_offered=lambda one: one.waits),
        Act(
            "overturn", label(Name.OVERTURN), _appeal(appeals.overturn), forms.Reason, is_offered=lambda one: one.waits
        ),
    )

    def describe(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        return describing.appeal(obj.record, site=self.admin_site)


class ActFilter(admin.SimpleListFilter):
    title = say("việc", "act")
    parameter_name = "act"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(act.value, label(act)) for act in Name]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(act=self.value()) if self.value() else queryset


def _undo(request: HttpRequest, record: AuditRecord, reason: str) -> None:
    undoing.undo(record.record, actor=signin.require_current_groups(request), reason=reason)


@admin.register(AuditRecord)
class AuditAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor_name", "act_name", "kind", "title", "reason")
    list_filter = (ActFilter, "at")
    change_form_template = "backoffice/audit.html"
    fields = ("at", "actor_name", "act_name", "target_type", "target_id", "title", "reason")
    acts = (
        Act("undo", say("Hoàn tác", "Undo"), _undo, forms.Reason,
            is_offered=lambda one: undoing.can_be_undone(one.record)),
    )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "act_name")

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup in {"actor_id", "target_type", "target_id"} or super().lookup_allowed(lookup, value, request)

    @admin.display(description=say("việc", "act"))
    def act_name(self, record: AuditRecord) -> str:
        return moderation_acts.word(record.act)

    @admin.display(description=say("loại", "kind"))
    def kind(self, record: AuditRecord) -> str:
        return str(TARGETS.get(record.target_type, record.target_type))

    def describe(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        return describing.audit(obj.record, site=self.admin_site)
