"""The actions of moderators as named in the audit log, and functions that all of them use."""

from enum import StrEnum
from typing import Any

from apps.core import audit
from apps.core.audit import Who
from apps.core.language import Text
from apps.core.transactions import Transaction
from apps.moderation.errors import ReasonNeeded
from apps.notifications import services as notifications
from apps.notifications.events import NotificationKind, NotificationTarget


class Act(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    SEND_BACK = "send_back"
    CORRECT = "correct_meaning"
    MERGE = "merge"
    HIDE = "hide"
    RESTORE = "restore"
    CONFIRM = "confirm"
    DISMISS = "dismiss"
    SUSPEND = "suspend"
    LIFT = "lift"
    END_SESSIONS = "end_sessions"
    LOOK = "look"
    MAP_NAME = "map_name"
    UNMAP_NAME = "unmap_name"
    DISMISS_NAME = "dismiss_name"
    REOPEN_NAME = "reopen_name"
    ADD_INGREDIENT = "add_ingredient"
    EDIT_INGREDIENT = "edit_ingredient"
    DELETE_INGREDIENT = "delete_ingredient"
    RETRY = "retry"
    DISCARD = "discard"
    UPHOLD = "uphold"
    OVERTURN = "overturn"
    REOPEN_APPEAL = "reopen_appeal"
    APPEAL = "appeal"
    AI_SETTINGS = "ai_settings"
    SIGN_IN = "sign_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGN_OUT = "sign_out"
    MFA_ENABLED = "mfa_enabled"
    EXPORT = "export"
    ERASE = "erase"


# Actions against which the person concerned can appeal once, and the actions that end their effect.
APPEALABLE = (Act.REJECT, Act.MERGE, Act.HIDE, Act.CONFIRM, Act.SUSPEND)
ENDING = (Act.APPROVE, Act.RESTORE, Act.DISMISS, Act.LIFT)

WORDS = {
    Act.APPROVE: Text("Duyệt", "Approve"),
    Act.REJECT: Text("Từ chối", "Reject"),
    Act.SEND_BACK: Text("Đưa lại vào hàng chờ", "Send back to the queue"),
    Act.CORRECT: Text("Sửa nghĩa nguyên liệu", "Correct an ingredient"),
    Act.MERGE: Text("Gộp bản trùng", "Merge duplicate"),
    Act.HIDE: Text("Ẩn", "Hide"),
    Act.RESTORE: Text("Hiện lại", "Restore"),
    Act.CONFIRM: Text("Xác nhận vi phạm", "Confirm the reports"),
    Act.DISMISS: Text("Bác báo cáo", "Dismiss the reports"),
    Act.SUSPEND: Text("Tạm khóa", "Suspend"),
    Act.LIFT: Text("Bỏ tạm khóa", "Lift the suspension"),
    Act.END_SESSIONS: Text("Kết thúc mọi phiên đăng nhập", "End all sessions"),
    Act.LOOK: Text("Xem dữ liệu cá nhân", "Look at personal data"),
    Act.MAP_NAME: Text("Gán tên cho nguyên liệu", "Map to an ingredient"),
    Act.UNMAP_NAME: Text("Gỡ tên khỏi nguyên liệu", "Unmap from the ingredient"),
    Act.DISMISS_NAME: Text("Bỏ qua tên", "Dismiss the name"),
    Act.REOPEN_NAME: Text("Xem xét lại tên", "Reopen the name"),
    Act.ADD_INGREDIENT: Text("Thêm nguyên liệu", "Add an ingredient"),
    Act.EDIT_INGREDIENT: Text("Sửa nguyên liệu", "Edit an ingredient"),
    Act.DELETE_INGREDIENT: Text("Xóa nguyên liệu", "Delete an ingredient"),
    Act.RETRY: Text("Chạy lại", "Retry"),
    Act.DISCARD: Text("Bỏ đi", "Discard"),
    Act.UPHOLD: Text("Giữ quyết định", "Uphold the decision"),
    Act.OVERTURN: Text("Hủy quyết định", "Overturn the decision"),
    Act.REOPEN_APPEAL: Text("Xem xét lại khiếu nại", "Reopen the appeal"),
    Act.APPEAL: Text("Khiếu nại", "Appeal"),
    Act.AI_SETTINGS: Text("Đổi thiết lập AI", "Change AI settings"),
    Act.SIGN_IN: Text("Đăng nhập", "Sign in"),
    Act.SIGN_IN_REFUSED: Text("Đăng nhập bị từ chối", "Sign-in refused"),
    Act.SIGN_OUT: Text("Đăng xuất", "Sign out"),
    Act.MFA_ENABLED: Text("Bật xác thực hai bước", "Turn on two-factor authentication"),
    Act.EXPORT: Text("Xuất dữ liệu", "Export data"),
    Act.ERASE: Text("Xóa tài khoản", "Erase an account"),
}


def word(act: str) -> str:
    """Return the name of an action in the language of the request."""
    return str(WORDS[Act(act)]) if act in Act._value2member_map_ else act


def require_reason(reason: str) -> str:
    """Return the reason without surrounding space; `ReasonNeeded` if it is empty."""
    if not reason.strip():
        raise ReasonNeeded
    return reason.strip()


def record(transaction: Transaction, act: Act, who: Who, target_type: str, target_id: str, **more: Any) -> str:
    return audit.record(transaction, act=act.value, who=who, target_type=target_type, target_id=target_id, **more)


def notify(
    transaction: Transaction,
    *,
    to: str,
    target_type: str,
    target_id: str,
    entry_id: str,
    kind: NotificationKind = NotificationKind.ACCOUNT,
) -> None:
    """Notify somebody of a decision. The worker reads action and reason in the audit entry, whose id it gets."""
    if to:
        notifications.notify(
            transaction, kind=kind, to=to, actor_id=None, target_type=NotificationTarget(target_type),
            target_id=target_id, event_id=entry_id,
        )  # fmt: skip
