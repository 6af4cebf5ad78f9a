"""The master list: unknown names and ingredients."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from apps.backoffice import describing, forms
from apps.backoffice.models import Ingredient, UnknownName
from apps.backoffice.screens.read_only import ReadOnlyAdmin, WaitsFilter, actor_of, label
from apps.backoffice.wording import ALLERGENS, CATEGORIES, say, words
from apps.dynamo_admin.acts import Act
from apps.dynamo_admin.options import DynamoModelAdmin
from apps.moderation import master_list
from apps.moderation.acts import Act as Name

_LONGEST_NAME = 100


def _map_name(request: HttpRequest, name: UnknownName, ingredient_id: str, language: str) -> None:
    master_list.map_name(name.pk, ingredient_id=ingredient_id, language=language, actor=actor_of(request))


def _preview_mapping(
    request: HttpRequest, name: UnknownName, ingredient_id: str = "", language: str = "vi"
) -> list[str]:
    """Describe which recipes the mapping would resolve."""
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
        Act("dismiss", label(Name.DISMISS_NAME), _dismiss_name, forms.OptionalNote, bulk=True,
            is_offered=lambda one: one.waits),
        Act("unmap", label(Name.UNMAP_NAME), _unmap, forms.OptionalNote,
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
    fields = (
        ("vi", "en"),
        "category",
        "aliases_vi",
        "aliases_en",
        "allergens",
        "may_contain",
        "breaks",
        "kind_of",
        "staple",
    )
    acts = (Act("delete", label(Name.DELETE_INGREDIENT), _delete_ingredient, forms.Note, is_dangerous=True),)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.names_view)
        return [path("names/", view, name="backoffice_ingredient_names"), *super().get_urls()]

    def names_view(self, request: HttpRequest) -> HttpResponse:
        """Autocomplete the name of an ingredient: 0 read units."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return JsonResponse({"results": describing.completions(request.GET.get("term", "")[:_LONGEST_NAME])})

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
