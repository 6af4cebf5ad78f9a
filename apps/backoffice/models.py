"""The objects that moderators see, as unmanaged models whose fields are read through `stores`."""

# ruff: noqa: DJ001 (what is absent from an item is None, never "")

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.crypto import salted_hmac

from apps.backoffice import stores
from apps.backoffice.wording import (
    APPEAL_STATUSES,
    APPROVALS,
    CATEGORIES,
    JOB_KINDS,
    LANGUAGES,
    NAME_STATUSES,
    SOURCES,
    STATUSES,
    TARGETS,
    say,
)
from apps.core.authentication import Actor
from apps.dynamo_admin.objects import DynamoModel, VersionedModel
from apps.dynamo_admin.stores import Attributes, Store
from apps.moderation import failed_jobs
from apps.moderation.acts import word
from apps.moderation.authority import ADMINS, MODERATORS
from apps.moderation.content import Target
from apps.moderation.sign_ins import Refusals

_ADMINS_ONLY = frozenset({"backoffice.change_aisettings"})


class Moderator(DynamoModel):
    """The signed-in moderator, known only from the session, with the groups that were last read."""

    id = models.CharField(primary_key=True, max_length=36, editable=False)
    username = models.CharField(max_length=30, editable=False, unique=True)

    store: ClassVar[Store] = Store(stores.load_nobody)
    groups: frozenset[str] = frozenset()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    is_anonymous = False
    is_authenticated = True

    class Meta(DynamoModel.Meta):
        verbose_name = say("người kiểm duyệt", "moderator")
        default_permissions = ()

    def __str__(self) -> str:
        return self.username

    @property
    def actor(self) -> Actor:
        return Actor(self.pk, self.username, self.groups)

    @property
    def is_active(self) -> bool:
        return not self.groups.isdisjoint({MODERATORS, ADMINS})

    @property
    def is_staff(self) -> bool:
        return self.is_active

    @property
    def is_superuser(self) -> bool:
        return ADMINS in self.groups

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Moderators may view and change everything in this app, except for what is reserved to admins."""
        return self.is_superuser or (
            self.is_active and perm.startswith("backoffice.") and perm not in _ADMINS_ONLY and ".delete_" not in perm
        )

    def has_perms(self, perms: Any, obj: Any = None) -> bool:
        return all(self.has_perm(perm) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active

    def get_username(self) -> str:
        return self.username

    def get_short_name(self) -> str:
        return self.username

    get_full_name = get_short_name

    def get_session_auth_hash(self) -> str:
        return salted_hmac("backoffice.session", self.pk, algorithm="sha256").hexdigest()


class Recipe(VersionedModel):
    id = models.CharField(primary_key=True, max_length=26, editable=False)
    title = models.CharField(say("tên món", "title"), max_length=200)
    approval = models.CharField(say("duyệt", "approval"), max_length=10, choices=list(APPROVALS.items()))
    # Also pending for an approved recipe that bad ratings have put into the queue.
    queue = models.CharField(say("danh sách", "list"), max_length=10, choices=list(APPROVALS.items()))
    hidden = models.BooleanField(say("đang ẩn", "hidden"), default=False)
    source = models.CharField(say("nguồn", "source"), max_length=10, choices=list(SOURCES.items()))
    language = models.CharField(say("ngôn ngữ", "language"), max_length=2, choices=list(LANGUAGES.items()))
    owner_id = models.CharField(say("mã người đăng", "owner's id"), max_length=36, null=True)
    owner_name = models.CharField(say("người đăng", "owner"), max_length=30, null=True)
    rating_average = models.FloatField(say("điểm", "rating"), null=True)
    rating_count = models.IntegerField(say("lượt đánh giá", "ratings"), default=0)
    cook_count = models.IntegerField(say("lượt nấu", "times cooked"), default=0)
    created_at = models.DateTimeField(say("tạo lúc", "created"), null=True)
    since = models.DateTimeField(say("từ lúc", "since"), null=True)

    store: ClassVar[Store] = stores.RECIPES
    audit_target: ClassVar[str] = "recipe"

    class Meta(VersionedModel.Meta):
        verbose_name = say("công thức", "recipe")
        verbose_name_plural = say("công thức", "recipes")

    def __str__(self) -> str:
        return self.title


class AboutTarget(VersionedModel):
    """An object about a post, comment, recipe or person, which is named after that target."""

    target_type = models.CharField(
        say("loại", "kind"), max_length=12, choices=[(one.value, TARGETS[one.value]) for one in Target]
    )
    target_id = models.CharField(say("mã", "id"), max_length=36)

    class Meta(VersionedModel.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{TARGETS[self.target_type]} {self.target_id}"


class Case(AboutTarget):
    """Something that people reported or a moderator hid."""

    id = models.CharField(primary_key=True, max_length=64, editable=False)
    owner_id = models.CharField(say("mã tác giả", "author's id"), max_length=36)
    owner_name = models.CharField(say("tác giả", "author"), max_length=30, null=True)
    status = models.CharField(say("trạng thái", "status"), max_length=10, choices=list(STATUSES.items()))
    reporters = models.IntegerField(say("người báo cáo", "reporters"), default=0)
    since = models.DateTimeField(say("từ lúc", "since"), null=True)

    store: ClassVar[Store] = stores.CASES

    class Meta(AboutTarget.Meta):
        verbose_name = say("báo cáo", "report")
        verbose_name_plural = say("báo cáo", "reports")

    @property
    def audited_as(self) -> tuple[str, str]:
        """Decisions are logged for the reported content, not for the reports."""
        return self.target_type, self.target_id


class Person(VersionedModel):
    """Somebody with an account. The version is that of their suspension, the only thing that actions change."""

    id = models.CharField(primary_key=True, max_length=36, editable=False)
    username = models.CharField(say("tên người dùng", "username"), max_length=30)
    language = models.CharField(say("ngôn ngữ", "language"), max_length=2, null=True, choices=list(LANGUAGES.items()))
    hidden = models.BooleanField(say("đang ẩn", "hidden"), default=False)
    suspended = models.BooleanField(say("đang bị khóa", "suspended"), default=False)
    suspended_until = models.DateTimeField(say("khóa đến", "suspended until"), null=True)
    suspension_reason = models.CharField(say("lý do khóa", "reason of the suspension"), max_length=1000, null=True)
    points = models.IntegerField(say("điểm vi phạm", "points"), default=0)
    created_at = models.DateTimeField(say("đăng ký lúc", "signed up"), null=True)

    store: ClassVar[Store] = stores.PEOPLE
    audit_target: ClassVar[str] = "user"

    class Meta(VersionedModel.Meta):
        verbose_name = say("người dùng", "person")
        verbose_name_plural = say("người dùng", "people")

    def __str__(self) -> str:
        return self.username


class UnknownName(VersionedModel):
    id = models.CharField(primary_key=True, max_length=32, editable=False)
    name = models.CharField(say("tên", "name"), max_length=100)
    reporters = models.IntegerField(say("số người", "people"), default=0)
    status = models.CharField(say("trạng thái", "status"), max_length=10, choices=list(NAME_STATUSES.items()))
    waits = models.BooleanField(say("đang chờ", "waiting"), default=False)
    first_seen_at = models.DateTimeField(say("gặp lần đầu", "first seen"), null=True)

    store: ClassVar[Store] = stores.NAMES
    audit_target: ClassVar[str] = "name"

    class Meta(VersionedModel.Meta):
        verbose_name = say("tên chưa biết", "unknown name")
        verbose_name_plural = say("tên chưa biết", "unknown names")

    def __str__(self) -> str:
        return self.name


class Ingredient(VersionedModel):
    id = models.CharField(primary_key=True, max_length=26, editable=False)
    vi = models.CharField(say("tên tiếng Việt", "Vietnamese name"), max_length=100)
    en = models.CharField(say("tên tiếng Anh", "English name"), max_length=100)
    category = models.CharField(say("nhóm", "category"), max_length=12, choices=list(CATEGORIES.items()))
    allergens = models.CharField(say("dị ứng", "allergens"), max_length=300, blank=True)

    store: ClassVar[Store] = stores.INGREDIENTS
    audit_target: ClassVar[str] = "ingredient"

    class Meta(VersionedModel.Meta):
        verbose_name = say("nguyên liệu", "ingredient")
        verbose_name_plural = say("nguyên liệu", "ingredients")

    def __str__(self) -> str:
        return f"{self.vi} / {self.en}"


class Appeal(AboutTarget):
    id = models.CharField(primary_key=True, max_length=26, editable=False)
    text = models.TextField(say("nội dung", "text"))
    status = models.CharField(say("trạng thái", "status"), max_length=12, choices=list(APPEAL_STATUSES.items()))
    waits = models.BooleanField(say("đang chờ", "waiting"), default=False)
    created_at = models.DateTimeField(say("gửi lúc", "sent"), null=True)

    store: ClassVar[Store] = stores.APPEALS
    audit_target: ClassVar[str] = "appeal"

    class Meta(AboutTarget.Meta):
        verbose_name = say("khiếu nại", "appeal")
        verbose_name_plural = say("khiếu nại", "appeals")


class FailedJob(VersionedModel):
    """A job that has failed, or that no message will resume."""

    id = models.CharField(primary_key=True, max_length=64, editable=False)
    job_kind = models.CharField(say("loại", "kind"), max_length=10, choices=list(JOB_KINDS.items()))
    user_id = models.CharField(say("mã chủ sở hữu", "owner's id"), max_length=36)
    owner_name = models.CharField(say("của ai", "whose"), max_length=30, null=True)
    task = models.CharField(say("công việc", "task"), max_length=60, null=True)
    code = models.CharField(say("mã lỗi", "error"), max_length=40, null=True)
    problem = models.CharField(say("vì sao", "why"), max_length=200)
    can_be_retried = models.BooleanField(say("chạy lại được", "can be run again"), default=False)
    created_at = models.DateTimeField(say("tạo lúc", "created"))
    finished_at = models.DateTimeField(say("dừng lúc", "failed"), null=True)

    store: ClassVar[Store] = stores.FAILED_JOBS
    audit_target: ClassVar[str] = failed_jobs.TARGET

    class Meta(VersionedModel.Meta):
        verbose_name = say("công việc bị lỗi", "failed job")
        verbose_name_plural = say("công việc bị lỗi", "failed jobs")

    def __str__(self) -> str:
        return f"{JOB_KINDS.get(self.job_kind, self.job_kind)} {failed_jobs.parse_id(self.pk)[1]}"

    @property
    def audited_as(self) -> tuple[str, str]:
        return failed_jobs.TARGET, failed_jobs.parse_id(self.pk)[1]


class AuditRecord(DynamoModel):
    id = models.CharField(primary_key=True, max_length=160, editable=False)
    at = models.DateTimeField(say("thời gian", "time"))
    actor_id = models.CharField(say("mã người làm", "actor's id"), max_length=36)
    actor_name = models.CharField(say("người làm", "who"), max_length=30)
    act = models.CharField(say("việc", "act"), max_length=30)
    target_type = models.CharField(say("loại", "kind"), max_length=12, choices=list(TARGETS.items()))
    target_id = models.CharField(say("mã", "object"), max_length=64)
    title = models.CharField(say("tên", "title"), max_length=200, null=True)
    reason = models.TextField(say("lý do", "reason"), null=True)

    store: ClassVar[Store] = stores.AUDIT
    # How many attempts an entry of a refused sign-in stands for.
    refusals: Refusals | None = None

    @classmethod
    def from_attributes(cls, attributes: Attributes) -> Self:
        made = super().from_attributes(attributes)
        made.refusals = attributes.get("refusals")
        return made

    @property
    def audited_as(self) -> tuple[str, str]:
        """An entry's history is that of its target."""
        return self.target_type, self.target_id

    class Meta(DynamoModel.Meta):
        verbose_name = say("mục nhật ký", "audit entry")
        verbose_name_plural = say("nhật ký", "audit log")

    def __str__(self) -> str:
        what = TARGETS.get(self.target_type, self.target_type)
        return f"{word(self.act)}: {self.title or f'{what} {self.target_id}'}"
