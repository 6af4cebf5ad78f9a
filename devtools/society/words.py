"""Words for the names of synthetic recipes and people, by language."""

import random
from collections.abc import Sequence
from typing import TypeVar

from apps.recipes.content import Language, Method

T = TypeVar("T")

VI, EN = Language.VI, Language.EN

# Names of dishes by method; {a} is the main ingredient, {b} a second one.
TITLES: dict[Language, dict[Method, tuple[str, ...]]] = {
    VI: {
        Method.STIR_FRY: ("{a} xào {b}", "{a} xào lăn với {b}", "{a} đảo lửa lớn cùng {b}"),
        Method.SOUP: ("Canh {a} nấu {b}", "Canh chua {a} {b}", "Súp {a} và {b}"),
        Method.STEAM: ("{a} hấp {b}", "{a} chưng {b}", "{a} hấp gừng ăn kèm {b}"),
        Method.FRY: ("{a} chiên giòn với {b}", "{a} rán cuốn {b}", "Chả {a} chiên {b}"),
        Method.GRILL: ("{a} nướng {b}", "{a} nướng mọi chấm {b}", "Xiên {a} nướng cùng {b}"),
        Method.BOIL: ("{a} luộc chấm {b}", "Cháo {a} và {b}", "{a} luộc ăn với {b}"),
        Method.BRAISE: ("{a} kho {b}", "{a} hầm {b}", "{a} om {b}"),
        Method.SALAD: ("Gỏi {a} trộn {b}", "Nộm {a} và {b}", "Salad {a} {b}"),
        Method.BAKE: ("{a} bỏ lò với {b}", "Bánh {a} {b}", "{a} đút lò phủ {b}"),
        Method.RAW: ("{a} cuốn sống với {b}", "Sinh tố {a} {b}"),
        Method.OTHER: ("Cơm {a} và {b}", "Bún {a} {b}"),
    },
    EN: {
        Method.STIR_FRY: ("Stir-fried {a} with {b}", "{a} and {b} stir-fry", "Wok-tossed {a} and {b}"),
        Method.SOUP: ("{a} soup with {b}", "Hot and sour {a} and {b} soup", "{a} and {b} broth"),
        Method.STEAM: ("Steamed {a} with {b}", "{a} steamed over {b}"),
        Method.FRY: ("Crispy fried {a} with {b}", "{a} and {b} fritters"),
        Method.GRILL: ("Grilled {a} with {b}", "{a} and {b} skewers", "Charred {a} on {b}"),
        Method.BOIL: ("Poached {a} with {b}", "{a} and {b} porridge"),
        Method.BRAISE: ("Braised {a} with {b}", "{a} and {b} stew", "Slow-cooked {a} with {b}"),
        Method.SALAD: ("{a} salad with {b}", "{a} and {b} slaw"),
        Method.BAKE: ("Baked {a} with {b}", "{a} and {b} pie", "{a} gratin with {b}"),
        Method.RAW: ("Fresh {a} rolls with {b}", "{a} and {b} smoothie"),
        Method.OTHER: ("{a} rice with {b}", "{a} noodles with {b}"),
    },
}
STYLES: dict[Language, tuple[str, ...]] = {
    VI: (
        "", "", "", "kiểu miền Tây", "kiểu Huế", "kiểu Hà Nội", "nhà làm", "của mẹ", "cho bé", "ngày mưa", "cuối tuần",
        "nhanh gọn", "đậm đà", "thanh đạm", "cay nồng", "chua ngọt", "ngày Tết", "mùa hè", "ít dầu", "sốt me",
        "lá chanh", "tiêu xanh", "nghệ tươi", "mỡ hành", "muối ớt", "kiểu Đà Nẵng", "kiểu Sài Gòn", "gia truyền",
        "cho hai người",
    ),
    EN: (
        "", "", "", "for two", "my way", "weeknight style", "Hanoi style", "Saigon style", "with a kick",
        "the slow way",
        "for a rainy day", "for kids", "grandma's way", "sweet and sour", "light and fresh", "in one pot", "for summer",
        "extra crispy", "with lime leaves", "with black pepper", "for a crowd", "on a budget", "Hue style", "spiced",
    ),
}  # fmt: skip
DESCRIPTIONS: dict[Language, tuple[str, ...]] = {
    VI: (
        "Món {a} quen thuộc trong bữa cơm gia đình, vị vừa ăn, nấu trong {m} phút.",
        "{a} mềm ngọt, thấm gia vị, hợp với cơm nóng những hôm trời trở lạnh.",
        "Cách làm đơn giản để dùng hết {a} còn trong tủ lạnh mà cả nhà vẫn thích.",
        "Thơm mùi {b}, không ngấy, hôm sau hâm lại vẫn ngon.",
    ),
    EN: (
        "A family way with {a}: on the table in {m} minutes, and good the day after.",
        "Tender {a} that soaks up its seasoning; serve it with plain rice.",
        "A simple way to use up the {a} in the fridge, and everybody asks for more.",
        "Fragrant with {b}, light enough for a hot evening.",
    ),
}
STEPS: dict[Language, tuple[str, ...]] = {
    VI: (
        "Sơ chế {a}: rửa sạch, để ráo rồi cắt miếng vừa ăn.",
        "Ướp {a} với {b} và một ít gia vị trong {m} phút cho thấm.",
        "Làm nóng chảo, cho {a} vào đảo nhanh tay trên lửa lớn.",
        "Thêm {b}, đảo đều, nêm lại cho vừa miệng.",
        "Đun sôi rồi hạ lửa, nấu liu riu {m} phút đến khi {a} mềm.",
        "Hớt bọt cho nước trong, cho {b} vào sau cùng.",
        "Pha nước chấm với {b}, khuấy cho tan hết.",
        "Bày ra đĩa, rắc thêm {b} và dùng nóng.",
    ),
    EN: (
        "Rinse the {a}, pat dry and cut into bite-sized pieces.",
        "Marinate the {a} with the {b} and a pinch of salt for {m} minutes.",
        "Heat the pan until it smokes, add the {a} and toss quickly.",
        "Add the {b}, stir well and season to taste.",
        "Bring to the boil, lower the heat and simmer for {m} minutes.",
        "Skim the broth and put in the {b} at the very end.",
        "Whisk the {b} into a dipping sauce until dissolved.",
        "Plate, scatter the {b} over and serve hot.",
    ),
}
PREPARATIONS: dict[Language, tuple[str, ...]] = {
    VI: ("thái lát", "băm nhỏ", "cắt khúc", "thái sợi", "đập dập", "thái hạt lựu"),
    EN: ("sliced", "minced", "in chunks", "shredded", "crushed", "diced"),
}
TAGS: dict[Language, tuple[str, ...]] = {
    VI: ("nhanh", "gia đình", "cơm nhà", "ít dầu", "cay", "đãi khách", "ăn nhẹ", "truyền thống", "tiết kiệm", "cho bé"),
    EN: ("quick", "family", "weeknight", "light", "spicy", "party", "snack", "classic", "budget", "kids"),
}
COMMENTS: dict[Language, tuple[str, ...]] = {
    VI: ("Ngon, cả nhà thích.", "Hơi mặn, lần sau bớt nước mắm.", "Dễ làm.", "Nấu lại lần ba rồi!"),
    EN: ("Lovely, made it twice.", "A little salty for us.", "Easy and quick.", "The kids asked for more."),
}
GIVEN_NAMES = (
    "an", "anh", "binh", "chi", "cuong", "dung", "giang", "ha", "hai", "hanh", "hieu", "hoa", "hung", "huong", "khanh",
    "lan", "linh", "long", "mai", "minh", "nam", "nga", "ngoc", "nhung", "phong", "phuong", "quan", "quynh", "son",
    "tam", "thao", "thu", "trang", "trung", "tuan", "uyen", "van", "viet", "vy", "yen",
)  # fmt: skip
FAMILY_NAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô")

# Shares of the catalogue, in the order of the choices.
LANGUAGES = ((VI, 7), (EN, 3))
METHODS = (
    (Method.STIR_FRY, 20), (Method.SOUP, 16), (Method.BRAISE, 12), (Method.STEAM, 8), (Method.FRY, 10),
    (Method.GRILL, 9), (Method.BOIL, 7), (Method.SALAD, 7), (Method.BAKE, 5), (Method.RAW, 2), (Method.OTHER, 4),
)  # fmt: skip
CUISINES = (
    ("vietnamese", 58), ("chinese", 9), ("thai", 8), ("japanese", 5), ("korean", 6), ("italian", 4), ("french", 3),
    ("indian", 3), ("american", 3), ("mexican", 1),
)  # fmt: skip


def weighted(chance: random.Random, choices: Sequence[tuple[T, int]]) -> T:
    values, weights = zip(*choices, strict=True)
    found: T = chance.choices(values, weights)[0]
    return found
