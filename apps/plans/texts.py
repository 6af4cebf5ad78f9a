"""The reasons that a plan gives for its choices, in both languages."""

from collections.abc import Sequence

from apps.core.language import Text, current
from apps.ingredients import services as ingredients

TOO_LATE = Text("Ngày này quá xa", "This day is too far away")

_REASONS = {
    "expiring": Text("dùng {name} sắp hết hạn", "uses {name} before it expires"),
    "at_home": Text("phần lớn nguyên liệu đã có ở nhà", "most ingredients are at home"),
    "hot": Text("món mát cho ngày nóng", "light food for a hot day"),
    "cold": Text("món ấm bụng cho ngày lạnh", "warming food for a cold day"),
    "quick": Text("xong trong {name} phút", "ready in {name} minutes"),
    "kitchen": Text("nấu được với bếp đơn giản", "can be made in a simple kitchen"),
    "varied": Text("đổi món cho đỡ ngán", "something different"),
    "chosen": Text("bạn đã chọn món này", "you chose it"),
    "leftovers": Text("ăn lại món đã nấu", "leftovers of an earlier meal"),
    "relaxed": Text("gần với yêu cầu nhất", "the closest to what you asked"),
    "generated": Text("AI soạn riêng cho bữa này", "made by AI for this meal"),
    "composed": Text("soạn riêng cho bữa này", "composed for this meal"),
    "unsafe": Text("món cũ không còn an toàn cho người ăn", "the dish is no longer safe for everybody who eats"),
    "gone": Text("công thức này không còn nữa", "the recipe is no longer available"),
    "empty": Text("chưa có món phù hợp", "nothing fits yet"),
}


def say(reasons: Sequence[tuple[str, str]]) -> str:
    """Join reasons into one sentence in the language of the request."""
    said = [str(_REASONS[code].format(name=_name(detail))) for code, detail in reasons if code in _REASONS]
    sentence = "; ".join(said)
    return sentence[:1].upper() + sentence[1:]


def _name(detail: str) -> str:
    food = ingredients.find(detail)
    return food.name(current.get()) if food else detail
