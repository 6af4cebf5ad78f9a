"""Read recipes from pages of unknown sites by microdata, RDFa, microformats, class names and headings.

Each mechanism proposes ingredients and steps. The first plausible proposal is used.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import median

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from apps.core.text import fold
from apps.imports.reading.drafts import Draft, lines_of, one_line, plain, steps_of

_GONE = (
    "script",
    "style",
    "noscript",
    "nav",
    "footer",
    "form",
    "aside",
    "svg",
    "button",
    "iframe",
    "template",
    "select",
)
_ITEMS = ("li", "tr", "dd")
_PARTS = ("p", "div")
_BLOCKS = (*_ITEMS, *_PARTS, "ul", "ol", "table", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "strong", "b", "dt", "p", "div", "span", "legend", "summary", "th")
_LONGEST_HEADING = 60
_MOST_ITEMS = 120
_MOST_FOUND, _MOST_HEADINGS, _MOST_FOLLOWING = 500, 6, 1000
_DEEPEST, _MOST_ELEMENTS = 150, 15_000
# If removing repeated texts leaves about half of a list, the page contains two copies of it.
_OF_A_COPY = 0.6
# Names of properties: of schema.org in microdata and RDFa, and of hRecipe and h-recipe as classes.
_LINE_PROPERTIES = {"recipeingredient", "ingredients", "ingredient"}
_STEP_PROPERTIES = {"recipeinstructions", "instructions", "step", "recipestep"}
_LINE_CLASSES = {"ingredient", "p-ingredient"}
_STEP_CLASSES = {"instruction", "instructions", "e-instructions"}
# Parts of class names and ids that indicate an element's content, compared without diacritics.
_LINE_NAMES = re.compile(r"ingred|zutat|skladnik|ingr(?:\b|-|_)|nguyen-?lieu|hozzaval|ainekset|malzeme")
_STEP_NAMES = re.compile(
    r"instruct|direction|(?:^|[-_])(?:steps?|method|etapes?|schritte?)(?:$|[-_])|recipe-?(?:steps?|method|body)|"
    r"zubereit|preparat|preparac|preparo|procedi|bereiding|cach-?lam|anleitung|etape"
)
# Headings, compared without diacritics, in the common languages of recipe sites.
_LINE_WORDS = re.compile(
    r"(?:the )?ingredients?(?: list)?|zutaten(?:liste)?|ingredientes|ingredienti|ingredienten|benodigdheden|"
    r"ingredienser|skladniki|suroviny|ingrediencie|hozzavalok|ainekset|malzemeler|ингредиенты|υλικα|材料|재료|"
    r"nguyen lieu|what you(?:ll)? need|you(?:ll)? need|du brauchst|les ingredients"
)
_STEP_WORDS = re.compile(
    r"(?:the )?(?:method|directions?|instructions?|preparation|procedure|steps?)|"
    r"(?:here ?s )?how to (?:make|cook|prepare)\b.*|"
    r"(?:la )?(?:preparation|recette)|(?:les )?etapes|realisation|zubereitung|anleitung|so gehts|"
    r"preparacion|elaboracion|instrucciones|modo de (?:preparo|preparacion|fazer)|preparo|preparacao|confeccao|"
    r"preparazione|procedimento|bereiding(?:swijze)?|werkwijze|gor sa har|tillagning|fremgangsm.de|przygotowanie|"
    r"sposob (?:przygotowania|wykonania)|wykonanie|postup|elkeszites|valmistus(?:ohje)?|приготовление|εκτελεση|"
    r"hazirlanisi|yapilisi|作り方|手順|만드는 법|cach (?:lam|nau)|thuc hien"
)
_OTHER_WORDS = re.compile(
    r"(?:recipe )?(?:notes?|tips?|nutrition|comments?|reviews?|equipment|storage|faq)\b.*|you (?:may|might) also.*|"
    r"(?:leave|post) a .*|post views.*|related.*|more recipes.*|share.*|"
    r"commentaires?|nahrwerte|tipps?|valeurs nutri.*|kommentare.*|"
    r"conseils?.*"
)
_COUNTER = re.compile(r"\W*(?:[^\W\d]\w*\W+){0,3}\d{1,2}\W*")
_NUMBERED = re.compile(
    r"^(?:step|étape|etape|schritt|paso|passo|stap|krok|bước)\s*\d{1,2}\s*[.:|)–—-]?\s*", re.IGNORECASE
)
_DASH = re.compile(r"^[–—•*·▪►✔-]+\s*(?=\S)")
# Notes, and texts that plugins add below an article.
_NO_STEP = re.compile(r"\s*(?:post views?\W*\d*\s*$|notes? ?[:|])", re.IGNORECASE)
_AMOUNT = re.compile(
    r"^\W*(?:\d|[½⅓⅔¼¾⅛]|(?:a|an|one|two|ein|eine|une?|deux|un[ao]?|dos|due|een|en|ett) )", re.IGNORECASE
)
_CAPTION = re.compile(
    r".{1,60}:|(?:for|pour|für|para|per|voor|phần|để làm) (?:the|an?|la|les?|l'|die|das|den|el|las|los|il|de) .{1,50}",
    re.IGNORECASE,
)
_LINKED_HOME = re.compile(r"(?:https?://[^/]+)?/?(?:index\.\w+)?")
_RATED = re.compile(r"\s*(?:[-–|]\s*)?\(\d(?:[.,]\d+)?\s*/\s*\d{1,2}\)\s*$")
_SITE = re.compile(r"\s+[|•·–—-]\s+[^|•·–—]{2,60}$")


def read(html: str) -> Draft:
    """Return what the structure of a page reveals. Other fields are empty."""
    # lxml closes elements that authors left open.
    soup = BeautifulSoup(html, "lxml")
    if not is_bearable(soup):
        return Draft("")
    title = _title(soup)
    image = _meta(soup, "og:image")
    for tag in soup.find_all(_GONE):
        tag.decompose()
    return Draft(
        title=title,
        lines=lines_of(text for text in _lines(soup) if not _is_caption(text)),
        steps=steps_of(_first(soup, _STEPS, _looks_like_steps)),
        description=_meta(soup, "og:description")[:2000],
        image=image if image.startswith(("http://", "https://")) else "",
        language=_language(soup),
    )


def is_bearable(soup: BeautifulSoup) -> bool:
    """Return whether a page's size and depth are reasonable, since the time to read it grows with both."""
    depths = {id(soup): 0}
    for number, tag in enumerate(soup.find_all(True)):
        depths[id(tag)] = depth = depths.get(id(tag.parent), 0) + 1
        if depth > _DEEPEST or number > _MOST_ELEMENTS:
            return False
    return True


def without_counters(steps: Sequence[str]) -> tuple[str, ...]:
    """Remove step numbers, whether they are separate steps or prefixes: "Step 1", "étape 2 |", "–"."""
    steps = _without_prefixes([step for step in steps if not _NO_STEP.match(step)])
    counters = [step for step in steps if _COUNTER.fullmatch(step)]
    return (
        tuple(step for step in steps if not _COUNTER.fullmatch(step))
        if len(counters) * 2 >= len(steps)
        else tuple(steps)
    )


def _without_prefixes(steps: list[str]) -> list[str]:
    """Remove a prefix that most steps share, such as a dash or "Step 3:"."""
    for prefix in (_NUMBERED, _DASH):
        if sum(bool(prefix.match(step)) for step in steps) * 2 > len(steps):
            steps = [step if _COUNTER.fullmatch(step) else prefix.sub("", step) for step in steps]
    return steps


def _title(soup: BeautifulSoup) -> str:
    """Return the recipe's title: its property, the heading that the page's title repeats, or the page's title."""
    named = next((text for tag in soup.find_all(_is_name_of_recipe) if (text := _text(tag))), "")
    whole = _meta(soup, "og:title") or one_line(soup.title.get_text(" ") if soup.title else "")
    site = fold(_meta(soup, "og:site_name"))
    heads = [
        text for head in soup.find_all("h1") if (text := _text(head)) and fold(text) != site and not _is_logo(head)
    ]
    same = [text for text in heads if fold(text) in fold(whole)]
    found = named or next(iter([*same, *(heads if len(heads) == 1 else [])]), "") or _SITE.sub("", whole)
    return _RATED.sub("", found)[:200]


def _is_logo(head: Tag) -> bool:
    """Return whether a heading links to the site's home page, so that it is the site's name."""
    link = head.find("a") or head.find_parent("a")
    return isinstance(link, Tag) and bool(_LINKED_HOME.fullmatch(str(link.get("href") or "-")))


def _is_name_of_recipe(tag: Tag) -> bool:
    if tag.get("itemprop") == "name" and tag.name != "title":
        scope = tag.find_parent(attrs={"itemscope": True})
        return scope is not None and "schema.org/recipe" in str(scope.get("itemtype")).lower()
    classes = tag.get("class") or ()
    return "p-name" in classes and tag.find_parent(class_="h-recipe") is not None


def _meta(soup: BeautifulSoup, name: str) -> str:
    found = soup.find("meta", attrs={"property": name}) or soup.find("meta", attrs={"name": name})
    return one_line(found.get("content"), 2000) if isinstance(found, Tag) else ""


def _language(soup: BeautifulSoup) -> str:
    return one_line(soup.html.get("lang"), 10)[:2].lower() if soup.html else ""


Proposal = Callable[[BeautifulSoup], list[str]]


def _first(soup: BeautifulSoup, proposals: Sequence[Proposal], fits: Callable[[list[str]], bool]) -> list[str]:
    """Return the first plausible proposal, else the longest."""
    made = []
    for propose in proposals:
        found = _once(propose(soup))
        if fits(found):
            return found
        made.append(found)
    return max(made, key=len) if any(made) else []


def _lines(soup: BeautifulSoup) -> list[str]:
    """Return the ingredients. A list of the same names with amounts is preferred to names alone."""
    found = _first(soup, _LINES, _looks_like_lines)
    if not found or any(_has_amount(text) for text in found):
        return found
    whole = (texts for propose in _LINES if (texts := _once(propose(soup))) and _covers(texts, found))
    return next(whole, found)


def _covers(texts: list[str], names: list[str]) -> bool:
    """Return whether most of the names occur in lines with amounts."""
    lines = [fold(text) for text in texts if _has_amount(text)]
    there = sum(any(fold(name) in line for line in lines) for name in names)
    return _looks_like_lines(texts) and there * 2 > len(names)


def _has_amount(text: str) -> bool:
    return bool(_AMOUNT.search(text))


def _is_caption(text: str) -> bool:
    """Return whether a line is a subheading: "For the sauce", "Sốt:"."""
    return not any(char.isdigit() for char in text) and bool(_CAPTION.fullmatch(text))


def _once(texts: list[str]) -> list[str]:
    """Drop empty texts, and the second copy of a list that a page repeats for small screens."""
    kept = [text for text in texts if one_line(text)][:_MOST_ITEMS]
    unique = list(dict.fromkeys(kept))
    return unique if len(unique) <= _OF_A_COPY * len(kept) else kept


def _looks_like_lines(texts: list[str]) -> bool:
    return len(texts) > 1 and median(len(text) for text in texts) <= 90  # noqa: PLR2004  characters of a line


def _looks_like_steps(texts: list[str]) -> bool:
    return len(texts) > 1 and median(len(text) for text in texts) >= 20  # noqa: PLR2004  characters of a step


def _by_property(properties: set[str], classes: set[str]) -> Proposal:
    def propose(soup: BeautifulSoup) -> list[str]:
        found = [tag for tag in soup.find_all(True) if _says(tag, properties, classes)][:_MOST_FOUND]
        known = set(map(id, found))
        outer = [tag for tag in found if known.isdisjoint(map(id, tag.parents))]
        return [text for tag in outer for text in _texts_within(tag)]

    return propose


def _says(tag: Tag, properties: set[str], classes: set[str]) -> bool:
    for attribute in ("itemprop", "property"):
        value = tag.get(attribute)
        names = value if isinstance(value, list) else str(value or "").split()
        if any(name.rpartition(":")[2].rpartition("/")[2].lower() in properties for name in names):
            return True
    return any(name.lower() in classes for name in tag.get("class") or ())


def _by_name(pattern: re.Pattern[str]) -> Proposal:
    def propose(soup: BeautifulSoup) -> list[str]:
        named = (tag for tag in soup.find_all(True) if tag.name not in {"body", "html"} and pattern.search(_names(tag)))
        found = list(itertools.islice(named, _MOST_FOUND))
        items = {id(item): item for tag in found for item in tag.find_all(_ITEMS, limit=_MOST_FOUND)}
        inner = [item for item in items.values() if not item.find(_ITEMS)]
        if len(inner) > 1:
            return [_text(item) for item in inner]
        above = {id(parent) for tag in found for parent in tag.parents}
        leaves = [tag for tag in found if id(tag) not in above]
        return [text for tag in leaves for text in _texts_within(tag)]

    return propose


def _names(tag: Tag) -> str:
    return fold(" ".join([*(tag.get("class") or ()), str(tag.get("id") or "")]))


def _by_heading(begins: re.Pattern[str], ends: re.Pattern[str], fits: Callable[[list[str]], bool]) -> Proposal:
    """Propose the items after the first heading that is followed by plausible ones, else the longest list."""

    def propose(soup: BeautifulSoup) -> list[str]:
        headings = (tag for tag in soup.find_all(_HEADINGS) if _is_heading(tag, begins))
        found = [_after(heading, begins, ends) for heading in itertools.islice(headings, _MOST_HEADINGS)]
        return next((texts for texts in found if fits(_once(texts))), max(found, key=len, default=[]))

    return propose


def _is_heading(tag: Tag, words: re.Pattern[str]) -> bool:
    text = fold(one_line(tag.get_text(" "), _LONGEST_HEADING + 20))
    if not text or len(text) > _LONGEST_HEADING:
        return False
    bare = re.sub(r"\([^)]*\)|[^\w\s]", " ", text)
    bare = re.sub(r"\s+(?:for|pour|fur|para|per|voor|til|dla|cho)\b.*$|\s+\d.*$", "", " ".join(bare.split()))
    return bool(words.fullmatch(bare))


def _after(heading: Tag, begins: re.Pattern[str], ends: re.Pattern[str]) -> list[str]:
    """Return the items after a heading, up to a heading that begins another part."""
    items: list[Tag] = []
    others: list[Tag] = []
    level = _level(heading)
    within = set(map(id, heading.find_all(True)))
    for tag in heading.find_all_next(True, limit=_MOST_FOLLOWING):
        if id(tag) in within:
            continue
        has_some = bool(items or others)
        if tag.name in _HEADINGS and (_is_heading(tag, ends) or _is_heading(tag, _OTHER_WORDS)):
            break
        if has_some and _level(tag) <= min(level, _NO_HEADING - 1) and not _is_heading(tag, begins):
            break
        if tag.name in _ITEMS and not tag.find(_ITEMS):
            items.append(tag)
        elif tag.name in _PARTS and not tag.find(_BLOCKS) and not tag.find_parent(_ITEMS):
            others.append(tag)
        if len(items) + len(others) > _MOST_ITEMS:
            break
    if len(items) > 1:
        return [_text(item) for item in items if not _is_emphasized(item)]
    return [text for tag in others if not _is_emphasized(tag) for text in _texts_within(tag)]


_NO_HEADING = 9


def _level(tag: Tag) -> int:
    """Return the level of a heading, 1 for the highest. Other elements used as headings rank lowest."""
    if re.fullmatch("h[1-6]", tag.name):
        return int(tag.name[1])
    return _NO_HEADING


def _is_emphasized(tag: Tag) -> bool:
    """Return whether all of an element's text is emphasized, like a heading within a list."""
    whole = _text(tag)
    return bool(whole) and any(_text(inner) == whole for inner in tag.find_all(("strong", "b", "h3", "h4", "h5", "h6")))


def _by_amounts(soup: BeautifulSoup) -> list[str]:
    """Return the items of the list, or of adjacent lists, in which most items begin with an amount."""
    best: list[str] = []
    for found in soup.find_all(("ul", "ol", "table")):
        items = [_text(item) for item in found.find_all(_ITEMS) if not item.find(_ITEMS)]
        items = [text for text in items if text]
        if len(items) > max(1, len(best)) and sum(bool(_AMOUNT.search(text)) for text in items) * 2 > len(items):
            best = items
    return best


def _texts_within(tag: Tag) -> list[str]:
    """Return the parts of an element: the items of its lists, else its paragraphs, else its lines."""
    for names in (_ITEMS, ("dt",), ("p",)):
        inner = [item for item in tag.find_all(names) if not item.find(names)]
        if len(inner) > 1:
            return [_text(item) for item in inner]
    return [line for line in "".join(_pieces(tag)).split("\n") if line.strip()]


def _pieces(tag: Tag) -> Iterator[str]:
    """Yield the text of an element with the line breaks that it displays, not those of the source."""
    for child in tag.descendants:
        if isinstance(child, Tag) and child.name in {"br", "p", "div", "li"}:
            yield "\n"
        elif type(child) is NavigableString and not _stands_alone(child):
            yield re.sub(r"\s+", " ", str(child))


def _stands_alone(text: NavigableString) -> bool:
    """Return whether an emphasized text has a line to itself, like a heading within a paragraph."""
    tag = text.parent
    if tag is None or tag.name not in {"strong", "b"} or _text(tag) != " ".join(str(text).split()):
        return False
    after, before = _neighbor(tag.next_siblings), _neighbor(tag.previous_siblings)
    return after == "br" and before in {"br", ""}


def _neighbor(siblings: Iterable[object]) -> str:
    """Return the name of the next element; "" if there is none, and "text" if text comes first."""
    for one in siblings:
        if isinstance(one, Tag):
            return one.name
        if str(one).strip():
            return "text"
    return ""


def _text(tag: Tag) -> str:
    return " ".join(plain(tag.get_text(" ")).split())


_LINES: tuple[Proposal, ...] = (
    _by_property(_LINE_PROPERTIES, _LINE_CLASSES),
    _by_heading(_LINE_WORDS, _STEP_WORDS, _looks_like_lines),
    _by_name(_LINE_NAMES),
    _by_amounts,
)
_STEPS: tuple[Proposal, ...] = (
    _by_property(_STEP_PROPERTIES, _STEP_CLASSES),
    _by_heading(_STEP_WORDS, _LINE_WORDS, _looks_like_steps),
    _by_name(_STEP_NAMES),
)
