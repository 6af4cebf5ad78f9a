"""Web pages: marked up in the ways of real sites, half broken, or not at all."""

import json

import pytest

from apps.imports.reading.pages import read_page

URL = "https://www.bep-nha.vn/mon/canh-ga"
RECIPE = {
    "@context": "https://schema.org", "@type": "Recipe", "name": "Canh gà lá giang",
    "recipeIngredient": ["500 g gà", "100 g lá giang", "2 tép tỏi"],
    "recipeInstructions": [{"@type": "HowToStep", "text": "Luộc gà."}, {"@type": "HowToStep", "text": "Thả lá giang."}],
    "author": {"@type": "Person", "name": "Hoa"}, "recipeYield": "4", "totalTime": "PT40M",
}  # fmt: skip
MICRODATA = """
<html><body><div itemscope itemtype="https://schema.org/Recipe"><h1 itemprop="name">Tomato toast</h1>
<ul><li itemprop="recipeIngredient">2 tomatoes</li><li itemprop="recipeIngredient">4 slices bread</li></ul>
<ol itemprop="recipeInstructions"><li>Toast the bread.</li><li>Top with tomatoes.</li></ol></div></body></html>
"""
WORDS = """
<html><head><title>Bánh khoai mì nướng | Bếp Nhà</title></head><body><nav><a>Trang chủ</a></nav><article>
<h1>Bánh khoai mì nướng</h1><p>Món bánh của tuổi thơ.</p><h2>Nguyên liệu</h2>
<ul><li>1 kg khoai mì</li><li>200 ml nước cốt dừa</li><li>150 g đường</li></ul>
<h2>Cách làm</h2><ol><li>Bào khoai mì rồi vắt bớt nước.</li><li>Trộn với nước cốt dừa và đường.</li><li>Nướng 45 phút.</li></ol>
</article><footer>Bản quyền 2026</footer></body></html>
"""


def page(document: str) -> str:
    return (
        f'<html><head><title>x</title><script type="application/ld+json">{document}</script></head><body></body></html>'
    )


def test_a_page_that_is_marked_up_is_read_with_its_source() -> None:
    draft = read_page(page(json.dumps({"@graph": [{"@type": "WebSite"}, RECIPE]})), URL)

    assert (draft.title, len(draft.lines), len(draft.steps)) == ("Canh gà lá giang", 3, 2)
    assert (draft.author, draft.site, draft.url, draft.servings) == ("Hoa", "bep-nha.vn", URL, 4)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("}, {", "},\n{").replace("Luộc gà.", "Luộc\ngà."),
        lambda text: text[:-1] + ",}",
        lambda text: f"<!-- {text} -->",
        lambda text: f"//<![CDATA[\n{text}\n//]]>",
    ],
)
def test_json_that_is_not_quite_json_is_read_all_the_same(spoil: object) -> None:
    document = spoil(json.dumps(RECIPE, ensure_ascii=False))  # type: ignore[operator]

    draft = read_page(page(document), URL)

    assert (draft.title, len(draft.lines), len(draft.steps)) == ("Canh gà lá giang", 3, 2)


def test_microdata_is_read() -> None:
    draft = read_page(MICRODATA, "https://toast.example.org/1")

    assert (draft.title, draft.lines) == ("Tomato toast", ("2 tomatoes", "4 slices bread"))
    assert draft.is_recipe


def test_a_page_without_markup_is_read_by_its_words() -> None:
    draft = read_page(WORDS, URL)

    assert draft.title == "Bánh khoai mì nướng"
    assert draft.lines == ("1 kg khoai mì", "200 ml nước cốt dừa", "150 g đường")
    assert len(draft.steps) == 3


@pytest.mark.parametrize(
    "html", ["", "<html>", "<p>Tin tức hôm nay: trời mưa.</p>", "<" * 5000, page("{"), page("null"), "\x00" * 100]
)
def test_a_page_without_a_recipe_has_none(html: str) -> None:
    assert not read_page(html, URL).is_recipe
