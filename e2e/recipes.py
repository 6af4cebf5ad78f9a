"""Recipes that the suites write: told apart from people's by their titles, and removed at once."""

from typing import Any

TITLE = "Kiểm thử tự động, sẽ bị xóa ngay"


def recipe(title: str = TITLE, **changed: Any) -> dict[str, Any]:
    return {
        "title": title,
        "description": "Made by an automatic check; it is removed at once.",
        "cuisine": "vietnamese",
        "method": "stir_fry",
        "meal": "dinner",
        "difficulty": "easy",
        "prep_minutes": 5,
        "cook_minutes": 10,
        "servings": 2,
        "ingredients": [
            {"name": "trứng", "quantity": 2, "unit": "piece"},
            {"name": "cà chua", "quantity": 3, "unit": "piece"},
        ],
        "steps": [{"text": "Đánh trứng.", "minutes": 2}, {"text": "Xào với cà chua.", "minutes": 8}],
        "tags": [],
        **changed,
    }
