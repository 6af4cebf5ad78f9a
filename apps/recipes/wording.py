"""What a recipe's words mention beyond its list of ingredients."""

from collections.abc import Callable, Iterator, Sequence
from itertools import permutations
from typing import NamedTuple

from apps.ingredients import services as ingredients
from apps.ingredients import spelling
from apps.ingredients.asides import Aside
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

    @property
    def is_short(self) -> bool:
        """Say whether it is a tag or a preparation: too short to show whether its author writes diacritics."""
        return self.place == "tags" or (self.place, self.role) == ("ingredients", "cooked")


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
    """Return two listed names in turn: "xôi đậu phộng nước cốt dừa" is of peanuts and coconut milk, not of a snack."""
    names = [spelling.words_of(line.name) for line in content.ingredients if line.ingredient_id]
    return frozenset(f"{one} {other}" for one, other in permutations(names, 2))


def _weighing(content: RecipeContent, known: frozenset[str]) -> Callable[[Mention, _Passage], Mention]:
    """Return what says how much of what a mention carries counts as contained, and how much as perhaps contained."""
    claims = _claims(content)
    titles = f"{spelling.words_of(content.title)} | {spelling.words_of(content.translated_title)}"
    own, is_imitated = _own_names(content, has_claims=bool(claims[0])), _imitated_names(content)

    def weighed(mention: Mention, passage: _Passage) -> Mention:
        role, said = passage.role, passage.text[mention.start : mention.end]
        counted = _as_claimed(_as_made(mention, role, known), role, claims)
        is_own_dish = mention.is_made and spelling.words_of(said).removesuffix("s") in titles
        is_doubted = _may_be_in_it(mention, role, is_own_dish=is_own_dish) or is_imitated(said)
        if is_doubted or (role == "cooked" and own(said)):
            return _doubted(counted)
        return _beside(counted) if role == "described" and mention.aside == Aside.BESIDE else counted

    return weighed


def _claims(content: RecipeContent) -> tuple[frozenset[str], frozenset[str]]:
    """Return what the title denies and the diets that it claims, in either language."""
    lacking, kept = ingredients.claims(content.title)
    also_lacking, also_kept = ingredients.claims(content.translated_title)
    return lacking | also_lacking, kept | also_kept


def _may_be_in_it(mention: Mention, role: str, *, is_own_dish: bool) -> bool:
    """Say whether the words leave open that a food is in the dish: another will do, or it is a likeness, or the dish.

    What steps say to serve with the dish is part of the recipe.
    """
    if role == "listed":
        return False
    is_dish = is_own_dish if role == "cooked" else mention.is_made
    return is_dish or mention.aside in {Aside.CHOICE, Aside.LIKENESS}


def _imitated_names(content: RecipeContent) -> Callable[[str], bool]:
    """Return what says whether a word means an imitation of the list: "dầu hào" where it has "dầu hào chay"."""
    names = {spelling.words_of(line.name) for line in content.ingredients if line.ingredient_id}
    plain = {name.removesuffix(" chay") for name in names if name.endswith(" chay")} - names
    return lambda said: spelling.words_of(said) in plain


def _own_names(content: RecipeContent, *, has_claims: bool) -> Callable[[str], bool]:
    """Return what says whether a step's word is the recipe's own name for something it lists or makes.

    In English, "the butter" is the vegan butter of the list; where the title claims a diet, in both languages, "the
    pesto" is the one that the title names.
    """
    names = [spelling.words_of(line.name) for line in content.ingredients if line.ingredient_id]
    titles = [spelling.words_of(content.title), spelling.words_of(content.translated_title)]
    own = [*names, *titles]

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


def _beside(mention: Mention) -> Mention:
    """Return what prose says to eat with the dish: whoever may not have it can leave it out; the meal breaks diets."""
    return mention._replace(allergens=frozenset(), may_contain=mention.allergens | mention.may_contain)


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
