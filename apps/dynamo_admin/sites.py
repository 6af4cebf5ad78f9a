"""The admin site: recent actions from the audit log, and no passwords to change here."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest

from apps.dynamo_admin import history


class DynamoAdminSite(admin.AdminSite):
    """Subclass it for sign-in (`login`) and words, and name the subclass as `default_site` of an `AdminConfig`."""

    enable_nav_sidebar = True

    def get_log_entries(self, request: HttpRequest) -> Any:
        return history.RecentActions(self)

    def act_word(self, act: str) -> str:
        """Return an act of the audit log in the reader's language."""
        return act.replace("_", " ")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        raise Http404("passwords live elsewhere")

    password_change_done = password_change
