"""Find the foods that free text mentions: allergen carriers and ingredients of the master list, in both languages."""

from apps.ingredients import negation, tokens
from apps.ingredients.directory import live
from apps.ingredients.lines import Language
from apps.ingredients.scanning import Mention

__all__ = ["Mention", "claims", "has_marks", "mentions"]


def mentions(text: str, language: Language | None = None, *, has_marks: bool = False) -> list[Mention]:
    """Return all mentions in `text`, in order of their places; 0 read units.

    `language` is that of the recipe, if known: without it a word without diacritics may be of either. `has_marks` says
    that the author writes diacritics elsewhere: then "cay" is spicy, and not the crab "cáy".

    The longest name wins: "coconut milk" is not milk. Diacritics are significant if written; a word without any can
    mean everything that it could be with some. Doubtful cases are mentions. About 1 ms for 2 KB; the first call in a
    process takes 0.5 s and 4 MB.
    """
    return live().current().scanner.mentions(text, language, has_marks=has_marks)


def has_marks(text: str) -> bool:
    """Return whether a text contains a Vietnamese word with diacritics."""
    return any(word.is_marked for word in tokens.tokenize(text).words)


def claims(title: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the allergens that a title says a dish lacks, and the diets that it says the dish keeps."""
    return negation.claimed(title, tokens.tokenize(title))
