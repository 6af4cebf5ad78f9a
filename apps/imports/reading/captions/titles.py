"""Find the name of the dish in the rows before the ingredients."""

import re
from collections.abc import Sequence

from apps.imports.reading.captions.bullets import BULLET
from apps.imports.reading.captions.phrases import CLOSING, META

_LONGEST_TITLE = 120
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


def find_title(before: Sequence[str], tags: Sequence[str]) -> tuple[str, str]:
    """Return the title, and the rest of the text before the ingredients."""
    rows = [row for row in before if not META.match(row) and not CLOSING.match(row)]
    for place, row in enumerate(rows):
        name = _name_in(row)
        if name:
            return name, "\n".join([*rows[:place], *rows[place + 1 :]])
    return "", "\n".join(rows)


def _name_in(row: str) -> str:
    """Return the name of a dish in a row: the row itself if it is short, else the dish that its sentence mentions."""
    text = re.sub(r"^\W+|[\s!.:…,~\-–—]+$", "", _LABEL.sub("", BULLET.sub("", row)))
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
