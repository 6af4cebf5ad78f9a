"""What a recipe's words say is in it, beside what its list of ingredients resolves to."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from apps.ingredients import services as ingredients
from apps.ingredients import spelling
from apps.ingredients.carriers import Mention
from apps.ingredients.entry import Ingredient
from apps.recipes.content import Language, RecipeContent


class Found(NamedTuple):
    """A mention, and where it stands: a field of the recipe, and the position in a list of them."""

    mention: Mention
    place: str
    position: int


class _Passage(NamedTuple):
    """A text of the recipe; `role` is whether it describes the dish, lists an ingredient or tells how to cook."""

    role: str
    place: str
    position: int
    text: str


def mentioned(content: RecipeContent) -> list[Mention]:
    """Return the mentions of `found_in`, wherever they stand."""
    return [found.mention for found in found_in(content)]


def found_in(content: RecipeContent) -> list[Found]:
    """Return the foods that title, description, names, preparations, steps and tags mention beyond the list.

    What can be a listed ingredient is that ingredient, judged by its id: "bơ" is the avocado of a recipe that lists
    one. So are "the noodles" of one that lists ramen, and "the stock" is what it makes; see `Generic`.
    """
    listed = [one for line in content.ingredients if (one := ingredients.find(line.ingredient_id or ""))]
    known = frozenset[str]().union(*(ingredients.contains(one.id) for one in listed))
    # "Seafood" is what a fish is a kind of, and still more than that.
    carried = frozenset[str]().union(*(one.allergens | one.may_contain for one in listed))
    claims = ingredients.claims(content.title)
    own = _own_names(content, has_claims=bool(claims[0]))
    found: list[Found] = []
    for passage in _passages(content):
        for mention in ingredients.mentions(passage.text, content.language.value):
            is_listed = not known.isdisjoint(mention.ingredient_ids) and mention.allergens <= carried
            if is_listed or _is_explained(mention, passage.role, listed):
                continue
            counted = _as_claimed(_as_made(mention, passage.role, known), passage.role, claims)
            if passage.role == "cooked" and own(passage.text[mention.start : mention.end]):
                counted = _doubted(counted)
            found.append(Found(counted, passage.place, passage.position))
    return found


def _own_names(content: RecipeContent, *, has_claims: bool) -> Callable[[str], bool]:
    """Return what says whether a step's word is the recipe's own name for something it lists or makes.

    In English, "the butter" is the vegan butter of the list; where the title claims a diet, in both languages, "the
    pesto" is the one that the title names.
    """
    names = [spelling.words_of(line.name) for line in content.ingredients if line.ingredient_id]
    own = [*names, spelling.words_of(content.title)]

    def is_own(said: str) -> bool:
        words = spelling.words_of(said)
        if has_claims:
            return any(f" {words} " in f" {name} " for name in own)
        # Recipes called English hold Vietnamese words too.
        is_english = content.language == Language.EN and words.isascii()
        return is_english and any(name.endswith(f" {words}") for name in names)

    return is_own


def _doubted(mention: Mention) -> Mention:
    """Return a mention as what may be in the food: it is no fact, and breaks no diet."""
    return mention._replace(
        allergens=frozenset(), may_contain=mention.allergens | mention.may_contain, breaks=frozenset()
    )


def _has_imitations(mention: Mention) -> bool:
    """Say whether a vegan or gluten-free recipe may call an imitation so: "cheddar" and "the sausage", not "cod"."""
    is_general = mention.generic is not None or any(
        len(ingredients.kinds_of(id_)) > 1 for id_ in mention.ingredient_ids
    )
    return is_general or mention.is_dish or "vegetarian" not in mention.breaks


def _as_claimed(mention: Mention, role: str, claims: tuple[frozenset[str], frozenset[str]]) -> Mention:
    """Return what prose names beside a dish that is called vegan or gluten-free: perhaps in it, more likely not.

    The list counts against such a title, and so do steps that name a certain meat or fish.
    """
    lacking, kept = claims
    if not lacking or role == "listed" or (role == "cooked" and not _has_imitations(mention)):
        return mention
    doubted = mention.allergens & lacking
    return mention._replace(
        allergens=mention.allergens - doubted, may_contain=mention.may_contain | doubted, breaks=mention.breaks - kept
    )


def _as_made(mention: Mention, role: str, known: frozenset[str]) -> Mention:
    """Return a dish that the recipe is a version of as what may be in it: the list says what is.

    It is one where the list has something of what the dish is made of; "serve with carbonara" names another dish.
    """
    if role != "described" or not mention.is_dish:
        return mention
    parts = [ingredients.contains(id_) - {id_} for id_ in mention.ingredient_ids]
    if any(known.isdisjoint(part) for part in parts):
        return mention
    return _doubted(mention)


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
    """Say whether a word for many things means what the recipe makes or lists."""
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
    """Say whether one of `words` is the head of a name: the last word in English, the first in Vietnamese.

    "Khoai mì" is no "mì" and "fish mint" no "fish".
    """
    english = [spelling.words_of(name) for name in (ingredient.en, *ingredient.aliases.get("en", ()))]
    vietnamese = [spelling.words_of(name) for name in (ingredient.vi, *ingredient.aliases.get("vi", ()))]
    singular = [form for word in words for form in (word, word.removesuffix("s"))]
    return any(f" {name}".endswith(f" {word}") for name in english for word in singular) or any(
        f"{name} ".startswith(f"{word} ") for name in vietnamese for word in words
    )
