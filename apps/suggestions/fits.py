"""How a recipe fits what somebody has: what of it is at hand, what is missing or short, and why it is offered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from apps.core.language import Text
from apps.ingredients import services as ingredients
from apps.recipes.content import IngredientLine, RecipeContent
from apps.suggestions import amounts, promises, safety
from apps.suggestions.at_hand import AtHand, boiled_from
from apps.suggestions.composition import foods
from apps.suggestions.messages import ALLERGEN_NAMES
from apps.suggestions.question import Question

# A substitute counts for less than the ingredient itself; the index ranks by the same weight.
_SUBSTITUTE = 0.9
# From this degree on, an ingredient counts as the thing itself and precedes any substitute: pork precedes ribs in a
# recipe that lists a cut of pork.
_OWN = 0.7
# Of a need that falls short by less nobody takes notice.
_ENOUGH = 0.85


@dataclass(frozen=True, slots=True)
class Short:
    """Something of which there is less than the recipe needs; both amounts in `unit`, the recipe's own."""

    ingredient: str
    have: float
    need: float
    unit: str | None

    def as_dict(self) -> dict[str, Any]:
        return {"ingredient": self.ingredient, "have": self.have, "need": self.need, "unit": self.unit}


@dataclass(frozen=True, slots=True)
class Fit:
    """The `match` of the interface: ids of the recipe's counted ingredients, or names where there is no id.

    `score` is the share of them that is at hand, `stands` maps ids of `have` to what is at hand for them, `substitutes`
    those for which it is another food. Of `missing`, `to_buy` can't be left out.
    """

    score: float
    have: tuple[str, ...]
    missing: tuple[str, ...]
    substitutes: dict[str, str] = field(default_factory=dict)
    short: tuple[Short, ...] = ()
    used: frozenset[str] = frozenset()
    why: str = ""
    warnings: tuple[str, ...] = ()
    stands: dict[str, str] = field(default_factory=dict)
    to_buy: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "score": self.score,
            "have": list(self.have),
            "missing": list(self.missing),
            "substitutes": [{"ingredient": need, "by": by} for need, by in self.substitutes.items()],
            "short": [one.as_dict() for one in self.short],
            "why": self.why,
            "warnings": list(self.warnings),
        }


def fit(
    lines: Sequence[IngredientLine],
    question: Question,
    *,
    servings: int,
    is_baked: bool = False,
    content: RecipeContent | None = None,
) -> Fit:
    """Compare a recipe with what is at hand. Amounts are those for the household where its size is known.

    What is baked can't do without butter or starch; of `content`, the recipe, a little of some things may be missing.
    """
    size = question.preferences.household_size
    factor = size / servings if size else 1.0
    stood = [(line, _at_hand_for(line, question)) for line in lines]
    counted = [(line, by) for line, by in stood if not line.optional and not _is_staple(line)]
    have = [(line, by) for line, by in counted if by is not None]
    missing = [line for line, by in counted if by is None]
    substitutes = {
        line.ingredient_id: by.ingredient.id
        for line, by in have
        if line.ingredient_id and line.ingredient_id not in question.meets[by.ingredient.id]
    }
    short = tuple(_shortages([(line, by) for line, by in stood if by is not None and not line.optional], factor))
    used = frozenset(by.ingredient.id for line, by in stood if by is not None and _is_shown(line, by, question))
    found = Fit(
        score=round(len(have) / len(counted), 3) if counted else 1.0,
        have=tuple(line.ingredient_id or line.name for line, _ in have),
        missing=tuple(line.ingredient_id or line.name for line in missing),
        substitutes=substitutes,
        short=short,
        used=used,
        stands={line.ingredient_id: by.ingredient.id for line, by in have if line.ingredient_id},
        to_buy=tuple(
            line.ingredient_id or line.name
            for line in missing
            if not promises.can_be_left_out(line, is_baked=is_baked)
            and not (content and promises.is_little(line, content))
        ),
    )
    return replace(found, why=why(found, question), warnings=tuple(_traces(lines, question)))


_MAY_CONTAIN = Text("Có thể chứa {allergen}: {names}", "May contain {allergen}: {names}")


def _traces(lines: Sequence[IngredientLine], question: Question) -> Iterator[str]:
    """Return a note on allergens that the recipe may contain in traces, for people who accept traces."""
    if question.limits.accepts_traces:
        carried = safety.traces(question.limits, (line.ingredient_id for line in lines))
        for allergen, carriers in carried.items():
            names = ", ".join(one.name(question.language) for one in carriers)
            yield str(_MAY_CONTAIN.format(allergen=ALLERGEN_NAMES[allergen], names=names))


def _at_hand_for(line: IngredientLine, question: Question) -> AtHand | None:
    """Return what is at hand for a line: the ingredient itself or a kind before a substitute, what was named first."""
    if line.ingredient_id is None:
        return None
    best: tuple[float, AtHand] | None = None
    for each in question.at_hand:
        meets = question.meets[each.ingredient.id]
        own, others = meets.get(line.ingredient_id, 0.0), [meets.get(other, 0.0) for other in line.substitutes]
        degree = own + 1 if own >= _OWN else max(own, *(_SUBSTITUTE * other for other in others), 0.0)
        if degree and (best is None or degree > best[0]):
            best = degree, each
    return best[1] if best else None


def _is_shown(line: IngredientLine, by: AtHand, question: Question) -> bool:
    """Say whether a recipe uses what is at hand for a line; something optional is left out rather than replaced."""
    return not line.optional or line.ingredient_id in question.meets[by.ingredient.id]


def _is_staple(line: IngredientLine) -> bool:
    known = ingredients.find(line.ingredient_id) if line.ingredient_id else None
    return bool(known and known.staple)


def _shortages(lines: Sequence[tuple[IngredientLine, AtHand]], factor: float) -> Iterator[Short]:
    for line, by in lines:
        if by.quantity is None or line.quantity is None or line.ingredient_id is None:
            continue
        need = round(line.quantity * factor, 2)
        have = amounts.in_unit(by.quantity, by.unit, line.unit, ingredient_id=by.ingredient.id)
        if have is not None and promises.small_eggs({line.ingredient_id: by.ingredient.id}):
            have /= promises.SMALL_EGGS_FOR_ONE
        if have is not None and have < need * _ENOUGH:
            yield Short(line.ingredient_id, round(have, 2), need, line.unit)


_ALL = Text("Dùng hết những gì bạn có", "Uses all you have")
_SOME = Text("Dùng {names} bạn có", "Uses the {names} you have")
_SMALL = Text(
    "{by} thay cho {need} ({count} quả thay một; nếu luộc thì 3 đến 4 phút)",
    "{by} instead of {need} ({count} for each; if boiled, for 3 to 4 minutes)",
)
_EXPIRING = Text("dùng {names} sắp hết hạn", "uses up the {names} before it expires")
_SUBSTITUTED = Text("{by} thay cho {need}", "{by} instead of {need}")
_USE_OIL = Text("không có {names} thì dùng dầu ăn", "no {names}? Use oil")
_ANY_OIL = Text("không có {names} thì dùng dầu khác", "no {names}? Any oil will do")
_USE_SALT = Text("không có {names} thì nêm muối", "no {names}? Season with salt")
_USE_SUGAR = Text("không có {names} thì dùng đường", "no {names}? Use sugar")
_USE_WATER = Text("không có {names} thì dùng nước", "no {names}? Use water")
_LEAVE_OUT = Text("không có {names} thì bỏ qua cũng được", "no {names}? Leave it out")
_BOIL = Text("nấu chín {names} trước", "cook the {names} first")
_BUY = Text("cần mua thêm {names}", "you need to buy {names}")
_SHORT = Text("cần nhiều {names} hơn bạn có", "it needs more {names} than you have")
_AND = Text("và", "and")


def why(found: Fit, question: Question) -> str:
    """Return in one sentence why the recipe is offered, in the language of the request."""
    clauses = list(_clauses(found, question))
    return "; ".join(clauses) + "."


def _clauses(found: Fit, question: Question) -> Iterator[str]:
    named = [each.ingredient for each in question.at_hand if each.is_named] or list(question.ingredients)
    named = [one for one in named if not one.staple] or named
    used = [one for one in named if one.id in found.used]
    if len(used) == len(named) and question.is_understood:
        yield str(_ALL)
    elif used:
        yield _said(_SOME, [foods.spoken_name(one, question.language) for one in used])
    urgent = [each.ingredient for each in question.at_hand if each.is_urgent and each.ingredient.id in found.used]
    if urgent:
        yield _said(_EXPIRING, [one.name(question.language) for one in urgent])
    yield from _swaps(found, question)
    if boiled := boiled_first(found.stands):
        yield _said(_BOIL, [_name(id_, question) for id_ in boiled])
    if found.to_buy:
        yield _said(_BUY, [_name(id_, question) for id_ in found.to_buy])
    minor = [id_ for id_ in found.missing if id_ not in found.to_buy]
    for text in (_USE_OIL, _ANY_OIL, _USE_SALT, _USE_SUGAR, _USE_WATER, _LEAVE_OUT):
        without = [id_ for id_ in minor if _doing_without(id_) is text]
        if without:
            yield _said(text, [_name(id_, question) for id_ in without])
    if found.short:
        yield _said(_SHORT, [_name(one.ingredient, question) for one in found.short])


def _swaps(found: Fit, question: Question) -> Iterator[str]:
    small = promises.small_eggs(found.stands)
    for need, by in (found.substitutes | promises.vague(found.stands) | small).items():
        text = _SMALL if need in small else _SUBSTITUTED
        names = {"need": _name(need, question), "by": _name(by, question)}
        yield str(text.format(**names, count=promises.SMALL_EGGS_FOR_ONE))


def boiled_first(stands: Mapping[str, str]) -> list[str]:
    """Return what is at hand raw where a recipe begins with it cooked (`stands`: need → by)."""
    raw = ((need, ingredients.find(by)) for need, by in stands.items() if need != by)
    boiled = [by.id for need, by in raw if by is not None and need in boiled_from(by) and not _is_canned(need)]
    return list(dict.fromkeys(boiled))


def _is_canned(ingredient_id: str) -> bool:
    """Say whether the food is bought ready to eat: tinned tuna is not boiled from raw tuna."""
    known = ingredients.find(ingredient_id)
    return known is not None and "canned" in known.en.split()


def _doing_without(ingredient_id: str) -> Text:
    """Return the advice for a dish that lacks something minor."""
    known, role = ingredients.find(ingredient_id), foods.role_of(ingredient_id)
    is_oil = known is not None and known.en.endswith(" oil")
    if role == "fat":
        return _ANY_OIL if is_oil else _USE_OIL
    if role in {"sweet", "cream"}:
        return _USE_SUGAR if role == "sweet" else _USE_WATER
    is_stock = known is not None and known.en.endswith("stock cube")
    return _USE_SALT if is_stock or (role == "sauce" and not is_oil) else _LEAVE_OUT


def _said(text: Text, names: Sequence[str]) -> str:
    *first, last = names
    listed = f"{', '.join(first)} {_AND} {last}" if first else last
    return str(text.format(names=listed))


def _name(ingredient_id: str, question: Question) -> str:
    known = ingredients.find(ingredient_id)
    return known.name(question.language) if known else ingredient_id
