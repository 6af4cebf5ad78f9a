"""The admin's texts in both languages, looked up when they are displayed."""

from typing import Any

from django.utils.functional import lazy

from apps.core.language import Text


def _said(vi: str, en: str) -> str:
    return str(Text(vi, en))


say: Any = lazy(_said, str)

APPROVALS = {
    "pending": say("Chờ duyệt", "Pending"),
    "approved": say("Đã duyệt", "Approved"),
    "rejected": say("Bị từ chối", "Rejected"),
}
SOURCES = {
    "user": say("người dùng", "people"),
    "seed": say("soạn sẵn", "authored"),
    "ai": say("AI", "AI"),
    "rules": say("theo mẫu", "rules"),
}
LANGUAGES = {"vi": say("tiếng Việt", "Vietnamese"), "en": say("tiếng Anh", "English")}
STATUSES = {
    "hidden": say("Chờ quyết định", "Waiting"),
    "confirmed": say("Giữ ẩn", "Kept hidden"),
    "open": say("Đang hiện", "Shown"),
}
NAME_STATUSES = {
    "open": say("Chờ quyết định", "Waiting"),
    "mapped": say("Đã gán", "Mapped"),
    "dismissed": say("Đã bỏ qua", "Dismissed"),
}
APPEAL_STATUSES = {
    "open": say("Chờ quyết định", "Waiting"),
    "upheld": say("Giữ quyết định", "Upheld"),
    "overturned": say("Đã hủy quyết định", "Overturned"),
}
JOB_KINDS = {
    "import": say("Nhập công thức", "Import"),
    "export": say("Xuất dữ liệu", "Export"),
    "erasure": say("Xóa tài khoản", "Erasure"),
    "plan": say("Thực đơn", "Meal plan"),
}
TARGETS = {
    "post": say("Bài viết", "Post"),
    "comment": say("Bình luận", "Comment"),
    "recipe": say("Công thức", "Recipe"),
    "user": say("Người dùng", "Person"),
    "name": say("Tên nguyên liệu", "Ingredient name"),
    "ingredient": say("Nguyên liệu", "Ingredient"),
    "appeal": say("Khiếu nại", "Appeal"),
    "signin": say("Đăng nhập", "Sign-in"),
    "job": say("Công việc", "Job"),
    "import": say("Lần nhập từ mạng nội bộ", "Import from an inner network"),
    "dead_letter": say("Tác vụ nền lỗi", "Dead letter"),
    "ai_settings": say("Thiết lập AI", "AI settings"),
}
REASONS = {
    "spam": say("Quảng cáo, rác", "Spam"),
    "harassment": say("Quấy rối", "Harassment"),
    "hate": say("Thù ghét", "Hate"),
    "violence": say("Bạo lực", "Violence"),
    "nudity": say("Khỏa thân", "Nudity"),
    "false_information": say("Thông tin sai", "False information"),
    "unsafe": say("Không an toàn", "Unsafe"),
    "copyright": say("Bản quyền", "Copyright"),
    "other": say("Khác", "Other"),
}
FIELDS = {
    "title": say("Tên món", "Title"),
    "translated_title": say("Tên bằng tiếng kia", "Title in the other language"),
    "description": say("Mô tả", "Description"),
    "cuisine": say("Nền ẩm thực", "Cuisine"),
    "method": say("Cách nấu", "Method"),
    "servings": say("Khẩu phần", "Servings"),
    "ingredients": say("Nguyên liệu", "Ingredients"),
    "steps": say("Các bước", "Steps"),
    "tags": say("Thẻ", "Tags"),
    "allergens": say("Chất gây dị ứng", "Allergens"),
    "image": say("Ảnh", "Picture"),
}
ALLERGENS = {
    "gluten": say("gluten", "gluten"),
    "crustaceans": say("giáp xác", "crustaceans"),
    "eggs": say("trứng", "eggs"),
    "fish": say("cá", "fish"),
    "peanuts": say("đậu phộng", "peanuts"),
    "soy": say("đậu nành", "soy"),
    "milk": say("sữa", "milk"),
    "nuts": say("các loại hạt", "nuts"),
    "celery": say("cần tây", "celery"),
    "mustard": say("mù tạt", "mustard"),
    "sesame": say("mè", "sesame"),
    "sulphites": say("sulphit", "sulphites"),
    "lupin": say("đậu lupin", "lupin"),
    "molluscs": say("nhuyễn thể", "molluscs"),
}
# The place in a recipe of a word that carries an allergen.
PLACES = {
    "title": say("tên món", "title"),
    "translated_title": say("tên món trong tiếng kia", "title in the other language"),
    "description": say("mô tả", "description"),
    "ingredients": say("nguyên liệu số", "ingredient"),
    "steps": say("bước", "step"),
    "tags": say("thẻ số", "tag"),
}
DIETS = {
    "vegetarian": say("chay có trứng sữa", "vegetarian"),
    "vegan": say("thuần chay", "vegan"),
    "halal": say("halal", "halal"),
    "kosher": say("kosher", "kosher"),
    "gluten_free": say("không gluten", "gluten-free"),
    "dairy_free": say("không sữa", "dairy-free"),
    "low_carb": say("ít tinh bột", "low-carb"),
    "no_pork": say("không thịt lợn", "no pork"),
    "no_beef": say("không thịt bò", "no beef"),
}
CATEGORIES = {
    "meat": say("Thịt", "Meat"),
    "seafood": say("Hải sản", "Seafood"),
    "vegetable": say("Rau củ", "Vegetable"),
    "fruit": say("Trái cây", "Fruit"),
    "grain": say("Ngũ cốc", "Grain"),
    "legume": say("Đậu", "Legume"),
    "nut": say("Hạt", "Nut"),
    "dairy": say("Sữa", "Dairy"),
    "spice": say("Gia vị", "Spice"),
    "beverage": say("Đồ uống", "Beverage"),
    "processed": say("Chế biến sẵn", "Processed"),
    "prepared": say("Món nấu sẵn", "Prepared dish"),
}


def counted(n: int, vi: str, one: str, many: str, **named: Any) -> str:
    """Return a number with its noun in the reader's language. Vietnamese has one form for all numbers."""
    return str(Text(vi, one if n == 1 else many)).format(n=n, **named)


def words(values: Any, of: dict[str, Any]) -> str:
    """Return values in the reader's language, separated by commas."""
    return ", ".join(str(of.get(value, value)) for value in values)
