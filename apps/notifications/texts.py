"""The sentences of notifications, in both languages."""

from apps.core.language import Text
from apps.notifications.events import NotificationKind

SOMEBODY = Text("Một người", "Somebody")
# {who} is a username, or "ana and 4 others".
_WITH_OTHERS = Text("{name} và {others} người khác", "{name} and {others} others")
_WITH_ANOTHER = Text("{name} và 1 người khác", "{name} and 1 other")
_SENTENCES = {
    NotificationKind.FRIEND_REQUEST: Text("{who} muốn kết bạn với bạn", "{who} wants to be your friend"),
    NotificationKind.FRIEND_ACCEPTED: Text("{who} đã nhận lời kết bạn", "{who} accepted your friend request"),
    NotificationKind.COMMENT: Text("{who} đã bình luận về bài viết của bạn", "{who} commented on your post"),
    NotificationKind.REPLY: Text("{who} đã trả lời bình luận của bạn", "{who} replied to your comment"),
    NotificationKind.REACTION: Text("{who} đã bày tỏ cảm xúc về {what} của bạn", "{who} reacted to your {what}"),
    NotificationKind.MENTION: Text("{who} đã nhắc đến bạn", "{who} mentioned you"),
    NotificationKind.RECIPE_APPROVED: Text("Công thức của bạn đã được duyệt", "Your recipe was approved"),
    NotificationKind.RECIPE_REJECTED: Text(
        "Công thức của bạn không được duyệt vào danh mục chung", "Your recipe is not approved for the catalogue"
    ),
    NotificationKind.PANTRY_EXPIRING: Text(
        "Trong bếp có thứ sắp hết hạn, bạn nên dùng trước", "Something in your pantry is about to expire: use it first"
    ),
    NotificationKind.SUGGESTION_READY: Text("Gợi ý món ăn của bạn đã sẵn sàng", "Your suggestion is ready"),
}
_THINGS = {
    "post": Text("bài viết", "post"),
    "comment": Text("bình luận", "comment"),
    "recipe": Text("công thức", "recipe"),
    "user": Text("hồ sơ", "profile"),
}
_ACCOUNT = {
    "password_changed": Text("Mật khẩu của bạn đã được đổi", "Your password was changed"),
    "password_reset": Text("Mật khẩu của bạn đã được đặt lại", "Your password was reset"),
    "mfa_enabled": Text("Xác thực hai bước đã được bật", "Two-factor authentication was turned on"),
    "email_changed": Text("Địa chỉ e-mail của bạn đã được đổi", "Your e-mail address was changed"),
    "username_changed": Text("Tên người dùng của bạn đã được đổi", "Your username was changed"),
    "mfa_disabled": Text("Xác thực hai bước đã được tắt", "Two-factor authentication was turned off"),
}
_DECISIONS = {
    "hide": Text("{what} của bạn đã bị ẩn", "Your {what} was hidden"),
    "confirm": Text("{what} của bạn đã bị ẩn vì vi phạm quy định", "Your {what} was hidden: it breaks the rules"),
    "restore": Text("{what} của bạn đã được hiện lại", "Your {what} is shown again"),
    "dismiss": Text("{what} của bạn đã được hiện lại", "Your {what} is shown again"),
    "suspend": Text("Tài khoản của bạn bị tạm khóa", "Your account is suspended"),
    "lift": Text("Tài khoản của bạn không còn bị tạm khóa", "Your account is no longer suspended"),
    "uphold": Text("Khiếu nại của bạn không được chấp nhận", "Your appeal was not upheld"),
    "send_back": Text("{what} của bạn được xem xét lại", "Your {what} is being reviewed again"),
    "merge": Text("Công thức của bạn trùng với một công thức khác", "Your recipe duplicates another one"),
}
EMAIL_CODE = Text("{code} là mã xác nhận e-mail của bạn", "{code} confirms your e-mail address")
EMAIL_REPLACED = Text("Địa chỉ e-mail của tài khoản đã được đổi", "The e-mail address of your account was changed")
_ACCOUNT_OTHERWISE = Text("Tài khoản của bạn đã thay đổi", "Your account was changed")


def sentence(
    *,
    kind: NotificationKind,
    name: str | None,
    count: int,
    target_type: str,
    target_id: str,
    act: str | None = None,
    reason: str | None = None,
) -> Text:
    """Describe what happened; `name` is that of the latest of `count` people who did it, None if they are gone.

    `act` and `reason` are a moderator's.
    """
    said = _what_happened(kind, name, count, target_type, target_id, act)
    return Text(f"{said.vi}: {reason}", f"{said.en}: {reason}") if reason else said


def _what_happened(
    kind: NotificationKind, name: str | None, count: int, target_type: str, target_id: str, act: str | None
) -> Text:
    if act in _DECISIONS:
        thing = _THINGS.get(target_type, _THINGS["post"])
        fill = _DECISIONS[act].format
        made = Text(fill(what=thing.vi).vi, fill(what=thing.en).en)
        return Text(made.vi[0].upper() + made.vi[1:], made.en)
    if kind is NotificationKind.ACCOUNT:
        return _ACCOUNT.get(target_id, _ACCOUNT_OTHERWISE)
    who, what = _who(name, count), _THINGS.get(target_type, _THINGS["post"])
    told = _SENTENCES[kind]
    return Text(told.vi.format(who=who.vi, what=what.vi), told.en.format(who=who.en, what=what.en))


def _who(name: str | None, count: int) -> Text:
    first = Text(name, name) if name else SOMEBODY
    others = count - 1
    if others <= 0:
        return first
    told = _WITH_ANOTHER if others == 1 else _WITH_OTHERS
    return Text(told.vi.format(name=first.vi, others=others), told.en.format(name=first.en, others=others))
