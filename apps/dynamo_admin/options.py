"""`DynamoModelAdmin`: the stock ModelAdmin without SQL, with acts, and with protection against lost updates."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.core import audit, dry_runs, keys
from apps.core.errors import DomainError
from apps.core.ids import is_id
from apps.dynamo_admin import history
from apps.dynamo_admin.acts import Act
from apps.dynamo_admin.changelists import KeysetChangeList, WindowPaginator

_SEEN = "dynamo_admin.seen"
# A list shows fewer; a forged request shall not make one process act for minutes.
_MOST_AT_ONCE = 100
_HISTORY_PAGE = 100


class DynamoModelAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Lists by keyset; objects change by `acts`, or by `save_model`, which a subclass has call a service."""

    acts: Sequence[Act] = ()
    # Names of acts in the audit log that change an object of which others are only noted; all where it is empty.
    changing_acts: Sequence[str] = ()
    list_per_page = 25
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = WindowPaginator
    view_on_site = False
    actions_selection_counter = True
    change_list_template = "dynamo_admin/change_list.html"
    change_form_template = "dynamo_admin/change_form.html"
    object_history_template = "dynamo_admin/history.html"
    act_template = "dynamo_admin/act.html"

    # --- Lists -------------------------------------------------------------------------------------------------

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return KeysetChangeList

    def get_sortable_by(self, request: HttpRequest) -> Any:
        """Only what every listing is ordered by can turn a list round."""
        orders = {listing.order_by for listing in self.model.store.listings}
        return tuple(orders) if len(orders) == 1 else ()

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        words = search_term.strip()
        if not words:
            return queryset, False
        if self.model.store.find is not None:
            return queryset.search(words), False
        for word in words.split():
            queryset = queryset.filter(**{f"{self.search_fields[0]}__icontains": word})
        return queryset, False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Read an object consistently by its id, whatever list it is in."""
        found = self.model.store.load([unquote(object_id)])
        made = [self.model.from_attributes(attributes) for attributes in found.values()]
        return made[0] if made else None

    # --- The two writing views, without a transaction of SQL around them ---------------------------------------

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        obj = self.get_object(request, object_id) if object_id and request.method == "GET" else None
        context = {"offered_acts": self.offered_acts(request, obj) if obj is not None else (), **(extra_context or {})}
        if obj is not None:
            context |= self.describe(request, obj)
        try:
            return self._changeform_view(request, object_id, form_url, context)  # type: ignore[attr-defined]
        except DomainError as refusal:
            self.message_user(request, reason_of(refusal), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        return self._delete_view(request, object_id, extra_context)  # type: ignore[attr-defined]

    def describe(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Return what the change page shows beside the fields: names of the context of its template."""
        return {}

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001  as inherited
        raise PermissionDenied("nothing saves this model")

    def save_form(self, request: Any, form: Any, change: bool) -> Any:  # noqa: FBT001  as inherited
        """Take the object as it was entered; `save_model` has a service write it."""
        return form.instance

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001  as inherited
        """There are no rows of other tables."""

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        raise PermissionDenied("nothing deletes this model")

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        listed = [f"{capfirst(self.opts.verbose_name)}: {one}" for one in objs]
        lacking = set() if self.has_delete_permission(request) else {self.opts.verbose_name}
        return listed, {str(self.opts.verbose_name_plural): len(listed)}, lacking, []

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Leave it to the service, which writes the audit entry with the change."""

    log_change = log_addition

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        return []

    # --- Lost updates ------------------------------------------------------------------------------------------

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002  as inherited
        form = super().get_form(request, obj, change, **kwargs)
        if obj is None or not hasattr(obj, "version"):
            return form
        model_admin = self

        class VersionedForm(form):  # type: ignore[valid-type, misc]
            def clean(self) -> Any:
                cleaned = super().clean()
                if not is_current(self.data.get("_seen", ""), obj):
                    raise ValidationError(model_admin.say_changed(obj))
                return cleaned

        return VersionedForm

    def render_change_form(
        self,
        request: Any,
        context: Any,
        add: bool = False,  # noqa: FBT001, FBT002  as inherited
        change: bool = False,  # noqa: FBT001, FBT002
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        if obj is not None and hasattr(obj, "version"):
            context["seen"] = request.POST.get("_seen") or seen(obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def say_changed(self, obj: Any) -> str:
        """Tell whoever comes second what the first did."""
        target_type, target_id = obj.audited_as
        entry = audit.last(target_type, target_id, self.changing_acts)
        said = _("The object was changed by someone else. Reload the page and try again.")
        return f"{said} {history.told(entry, self.admin_site)}".strip()

    # --- Acts --------------------------------------------------------------------------------------------------

    def offered_acts(self, request: HttpRequest, obj: Any) -> list[Act]:
        """Return the acts whose buttons are shown: those that would be accepted."""
        return [act for act in self.acts if self._may(request, act) and self._would_accept(request, act, obj)]

    def _would_accept(self, request: HttpRequest, act: Act, obj: Any) -> bool:
        trial = act.trial
        if not act.is_offered(obj) or trial is None:
            return act.is_offered(obj)
        return dry_runs.would_succeed(lambda: act.run(request, obj, **trial))

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Say whether somebody may carry out acts: by the permission to change, also where nothing is typed."""
        return super().has_change_permission(request)

    def _may(self, request: HttpRequest, act: Act) -> bool:
        return bool(getattr(self, f"has_{act.permission}_permission")(request))

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_act"
        view = self.admin_site.admin_view(self.act_view)
        return [path("<path:object_id>/act/<slug:act_name>/", view, name=name), *super().get_urls()]

    def act_view(self, request: HttpRequest, object_id: str, act_name: str) -> HttpResponse:
        """Ask for what the act needs, then carry it out on one object."""
        act = next((one for one in self.acts if one.name == act_name), None)
        obj = self.get_object(request, object_id) if act else None
        if act is None or obj is None:
            raise Http404
        if not self._may(request, act):
            raise PermissionDenied
        return self._ask(request, act, [obj], back=self.url_of(obj))

    def url_of(self, obj: Any) -> str:
        return reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk])

    def list_url(self) -> str:
        return reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        if IS_POPUP_VAR in request.GET:
            return actions
        for act in self.acts:
            if act.bulk and self._may(request, act):
                actions[act.name] = (self._bulk(act), act.name, act.label)
        return actions

    def _bulk(self, act: Act) -> Any:
        def carry_out(model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse:
            return self._ask(request, act, list(queryset), back=request.get_full_path())

        return carry_out

    def response_action(self, request: HttpRequest, queryset: Any, *_location: Any) -> Any:
        """Refuse what the pages never send: acting on every match, or on more objects than a page has."""
        chosen = request.POST.getlist("_selected_action")
        if request.POST.get("select_across", "0") not in {"0", ""} or len(chosen) > _MOST_AT_ONCE:
            raise PermissionDenied
        by_id = self.model.objects.filter(pk__in=chosen) if chosen else queryset
        return super().response_action(request, by_id)

    def _ask(self, request: HttpRequest, act: Act, objects: list[Any], *, back: str) -> HttpResponse:
        confirmed = request.method == "POST" and "_confirmed" in request.POST
        form = act.form(request.POST if confirmed else None)
        if act.fit is not None:
            act.fit(form, objects[0])
        if confirmed and form.is_valid() and "_preview" not in request.POST:
            self._carry_out(request, act, objects, form.cleaned_data)
            return HttpResponseRedirect(back)
        preview = None
        if act.preview and len(objects) == 1 and (not act.form.base_fields or (form.is_bound and form.is_valid())):
            preview = act.preview(request, objects[0], **getattr(form, "cleaned_data", {}))
        context = {
            **self.admin_site.each_context(request),
            "title": capfirst(str(act.label)), "act": act, "objects": objects, "opts": self.opts, "form": form,
            "preview": preview, "has_preview": bool(act.preview and form.fields), "back": back,
            "media": self.media + form.media,
            "seen": [(one.pk, seen(one)) for one in objects], "is_bulk": "action" in request.POST,
        }  # fmt: skip
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.act_template, context)

    def _carry_out(self, request: HttpRequest, act: Act, objects: Iterable[Any], answers: dict[str, Any]) -> None:
        """Do it to each object, one transaction each; say of each that was refused why."""
        tokens = dict(pair.split(" ", 1) for pair in request.POST.getlist("_seen") if " " in pair)
        done = []
        for one in objects:
            if hasattr(one, "version") and not is_current(tokens.get(str(one.pk), ""), one):
                self.message_user(request, f"{one}: {self.say_changed(one)}", messages.ERROR)
                continue
            try:
                act.run(request, one, **answers)
            except DomainError as refusal:
                self.message_user(request, f"{one}: {reason_of(refusal)}", messages.ERROR)
            else:
                done.append(str(one))
        if done:
            self.message_user(request, f"{capfirst(str(act.label))}: {', '.join(done)}", messages.SUCCESS)

    # --- History -----------------------------------------------------------------------------------------------

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        before = request.GET.get("before", "")
        position = None
        if is_id(before):
            target_type, target_id = obj.audited_as
            key = keys.audit_entry(target_type, target_id, before)
            position = {"pk": key.pk, "sk": key.sk}
        found = audit.history(*obj.audited_as, limit=_HISTORY_PAGE, after=position)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change history: %s") % obj, "subtitle": None, "object": obj, "opts": self.opts,
            "action_list": [history.Action(entry, self.admin_site) for entry in found.items],
            "before": found.items[-1].id if found.next else None,
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "preserved_filters": self.get_preserved_filters(request), **(extra_context or {}),
        }  # fmt: skip
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.object_history_template, context)


def seen(obj: Any) -> str:
    """Return what proves which version of an object somebody was shown."""
    return signing.dumps([str(obj.pk), getattr(obj, "version", None)], salt=_SEEN)


def is_current(token: str, obj: Any) -> bool:
    """Say whether an object is still what `seen` was made of."""
    try:
        shown: Any = signing.loads(token, salt=_SEEN)
    except signing.BadSignature:
        return False
    return bool(shown == [str(obj.pk), getattr(obj, "version", None)])


def reason_of(refusal: DomainError) -> str:
    said = (str(refusal.title), str(refusal.detail), *(one.message for one in refusal.errors))
    return ". ".join(part.rstrip(".") for part in said if part)
