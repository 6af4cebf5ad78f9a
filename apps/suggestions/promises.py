"""Whether what is at hand keeps what a recipe promises: what its title names, many kinds where it says vegetables."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache

from apps.core.ids import derived_id
from apps.ingredients import services as ingredients
from apps.ingredients import units
from apps.ingredients.entry import Category, Ingredient
from apps.recipes.content import IngredientLine, Meal, Method, RecipeContent
from apps.recipes.essentials import is_named
from apps.suggestions.composition import foods
from apps.suggestions.question import Question

# Names of whole groups of foods: sharing one of them makes no food like another.
_GROUPS = (
    "rau-cu", "rau", "hai-san", "hai-san-co-vo", "trai-cay", "thit", "san-pham-sua", "gia-cam", "ruou",
    "ngu-coc-nguyen-hat", "soi-bun-mi", "pho-mai", "ca", "dau",
)  # fmt: skip
# Where a recipe asks for one of these it means several kinds; what only flavors other things is none of them.
_SEVERAL = ("rau-cu", "trai-cay")
_FEWEST_KINDS = 2
# Of these a dish from the oven, or a dessert, consists.
_STRUCTURE = frozenset({"fat", "thickener"})
_SEASONING = frozenset({"aromatic", "herb", "spice", "sauce", "fat", "sour", "dressing"})
# A quail egg weighs a fifth of a hen's.
SMALL_EGGS_FOR_ONE = 5
_SMALL_EGGS, _EGGS = ("trung-cut",), ("trung", "trung-ga", "trung-vit", "trung-luoc")
# What a serving takes of something that it can do without, by role and unit; in a dressing or a dough it counts.
_LITTLE = {
    "sour": {"tbsp": 0.5, "tsp": 1.5, "ml": 10.0, "piece": 0.25},
    "coat": {"tbsp": 1.0, "tsp": 2.0, "g": 10.0},
    "cream": {"tbsp": 2.0, "ml": 35.0},
}
_NO_LITTLE = frozenset({Method.SALAD, Method.RAW, Method.BAKE})
# What takes other amounts of sugar, salt or water than what it is swapped for.
_TART = ("nam-viet-quat", "dai-hoang", "ly-gai", "ly-chua-do", "me", "khe", "chanh", "chanh-vang")
_SWEETENED = ("sua-dac", "duong-bot", "mat-ong", "si-ro-la-phong")
_SALTED = ("trung-muoi", "ca-tuyet-muoi", "ca-hoi-xong-khoi", "ba-roi-xong-khoi", "thit-hop")
_SPOONS = frozenset({"tbsp", "tsp", "muỗng canh", "muỗng cà phê", "pinch", "piece", "quả"})
_BROTHS = frozenset({"stock", "stock_cube"})
# With less than this share of what one person needs, nobody starts.
_FOR_ONE = 0.5
# Dishes in which mince does for pieces of meat.
_MINCE_DOES = frozenset({Method.SOUP, Method.STIR_FRY})


def keeps_title(content: RecipeContent, substitutes: Mapping[str, str], stands: Mapping[str, str]) -> bool:
    """Say whether nothing that a title names is replaced by another sort of food (`substitutes`: need → by).

    Who named no more than a group ("vegetables") is promised no kind of it either.
    """
    replaced = {**vague(stands), **substitutes}
    for line in content.ingredients:
        need = ingredients.find(line.ingredient_id) if line.ingredient_id else None
        by = replaced.get(need.id) if need else None
        if need and by and _is_promised(need, content) and not is_alike(need.id, by):
            return False
    return True


def _is_promised(need: Ingredient, content: RecipeContent) -> bool:
    """Say whether a title names it, or what it is a kind of: squid tubes are the squid of "Squid with pineapple"."""
    general = (ingredients.find(id_) for id_ in frozenset(ingredients.ancestors(need.id)) - _ids(_GROUPS))
    return any(is_named(one, content) for one in (need, *general) if one)


def is_alike(one: str, other: str) -> bool:
    """Say whether both are the same sort of food: one a kind of the other, or both kinds of a third."""
    kinds = [frozenset({each, *ingredients.ancestors(each)}) - _ids(_GROUPS) for each in (one, other)]
    return bool(kinds[0] & kinds[1])


def keeps_apart(content: RecipeContent, stands: Mapping[str, str], substitutes: Mapping[str, str]) -> bool:
    """Say whether no food at hand stands for two ingredients, where one of them is another food."""
    counted = [line.ingredient_id for line in content.ingredients if line.ingredient_id and not line.optional]
    users = [stands[need] for need in counted if need in stands]
    others = {**vague(stands), **substitutes}
    return all(users.count(by) == 1 for need, by in others.items() if need in counted)


def keeps_variety(content: RecipeContent, stands: Mapping[str, str], question: Question) -> bool:
    """Say whether several kinds are at hand of what a recipe names as a group: one onion is no "vegetables"."""
    asked = {line.ingredient_id for line in content.ingredients if not line.optional} & _ids(_SEVERAL)
    others = {by for need, by in stands.items() if need not in asked}
    is_raw = content.method in {Method.SALAD, Method.RAW}
    return all(_kinds_of(group, question, others, is_raw=is_raw) >= _FEWEST_KINDS for group in asked if group)


def _kinds_of(group: str, question: Question, used: AbstractSet[str], *, is_raw: bool) -> int:
    """Count what is at hand of a group and used for nothing else; who has mixed vegetables has enough.

    Lettuce is a vegetable of salads only.
    """
    named = [each.ingredient for each in question.at_hand if group in question.meets[each.ingredient.id]]
    if any(one.id == group or one.category == Category.PREPARED for one in named):
        return _FEWEST_KINDS
    named = [one for one in named if is_raw or foods.role_of(one.id) != "salad_leaf"]
    return sum(not foods.is_minor(one.id) and one.id not in used for one in named)


def keeps_form(content: RecipeContent, stands: Mapping[str, str]) -> bool:
    """Say whether no mince stands for pieces that a dish is made of, nor for a cut: soups and stir-fries do with it.

    Where pork is asked for, that is, not where pork belly is.
    """
    for line in content.ingredients:
        by = stands.get(line.ingredient_id or "")
        takes_mince = any(_is_mince(id_) for id_ in (line.ingredient_id, *line.substitutes) if id_)
        does = content.method in _MINCE_DOES and line.ingredient_id in ingredients.ancestors(by or "")
        if line.essential and by and _is_mince(by) and not takes_mince and not does:
            return False
    return True


def _is_mince(ingredient_id: str) -> bool:
    found = ingredients.find(ingredient_id)
    return found is not None and found.category == Category.MEAT and "ground" in found.en.split()


def vague(stands: Mapping[str, str]) -> dict[str, str]:
    """Return where a whole group that was named, such as fish, stands for one kind of it."""
    return {need: by for need, by in stands.items() if by in _ids(_GROUPS) and by in ingredients.ancestors(need)}


def small_eggs(stands: Mapping[str, str]) -> dict[str, str]:
    """Return where quail eggs stand for hen's."""
    return {need: by for need, by in stands.items() if by in _ids(_SMALL_EGGS) and need in _ids(_EGGS)}


def keeps_fresh(content: RecipeContent, stands: Mapping[str, str]) -> bool:
    """Say whether nothing from a can stands for what a salad has fresh."""
    if content.method not in {Method.SALAD, Method.RAW}:
        return True
    essential = {line.ingredient_id for line in content.ingredients if line.essential}
    found = ((ingredients.find(need), ingredients.find(by)) for need, by in stands.items() if need in essential)
    return not any(
        need
        and by
        and "canned" in by.en.split()
        and "canned" not in need.en.split()
        and need.category == Category.VEGETABLE
        for need, by in found
    )


def keeps_eggs(content: RecipeContent, stands: Mapping[str, str]) -> bool:
    """Say whether no quail eggs stand for the eggs of a dish that consists of them: its times are those of hen's."""
    small = small_eggs(stands)
    return not any(line.essential and line.ingredient_id in small for line in content.ingredients)


def keeps_taste(content: RecipeContent, stands: Mapping[str, str], substitutes: Mapping[str, str]) -> bool:
    """Say whether nothing far more sour, sweet or salty stands for a food by weight: cranberries for blueberries.

    The amounts of sugar, salt and water are those of the recipe's own food. A little of it, by the spoon, is a matter
    of taste.
    """
    weighed = {line.ingredient_id for line in content.ingredients if line.unit not in _SPOONS}
    pairs = {**{need: by for need, by in stands.items() if need != by}, **substitutes}
    return not any(
        need in weighed and by in _ids(group) and need not in _ids(group)
        for need, by in pairs.items()
        for group in (_TART, _SWEETENED, _SALTED)
    )


def keeps_broth(content: RecipeContent, used: AbstractSet[str], missing: Iterable[str]) -> bool:
    """Say whether a soup has a broth: where the stock is missing, meat, fish or mushrooms that give it taste."""
    lacks = any(_class_key(id_) in _BROTHS for id_ in missing)
    return not (content.method == Method.SOUP and lacks) or any(_gives_taste(id_) for id_ in used)


def _class_key(ingredient_id: str) -> str:
    found = ingredients.find(ingredient_id)
    kind = foods.class_of(found) if found else None
    return kind.key if kind else ""


def _gives_taste(ingredient_id: str) -> bool:
    found = ingredients.find(ingredient_id)
    kind = foods.class_of(found) if found else None
    return bool(kind and (kind.family in {"meat", "fish", "shellfish"} or kind.key in _BROTHS | {"mushroom"}))


def is_baked(content: RecipeContent) -> bool:
    """Say whether butter and starch are what the dish consists of, rather than what it is cooked with."""
    return content.meal == Meal.DESSERT or content.method == Method.BAKE


def can_be_left_out(line: IngredientLine, *, is_baked: bool) -> bool:
    """Say whether a recipe is worth cooking without it: a stir-fry without garlic is, a cake without butter isn't."""
    if not line.ingredient_id or line.essential or not foods.can_be_left_out(line.ingredient_id):
        return False
    return not (is_baked and foods.role_of(line.ingredient_id) in _STRUCTURE)


def lacks_sour(content: RecipeContent, used: AbstractSet[str]) -> bool:
    """Say whether a salad has something sour in its dressing, optional or not, and nothing sour is at hand for it."""
    has_sour = any(foods.role_of(line.ingredient_id or "") == "sour" for line in content.ingredients)
    return content.method == Method.SALAD and has_sour and not any(foods.role_of(id_) == "sour" for id_ in used)


def is_little(line: IngredientLine, content: RecipeContent) -> bool:
    """Say whether a cooked dish takes so little of it that it is as well without: a spoon of vinegar, flour or milk."""
    most = _LITTLE.get(foods.role_of(line.ingredient_id or ""), {}) if content.method not in _NO_LITTLE else {}
    quantity, unit = units.canonical(line.quantity or 0.0, line.unit)
    known = ingredients.find(line.ingredient_id) if line.ingredient_id else None
    if line.essential or not line.quantity or known is None or is_named(known, content):
        return False
    return quantity / content.servings <= most.get(unit or "piece", 0.0)


def is_outweighed(used: AbstractSet[str], to_buy: Sequence[str]) -> bool:
    """Say whether as much has to be bought as is used of what makes a dish: an egg for which one buys rice."""
    return len(to_buy) >= max(1, sum(not foods.is_minor(id_) for id_ in used))


def is_only_seasoning(used: AbstractSet[str]) -> bool:
    """Say whether all that is used of what is at hand seasons other food: a dip of garlic and lime is no meal."""
    return bool(used) and all(foods.role_of(id_) in _SEASONING for id_ in used)


def is_too_little(shortages: Iterable[tuple[float, float]], people: int) -> bool:
    """Say whether what there is of something would not do for one person; pairs of what is there and what all need."""
    return any(have < _FOR_ONE * need / people for have, need in shortages)


@cache
def _ids(keys: tuple[str, ...]) -> frozenset[str]:
    return frozenset(derived_id("ingredient", key) for key in keys)
