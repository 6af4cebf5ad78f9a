"""Recognize ingredients by their amounts, and split lists of them."""

import re
from collections.abc import Iterator, Sequence

from apps.imports.reading.captions.bullets import strip_bullet
from apps.imports.reading.captions.phrases import CLOSING, META, VERBS

_LONGEST_INGREDIENT = 14
_COMMA = re.compile(r"\s*(?:(?<!\d),|,(?!\d)|;|\s\+\s|•|·|●|▪|\s\|\s|\s/\s|\n)\s*")
_AMOUNT = re.compile(
    r"^\W*(?:(?:khoảng|about|approx\.?|tầm|around)\s+)?(?:\d|[½⅓⅔¼¾⅛⅜⅝⅞]|(?:một|hai|ba|bốn|năm|nửa|vài|ít|"
    r"chút|xíu|a|an|one|two|three|four|five|six|half|few|some|couple)\s+"
    r"(?:[a-zà-ỹ]))",
    re.IGNORECASE,
)
_UNIT_AFTER = re.compile(
    r"^\W*(?:khoảng\s+|about\s+)?[\d½⅓⅔¼¾⅛./,\s–-]+\s*(?:kg|g|gr|gram|gam|lạng|ml|l|lít|cup|cups|tbsp|tsp|tbs|"
    r"tablespoons?|teaspoons?|oz|lbs?|pounds?|cloves?|cans?|"
    r"muỗng|thìa|mcf|mc|tcf|quả|trái|củ|con|bó|nhánh|tép|lá|gói|hộp|lon|chén|bát|miếng|cây|cái|ít|nắm|pinch|"
    r"bunch|slices?|pieces?|sticks?|heads?|stalks?|sprigs?)(?![a-zà-ỹ])",
    re.IGNORECASE,
)
_AMOUNT_BEHIND = re.compile(
    r"[:\s–(-]\s*(?:\d[\d.,/]*\s*(?:kg|g|gr|gram|gam|lạng|ml|l|lít|cups?|tbsp|tsp|oz|lbs?|muỗng|thìa|quả|trái|"
    r"củ|con|bó|nhánh|tép|lá|gói|hộp|lon|chén|bát|miếng|cây|m|M)(?![a-zà-ỹ])[^.!?]{0,20}|"
    r"(?:nửa|một|hai|ba|bốn|vài) (?:quả|trái|củ|con|bó|nhánh|tép|lá|gói|hộp|lon|chén|bát|miếng|cây|muỗng|thìa)|"
    r"một (?:ít|chút|nắm)|vừa đủ|to taste|as needed|tùy thích|tuỳ thích|tùy khẩu vị|1 ít|chút xíu)\)?\s*$",
    re.IGNORECASE,
)
# Amounts that are words. Some of them are also verbs.
_MEASURED = re.compile(
    r"^\W*(?:an?\s+)?(?:drizzle|handful|pinch|dash|splash|knob|sprinkle|squeeze|glug|dollop|sprig|bunch)(?:e?s)? of\b",
    re.IGNORECASE,
)


def is_amount(body: str) -> bool:
    return bool(_UNIT_AFTER.match(body) or _AMOUNT.match(body))


def is_ingredient(body: str) -> bool:
    """Return whether a row is an ingredient with an amount before or after it, or a list of these."""
    if len(body.split()) > _LONGEST_INGREDIENT and not is_list(body):
        return False
    if _MEASURED.match(body):
        return True
    if VERBS.match(body) and not _UNIT_AFTER.match(body):
        return False
    return is_amount(body) or bool(_AMOUNT_BEHIND.search(body)) or is_list(body)


def is_list(body: str) -> bool:
    """Return whether a row lists several ingredients with amounts, separated by commas."""
    parts = [part for part in _COMMA.split(body) if part]
    return len(parts) > 1 and sum(is_amount(part) or bool(_AMOUNT_BEHIND.search(part)) for part in parts) * 2 > len(
        parts
    )


def is_short_name(body: str) -> bool:
    return len(body.split()) <= 5 and not body.endswith((".", "!", "?"))  # noqa: PLR2004


def ingredient_lines(rows: Sequence[str]) -> Iterator[str]:
    """Return a line for each ingredient: without bullets, with lists split at commas and subheadings left out."""
    inline = len(rows) <= 2  # noqa: PLR2004  a heading and all that follows
    for row in rows:
        body = strip_bullet(row).rstrip(" ;,")
        if not body or CLOSING.match(body) or META.match(body):
            continue
        group, _, rest = body.partition(":")
        if not rest.strip() and body.endswith(":"):
            continue
        if rest.strip() and not any(char.isdigit() for char in group) and _is_group(group, rest):
            yield from split_list(rest)
        elif inline or is_list(body) or _is_spices(body):
            yield from split_list(body)
        else:
            yield body.rstrip(".")


def _is_group(group: str, rest: str) -> bool:
    """Return whether the text before a colon is a group ("Gia vị: muối, đường"), not an ingredient ("Muối: 1 thìa")."""
    parts = [part for part in _COMMA.split(rest.strip()) if part]
    named = re.match(
        r"\W*(?:gia vị|phần|nước|sốt|nhân|rau|for |the |sauce|marinade|topping|dressing|ướp|ăn kèm|trang trí|"
        r"spices|dough|filling|garnish)",
        group,
        re.IGNORECASE,
    )
    return len(parts) > 1 or (named is not None and not is_amount(rest.strip()))


def _is_spices(body: str) -> bool:
    """Return whether a row names several ingredients without amounts: "muối, tiêu, đường"."""
    parts = [part for part in _COMMA.split(body) if part]
    most = {0: 0, 1: 0, 2: 3}.get(len(parts), 4)
    return all(len(part.split()) <= most for part in parts) and not any(map(_describes, parts)) and "(" not in body


def split_list(text: str) -> list[str]:
    """Split a list at commas outside brackets. Descriptions ("băm nhỏ", "diced") stay with their ingredient."""
    held = re.sub(r"\([^()]*\)", lambda found: found[0].replace(",", "\x00").replace("/", "\x01"), text)
    parts = [part.replace("\x00", ",").replace("\x01", "/").strip(" .;") for part in _COMMA.split(held)]
    lines: list[str] = []
    for part in parts:
        for piece in _and(part):
            if lines and piece and _describes(piece):
                lines[-1] = f"{lines[-1]}, {piece}"
            elif piece:
                lines.append(piece)
    return lines


def _and(part: str) -> list[str]:
    """Split "a tomato and 2 onions" if an amount follows, and "muối và tiêu" at the end of a list."""
    found = re.split(r"\s+(?:và|and|&)\s+(?=(?:một|nửa|ít|a|an|some|half)\s|[\d½¼¾])", part, flags=re.IGNORECASE)
    if len(found) == 1:
        found = re.split(r"^(?:và|and|&)\s+", part, flags=re.IGNORECASE)
    return [piece.strip() for piece in found if piece.strip()]


def _describes(piece: str) -> bool:
    return bool(
        re.match(
            r"(?:đã |finely |roughly |thinly |freshly |coarsely )*(?:băm|thái|cắt|xắt|bóc|gọt|đập|giã|bào|rửa|"
            r"ngâm|làm sạch|bỏ hạt|chopped|diced|minced|sliced|peeled|grated|crushed|melted|softened|"
            r"divided|drained|rinsed|cubed|halved|quartered|shredded|trimmed|deveined|beaten|toasted|cooked|"
            r"torn|juiced|zested|to taste|optional|plus|or |at room|cut |room temp|packed|for )",
            piece,
            re.IGNORECASE,
        )
    )
