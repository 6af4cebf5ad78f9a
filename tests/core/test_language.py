"""Negotiation of the language."""

import pytest

from apps.core.language import negotiate


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "vi"),
        ("en", "en"),
        ("en-US,en;q=0.9,vi;q=0.8", "en"),
        ("vi;q=0.9, en;q=0.4", "vi"),
        ("fr, de", "vi"),
        ("fr, en;q=0.1", "en"),
        ("en;q=nonsense", "vi"),
        ("\x00" * 5000, "vi"),
    ],
)
def test_the_language_with_the_most_weight_wins_and_vietnamese_is_the_default(header: str, language: str) -> None:
    assert negotiate(header) == language
