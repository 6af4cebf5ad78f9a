"""Amounts that several foods of a line have each: "1 tsp each salt and pepper", "muối, đường mỗi thứ 1 thìa"."""

from collections.abc import Sequence
from dataclasses import replace

from apps.ingredients.grammar_table import Words
from apps.ingredients.lines import Phrase
from apps.ingredients.phrase_foods import Food
from apps.ingredients.quantities import NO_AMOUNT, Amount


class SharedAmount:
    """Hands out the amount of each while the phrases of a line are read in their order."""

    def __init__(self, table: Words) -> None:
        self._table, self._coming = table, NO_AMOUNT

    def handed_out(self, foods: Sequence[Food], phrase: Phrase, known_before: int) -> list[Food]:
        """Give what a phrase says of each to the foods without an amount: those before it, or it and those behind.

        `known_before` foods were read before this phrase. An amount of its own ends what is said of each.
        """
        each = _place_of_each(phrase.words, self._table)
        # "mỗi loại 1 thìa": "loại" itself may be counted, then the amount begins behind it.
        amount = next((amount for _, amount in reversed(phrase.starts) if amount.unit), phrase.starts[-1][1])
        if each is None or amount.quantity is None:
            return self._continued(foods, known_before)
        start, end = each
        begins = phrase.starts[-1][0]
        if known_before and (start > begins or max(end, begins) >= phrase.end):
            return [_given(food, amount) for food in foods]
        self._coming = amount
        return [*foods[:known_before], *(_given(food, amount) for food in foods[known_before:])]

    def _continued(self, foods: Sequence[Food], known_before: int) -> list[Food]:
        if any(food.amount not in {NO_AMOUNT, self._coming} for food in foods[known_before:]):
            self._coming = NO_AMOUNT
        return [*foods[:known_before], *(_given(food, self._coming) for food in foods[known_before:])]


def _given(food: Food, amount: Amount) -> Food:
    return replace(food, amount=amount) if food.amount == NO_AMOUNT else food


def _place_of_each(words: Sequence[str], table: Words) -> tuple[int, int] | None:
    for start in range(len(words)):
        end = table.each.end(words, start)
        if end > start:
            return start, end
    return None
