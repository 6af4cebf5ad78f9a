"""Split an ingredient line into amounts, phrases that may name a food, and notes, and detect its language."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from apps.core.text import clean, fold
from apps.ingredients import grammar_table, numerals, quantities
from apps.ingredients.quantities import NO_AMOUNT, Amount
from apps.ingredients.tokens import word_of

Language = Literal["en", "vi"]

# Characters of the longest line that is looked at, and words of the longest phrase.
MAX_LENGTH = 500
_MAX_WORDS = 40
# A name and an amount behind it have more words than this where the last one says no more: "trứng gà 2 trứng".
_WITH_AMOUNT = 2

_BULLET = re.compile(r"^[\s*•·●▪◦►✓✔☐□–—\-]+(?!\d)|^[\s*•·●▪◦►✓✔☐□]+|^\d+[.)]\s+(?=\D)")
_SEPARATOR = re.compile(r"((?<!\d),|,(?!\d)|[;:\n•]|\s-+\s|\s-(?!\S)|^-|(?<=[^\W\d]{3})-(?=\s*\d)|(?<=[^\W\d]{2})\.\s)")
_WORD = re.compile(r"\d+(?:[.,/-]\d+)*%?(?![^\W\d_])|[^\W_](?:[\w'’.%°-]*[\w%°])?|[+/|&~≈=]|-")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'"})
# "1M" and "1m" are a tablespoon and a teaspoon (muỗng canh, muỗng cà phê) where a recipe is Vietnamese.
_SPOONS_VI = (
    (re.compile(r"(?<![^\W\d])(\d[\d/.,½¼¾⅓⅔ -]*|[½¼¾⅓⅔]\s*)M(?![\w])"), r"\1 muỗng canh "),
    (re.compile(r"(?<![^\W\d])(\d[\d/.,½¼¾⅓⅔ -]*|[½¼¾⅓⅔]\s*)m(?![\w])"), r"\1 muỗng cà phê "),
)
_SPOONS_EN = (
    (re.compile(r"(?<=[\d½¼¾⅓⅔⅛])\s*T(?![\w-])"), " tbsp "),
    (re.compile(r"(?<=[\d½¼¾⅓⅔⅛])\s*t(?![\w])"), " tsp "),
)
# Brackets with another choice of a food in the middle of a list: "lard (or oil), salt". Behind the list it would be
# taken for another choice of its last food.
_CHOICE_IN_BRACKETS = re.compile(
    r"\(\s*((?:or|hoặc|hay)\s[^\d\W][^(),;:]*?)\s*\)(?=\s*[,;+]\s*(?:\d|[^,;]+[,;]))", re.IGNORECASE
)
# "shredded-or try a blend": a hyphen for a dash.
_DASHED = re.compile(r"(?<=[a-z])-(?=(?:or|and) [a-z])")
_AMPERSAND = re.compile(r"\\?u0026(?:amp;)?")
_SAME_WORDS = {"&": "and", "n": "and"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words between two separators, in lower case; `before` is the separator that stands in front.

    `starts` are the places where a name may begin, each with the amount that was taken off until there; `end` is
    where the name ends at the latest, before an amount that stands behind it. `further` are amounts on top that no
    unit sums up with the first: "1 can + 2 tbsp".
    """

    words: tuple[str, ...]
    capitals: tuple[bool, ...]
    before: str
    starts: tuple[tuple[int, Amount], ...]
    end: int
    further: tuple[Amount, ...] = ()

    @property
    def has_amount(self) -> bool:
        return self.starts[-1][1] != NO_AMOUNT or self.end < len(self.words)

    @property
    def is_counted(self) -> bool:
        """Whether a number stands in front: "1 cup mushrooms"."""
        return self.starts[-1][0] > 0 and self.starts[-1][1].quantity is not None


@dataclass(frozen=True, slots=True)
class ParsedLine:
    """A line in its parts: `phrases` outside of brackets, `asides` inside of them, in the order of the text.

    `amounts` are all that were found, the one that counts the food first. `heading` is a name of a part of the recipe
    before a colon, or the whole line. `language` is None where the words could be of either.
    """

    language: Language | None
    phrases: tuple[Phrase, ...]
    asides: tuple[Phrase, ...]
    amounts: tuple[Amount, ...]
    heading: str | None
    is_equipment: bool
    is_optional: bool
    is_to_taste: bool

    @property
    def amount(self) -> Amount:
        return self.amounts[0] if self.amounts else NO_AMOUNT


def parse_line(text: str, language: Language | None = None) -> ParsedLine:
    """Return the parts of a line of at most 500 characters; `language` is that of its recipe, if known. Never fails.

    Nothing here knows foods: which words of a phrase name one is decided by `naming`.
    """
    seen = _BULLET.sub("", clean(_unescaped(text).replace("\t", " "))).translate(_APOSTROPHES)
    spoken = language_of(seen, language)
    for pattern, replacement in _SPOONS_VI if spoken == "vi" else _SPOONS_EN:
        seen = pattern.sub(replacement, seen)
    if "-" in seen:
        seen = _DASHED.sub(" ", seen)
    if "(" in seen:
        seen = _CHOICE_IN_BRACKETS.sub(r" \1", seen)
    outside, inside = _brackets(quantities.spaced(seen))
    phrases = [phrase for phrase in _phrases(outside) if phrase.words]
    asides = [phrase for part in inside for phrase in _phrases(part, first="(") if phrase.words]
    heading, phrases = _without_heading(phrases, spoken, is_alone=_is_titled(seen))
    return ParsedLine(
        language=spoken,
        phrases=tuple(phrases),
        asides=tuple(asides),
        amounts=tuple(_amounts([*phrases, *asides])),
        heading=heading,
        is_equipment=any(_is_equipment(_named(phrase), each) for phrase in phrases[:1] for each in _any(spoken)),
        is_optional=_says([*phrases, *asides], spoken, "optional"),
        is_to_taste=_says([*phrases, *asides], spoken, "to_taste"),
    )


def _unescaped(text: str) -> str:
    """Return what pages escape as it is read: "Salt &amp; pepper", and what is left of an ampersand in JSON."""
    return _AMPERSAND.sub("&", html.unescape(text)) if "&" in text or "u0026" in text else text


def is_no_food(text: str) -> bool:
    """Say whether a word as it is spelt is a unit or a tool, though a food has the same letters: "lon", "dao"."""
    word = text.strip().lower()
    is_unit = word in grammar_table.units().units.spellings(word)
    return is_unit or any(word in _words(each).equipment.spellings(word) for each in ("vi", "en"))


def name_of(text: str) -> str:
    """Return the name of a line without its amount and notes, in lower case; empty where there is none."""
    phrases = parse_line(text).phrases
    if not phrases:
        return ""
    # Without a number a unit is part of the name: "củ cải", "nam rom".
    counted = phrases[0].starts[-1][1].quantity is not None
    start = phrases[0].starts[-1 if counted else 0][0]
    return " ".join(phrases[0].words[start : phrases[0].end])


def language_of(text: str, hint: Language | None = None) -> Language | None:
    """Say which language a line is in: diacritics of Vietnamese decide, then words that can be no Vietnamese syllables.

    English words stand in Vietnamese recipes more often than the reverse, so that there they leave it open.
    """
    words = [word_of(token) for token in _WORD.findall(text) if token[0].isalpha()]
    if any(word.is_marked for word in words):
        return "vi"
    is_foreign = any(not word.is_syllable and len(word.bare) > 1 and not _is_unit(word.bare) for word in words)
    if hint == "vi":
        return None if is_foreign else "vi"
    return "en" if hint or is_foreign else None


def _is_unit(bare: str) -> bool:
    return grammar_table.units().units.look_up([bare], 0) is not None


def _words(language: str) -> grammar_table.Words:
    return grammar_table.words(language)


def _any(language: Language | None) -> Sequence[Language]:
    return (language,) if language else ("vi", "en")


def _brackets(text: str) -> tuple[str, list[str]]:
    """Return what stands outside of brackets, and what stands inside of each; inner ones belong to the outer."""
    outside, inside, depth = [], [""], 0
    for char in text:
        if char in "([{":
            depth += 1
            inside[-1] += " " if depth > 1 else ""
        elif char in ")]}" and depth:
            depth -= 1
            if depth == 0:
                inside.append("")
                outside.append(" ")
        elif depth:
            inside[-1] += char
        else:
            outside.append(" " if char in ")]}" else char)
    return "".join(outside), [part for part in inside if part.strip()]


def _phrases(text: str, first: str = "") -> Iterator[Phrase]:
    pieces = _SEPARATOR.split(text)
    before, held = first, ""
    for place in range(0, len(pieces), 2):
        piece = held + pieces[place]
        separator = pieces[place + 1] if place + 1 < len(pieces) else ""
        if separator.startswith(".") and _ends_shortened(piece):
            held = f"{piece} "
            continue
        held = ""
        if piece.strip():
            yield _phrase(piece, before)
        before = separator.strip() or " "


def _ends_shortened(piece: str) -> bool:
    """Say whether a full stop ends an abbreviation: "tbsp. sugar", "Dr. Pepper", "approx. 5"."""
    last = piece.rsplit(maxsplit=1)[-1] if piece.split() else ""
    return (len(last) < _SHORTEST_SENTENCE and last.isascii()) or _is_unit(fold(last))


_SHORTEST_SENTENCE = 4
_CONDITIONS = frozenset({"if", "nếu"})
# Behind a heading these begin what stands under it.
_LISTING = frozenset({"như", "gồm"})
_MORE = frozenset({"more", "extra", "thêm"})
# A Vietnamese line that begins with one of these is a tool whatever it is for: "khuôn ép giò xào".
_TOOLS_VI = frozenset({"khuôn", "nồi", "chảo", "khay", "xửng", "màng"})


def _phrase(piece: str, before: str) -> Phrase:
    typed = _WORD.findall(piece)[:_MAX_WORDS]
    words = tuple(_SAME_WORDS.get(word.lower(), word.lower()) for word in typed)
    return phrase_of(words, tuple(word[0].isupper() for word in typed), before)


def phrase_of(words: tuple[str, ...], capitals: tuple[bool, ...], before: str) -> Phrase:
    """Find the amounts of words, and with them where a name may begin and end."""
    found, _ = quantities.amounts_at(words, 0)
    starts: list[tuple[int, Amount]] = []
    if found:
        number = numerals.number_at(words, 0)
        if number and number.end == 1 and not numerals.is_spelled(words[:1]):
            # "bay leaf": a number without its diacritics may begin a name.
            starts.append((0, NO_AMOUNT))
        first, end = found[0]
        unit = quantities.unit_at(words, number.end) if number else None
        if number and unit and unit[2] == end:
            # The unit may be part of the name: "2 lá dứa".
            starts.append((number.end, Amount(number.value, None, number.upper)))
        starts += [(end, first) for _, end in found]
        container = quantities.unit_at(words, starts[-1][0])
        if container and first.unit in grammar_table.units().weights | grammar_table.units().containers:
            starts.append((container[2], first))
        elif container and first.unit is None and container[2] < len(words):
            starts.append((container[2], Amount(first.quantity, container[0], first.quantity_max)))
        past = quantities.past_sizes(words, starts[-1][0])
        if starts[-1][0] < past < len(words):
            starts.append((past, starts[-1][1]))
    else:
        starts.append((0, NO_AMOUNT))
        counter = quantities.unit_at(words, 0)
        if counter and counter[2] < len(words) and _may_count(words[0]):
            starts.append((counter[2], Amount(None, counter[0])))
    end, behind = _end(words, starts[-1][0])
    if behind and starts[-1][1].quantity is None:
        starts = [(start, behind) for start, _ in starts]
    elif behind and words[end - 1] in grammar_table.units().sums:
        # "1 cup milk plus 2 tbsp"
        total = quantities.added(starts[-1][1], behind)
        starts, end = [(start, total or amount) for start, amount in starts[-1:]], end - 1
    sums = grammar_table.units().sums
    further = tuple(more for (_, past), (more, _) in pairwise(found) if words[past] in sums)
    return Phrase(words, capitals, before, tuple(dict.fromkeys(starts)), end, further)


def _may_count(word: str) -> bool:
    """Say whether a word counts without a number: "pinch salt", "quả cam"; "lá" and "hạt" are parts of names."""
    return word in grammar_table.units().counters or (word.isascii() and not word_of(word).is_syllable)


def _end(words: Sequence[str], start: int) -> tuple[int, Amount | None]:
    """Return where an amount behind the name begins, and the amount: "cà chua 2 quả", "trứng gà 2 trứng"."""
    rest = words[start:]
    while len(rest) > _WITH_AMOUNT and grammar_table.units().sizes.end(rest, len(rest) - 1) == len(rest):
        rest = rest[:-1]
    behind = quantities.amount_behind(rest)
    if behind is None and len(rest) > _WITH_AMOUNT and rest[-1] in rest[:-2]:
        behind = quantities.amount_behind(rest[:-1])
    return (start + behind[0], behind[1]) if behind else (len(words), None)


def _amounts(phrases: Sequence[Phrase]) -> Iterator[Amount]:
    """Yield all amounts: those of the phrase that has the first one, then those said besides."""
    for phrase in phrases:
        found, _ = quantities.amounts_at(phrase.words, 0)
        amounts = [phrase.starts[-1][1], *(amount for amount, _ in found)]
        yield from (amount for amount in dict.fromkeys(amounts) if amount != NO_AMOUNT)


def _is_titled(text: str) -> bool:
    """Say whether a line is written as headings are: "GIA VỊ", "Nhân:", "For the sauce"."""
    return text.rstrip().endswith(":") or text.isupper() or text.lower().startswith("for ")


def _without_heading(
    phrases: list[Phrase], language: Language | None, *, is_alone: bool
) -> tuple[str | None, list[Phrase]]:
    """Take a heading off: "Gia vị: muối, đường", "For the sauce: 2 tbsp soy sauce", "ĂN KÈM"."""
    if not phrases:
        return None, phrases
    first = phrases[0]
    is_before_colon = len(phrases) > 1 and phrases[1].before == ":"
    if any(_is_heading(first, _words(each)) for each in _any(language)) and (
        is_before_colon or (is_alone and len(phrases) == 1)
    ):
        return " ".join(first.words), phrases[1:]
    if language != "en" and (place := next((n for n, word in enumerate(first.words) if word in _LISTING), 0)):
        # "Các loại gia vị cơ bản như muối, đường"
        named, rest = phrase_of(first.words[:place], first.capitals[:place], first.before), first.words[place + 1 :]
        if rest and _is_heading(named, _words("vi")):
            return " ".join(named.words), [phrase_of(rest, first.capitals[place + 1 :], ":"), *phrases[1:]]
    return None, phrases


def _is_heading(phrase: Phrase, words: grammar_table.Words) -> bool:
    """Say whether all words of a phrase without an amount are those of headings; "for" begins one by itself."""
    if phrase.has_amount and phrase.starts[-1][1].quantity is not None:
        return False
    if phrase.words[0] in {"for", "phần"} and len(phrase.words) > 1:
        return True
    place = 0
    while place < len(phrase.words) and (end := words.headings.end(phrase.words, place)) > place:
        place = end
    return place == len(phrase.words)


def _named(phrase: Phrase) -> tuple[str, ...]:
    return phrase.words[phrase.starts[-1][0] : phrase.end]


def _is_equipment(words: Sequence[str], language: Language) -> bool:
    """Say whether words are a tool: in English the last one decides, "roasting pan", in Vietnamese the first."""
    table = _words(language).equipment
    if not words or table.are(words):
        return bool(words)
    return words[-1] in table if language == "en" else words[0] in _TOOLS_VI


def _ends_well(phrase: Phrase, start: int, end: int) -> bool:
    """Say whether words are said of the food: "(if you like)", not "(more if you like it hot)"."""
    if end > start and phrase.words[start] in _CONDITIONS:
        return end == len(phrase.words) and _MORE.isdisjoint(phrase.words[:start])
    return end > start


def _says(phrases: Sequence[Phrase], language: Language | None, field: str) -> bool:
    """Say whether a phrase of `field` ("optional", "to_taste") stands anywhere in the line."""
    for phrase in phrases:
        for each in _any(language):
            table: grammar_table.Phrases = getattr(_words(each), field)
            if any(_ends_well(phrase, place, table.end(phrase.words, place)) for place in range(len(phrase.words))):
                return True
    return False
