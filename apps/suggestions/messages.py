"""Warnings of a suggestion, in the language of the request."""

from collections.abc import Sequence
from typing import Any

from apps.core.language import Text, current
from apps.ingredients.entry import Ingredient
from apps.suggestions.composition.foods import spoken_name

ALLERGEN_NAMES = {
    "gluten": Text("gluten", "gluten"),
    "crustaceans": Text("giáp xác", "crustaceans"),
    "eggs": Text("trứng", "eggs"),
    "fish": Text("cá", "fish"),
    "peanuts": Text("đậu phộng", "peanuts"),
    "soy": Text("đậu nành", "soy"),
    "milk": Text("sữa", "milk"),
    "nuts": Text("các loại hạt", "nuts"),
    "celery": Text("cần tây", "celery"),
    "mustard": Text("mù tạt", "mustard"),
    "sesame": Text("mè", "sesame"),
    "sulphites": Text("sulphite", "sulphites"),
    "lupin": Text("đậu lupin", "lupin"),
    "molluscs": Text("nhuyễn thể", "molluscs"),
}

_MESSAGES = {
    "unknown_ingredient": Text("Không biết nguyên liệu “{input}”", "“{input}” is not an ingredient we know"),
    "invalid_ingredient": Text("“{input}” không phải là nguyên liệu", "“{input}” is not an ingredient"),
    "ambiguous_ingredient": Text("“{input}” có thể là: {names}", "“{input}” may be: {names}"),
    "corrected_ingredient": Text("Hiểu “{input}” là {names}", "“{input}” was read as {names}"),
    "forbidden_ingredient": Text(
        "Bỏ {names}: bạn dị ứng hoặc kiêng món này", "{names} was left out: you are allergic to it or avoid it"
    ),
    "absent_ingredient": Text("Bỏ {names}: bạn ghi là không có", "{names} was left out: you have none of it"),
    "expired_ingredient": Text(
        "Bỏ {names} trong bếp: đã hết hạn", "{names} in your pantry was left out: it has expired"
    ),
    "unused_ingredient": Text(
        "Các món trên không dùng đến {names}; để dành nấu món khác",
        "None of these uses the {names}; keep it for another meal",
    ),
    "few_recipes": Text(
        "Với những thứ này chỉ có {count} món thật sự nên nấu", "Good dishes that can be made of these: {count}"
    ),
    "no_recipes": Text(
        "Những thứ này không hợp thành món; hãy thêm một hai nguyên liệu nữa",
        "These do not make a dish together; add an ingredient or two",
    ),
    "no_recipes_as_asked": Text(
        "Những thứ này không làm được món đúng bữa, cách nấu hay thời gian bạn chọn; hãy bỏ bớt hoặc thêm nguyên liệu",
        "These make no dish of the meal, method, cuisine or time you asked for; ask for less or add an ingredient",
    ),
    "quota_exceeded": Text("Đã hết lượt tạo công thức hôm nay", "The day's quota of generated recipes is used up"),
    "quota_nearly_exceeded": Text(
        "Chỉ còn {count} lượt tạo công thức hôm nay", "Only {count} generated recipes were left of the day's quota"
    ),
    "ai_unavailable": Text(
        "AI không đưa ra được công thức dùng được; phần còn lại được soạn theo quy tắc",
        "The AI gave no usable recipe; the rest was composed by rules",
    ),
    "ai_budget_exhausted": Text(
        "Đã hết ngân sách AI tháng này; công thức được soạn theo quy tắc",
        "The month's budget for AI is used up; recipes were composed by rules",
    ),
    "not_generated": Text("Không tạo được {count} công thức", "{count} recipes could not be generated"),
    "too_late": Text("{count} công thức không kịp tạo", "{count} recipes were not ready in time"),
}


def warning(
    code: str,
    name: str | None = None,
    *,
    ingredient: Ingredient | None = None,
    suggestions: Sequence[Ingredient] = (),
    count: int = 0,
) -> dict[str, Any]:
    """Build a warning; `suggestions` are ids of ingredients that may have been meant."""
    named = [ingredient] if ingredient else suggestions
    name_of = spoken_name if code == "unused_ingredient" else Ingredient.name
    names = ", ".join(name_of(one, current.get()) for one in named)
    message = str(_MESSAGES[code].format(input=name or "", names=names or "?", count=count))
    return {"code": code, "message": message, "input": name, "suggestions": [one.id for one in suggestions]}


def with_warning(warnings: Sequence[dict[str, Any]], code: str | None) -> list[dict[str, Any]]:
    """Add a warning unless it was added already."""
    known = code is None or any(one["code"] == code for one in warnings)
    return list(warnings) if known else [*warnings, warning(str(code))]
