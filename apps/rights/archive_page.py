"""The archive of a person's data as a readable page: the profile first, each kind of row under its title."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.core.language import Text

# Kinds of rows in the order in which people look for them, by the names of their models.
_TITLES = {
    "User": Text("Hồ sơ", "Profile"),
    "PreferencesRow": Text("Dị ứng, chế độ ăn, sở thích", "Allergies, diets, preferences"),
    "PrivacyRow": Text("Quyền riêng tư", "Privacy"),
    "SettingsRow": Text("Cài đặt thông báo", "Notification settings"),
    "Consent": Text("Điều khoản đã chấp nhận", "Terms accepted"),
    "RecipeRow": Text("Công thức", "Recipes"),
    "PostRow": Text("Bài viết", "Posts"),
    "CommentRow": Text("Bình luận", "Comments"),
    "ReactionRow": Text("Cảm xúc", "Reactions"),
    "RatingRow": Text("Đánh giá", "Ratings"),
    "FriendRow": Text("Bạn bè", "Friends"),
    "PantryRow": Text("Tủ bếp", "PantryRow"),
    "PlanRow": Text("Thực đơn", "Meal plans"),
    "ShoppingListRow": Text("Danh sách đi chợ", "Shopping lists"),
    "ListItemRow": Text("Món cần mua", "Things to buy"),
    "SessionRow": Text("Những lần nấu", "Times cooked"),
    "SuggestionRow": Text("Gợi ý đã nhận", "Suggestions"),
    "ImportRow": Text("Công thức đã nhập", "Imports"),
    "NotificationRow": Text("Thông báo", "Notifications"),
    "UploadRow": Text("Ảnh đã tải lên", "Pictures uploaded"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one kind. Rows without a title of their own exist for the service's internal use."""

    title: Text | None
    kind: str
    rows: Sequence[SafeString]


def render(data: Mapping[str, Sequence[Mapping[str, Any]]], pictures: Sequence[str]) -> str:
    """Return the page; `pictures` are the names of the files beside it."""
    known = [kind for kind in _TITLES if kind in data]
    kinds = [*known, *(kind for kind in data if kind not in _TITLES)]
    sections = [Section(_TITLES.get(kind), kind, [_value(row) for row in data[kind]]) for kind in kinds]
    return render_to_string(
        "rights/archive.html",
        {
            "main": [one for one in sections if one.title],
            "technical": [one for one in sections if one.title is None],
            "pictures": pictures,
        },
    )


def _value(value: Any) -> SafeString:
    """Render a value: names and values as a table, several values as a list, everything else as text."""
    if isinstance(value, Mapping):
        rows = ((str(name).replace("_", " ").capitalize(), _value(one)) for name, one in value.items())
        return format_html(
            "<table>{}</table>", format_html_join("", '<tr><th scope="row">{}</th><td>{}</td></tr>', rows)
        )
    if isinstance(value, list | tuple):
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((_value(one),) for one in value)))
    if isinstance(value, bool):
        return format_html("{}", "có · yes" if value else "không · no")
    return format_html("{}", "–" if value is None else value)
