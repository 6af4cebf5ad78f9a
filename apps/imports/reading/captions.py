"""Read recipes from free text and captions of social posts, in Vietnamese and English, in any layout.

The text is split into rows. Headings ("Nguyên liệu", "Method") say what follows them. Without headings, amounts
indicate ingredients, and numbers or verbs indicate steps. The title is the first line that can be the name of a dish.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from apps.core.text import clean
from apps.imports.reading.drafts import MAX_LINES, MAX_STEPS, Draft, minutes_of

_MAX_TEXT = 20_000
_LONGEST_TITLE = 120
_LONGEST_INGREDIENT = 14

_HASHTAG = re.compile(r"#([^\W_][\w]*)")
_MENTION = re.compile(r"(?<!\w)@[\w.]+")
_LINK = re.compile(r"https?://\S+|www\.\S+")
_KEYCAP = re.compile("([0-9])\ufe0f?\u20e3")
# In the first line, lower-case words after an emoji are not part of the title: "Nước ép táo 🍏 uống mỗi sáng".
_EMOJI_BEFORE_WORD = re.compile("(?<=\\w) [\U0001f300-\U0001faff]+ (?=([^\\W\\d_]))")
_KEYCAP_TEN = "\U0001f51f"
_CIRCLED = {chr(0x2460 + number): f"{number + 1}. " for number in range(20)} | {
    chr(0x2776 + number): f"{number + 1}. " for number in range(10)
}
# An arrow at the start of a line is a bullet; within a line it separates steps.
_ARROW_BULLET = re.compile("^[ \t]*[➡➜➔⇒→]\ufe0f?[ \t]*", re.MULTILINE)
_ARROW_SIGN = re.compile("[➡➜➔⇒]\ufe0f?")
_ARROWS = re.compile("\\s*(?:→|➡|➜|➔|⇒|=>|->|>>)\ufe0f?\\s*")
_BULLET = re.compile(r"^\s*(?:[-–—*•·●▪◦►✓✔☑☐□➤★☆+~>]+|\[ ?[xX]? ?\])\s*")
_NUMBERED = re.compile(
    r"^\s*(?:(?:bước|buoc|step|b)\s*(\d{1,2})\s*[:.)\-–—]*|(\d{1,2})\s*[.):\-–—/](?!\d))\s*", re.IGNORECASE
)
_INLINE_NUMBER = re.compile(
    r"(?:(?<=[\s.;:!,])|^)(?:(?:bước|buoc|step)\s*(\d{1,2})\s*[:.)\-–—]*|[bB](\d{1,2})\s*[:.)]|"
    r"(\d{1,2})[.)](?!\d))\s+",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[^\W\d_a-zà-ỹ]|\d)")
_COMMA = re.compile(r"\s*(?:(?<!\d),|,(?!\d)|;|\s\+\s|•|·|●|▪|\s\|\s|\s/\s|\n)\s*")

_INGREDIENT_WORDS = (
    r"(?:(?:các|phần|danh sách)\s+)?nguyên liệu(?:\s+(?:chính|phụ|gồm(?: có)?|cần(?: có| chuẩn bị)?|chuẩn bị|"
    r"làm[^:\n]{0,40}))?"
    r"|(?:cần\s+)?chuẩn bị|thành phần|cần có|bạn cần|mình (?:có|dùng)|gồm có|"
    r"nguyen lieu|chuan bi|nlieu|nl|"
    r"(?:the\s+)?ingredients?(?:\s+list)?|ingreds?|what you(?:['’]ll)?(?: will)? need|"
    r"you(?:['’]ll)?(?: will)? need|shopping list|"
    r"what(?: i|['’]s)? (?:used?|in it|goes in(?: it)?)|here['’]s what you need|grab|stuff"
)
_STEP_WORDS = (
    r"(?:các\s+)?(?:cách|bước)\s+(?:làm|nấu|thực hiện|chế biến|chiên|xào|kho|nướng|hấp|pha)(?:\s+(?:như sau|"
    r"món[^:\n]{0,30}|nè|nha|nhé))?"
    r"|(?:các bước(?:\s+(?:làm|thực hiện|nấu))?)|thực hiện|hướng dẫn(?:\s+(?:làm|nấu|thực hiện))?|quy trình|"
    r"sơ chế\s*(?:&|và)\s*(?:chế biến|nấu|nướng)|chế biến|tiến hành|làm như sau|"
    r"cach lam|cach nau|thuc hien|cac buoc|cl|(?:làm|nấu|làm nè)(?=\s*[:：])|"
    r"(?:the\s+)?(?:method|directions?|instructions?|steps?|procedure|process|preparation)|"
    r"how to(?: make(?: it)?| cook(?: it)?| do it)?|"
    r"here['’]s how|to make(?: it)?|what to do|how i make it|let['’]s cook"
)
_NOTE_WORDS = (
    r"ghi chú|lưu ý|mẹo(?:\s+(?:nhỏ|hay))?|chú ý|p/?s|note[s]?|tips?|pro[- ]?tips?|nutrition|macros?|"
    r"dinh dưỡng|bảo quản|storage"
)
_HEAD = r"^\W*(?:{words})\s*(?:\([^)\n]{{0,60}}\))?\s*(?:(?P<colon>[:：\-–—→])|(?=\W*$))\W{{0,3}}"
_LETTERED = re.compile(r"^(?:[A-D]|I{1,3}|IV)[.)/]\s+")
_HEADINGS = {
    kind: re.compile(_HEAD.format(words=words), re.IGNORECASE)
    for kind, words in (("ingredients", _INGREDIENT_WORDS), ("steps", _STEP_WORDS), ("notes", _NOTE_WORDS))
}
_INLINE_HEADING = re.compile(
    r"(?:(?<=[\s.!?;,)…])|^)(?P<word>"
    f"{_INGREDIENT_WORDS}|{_STEP_WORDS}|{_NOTE_WORDS}"
    r")\s*(?:\([^)\n]{0,60}\))?\s*[:：]",
    re.IGNORECASE,
)
_SERVINGS = re.compile(
    r"(?:serves|servings?|yields?|makes|feeds|cho|phần ăn|"
    r"khẩu phần)\s*:?\s*(?:khoảng\s*)?(\d{1,2})(?:\s*[-–]\s*\d{1,2})?"
    r"(?:\s*(?:người(?: ăn)?|phần(?: ăn)?|servings?|people|portions?|pax))?|"
    r"(\d{1,2})(?:\s*[-–]\s*\d{1,2})?\s*(?:người ăn|phần ăn|khẩu phần|servings?|portions?|people|pax|serves)",
    re.IGNORECASE,
)
_SPAN = r"\s*:?\s*((?:\d[\d.,]*\s*(?:h|giờ|tiếng|hours?|hrs?|mins?|minutes?|phút|m)\b\s*)+)"
_TIMES = (
    re.compile(r"(?:prep(?:aration)?(?: time)?|sơ chế|chuẩn bị)" + _SPAN, re.IGNORECASE),
    re.compile(r"(?:cook(?:ing)?(?: time)?|total(?: time)?|thời gian(?: nấu)?|nấu)" + _SPAN, re.IGNORECASE),
)
_META = re.compile(
    r"^\W*(?:(?:serves|servings?|yields?|makes|feeds|prep(?:aration)?(?: time)?|cook(?:ing)?(?: time)?|"
    r"total(?: time)?|time|ready in|"
    r"khẩu phần|phần ăn|thời gian(?: nấu| chuẩn bị)?|độ khó|difficulty|level|calories|kcal)\s*:?\s*(?=\d|dễ|"
    r"easy|trung|medium|khó|hard|khoảng|about)"
    r"|(?:protein|carbs?|fat|fiber|đạm|chất béo)\s*:?\s*\d"
    r"|\d{1,3}\s*(?:người ăn|phần ăn|khẩu phần|servings?|portions?|kcal|calories)\b|cho \d{1,2} người)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^\W*(?:chúc (?:cả nhà|các|mọi|bạn|nhà|mn|ngon|thành|cuối)|(?:cuối tuần|hôm nay|tối nay)[^.]{0,30}(?:nhé|"
    r"nha)\W*$|enjoy\b(?! with)|bon app|save (?:this|it|for)|follow\b|like\b|share\b|tag (?:a|your|some|ai|"
    r"bạn)|"
    r"comment|lưu (?:lại|về|bài)|nhớ (?:lưu|follow|like|theo dõi)|đừng quên|theo dõi|cảm ơn|cám ơn|thanks|"
    r"thank you|happy cooking|let me know|link in bio|full recipe|dm me|"
    r"ngon (?:lắm|cực|khỏi|quá|miệng)|xong rồi|vậy là xong|thế là xong|that['’]s it|so good|you['’]re welcome|"
    r"ai (?:thích|muốn|cũng)|cả nhà (?:thử|làm|lưu)|mọi người (?:thử|làm|lưu)|mn (?:thử|lưu)|"
    r"giá (?:chỉ|bán|bao)|nguồn\s*:|source\s*:|credits?\s*:|sent from\b|gửi từ|inbox\b|ib\b|liên hệ|đặt hàng|"
    r"would you|have you|who['’]s|tell me|drop a)",
    re.IGNORECASE,
)
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
_VERBS = re.compile(
    r"^\W*(?:rửa|cắt|thái|ướp|xào|nấu|luộc|chiên|rán|kho|hấp|nướng|đun|cho|bỏ|thêm|đảo|phi|trộn|vớt|múc|dọn|"
    r"nêm|ngâm|băm|đánh|đổ|bắc|làm|để|gọt|bóc|xay|hầm|ninh|chần|bật|tắt|lật|rắc|cuốn|gói|ủ|nhồi|"
    r"hòa|pha|khuấy|sơ chế|vo|chuẩn bị|sau đó|tiếp|cuối cùng|khi|trong lúc|đầu tiên|trước|rồi|ráo|xếp|phết|"
    r"bày|dùng|ướp|lấy|chia|nặn|viên|tẩm|lăn|"
    r"preheat|heat|add|mix|stir|cook|bake|boil|chop|slice|cut|dice|mince|combine|whisk|pour|season|fry|"
    r"saut[eé]|simmer|roast|grill|serve|place|put|let|cover|drain|rinse|wash|marinate|toss|blend|fold|bring|"
    r"remove|"
    r"transfer|garnish|top|spread|spoon|melt|cool|chill|freeze|flip|turn|in a|in the|meanwhile|then|next|"
    r"first|finally|once|when|after|while|return|reduce|cream|beat|knead|roll|shape|brush|line|grease|sear|"
    r"brown|"
    r"steam|poach|toast|crack|peel|grate|squeeze|drizzle|sprinkle|assemble|wrap|fill|repeat|keep|leave|set|"
    r"make|using|use|start|enjoy with|throw|pop|dump|layer|air ?fry|microwave|soak|strain|crush|smash|shred)\b",
    re.IGNORECASE,
)
_TITLE_LEADS = (
    r"(?:công thức|cách làm|cách nấu|hướng dẫn(?: làm| nấu)?|học làm|học nấu|bí quyết (?:làm|nấu)|recipe|"
    r"how (?:to|i|we) (?:make|cook|do)|the best|my favou?rite|my go-?to|easy peasy)"
)
_LEAD = re.compile(r"^(?:" + _TITLE_LEADS + r")(?:\s*(?:món|for|of|:|-|–))*\s+", re.IGNORECASE)
_TITLE_IN_SENTENCE = re.compile(
    r"(?:cách (?:làm|nấu)|công thức(?: (?:làm|nấu))?|làm|nấu|thử|học|với|chia sẻ|lên sóng|"
    r"giới thiệu)\s+(?:món\s+)?|món\s+|"
    r"(?:recipe (?:for|of)|how (?:to|i) (?:make|cook)|making|made|cook(?:ing|ed)|try(?:ing)?|these|this|my|"
    r"for dinner:?|is)\s+",
    re.IGNORECASE,
)
_TITLE_TAIL = re.compile(
    r"\s+(?:(?:giòn (?:giòn|rụm|tan|ngon)|tuổi thơ|healthy|aka|season|\d+ (?:phút|nguyên liệu|minutes?|mins?|"
    r"ingredients?)|siêu|cực|rất|quá|thật|đơn giản|dễ làm|dễ|ngon|chuẩn vị|tại nhà|nè|nha|nhé|nhaa*|ạ|đây|"
    r"luôn|"
    r"này|cả nhà|mọi người|mn|các bạn|cho|mà|để|ai|theo|của mình|recipe|for|that|which|because|so|and it|tonight|"
    r"today|in \d+|at home|"
    r"everyone|guys|y['’]all|you|i|with me)\b.*)$",
    re.IGNORECASE,
)


# Prefixes of titles: "[CÔNG THỨC] Cơm gà", "Fwd: Chicken soup", "Eat clean - Salad".
_LABEL = re.compile(r"^\W*(?:[\[【(][^\])】\n]{1,30}[\])】]|(?:fwd?|re|tr)\s*:)\s*(?=\w)", re.IGNORECASE)
_KIND_OF_COOKING = re.compile(
    r"\W*(?:eat ?clean|keto|low ?carb|high protein|healthy|vegan|ăn chay|món chay|món mặn|món ngon|"
    r"air ?fryer|meal ?prep|"
    r"giảm cân|dinner|lunch|breakfast|bữa (?:sáng|trưa|tối))\W*",
    re.IGNORECASE,
)
# Numbers that are not amounts: "3 ingredient cookies", "món 10 phút".
_COUNTS_NOTHING = re.compile(
    r"^\W*\d+[- ]?(?:ingredients?|nguyên liệu|minutes?|mins?|phút|bước|steps?)\b", re.IGNORECASE
)


@dataclass
class _Parts:
    """The rows sorted so far."""

    before: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_text(text: str) -> Draft:
    """Return the recipe in a text, possibly incomplete: see `Draft.missing`. Never raises."""
    tags = tuple(dict.fromkeys(tag.lower() for tag in _HASHTAG.findall(text)))[:20]
    rows = _rows(_prepared(text))
    parts = _by_headings(rows) if any(_heading_of(row) for row in rows) else _by_looks(rows)
    title, description = _title(parts.before, tags)
    whole = "\n".join(rows)
    return Draft(
        title=title,
        lines=tuple(line[:300] for line in parts.lines)[:MAX_LINES],
        steps=tuple(step[:2000] for step in parts.steps)[:MAX_STEPS],
        description=description[:2000],
        servings=_servings(whole),
        prep_minutes=_time(whole, 0),
        cook_minutes=_time(whole, 1),
        tags=tags,
        language=language_of(text),
    )


def language_of(text: str) -> str:
    """Return whether a text is Vietnamese or English, by its diacritics."""
    marked = sum(
        char in "ăâđêôơư" or "\u1ea0" <= char <= "\u1ef9" for char in unicodedata.normalize("NFC", text.lower())
    )
    return "vi" if marked * 40 >= len(text) else "en"


def _prepared(text: str) -> str:
    """Return a text with plain list markers: numbers for keycaps and circled digits, line breaks for emoji."""
    seen = unicodedata.normalize("NFC", text[:_MAX_TEXT]).replace(_KEYCAP_TEN, "10. ")
    seen = _ARROW_SIGN.sub("→", _ARROW_BULLET.sub("- ", _KEYCAP.sub(r"\1. ", seen)))
    seen = "".join(_CIRCLED.get(char, char) for char in seen)
    seen = _LINK.sub(" ", _MENTION.sub(" ", _HASHTAG.sub(" ", seen)))
    has_lines = seen.strip().count("\n") >= 3  # noqa: PLR2004  a text in one block has its lists between emoji
    if has_lines:
        first, line_break, rest = seen.strip().partition("\n")
        seen = _EMOJI_BEFORE_WORD.sub(_parted, first) + line_break + rest
    return clean("".join(_plain_char(char, has_lines=has_lines) for char in seen))


def _parted(found: re.Match[str]) -> str:
    return " | " if found[1].islower() else " "


def _plain_char(char: str, *, has_lines: bool) -> str:
    if char in "\ufe0f\u200d" or 0x1F3FB <= ord(char) <= 0x1F3FF:  # noqa: PLR2004  selectors and skin tones
        return ""
    if unicodedata.category(char) == "So" and char != "°":
        return " " if has_lines else "\n"
    return char


def _rows(text: str) -> list[str]:
    """Return the lines of a text, also split before headings within a line."""
    rows = []
    for line in text.split("\n"):
        rows += [row for part in _at_headings(line) if (row := " ".join(part.split()).strip(" |"))]
    return [row for row in rows if any(char.isalnum() for char in row)]


def _at_headings(line: str) -> Iterator[str]:
    """Split a line before each "Nguyên liệu:" or "Method:" within it."""
    starts = [found.start("word") for found in _INLINE_HEADING.finditer(line)]
    bounds = [0, *(start for start in starts if start > 0), len(line)]
    for start, end in itertools.pairwise(bounds):
        yield line[start:end]


def _heading_of(row: str) -> tuple[str, str] | None:
    """Return which part a row's heading begins, and the text after the heading."""
    bare = _LETTERED.sub("", _BULLET.sub("", row))
    for kind, pattern in _HEADINGS.items():
        if found := pattern.match(bare):
            rest = bare[found.end() :].strip()
            if kind == "ingredients" and found["colon"] is None and rest:
                continue
            return kind, rest
    return None


def _by_headings(rows: Sequence[str]) -> _Parts:
    parts, current = _Parts(), "before"
    held: dict[str, list[str]] = {"before": [], "ingredients": [], "steps": [], "notes": []}
    for row in rows:
        heading = _heading_of(row)
        if heading:
            # After the ingredients, "Chuẩn bị" is a step.
            current = (
                "steps" if heading[0] == "ingredients" and held["steps"] and not held["ingredients"] else heading[0]
            )
            if heading[1]:
                held[current].append(heading[1])
        elif current == "notes" and _NUMBERED.match(row) and not held["steps"]:
            current = "steps"
            held[current].append(row)
        else:
            if current == "ingredients" and _begins_steps(row, held["ingredients"]):
                current = "steps"
            held[current].append(row)
    if not held["ingredients"]:
        _take_ingredients(held)
    if not held["steps"]:
        _take_steps(held)
    parts.before, parts.notes = held["before"], held["notes"]
    parts.lines = list(_ingredient_lines(held["ingredients"]))
    parts.steps = list(_step_lines(held["steps"]))
    return parts


def _begins_steps(row: str, ingredients: Sequence[str]) -> bool:
    """Return whether steps begin here without a heading: with a numbered sentence or an instruction."""
    if not ingredients or _is_amount(_unbulleted(row)):
        return False
    numbered = _NUMBERED.match(row)
    body = _unbulleted(row)
    if numbered and not any(_NUMBERED.match(one) for one in ingredients):
        return len(body.split()) > 3  # noqa: PLR2004  "1. Trứng" is still a list of things
    return bool(_VERBS.match(body)) and len(body.split()) > 5  # noqa: PLR2004


def _take_ingredients(held: dict[str, list[str]]) -> None:
    """Find the ingredients before the heading of the steps: rows with amounts, and rows between them."""
    looks = [_is_ingredient(_unbulleted(row)) for row in held["before"]]
    if any(looks):
        first, last = looks.index(True), len(looks) - 1 - looks[::-1].index(True)
        if _are_names(held["before"][last + 1 :]):
            last = len(looks) - 1
        held["ingredients"] = held["before"][first : last + 1]
        held["before"] = held["before"][:first] + held["before"][last + 1 :]


def _are_names(rows: Sequence[str]) -> bool:
    """Return whether rows continue a list: subheadings, and names without amounts below one."""
    return (
        bool(rows)
        and rows[0].rstrip().endswith(":")
        and all(_is_short_name(_unbulleted(row)) and not _CLOSING.match(row) and not _META.match(row) for row in rows)
    )


def _take_steps(held: dict[str, list[str]]) -> None:
    """Find steps without a heading after ingredients with one."""
    rows = held["ingredients"]
    for place, row in enumerate(rows):
        if place and not _is_ingredient(_unbulleted(row)) and (_NUMBERED.match(row) or _VERBS.match(_unbulleted(row))):
            held["steps"], held["ingredients"] = rows[place:], rows[:place]
            return
    if held["notes"]:
        return
    if len(rows) == 1:
        _part_of_one_row(held)


def _part_of_one_row(held: dict[str, list[str]]) -> None:
    """Split "300g bò, 2 cà chua. Xào bò trước..." before the first sentence with a verb."""
    sentences = _SENTENCE.split(held["ingredients"][0])
    for place, sentence in enumerate(sentences[1:], start=1):
        if _VERBS.match(_unbulleted(sentence)):
            held["steps"] = [" ".join(sentences[place:])]
            held["ingredients"] = [" ".join(sentences[:place])]
            return


def _by_looks(rows: Sequence[str]) -> _Parts:
    """Sort rows without headings: rows that begin with an amount are ingredients, rows after them are steps."""
    if len(rows) <= 2:  # noqa: PLR2004  all in one block
        rows = [piece for row in rows for piece in _pieces(row)]
    parts = _Parts()
    for row in rows:
        body = _unbulleted(row)
        if _CLOSING.match(body) or _META.match(body):
            continue
        named = _named_list(body) if not parts.lines and not parts.before else None
        if named:
            parts.before.append(named[0])
            parts.lines += _split_list(named[1])
        elif _COUNTS_NOTHING.match(body) and not parts.lines:
            parts.before.append(row)
        else:
            _sort(row, body, parts)
    return parts


def _sort(row: str, body: str, parts: _Parts) -> None:
    numbered = _NUMBERED.match(row) is not None
    if _is_ingredient(body) and not parts.steps:
        parts.lines += _split_list(body) if _is_list(body) else [body]
    elif parts.lines and (numbered or _VERBS.match(body) or parts.steps):
        parts.steps += list(_of_line(row))
    elif parts.lines and _is_short_name(body):
        parts.lines.append(body)
    elif parts.lines or (numbered and len(body.split()) > 3):  # noqa: PLR2004
        parts.steps += list(_of_line(row))
    else:
        parts.before.append(row)


def _named_list(body: str) -> tuple[str, str] | None:
    """Split "Sinh tố bơ: 1 quả bơ, 100ml sữa" into the name and the list."""
    name, _, rest = body.partition(":")
    if rest and not any(char.isdigit() for char in name) and len(name.split()) <= 8 and _is_list(rest):  # noqa: PLR2004
        return name.strip(), rest.strip()
    return None


def _pieces(row: str) -> Iterator[str]:
    """Split a block into sentences and numbered steps."""
    starts = [found.start() for found in _INLINE_NUMBER.finditer(row)]
    numbers = [_number(found) for found in _INLINE_NUMBER.finditer(row)]
    if len(starts) > 1 and numbers[:2] == [1, 2]:
        yield from _SENTENCE.split(row[: starts[0]].strip())
        for start, end in zip(starts, [*starts[1:], len(row)], strict=True):
            yield row[start:end].strip()
        return
    yield from (part for part in _SENTENCE.split(row) if part.strip())


def _number(found: re.Match[str]) -> int:
    return int(next(group for group in found.groups() if group))


def _unbulleted(row: str) -> str:
    """Return a row without its bullet or number. "2 quả trứng" keeps its 2."""
    bare = _BULLET.sub("", row)
    found = _NUMBERED.match(bare)
    return bare[found.end() :].strip() if found else bare.strip()


def _is_amount(body: str) -> bool:
    return bool(_UNIT_AFTER.match(body) or _AMOUNT.match(body))


def _is_ingredient(body: str) -> bool:
    """Return whether a row is an ingredient with an amount before or after it, or a list of these."""
    if len(body.split()) > _LONGEST_INGREDIENT and not _is_list(body):
        return False
    if _MEASURED.match(body):
        return True
    if _VERBS.match(body) and not _UNIT_AFTER.match(body):
        return False
    return _is_amount(body) or bool(_AMOUNT_BEHIND.search(body)) or _is_list(body)


def _is_list(body: str) -> bool:
    """Return whether a row lists several ingredients with amounts, separated by commas."""
    parts = [part for part in _COMMA.split(body) if part]
    return len(parts) > 1 and sum(_is_amount(part) or bool(_AMOUNT_BEHIND.search(part)) for part in parts) * 2 > len(
        parts
    )


def _is_short_name(body: str) -> bool:
    return len(body.split()) <= 5 and not body.endswith((".", "!", "?"))  # noqa: PLR2004


def _ingredient_lines(rows: Sequence[str]) -> Iterator[str]:
    """Return a line for each ingredient: without bullets, with lists split at commas and subheadings left out."""
    inline = len(rows) <= 2  # noqa: PLR2004  a heading and all that follows
    for row in rows:
        body = _unbulleted(row).rstrip(" ;,")
        if not body or _CLOSING.match(body) or _META.match(body):
            continue
        group, _, rest = body.partition(":")
        if not rest.strip() and body.endswith(":"):
            continue
        if rest.strip() and not any(char.isdigit() for char in group) and _is_group(group, rest):
            yield from _split_list(rest)
        elif inline or _is_list(body) or _is_spices(body):
            yield from _split_list(body)
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
    return len(parts) > 1 or (named is not None and not _is_amount(rest.strip()))


def _is_spices(body: str) -> bool:
    """Return whether a row names several ingredients without amounts: "muối, tiêu, đường"."""
    parts = [part for part in _COMMA.split(body) if part]
    most = {0: 0, 1: 0, 2: 3}.get(len(parts), 4)
    return all(len(part.split()) <= most for part in parts) and not any(map(_describes, parts)) and "(" not in body


def _split_list(text: str) -> list[str]:
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


def _step_lines(rows: Sequence[str]) -> Iterator[str]:
    """Return the steps: numbered ones, else one per row. A single block is split at numbers, arrows or sentences."""
    kept = [row for row in rows if not _CLOSING.match(_unbulleted(row)) and not _META.match(row)]
    numbered = [_NUMBERED.match(_BULLET.sub("", row)) is not None for row in kept]
    if any(numbered) and len(kept) > 1:
        yield from _joined(kept, numbered)
    elif len(kept) == 1:
        yield from _of_numbered(kept[0]) if _is_single_number(kept[0]) else _of_block(kept[0])
    else:
        for row in kept:
            yield from _of_row(row)


def _is_single_number(row: str) -> bool:
    return _NUMBERED.match(row) is not None and len(_INLINE_NUMBER.findall(row)) == 1


def _joined(rows: Sequence[str], numbered: Sequence[bool]) -> Iterator[str]:
    """Join rows that continue the numbered row before them."""
    step = ""
    for row, begins in zip(rows, numbered, strict=True):
        if begins or not step:
            yield from _of_numbered(step)
            step = row
        else:
            step = f"{step} {_BULLET.sub('', row)}"
    yield from _of_numbered(step)


def _of_numbered(step: str) -> Iterator[str]:
    pieces = list(_pieces(step)) if len(_INLINE_NUMBER.findall(step)) > 1 else [step]
    for piece in pieces:
        yield from _tidy(piece)


def _of_line(row: str) -> Iterator[str]:
    """Return the steps in one line of several. Numbers and arrows begin a step; sentences don't."""
    yield from _of_block(row) if _ARROWS.search(row) else _of_numbered(row)


def _of_row(row: str) -> Iterator[str]:
    if not _unbulleted(row).rstrip().endswith(":"):
        yield from _tidy(row)


def _of_block(block: str) -> Iterator[str]:
    if _ARROWS.search(block):
        for part in _ARROWS.split(block):
            yield from _tidy(part)
        return
    for part in _pieces(block):
        yield from _tidy(part)


def _tidy(step: str) -> Iterator[str]:
    text = _unbulleted(step).strip(" -–—;|")
    if len(text) > 2 and not _CLOSING.match(text):  # noqa: PLR2004
        yield text


def _title(before: Sequence[str], tags: Sequence[str]) -> tuple[str, str]:
    """Return the title, and the rest of the text before the ingredients."""
    rows = [row for row in before if not _META.match(row) and not _CLOSING.match(row)]
    for place, row in enumerate(rows):
        name = _name_in(row)
        if name:
            return name, "\n".join([*rows[:place], *rows[place + 1 :]])
    return "", "\n".join(rows)


def _name_in(row: str) -> str:
    """Return the name of a dish in a row: the row itself if it is short, else the dish that its sentence mentions."""
    text = re.sub(r"^\W+|[\s!.:…,~\-–—]+$", "", _LABEL.sub("", _BULLET.sub("", row)))
    text = re.sub(r"\s*\([^)]{0,60}\)\s*$", "", text)
    lead = _LEAD.match(text)
    if lead and len(text) - lead.end() > 2 and len(text.split()) <= 16:  # noqa: PLR2004
        return _cut(text[lead.end() :], is_sentence=len(text.split()) > 8)  # noqa: PLR2004
    for part in re.split(r"\s*[|–—]\s+|\s+-\s+|[!?.…:]\s+", text):
        words = part.split()
        if 1 <= len(words) <= 9 and not _is_chatter(part) and not _KIND_OF_COOKING.fullmatch(part):  # noqa: PLR2004
            return _cut(part, is_sentence=False)
    found = _TITLE_IN_SENTENCE.search(text)
    if found:
        return _cut(text[found.end() :], is_sentence=True)
    return _cut(text, is_sentence=True) if len(text.split()) <= 16 else ""  # noqa: PLR2004


def _is_chatter(part: str) -> bool:
    """Return whether words are only a greeting or praise."""
    return bool(
        re.match(
            r"\W*(?:món ngon|hi|hello|hey|ok|okay|good morning|happy|xin chào|chào|alo|hế lô|hôm nay|tối nay|"
            r"trưa nay|"
            r"sáng nay|nay|cuối tuần|mọi người|cả nhà|mình|em|chị|ai|trời|các bạn|lại là|today|tonight|"
            r"this week|i |i['’]|we |you |"
            r"if |when |so |omg|guys|it['’]?s |the other|last |let['’]?s |who|what|nothing|craving|chia sẻ|"
            r"lên món|dinner|lunch|new recipe|recipe time|save this|yum+|wow|ngon|thèm|trend|viral|stop|ready|"
            r"need)\b",
            part,
            re.IGNORECASE,
        )
    )


def _cut(text: str, *, is_sentence: bool) -> str:
    name = re.split(r"[!?.…\n]", text)[0] if is_sentence else text
    name = re.split(r",\s", name)[0] if is_sentence else name
    name = _LEAD.sub("", name)
    if is_sentence or len(name.split()) > 3:  # noqa: PLR2004
        shorter = _TITLE_TAIL.sub("", f"{name} ".rstrip())
        name = shorter if len(shorter) > 2 else name  # noqa: PLR2004
    name = re.sub(r"\s+recipe$", "", name, flags=re.IGNORECASE)
    name = re.sub(r"^(?:món|a|an|the|some|my|this|these)\s+", "", name, flags=re.IGNORECASE)
    name = name.strip(" \"'“”‘’-–—:,.!?|")[:_LONGEST_TITLE]
    return name[:1].upper() + name[1:]


def _servings(text: str) -> int | None:
    found = _SERVINGS.search(text)
    number = int(found[1] or found[2]) if found else 0
    return number if 1 <= number <= 50 else None  # noqa: PLR2004


def _time(text: str, which: int) -> int | None:
    found = _TIMES[which].search(text)
    return minutes_of(found[1]) if found else None
