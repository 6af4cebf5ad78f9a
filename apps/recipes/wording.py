"""Find foods that a recipe's text mentions beyond its list of ingredients."""

from collections.abc import Callable, Iterator, Sequence
from itertools import permutations
from typing import NamedTuple

from apps.ingredients import services as ingredients
from apps.ingredients import spelling
from apps.ingredients.asides import Aside
from apps.ingredients.carriers import Mention
from apps.ingredients.entry import Ingredient
from apps.recipes.content import IngredientLine, Language, RecipeContent


class Found(NamedTuple):
    """A mention and its place: a field of the recipe, and the position if that field is a list."""

    mention: Mention
    place: str
    position: int


class _Passage(NamedTuple):
    """A text of the recipe. Its `role`: it describes the dish, lists an ingredient, or says how to cook."""

    role: str
    place: str
    position: int
    text: str

    @property
    def is_short(self) -> bool:
        """True for tags and preparations, which are too short to show whether their author types diacritics."""
        return self.place == "tags" or (self.place, self.role) == ("ingredients", "cooked")


def mentioned(content: RecipeContent) -> list[Mention]:
    """Return the mentions of `found_in` without their places."""
    return [found.mention for found in found_in(content)]


def found_in(content: RecipeContent) -> list[Found]:
    """Return the foods that the title, description, names, preparations, steps and tags mention beyond the list.

    A word that may mean a listed ingredient is taken for it, by its id: "bơ" is avocado if the recipe lists avocado.
    Likewise "the noodles" are the listed ramen, and "the stock" is what the recipe makes; see `Generic`.
    """
    listed = [one for line in content.ingredients if (one := ingredients.find(line.ingredient_id or ""))]
    known = frozenset[str]().union(*(ingredients.contains(one.id) for one in listed))
    # Listing a fish doesn't explain "seafood", although it is a kind of it: the word means more.
    carried = frozenset[str]().union(*(one.allergens | one.may_contain for one in listed))
    weighed, pairs = _weighing(content, known), _pairs_of_names(content)
    writes_marks = ingredients.has_marks(content.title)
    found: list[Found] = []
    for passage in _passages(content):
        for mention in ingredients.mentions(
            passage.text, content.language.value, has_marks=writes_marks and passage.is_short
        ):
            is_listed = not known.isdisjoint(mention.ingredient_ids) and mention.allergens <= carried
            said = passage.text[mention.start : mention.end]
            is_listed = is_listed or spelling.words_of(said) in pairs
            if not is_listed and not _is_explained(mention, passage.role, listed):
                found.append(Found(weighed(mention, passage), passage.place, passage.position))
    return found


def _pairs_of_names(content: RecipeContent) -> frozenset[str]:
    """Return all pairs of listed names: "xôi đậu phộng nước cốt dừa" names peanuts and coconut milk, not a snack."""
    names = [spelling.words_of(line.name) for line in content.ingredients if line.ingredient_id]
    return frozenset(f"{one} {other}" for one, other in permutations(names, 2))


def _weighing(content: RecipeContent, known: frozenset[str]) -> Callable[[Mention, _Passage], Mention]:
    """Return a function that decides which allergens of a mention are contained, and which may be."""
    claims = _claims(content)
    titles = f"{spelling.words_of(content.title)} | {spelling.words_of(content.translated_title)}"
    own, is_imitated = _own_names(content, has_claims=bool(claims[0])), _imitated_names(content)
    is_version = _versions(content, known)

    def weighed(mention: Mention, passage: _Passage) -> Mention:
        role, said = passage.role, passage.text[mention.start : mention.end]
        if is_version(mention, role, said):
            mention = mention._replace(may_contain=frozenset())
        counted = _as_claimed(_as_made(mention, role, known), role, claims)
        is_own_dish = mention.is_made and spelling.words_of(said).removesuffix("s") in titles
        is_doubted = _may_be_in_it(mention, role, is_own_dish=is_own_dish) or is_imitated(said)
        if is_doubted or (role == "cooked" and own(said)):
            return _doubted(counted)
        return _beside(counted) if role == "described" and mention.aside == Aside.BESIDE else counted

    return weighed


def _claims(content: RecipeContent) -> tuple[frozenset[str], frozenset[str]]:
    """Return what the title rules out and the diets that it claims, in both languages."""
    lacking, kept = ingredients.claims(content.title)
    also_lacking, also_kept = ingredients.claims(content.translated_title)
    return lacking | also_lacking, kept | also_kept


def claimed_diets(content: RecipeContent) -> frozenset[str]:
    """Return the diets that the title claims in either language."""
    return _claims(content)[1]


def _may_be_in_it(mention: Mention, role: str, *, is_own_dish: bool) -> bool:
    """Return whether a food is only possibly in the dish: it is an alternative, a comparison, or the dish itself.

    Foods that steps serve with the dish are part of the recipe.
    """
    if role == "listed":
        return False
    is_dish = is_own_dish if role == "cooked" else mention.is_made
    return is_dish or mention.aside in {Aside.CHOICE, Aside.LIKENESS, Aside.TEST}


def _imitated_names(content: RecipeContent) -> Callable[[str], bool]:
    """Return a predicate for words that mean a listed imitation, as "dầu hào" does if the list has "dầu hào chay"."""
    names = {spelling.words_of(line.name) for line in content.ingredients if line.ingredient_id}
    plain = {name.removesuffix(" chay") for name in names if name.endswith(" chay")} - names
    return lambda said: spelling.words_of(said) in plain


def _own_names(content: RecipeContent, *, has_claims: bool) -> Callable[[str], bool]:
    """Return a predicate for words of steps that are the recipe's own names for something that it lists or makes.

    In English, "the butter" is the listed vegan butter. If the title claims a diet, then in both languages "the pesto"
    is the one that the title names.
    """
    names = [spelling.words_of(line.name) for line in content.ingredients if line.ingredient_id]
    titles = [spelling.words_of(content.title), spelling.words_of(content.translated_title)]
    own = [*names, *titles]

    def is_own(said: str) -> bool:
        words = spelling.words_of(said)
        if has_claims:
            return any(f" {words} " in f" {name} " for name in own)
        # Recipes marked as English contain Vietnamese words too.
        is_english = content.language == Language.EN and words.isascii()
        return is_english and any(name.endswith(f" {words}") for name in names)

    return is_own


def _doubted(mention: Mention) -> Mention:
    """Return a mention with its allergens as possible ones, which break no diet."""
    return mention._replace(
        allergens=frozenset(), may_contain=mention.allergens | mention.may_contain, breaks=frozenset()
    )


def _beside(mention: Mention) -> Mention:
    """Return a mention of a food served with the dish: it may be left out, so its allergens are possible ones."""
    return mention._replace(allergens=frozenset(), may_contain=mention.allergens | mention.may_contain)


def _has_imitations(mention: Mention) -> bool:
    """Return whether a vegan or gluten-free recipe may mean an imitation: by "cheddar" or "the sausage", not "cod"."""
    is_general = mention.generic is not None or any(
        len(ingredients.kinds_of(id_)) > 1 for id_ in mention.ingredient_ids
    )
    return is_general or mention.is_dish or "vegetarian" not in mention.breaks


def _as_claimed(mention: Mention, role: str, claims: tuple[frozenset[str], frozenset[str]]) -> Mention:
    """Return a mention in a dish that is called vegan or gluten-free: it may be contained, but probably is not.

    Listed ingredients override such a title, and so do steps that name a particular meat or fish.
    """
    lacking, kept = claims
    if not lacking or role == "listed" or (role == "cooked" and not _has_imitations(mention)):
        return mention
    doubted = mention.allergens & lacking
    return mention._replace(
        allergens=mention.allergens - doubted, may_contain=mention.may_contain | doubted, breaks=mention.breaks - kept
    )


def _as_made(mention: Mention, role: str, known: frozenset[str]) -> Mention:
    """Return a dish of which the recipe is a version as possibly contained, since the list says what is in it.

    It is a version if the list has some of the dish's ingredients; "serve with carbonara" names another dish.
    """
    if role != "described" or not mention.is_dish:
        return mention
    parts = [ingredients.contains(id_) - {id_} for id_ in mention.ingredient_ids]
    if any(known.isdisjoint(part) for part in parts):
        return mention
    return _doubted(mention)


def _versions(content: RecipeContent, known: frozenset[str]) -> Callable[[Mention, str, str], bool]:
    """Return a predicate for what a title calls the dish itself, where the list is whole and has parts of that dish.

    Some cook vegetable soup with shrimp, so that "canh bí" may contain them. "Canh bí đao thịt bằm" lists what its cook
    puts in. What every version contains stays possible, and so does all that the steps mention. A list with a word that
    could stand for more than its entry carries ("nước chấm", "seasoning") is not whole.
    """
    titles = {content.language: content.title}
    titles[Language.EN if content.language == Language.VI else Language.VI] = content.translated_title

    def is_version(mention: Mention, role: str, said: str) -> bool:
        if not (role == "described" and mention.is_dish):
            return False
        words = spelling.words_of(said)
        english = f" {spelling.words_of(titles[Language.EN])}".partition(" with ")[0]
        is_head = f"{spelling.words_of(titles[Language.VI])} ".startswith(f"{words} ") or english.endswith(f" {words}")
        has_parts = all(known & (ingredients.contains(id_) - {id_}) for id_ in mention.ingredient_ids)
        return is_head and has_parts and all(_says_all(line, content.language) for line in content.ingredients)

    return is_version


def _says_all(line: IngredientLine, language: Language) -> bool:
    """Return whether a line is resolved, and its words could not stand for more than the ingredient carries."""
    ingredient = ingredients.find(line.ingredient_id or "")
    if ingredient is None:
        return False
    carried = ingredient.allergens | ingredient.may_contain
    found = [
        *ingredients.mentions(line.name, language.value),
        *ingredients.mentions(ingredient.en, "en"),
        *ingredients.mentions(ingredient.vi, "vi"),
    ]
    return all(each.generic is None or each.allergens | each.may_contain <= carried for each in found)


def _passages(content: RecipeContent) -> Iterator[_Passage]:
    yield _Passage("described", "title", 0, content.title)
    yield _Passage("described", "translated_title", 0, content.translated_title)
    yield _Passage("described", "description", 0, content.description)
    yield from (_Passage("described", "tags", place, tag) for place, tag in enumerate(content.tags))
    for place, line in enumerate(content.ingredients):
        if line.ingredient_id is None:
            yield _Passage("listed", "ingredients", place, line.name)
        if line.preparation:
            yield _Passage("cooked", "ingredients", place, line.preparation)
    yield from (_Passage("cooked", "steps", place, step.text) for place, step in enumerate(content.steps))


def _is_explained(mention: Mention, role: str, listed: Sequence[Ingredient]) -> bool:
    """Return whether a generic word means something that the recipe makes or lists."""
    generic = mention.generic
    if generic is None:
        return False
    if generic.made == "always":
        return role != "listed"
    possible = [one for one in listed if not generic.within or one.category in generic.within]
    if any(not generic.signs.isdisjoint(one.allergens | one.breaks) for one in possible):
        return not generic.made or role == generic.made
    return bool(generic.within) and any(_is_called(one, mention.names) for one in possible)


def _is_called(ingredient: Ingredient, words: Sequence[str]) -> bool:
    """Return whether one of `words` is the head of a name: the last word in English, the first in Vietnamese.

    "Khoai mì" is not a "mì", and "fish mint" is not a "fish".
    """
    english = [spelling.words_of(name) for name in (ingredient.en, *ingredient.aliases.get("en", ()))]
    vietnamese = [spelling.words_of(name) for name in (ingredient.vi, *ingredient.aliases.get("vi", ()))]
    singular = [form for word in words for form in (word, word.removesuffix("s"))]
    return any(f" {name}".endswith(f" {word}") for name in english for word in singular) or any(
        f"{name} ".startswith(f"{word} ") for name in vietnamese for word in words
    )
