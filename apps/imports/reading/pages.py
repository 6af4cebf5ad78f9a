"""Read recipes from web pages: with recipe-scrapers and schema.org, else from the text of the page."""

import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import orjson
from bs4 import BeautifulSoup
from recipe_scrapers import scrape_html, scraper_exists_for

from apps.imports.reading import captions, schema_org, structure
from apps.imports.reading.drafts import Draft, lines_of, minutes_of, one_line, plain, servings_of, steps_of

_INVISIBLE = ("script", "style", "noscript", "nav", "header", "footer", "form", "aside", "svg", "button", "iframe")
_BLOCKS = ("p", "li", "div", "h1", "h2", "h3", "h4", "br", "tr", "section", "article")
_LONGEST_TEXT = 60_000


def read_page(html: str, url: str) -> Draft:
    """Return the recipe of a page, possibly incomplete: see `Draft.missing`. Never raises."""
    site = (urlsplit(url).hostname or "").removeprefix("www.")
    found = _attempt(_by_scraper, html, url)
    if not (found.is_recipe and scraper_exists_for(url)):
        found = _put_together(html, url, found)
    return _sourced(found, url, site)


def _put_together(html: str, url: str, by_scraper: Draft) -> Draft:
    """Read a page of an unknown site, taking each field from the best source.

    Machine-readable markup comes first, then the structure of the page, then its text. A single ingredient or step is
    rarely complete, so a longer list from any source is preferred to it.
    """
    by_json, by_structure = _attempt(_by_json, html, url), _attempt(_by_structure, html, url)
    stated = max(by_json, by_scraper, key=lambda draft: -len(draft.missing))
    drafts = [by_scraper, by_json, by_structure]
    lines = _most_telling([draft.lines for draft in drafts])
    steps = _most_telling([structure.without_counters(draft.steps) for draft in drafts])
    # A generic scraper may take the title of the page, or of the site, for the recipe's.
    title = by_json.title or by_structure.title or stated.title
    found = replace(stated, title=title, lines=lines, steps=steps)
    found = replace(found, image=found.image or by_structure.image, language=found.language or by_structure.language)
    if found.is_recipe:
        return found
    by_words = _attempt(_by_words, html, url)
    return by_words if len(by_words.missing) < len(found.missing) else found


def _most_telling(lists: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the first list with several entries, else the first that isn't empty."""
    several = (one for one in lists if len(one) > 1)
    return next(several, next((one for one in lists if one), ()))


def _by_structure(html: str, _url: str) -> Draft:
    return structure.read(html)


def _attempt(read: Callable[[str, str], Draft], html: str, url: str) -> Draft:
    try:
        return read(html, url)
    except Exception:  # noqa: BLE001  scrapers of hundreds of sites fail in hundreds of ways on a page that has changed
        return Draft("")


def _sourced(draft: Draft, url: str, site: str) -> Draft:
    return replace(draft, url=url, site=draft.site or site)


def _by_scraper(html: str, url: str) -> Draft:
    with warnings.catch_warnings():
        # Raised for fields that a site lacks, and by constants.
        warnings.simplefilter("ignore")
        return _scraped(scrape_html(html, org_url=url, supported_only=False))


def _scraped(scraper: Any) -> Draft:
    def ask(name: str) -> Any:
        try:
            return getattr(scraper, name)()
        except Exception:  # noqa: BLE001  each field of each site has its own way to be missing
            return None

    return Draft(
        title=one_line(ask("title"), 200),
        lines=lines_of(ask("ingredients") or ()),
        steps=steps_of(ask("instructions_list") or ()),
        description=plain(ask("description"))[:2000],
        servings=servings_of(ask("yields")),
        prep_minutes=minutes_of(ask("prep_time")),
        cook_minutes=minutes_of(ask("cook_time") or ask("total_time")),
        tags=schema_org.keywords(ask("keywords")),
        cuisine=one_line(ask("cuisine"), 50),
        category=one_line(ask("category"), 50),
        author=one_line(ask("author"), 100),
        site=one_line(ask("site_name"), 100),
        image=one_line(ask("image"), 2000),
        language=one_line(ask("language"), 10)[:2].lower(),
    )


def _by_json(html: str, _url: str) -> Draft:
    """Read JSON-LD that is not valid JSON: with comments, trailing commas, or line breaks within strings."""
    drafts = [schema_org.to_draft(one) for script in _scripts(html) for one in schema_org.recipes_in(_loads(script))]
    return max(drafts, key=lambda draft: -len(draft.missing), default=Draft(""))


def _scripts(html: str) -> list[str]:
    soup = BeautifulSoup(html, "html.parser")
    return [tag.get_text() for tag in soup.find_all("script", type=re.compile("ld\\+json|application/json"))]


def _loads(script: str) -> Any:
    text = re.sub(r"^\s*(?:<!--|//<!\[CDATA\[)|(?:-->|//\]\]>)\s*$", "", script)
    for attempt in (text, re.sub(r",(\s*[}\]])", r"\1", re.sub(r"[\x00-\x1f]", " ", text))):
        try:
            return orjson.loads(attempt)
        except orjson.JSONDecodeError:
            continue
    return None


def _by_words(html: str, _url: str) -> Draft:
    """Read a page without markup as text: by headings, lists and amounts."""
    soup = BeautifulSoup(html, "html.parser")
    if not structure.is_bearable(soup):
        return Draft("")
    heading = soup.find("h1") or soup.find("title")
    title = one_line(heading.get_text(" "), 200) if heading else ""
    for tag in soup.find_all(_INVISIBLE):
        tag.decompose()
    for tag in soup.find_all(_BLOCKS):
        tag.append("\n")
    draft = captions.read_text(soup.get_text()[:_LONGEST_TEXT])
    return replace(draft, title=title or draft.title)
