"""The admin site: recent actions come from the audit log, and passwords cannot be changed here."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import quote
from django.http import Http404, HttpRequest
from django.urls import reverse

from apps.dynamo_admin import history


class DynamoAdminSite(admin.AdminSite):
    """Subclass it for sign-in (`login`) and words, and name the subclass as `default_site` of an `AdminConfig`."""

    enable_nav_sidebar = True

    def get_log_entries(self, request: HttpRequest) -> Any:
        return history.RecentActions(self)

    def act_word(self, act: str) -> str:
        """Return an act of the audit log in the reader's language."""
        return act.replace("_", " ")

    def target_word(self, target_type: str) -> str:
        """Return what the audit log calls a type of object, in the reader's language."""
        return target_type.replace("_", " ")

    def target_url(self, target_type: str, target_id: str) -> str | None:
        """Return the page of what an entry of the audit log is about: of the model whose `audit_target` is its type."""
        model = next((one for one in self._registry if getattr(one, "audit_target", "") == target_type), None)
        return self.page_of(model, target_id) if model is not None else None

    def page_of(self, model: Any, object_id: str) -> str:
        meta = model._meta  # noqa: SLF001  Django's own name
        return reverse(f"{self.name}:{meta.app_label}_{meta.model_name}_change", args=[quote(object_id)])

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        raise Http404("passwords live elsewhere")

    password_change_done = password_change
