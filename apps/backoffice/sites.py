"""The admin site: sign-in, the home page with queues and charts, and screens that are not lists."""

from typing import Any
from urllib.parse import urlencode

import segno
from django import forms
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from apps.backoffice import home, signin
from apps.backoffice.middleware import LANGUAGE_COOKIE
from apps.backoffice.models import Case
from apps.backoffice.wording import TARGETS, say
from apps.core import language
from apps.core.audit import Who
from apps.core.errors import DomainError
from apps.core.language import Text
from apps.dynamo_admin.options import reason_of
from apps.dynamo_admin.sites import DynamoAdminSite
from apps.moderation import acts, ai_configuration, dead_letters, sign_ins
from apps.moderation.acts import Act
from apps.moderation.content import Target

_YEAR = 365 * 24 * 3600


class PasswordForm(forms.Form):
    username = forms.CharField(
        label=say("Tên người dùng hoặc e-mail", "Username or e-mail"), max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )  # fmt: skip
    password = forms.CharField(
        label=say("Mật khẩu", "Password"), max_length=256, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip


class CodeForm(forms.Form):
    code = forms.RegexField(
        r"^[0-9]{6}\Z", label=say("Mã xác thực 6 chữ số", "Six-digit code"), max_length=6,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=say("Lý do", "Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3, "autofocus": True})
    )


class AiSettingsForm(forms.Form):
    providers = forms.CharField(
        label=say("Nhà cung cấp, theo thứ tự", "Providers, in order"), help_text="bedrock,ollama,rules"
    )
    bedrock_model = forms.CharField(
        label=say("Mô hình Bedrock", "Bedrock model"), max_length=200, widget=forms.TextInput(attrs={"size": 56})
    )
    ollama_model = forms.CharField(
        label=say("Mô hình Ollama", "Ollama model"), max_length=200, widget=forms.TextInput(attrs={"size": 56})
    )
    daily_quota = forms.IntegerField(
        label=say("Số công thức mỗi người mỗi ngày", "Recipes a person and day"), min_value=0
    )
    monthly_budget_usd = forms.FloatField(label=say("Ngân sách tháng (USD)", "Monthly budget (USD)"), min_value=0)
    reason = forms.CharField(
        label=say("Lý do", "Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=say("Ghi vào nhật ký.", "Goes into the audit log."),
    )  # fmt: skip

    def clean_providers(self) -> list[str]:
        names = [name.strip() for name in self.cleaned_data["providers"].split(",") if name.strip()]
        if not names or len(set(names)) < len(names) or not set(names).issubset(ai_configuration.PROVIDERS):
            known = ", ".join(ai_configuration.PROVIDERS)
            raise forms.ValidationError(
                str(Text("Chọn trong số {known}, mỗi tên một lần", "Some of {known}, each once")).format(known=known)
            )
        return names


class ModerationSite(DynamoAdminSite):
    site_header = say("Smart Cooking · Kiểm duyệt", "Smart Cooking · Moderation")
    site_title = say("Kiểm duyệt", "Moderation")
    index_title = say("Tổng quan", "Overview")
    index_template = "backoffice/home.html"
    site_url = None

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Skip the groups of django.contrib.auth: ours are in the Cognito pool."""
        models: list[Any] = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        ours = [model for model in models if model._meta.app_label != "auth"]  # noqa: SLF001  Django's own name
        super().register(ours, admin_class, **options)

    def act_word(self, act: str) -> str:
        return acts.word(act)

    def target_word(self, target_type: str) -> str:
        return str(TARGETS.get(target_type, target_type))

    def target_url(self, target_type: str, target_id: str) -> str | None:
        """Return the page of what an entry is about.

        Posts and comments are seen on the page of their reports, sign-ins in the audit log.
        """
        if target_type in {Target.POST, Target.COMMENT}:
            return self.page_of(Case, f"{target_type}:{target_id}")
        if target_type == sign_ins.TARGET:
            log = reverse(f"{self.name}:backoffice_auditrecord_changelist")
            return f"{log}?{urlencode({'target_type': target_type, 'target_id': target_id})}"
        return super().target_url(target_type, target_id)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {
            **super().each_context(request),
            "languages": [("vi", "Tiếng Việt"), ("en", "English")],
            "language": language.current.get(),
        }

    def get_urls(self) -> list[Any]:
        return [
            path("language/", self.choose_language, name="language"),
            path("dead-letters/", self.admin_view(self.dead_letters_view), name="dead_letters"),
            path(
                "dead-letters/<str:letter_id>/<str:act>/", self.admin_view(self.dead_letter_act), name="dead_letter_act"
            ),
            path("ai-settings/", self.admin_view(self.ai_settings_view), name="ai_settings"),
            *super().get_urls(),
        ]

    # --- Signing in and out ------------------------------------------------------------------------------------

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Ask for the password, then for a code, or for setting up an authenticator if there is none."""
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index", current_app=self.name))
        stage = request.POST.get("stage", "password")
        try:
            return _STAGES.get(stage, _ask_password)(self, request)
        except DomainError as refusal:
            form = PasswordForm(initial={"username": request.POST.get("username", "")})
            response = self._ask(request, stage, form, error=reason_of(refusal), status=refusal.status)
            if refusal.retry_after is not None:
                response["Retry-After"] = str(refusal.retry_after)
            return response

    def _ask(
        self, request: HttpRequest, stage: str, form: forms.Form, *, error: str = "", status: int = 200, **more: Any
    ) -> HttpResponse:
        if error and stage in {"code", "setup"} and isinstance(form, PasswordForm):
            stage, form, more = _again(request, stage, form)
        context = {
            **self.each_context(request),
            "title": say("Đăng nhập", "Sign in"), "stage": stage, "form": form, "error": error,
            "next": _next(request), **more,
        }  # fmt: skip
        request.current_app = self.name
        return TemplateResponse(request, "backoffice/login.html", context, status=429 if status == 429 else 200)  # noqa: PLR2004

    def signed_in(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(_next(request) or reverse("admin:index", current_app=self.name))

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        if request.method == "POST" and request.user.is_authenticated:
            who = Who(str(request.user.pk), request.user.get_username())
            sign_ins.record(Act.SIGN_OUT, who)
            logout(request)
        return HttpResponseRedirect(reverse("admin:login", current_app=self.name))

    def choose_language(self, request: HttpRequest) -> HttpResponse:
        back = request.GET.get("next", "")
        known = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
        response = HttpResponseRedirect(back if known else reverse("admin:index", current_app=self.name))
        chosen = request.GET.get("to")
        if chosen in {language.VI, language.EN}:
            options: Any = {"max_age": _YEAR, "path": "/admin/", "samesite": "Lax", "httponly": True, "secure": True}
            response.set_cookie(LANGUAGE_COOKIE, str(chosen), **options)
        return response

    # --- Screens that are not lists ----------------------------------------------------------------------------

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        figures = home.figures(actor=request.user.actor)  # type: ignore[union-attr]
        return super().index(request, {**figures, **(extra_context or {})})

    def _page(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        request.current_app = self.name
        return TemplateResponse(request, f"backoffice/{template}.html", {**self.each_context(request), **context})

    def dead_letters_view(self, request: HttpRequest) -> HttpResponse:
        title = say("Tác vụ nền lỗi", "Dead letters")
        return self._page(request, "dead_letters", title=title, letters=dead_letters.peek())

    def dead_letter_act(self, request: HttpRequest, letter_id: str, act: str) -> HttpResponse:
        run = {"retry": dead_letters.retry, "discard": dead_letters.discard}.get(act)
        if run is None:
            raise PermissionDenied
        form = ReasonForm(request.POST or None)
        form.fields["reason"].required = act == "discard"
        if request.method == "POST" and form.is_valid():
            try:
                run(letter_id, actor=request.user.actor, reason=form.cleaned_data["reason"])  # type: ignore[union-attr]
                messages.success(request, acts.word(act))
            except DomainError as refusal:
                messages.error(request, reason_of(refusal))
            return HttpResponseRedirect(reverse("admin:dead_letters"))
        letter = next((one for one in dead_letters.peek() if one.id == letter_id), None)
        back = reverse("admin:dead_letters")
        return self._page(request, "ask", title=acts.word(act), form=form, back=back, letter=letter)

    def ai_settings_view(self, request: HttpRequest) -> HttpResponse:
        """Show the current settings. Admins can change them, with the same checks as `manage.py ai_settings`."""
        may_change = request.user.has_perm("backoffice.change_aisettings")
        shown = ai_configuration.current()
        form = AiSettingsForm(request.POST or None, initial={**shown, "providers": ",".join(shown["providers"])})
        if request.method == "POST":
            if not may_change:
                raise PermissionDenied
            if form.is_valid():
                wanted = dict(form.cleaned_data)
                reason = wanted.pop("reason")
                try:
                    ai_configuration.change(wanted, actor=signin.require_current_groups(request), reason=reason)
                    messages.success(request, acts.word(Act.AI_SETTINGS))
                    return HttpResponseRedirect(reverse("admin:ai_settings"))
                except DomainError as refusal:
                    form.add_error(None, reason_of(refusal))
        title = say("Thiết lập AI và ngân sách", "AI settings and budget")
        named = [(form.fields[name].label, _in_words(value)) for name, value in shown.items() if name in form.fields]
        return self._page(
            request, "ai_settings", title=title, form=form, may_change=may_change, shown=named, **home.ai_figures()
        )


def _in_words(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list | tuple) else value


def _next(request: HttpRequest) -> str:
    """Return where to redirect after signing in: only to pages of this host."""
    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}) else ""


def _again(request: HttpRequest, stage: str, password: forms.Form) -> tuple[str, forms.Form, dict[str, Any]]:
    """Return the form to show again after a wrong code; the password form if no set-up has begun."""
    setup = signin.pending_setup(request) if stage == "setup" else None
    if setup is not None:
        return "setup", CodeForm(), {"secret": setup.secret, "qr": _qr(setup.otpauth_uri)}
    return "password", password, {}


def _ask_password(site: ModerationSite, request: HttpRequest) -> HttpResponse:
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return site._ask(request, "password", form)  # noqa: SLF001  a stage of the site
    found = signin.begin(request, **form.cleaned_data)
    if isinstance(found, signin.SetupNeeded):
        return site._ask(  # noqa: SLF001
            request, "setup", CodeForm(), secret=found.secret, qr=_qr(found.otpauth_uri)
        )
    return site._ask(  # noqa: SLF001
        request, "code", CodeForm(), challenge=found.session, username=found.username
    )


def _ask_code(site: ModerationSite, request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    challenge, username = request.POST.get("challenge", ""), request.POST.get("username", "")
    if not form.is_valid():
        return site._ask(request, "code", form, challenge=challenge, username=username)  # noqa: SLF001
    signin.finish(request, session=challenge, username=username, code=form.cleaned_data["code"])
    return site.signed_in(request)


def _ask_setup(site: ModerationSite, request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        setup = signin.pending_setup(request)
        shown: dict[str, Any] = {"secret": setup.secret, "qr": _qr(setup.otpauth_uri)} if setup else {}
        return site._ask(request, "setup" if setup else "password", form if setup else PasswordForm(), **shown)  # noqa: SLF001
    signin.finish_setup(request, code=form.cleaned_data["code"])
    return site.signed_in(request)


_STAGES = {"password": _ask_password, "code": _ask_code, "setup": _ask_setup}


def _qr(uri: str) -> str:
    """Return the QR code for the authenticator as a data URI, so that the secret is in no URL."""
    return str(segno.make(uri).svg_data_uri(scale=4))
