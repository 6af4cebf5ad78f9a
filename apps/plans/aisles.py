"""The aisles of a shop, in their usual order."""

from apps.core.language import Text
from apps.ingredients.entry import Category, Ingredient

AISLES = (
    "produce", "meat", "seafood", "dairy_eggs", "bakery_grains", "dry_goods", "spices", "sauces_cans", "drinks",
    "prepared", "other",
)  # fmt: skip
_AISLE_OF = {
    Category.VEGETABLE: "produce", Category.FRUIT: "produce", Category.MEAT: "meat", Category.SEAFOOD: "seafood",
    Category.DAIRY: "dairy_eggs", Category.GRAIN: "bakery_grains", Category.LEGUME: "dry_goods",
    Category.NUT: "dry_goods", Category.SPICE: "spices", Category.PROCESSED: "sauces_cans", Category.BEVERAGE: "drinks",
    Category.PREPARED: "prepared",
}  # fmt: skip
AISLE_NAMES = {
    "produce": Text("Rau quả", "Fruit and vegetables"),
    "meat": Text("Thịt", "Meat"),
    "seafood": Text("Thủy hải sản", "Fish and seafood"),
    "dairy_eggs": Text("Sữa và trứng", "Dairy and eggs"),
    "bakery_grains": Text("Gạo, bún mì, bánh mì", "Rice, noodles and bread"),
    "dry_goods": Text("Đồ khô, các loại hạt", "Pulses and nuts"),
    "spices": Text("Gia vị", "Spices"),
    "sauces_cans": Text("Nước chấm và đồ hộp", "Sauces and cans"),
    "drinks": Text("Đồ uống", "Drinks"),
    "prepared": Text("Món làm sẵn", "Prepared food"),
    "other": Text("Khác", "Other"),
}


def aisle_of(food: Ingredient | None) -> str:
    return _AISLE_OF[food.category] if food else "other"
