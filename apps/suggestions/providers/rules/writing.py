"""Writing the steps of a dish: preparation, what is done ahead, and the cooking in its order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from apps.recipes.content import Language
from apps.suggestions.providers.rules import choosing, plans
from apps.suggestions.providers.rules.larder import Both, Item
from apps.suggestions.providers.rules.plans import Member, Plan
from apps.suggestions.providers.rules.staples import Stocked
from apps.suggestions.providers.rules.templates import StepTemplate, fill, joined, slots

MOST_STEPS = 8
_WATER_TO_BOIL = 400
_WATER_TO_ADD = 100
_MOST_BATCHES = 3
_SAME_TIME = 2
_BESIDE = {"vi": "Dọn {side} bên cạnh để ăn kèm.", "en": "Have the {side} ready to serve on the side."}
_BOILED_APART = {
    "vi": "Luộc riêng {side} trong {water} sôi {time}[, đến khi {done}], để ráo và ăn kèm.",
    "en": "In a pan of its own, boil the {side} in the {water} for {time}[, until {done}]; drain and serve alongside.",
}
_TO_DRINK = {"vi": "Chuẩn bị {side} để uống kèm.", "en": "Have the {side} ready to drink with it."}


@dataclass(frozen=True, slots=True)
class Written:
    """A step as rendered, with what it uses."""

    text: str
    minutes: int
    members: tuple[Member, ...] = ()
    is_preparation: bool = False
    is_late: bool = False
    seasons: bool = False
    water: float = 0


def write(plan: Plan) -> list[Written]:
    """Return the steps after the first, which prepares what the others use and is written last."""
    written: list[Written] = []
    for template in plan.template.steps:
        if not template.prep and _applies(plan, template):
            made = list(_rendered(plan, template))
            written += made
            if template.marinade and any(step.seasons for step in made):
                plan = replace(plan, is_seasoned=True)
    if plan.side is not None:
        written.insert(-1, _beside(plan, plan.side))
    return [*_done_ahead(plan, used_by(plan, written)), *_late_last(written)]


def _beside(plan: Plan, side: Item) -> Written:
    own = side.kind.how.get("wet")
    if not choosing.is_boiled_apart(side) or "water" not in plan.stocked:
        text = (_TO_DRINK if side.role == "drink" else _BESIDE)[plan.language.value]
        return Written(text.format(side=plans.label(plan, side)), 1, (side,))
    minutes, water = side.kind.minutes["wet"], plan.stocked["water"]
    texts = {
        "side": plans.label(plan, side),
        "item": plans.label(plan, side),
        "water": water.name(plan.language),
        "time": plans.time_of(plan, minutes),
        "done": side.kind.done.get(plan.language.value, ""),
    }
    text = fill((own or _BOILED_APART)[plan.language.value], lambda slot: texts[slot]) or ""
    members = (side,) if own else (side, water)
    return Written(text, minutes, members, water=0 if own else _WATER_TO_BOIL * plan.request.servings)


def _applies(plan: Plan, step: StepTemplate) -> bool:
    if step.marinade and not plan.with_marinade and plan.template.heat != "none":
        return False
    if step.unless_egg and any(item.kind.family == "egg" for item in plan.of("protein")):
        return False
    if step.when and not plans.members(plan, step.when):
        return False
    return not (step.unless and plans.members(plan, step.unless))


def _rendered(plan: Plan, step: StepTemplate) -> Iterator[Written]:
    if step.each:
        for position, item in enumerate(plan.of(step.each)):
            yield _each(plan, step, item, first=position == 0)
        return
    if step.gather:
        yield from _gathered(plan, step)
        return
    minutes = step.minutes
    if isinstance(minutes, str):
        minutes = max(
            (plans.minutes(plan, one) for one in plans.members(plan, minutes) if isinstance(one, Item)), default=0
        )
    for text in (step.text, step.plain):
        if text and (made := _write(plan, text[plan.language.value], minutes, step)):
            yield made
            return


def _gathered(plan: Plan, step: StepTemplate) -> Iterator[Written]:
    """Yield a step for each batch: it cooks until the next one joins, and the last until all is done.

    What has a step of its own, such as a beaten egg, goes first.
    """
    items = plan.of(*step.gather)
    own = [item for item in items if _own(plan, item)]
    for item in own:
        yield _each(plan, step, item, first=True)
    batches = _batches(plan, [item for item in items if item not in own])
    for position, batch in enumerate(batches):
        following = plans.minutes(plan, batches[position + 1][0]) if position + 1 < len(batches) else 0
        minutes = plans.minutes(plan, batch[0]) - following
        text = step.text if position == 0 or step.again is None else step.again
        made = _write(plan, text[plan.language.value], minutes, step, batch=batch)
        if made is None:
            continue
        yield made if following else replace(made, text=f"{made.text} {_signs(plan, batches)}".strip())


def _batches(plan: Plan, items: Sequence[Item]) -> list[list[Item]]:
    """Return the items by time, longest first, those within two minutes together, in three batches at most."""
    ordered = sorted(items, key=lambda item: -plans.minutes(plan, item))
    batches: list[list[Item]] = []
    for item in ordered:
        if batches and plans.minutes(plan, batches[-1][0]) - plans.minutes(plan, item) <= _SAME_TIME:
            batches[-1].append(item)
        else:
            batches.append([item])
    while len(batches) > _MOST_BATCHES:
        gaps = [plans.minutes(plan, a[0]) - plans.minutes(plan, b[0]) for a, b in pairwise(batches)]
        at = gaps.index(min(gaps))
        batches[at : at + 2] = [batches[at] + batches[at + 1]]
    return batches


def _signs(plan: Plan, batches: Sequence[Sequence[Item]]) -> str:
    """Return by what to know that each thing is done."""
    signs = [
        (item, plans.label(plan, item), done) for batch in batches for item in batch if (done := plans.sign(plan, item))
    ]
    if plan.language == Language.EN:
        return " ".join(
            f"The {label} {'is' if label == item.at_hand.name_en else 'are'} ready when {done}."
            for item, label, done in signs
        )
    if len(signs) == 1:
        return f"Dấu hiệu chín của {signs[0][1]}: {signs[0][2]}."
    listing = "; ".join(f"{label}: {done}" for _, label, done in signs)
    return f"Dấu hiệu chín – {listing}." if signs else ""


def _own(plan: Plan, item: Item) -> Both | None:
    return item.kind.how.get(plan.request.method.value) or item.kind.how.get(plans.heat(plan, item))


def _each(plan: Plan, step: StepTemplate, item: Item, *, first: bool) -> Written:
    own = _own(plan, item)
    text = step.text if first or step.again is None else step.again
    minutes = item.kind.how_minutes.get(plan.request.method.value, plans.minutes(plan, item))
    if step.ready is not None and item.kind.raw:
        text, minutes = step.ready, 2
    elif own is not None:
        text = own
    made = _write(plan, text[plan.language.value], minutes, step, item=item)
    if made is None:
        made = Written("", 0)
    return replace(made, is_late=plan.request.method.value in item.kind.late)


def _write(
    plan: Plan, text: str, minutes: int, step: StepTemplate, *, item: Item | None = None, batch: Sequence[Item] = ()
) -> Written | None:
    members: dict[str, tuple[Member, ...]] = {"batch": tuple(batch), "item": (item,) if item else ()}

    def names(slot: str) -> str:
        if slot == "time":
            return plans.time_of(plan, minutes)
        if slot == "done":
            return plans.sign(plan, item)
        if slot not in members:
            members[slot] = tuple(plans.members(plan, slot))
        return joined([plans.label(plan, member) for member in members[slot]], plan.language.value)

    filled = fill(text, names)
    if filled is None:
        return None
    spoken = slots(text, names)
    used = tuple(dict.fromkeys(member for slot in spoken for member in members.get(slot, ())))
    return Written(
        filled,
        minutes,
        used,
        is_preparation=step.marinade or plan.template.heat == "none",
        seasons="season" in text,
        water=_water(plan, step, used),
    )


def _water(plan: Plan, step: StepTemplate, used: Sequence[Member]) -> float:
    """Return the millilitres of water that a step takes."""
    if not any(isinstance(one, Stocked) and one.staple.kind == "water" for one in used):
        return 0
    per_serving = step.uses.get("water") or plan.dish.uses.get("water") or _WATER_TO_ADD
    return per_serving * plan.request.servings


def _late_last(written: Sequence[Written]) -> list[Written]:
    """Move what joins at the end before the step that seasons, or before the last one."""
    late = [step for step in written if step.is_late]
    others = [step for step in written if not step.is_late and step.text]
    seasoned = [position for position, step in enumerate(others) if step.seasons]
    position = seasoned[-1] if seasoned else len(others) - 1
    return [*others[:position], *late, *others[position:]]


def _done_ahead(plan: Plan, used: Sequence[Member]) -> Iterator[Written]:
    for item in used:
        if isinstance(item, Item) and item.kind.ahead:
            water = plan.stocked["water"]
            texts = {"item": plans.label(plan, item), "water": water.name(plan.language)}
            text = item.kind.ahead[plan.language.value].format(**texts)
            amount = _WATER_TO_BOIL * plan.request.servings
            yield Written(text, item.kind.ahead_minutes, (item, water), water=amount)


def preparation(plan: Plan, items: Sequence[Item]) -> Written:
    template = next(step for step in plan.template.steps if step.prep)
    language = plan.language.value
    prepared = [(item, prep) for item in items if (prep := plans.prep(plan, item))]
    minutes = 3 + sum(2 for item, _ in prepared) + max((prep.get("minutes", 0) for _, prep in prepared), default=0)
    if not prepared:
        return Written(_NOTHING_TO_PREPARE[language], minutes, is_preparation=True)
    listing = "; ".join(f"{plans.label(plan, item)} {prep[language]}" for item, prep in prepared)
    text = fill(template.text[language], lambda _: listing) or listing
    return Written(text, minutes, tuple(item for item, _ in prepared), is_preparation=True)


_NOTHING_TO_PREPARE = {"vi": "Bày sẵn mọi nguyên liệu ra bàn.", "en": "Set out all of the ingredients."}


def merged(steps: list[Written]) -> list[Written]:
    """Join the shortest neighbours until there are few enough steps; what comes ahead stays apart from cooking."""
    while len(steps) > MOST_STEPS:
        pairs = [
            position
            for position in range(1, len(steps) - 1)
            if steps[position].is_preparation == steps[position + 1].is_preparation
        ]
        position = min(pairs, key=lambda place: len(steps[place].text) + len(steps[place + 1].text))
        first, second = steps[position : position + 2]
        both = replace(
            first,
            text=f"{first.text} {second.text}",
            minutes=first.minutes + second.minutes,
            members=(*first.members, *second.members),
            water=first.water + second.water,
        )
        steps = [*steps[:position], both, *steps[position + 2 :]]
    return steps


def used_by(plan: Plan, steps: Sequence[Written]) -> list[Member]:
    """Return what the steps use: ingredients in the order in which they were chosen, then staples."""
    members = dict.fromkeys(member for step in steps for member in step.members)
    order = {item: place for place, item in enumerate(plan.items)}
    last = len(order)
    return sorted(members, key=lambda one: order.get(one, last) if isinstance(one, Item) else last + 1)
