"""Lines in lists of ingredients that name no food to buy: headings in a cook's own words, and remarks."""

import re

from apps.ingredients import lines
from apps.ingredients.lines import Language

# So many words a sentence among the ingredients has at least: a food with all that is done to it has fewer.
_SENTENCE = 10
_ENDS = re.compile(r"[.!?…][\"')\]]*$")


def is_heading_or_remark(text: str, language: Language | None = None) -> bool:
    """Say whether a line that nobody knows as a food is none: "Vanilla frosting:", "Note that the dough rests …".

    Neither begins with an amount. What their words name is still mentioned.
    """
    seen = text.strip()
    phrases = lines.parse_line(text, language).phrases
    if any(phrase.is_counted for phrase in phrases[:1]) or seen[:1].isdigit():
        return False
    if seen.endswith(":"):
        return len(phrases) <= 1
    return len(seen.split()) >= _SENTENCE and _ENDS.search(seen) is not None
