"""Daily statistics: what a completed suggestion adds to its day."""

from collections import Counter

from apps.core import clock
from apps.core.transactions import Transaction
from apps.suggestions.generation import budget
from apps.suggestions.models import SuggestionRow
from apps.suggestions.repositories import statistics as repository


def add(transaction: Transaction, row: SuggestionRow) -> None:
    """Count a suggestion in the transaction that completes it: once, whoever completes it."""
    sources = Counter(entry["source"] for entry in row.recipes)
    made = sources["ai"] + sources["rules"]
    again = made if made and not int(row.reserved) else 0
    repository.add(
        transaction,
        clock.now().date(),
        {
            "suggestions": 1,
            "requested": row.request["recipe_count"],
            "from_catalogue": sources["catalogue"],
            "from_ai": sources["ai"] if not again else 0,
            "from_rules": sources["rules"] if not again else 0,
            "answered_again": again,
            "cost": budget.micro(float(row.cost_usd)),
            "saved": budget.micro(float(row.cost_saved_usd)),
        },
    )
