"""Web pages with the markup of real sites, with broken markup, and with none."""

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


def test_a_page_with_markup_is_read_with_its_source() -> None:
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
def test_slightly_invalid_json_is_read_anyway(spoil: object) -> None:
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


def body(inner: str, title: str = "Lentil soup | Green Spoon") -> str:
    return f"<html lang='en'><head><title>{title}</title></head><body><nav><ul><li>Home</li></ul></nav>{inner}</body></html>"


LINES = ("1 cup lentils", "2 carrots, diced", "salt")
STEPS = ("Rinse the lentils well.", "Simmer them with the carrots for half an hour.", "Season and serve at once.")


def items(texts: tuple[str, ...], **attributes: str) -> str:
    said = " ".join(f'{name.rstrip("_")}="{value}"' for name, value in attributes.items())
    return "".join(f"<li {said}>{text}</li>" for text in texts)


UNKNOWN = {
    "properties without a scope": f"<h1>Lentil soup</h1><ul>{items(LINES, itemprop='recipeIngredient')}</ul>"
    f"<div itemprop='recipeInstructions'>{''.join(f'<p>{step}</p>' for step in STEPS)}</div>",
    "rdfa": f"<div vocab='https://schema.org/' typeof='Recipe'><h1 property='name'>Lentil soup</h1><ul>"
    f"{items(LINES, property='schema:recipeIngredient')}</ul><ol>{items(STEPS, property='recipeInstructions')}</ol></div>",
    "hrecipe": f"<div class='hrecipe'><h1 class='fn'>Lentil soup</h1><ul>{items(LINES, class_='ingredient')}</ul>"
    f"<div class='instructions'><ol>{items(STEPS)}</ol></div></div>",
    "names of classes": f"<h1>Lentil soup</h1><section class='recipe-ingredients-list'><ul>{items(LINES)}</ul></section>"
    f"<section id='recipe-directions'><ol>{items(STEPS)}</ol></section>",
    "headings": f"<h1>Lentil soup</h1><p>We love it.</p><h2>Ingredients (serves 4):</h2><ul>{items(LINES)}</ul><h2>Method</h2>"
    f"<ol>{items(STEPS)}</ol><h2>Tips</h2><ul>{items(('Use red ones.', 'Freeze it.'))}</ul>",
    "bold words and line breaks": f"<h1>Lentil soup</h1><p><strong>Ingredients</strong></p><p><strong>For the soup</strong><br>"
    f"{'<br>'.join(LINES)}</p><p><strong>Directions</strong></p>{''.join(f'<p>{step}</p>' for step in STEPS)}<h3>Comments</h3><p>Yum!</p>",
    "amounts": f"<h1>Lentil soup</h1><ul>{items(('Soups', 'Salads', 'Cakes', 'Pies'))}</ul><div><ul>{items((*LINES[:2], '1 pinch salt'))}"
    f"</ul></div><h3>How to make lentil soup</h3><ol>{items(STEPS)}</ol>",
    "two copies": f"<h1>Lentil soup</h1><h2>Ingredients</h2><div class='small'><ul>{items(LINES)}</ul></div><div class='large'><ul>"
    f"{items(LINES)}</ul></div><h2>Steps</h2><ol>{items(STEPS)}</ol><ol>{items(STEPS)}</ol>",
}  # fmt: skip


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_page_of_an_unknown_site_is_read_by_its_structure(name: str) -> None:
    draft = read_page(body(UNKNOWN[name]), "https://green-spoon.example.org/lentil-soup")

    expected = (*LINES[:2], "1 pinch salt") if name == "amounts" else LINES
    assert (draft.title, draft.lines, draft.steps, draft.language) == ("Lentil soup", expected, STEPS, "en")


@pytest.mark.parametrize(
    ("ingredients", "steps"),
    [("Zutaten für 4 Personen", "Zubereitung"), ("Ingrédients", "Préparation"), ("Ingredientes", "Elaboración"),
     ("Ingredienti per 4", "Procedimento"), ("Ingrediënten", "Bereidingswijze"), ("Składniki", "Sposób wykonania"),
     ("Ingredienser", "Gör så här"), ("Nguyên liệu", "Cách làm"), ("材料", "作り方"), ("Ингредиенты", "Приготовление")],
)  # fmt: skip
def test_headings_are_understood_in_many_languages(ingredients: str, steps: str) -> None:
    html = body(
        f"<h1>Lentil soup</h1><h3>{ingredients}</h3><ul>{items(LINES)}</ul><h3>{steps}</h3><ol>{items(STEPS)}</ol>"
    )

    draft = read_page(html, "https://green-spoon.example.org/lentil-soup")

    assert (draft.lines, draft.steps) == (LINES, STEPS)


def test_step_numbers_are_not_steps() -> None:
    steps = [{"@type": "HowToStep", "name": f"Step {number}", "text": text} for number, text in enumerate(STEPS, 1)]
    document = {**RECIPE, "recipeInstructions": steps}

    draft = read_page(page(json.dumps(document)), "https://green-spoon.example.org/lentil-soup")

    assert draft.steps == STEPS


def test_a_list_on_the_page_is_preferred_to_one_text_for_machines() -> None:
    document = {**RECIPE, "recipeIngredient": [", ".join(LINES)], "recipeInstructions": " ".join(STEPS)}
    html = body(f'<script type="application/ld+json">{json.dumps(document)}</script>{UNKNOWN["headings"]}')

    draft = read_page(html, "https://green-spoon.example.org/lentil-soup")

    assert (draft.title, draft.lines, draft.steps) == (RECIPE["name"], LINES, STEPS)


@pytest.mark.parametrize(
    "html",
    ["<div>" * 5_000, "<ul>" + "<li>1 x" * 5_000, "<h2>Ingredients</h2><p>1 x</p>" * 1_500, "<p class='ingredient'>1 x" * 5_000,
     "<b>" * 5_000, "<div itemprop='ingredients'>" * 5_000],
    ids=["divs", "items", "headings", "paragraphs", "bold", "properties"],
)  # fmt: skip
def test_strange_structures_are_survived(html: str) -> None:
    read_page(body(html), "https://green-spoon.example.org/lentil-soup")


def article(body: str, *, head: str = "<title>Canh bí | Bếp Nhà</title>", top: str = "") -> str:
    return f"<html><head>{head}</head><body>{top}<article><h1>Canh bí</h1>{body}</article></body></html>"


PUMPKIN = "<h2>Nguyên liệu</h2><ul><li>300 g bí đỏ</li><li>100 g tôm khô</li><li>hành lá</li></ul>"
COOKING = "<h2>Cách làm</h2><ol><li>Gọt vỏ bí rồi cắt miếng.</li><li>Nấu sôi với tôm khô mười phút.</li></ol>"


def test_a_heading_that_links_home_is_not_the_title() -> None:
    top = '<header><h1><a href="https://www.bep-nha.vn/">Bếp Nhà</a></h1></header>'

    assert read_page(article(PUMPKIN + COOKING, top=top), URL).title == "Canh bí"


def test_rating_figures_are_not_part_of_a_title() -> None:
    head = "<title>Canh bí - (4.8/5)</title>"

    found = read_page(f"<html><head>{head}</head><body>{PUMPKIN}{COOKING}</body></html>", URL)

    assert found.title == "Canh bí"


def test_lines_with_amounts_are_preferred_to_names_alone() -> None:
    links = "".join(f'<a class="ingredient" href="#">{name}</a> ' for name in ("pumpkin", "dried shrimp", "scallions"))
    lines = "".join(f"<li><b>{text}</b> please</li>" for text in ("300 g pumpkin", "100 g dried shrimp", "2 scallions"))

    found = read_page(article(f"<p>{links}</p><ul>{lines}</ul>{COOKING}"), URL)

    assert found.lines[0].startswith("300 g")
    assert len(found.lines) == 3


def test_terms_of_a_definition_list_are_ingredient_lines() -> None:
    terms = (
        "<dl class='ingredients'><h3>Canh</h3><dt><b>bí đỏ</b><u>300 g</u></dt><dt><b>tôm khô</b><u>100 g</u></dt></dl>"
    )

    assert read_page(article(terms + COOKING), URL).lines == ("bí đỏ 300 g", "tôm khô 100 g")


def test_subheadings_are_not_ingredients() -> None:
    lines = "<h2>Ingredients</h2><ul><li>300 g pumpkin</li><li>For the stock</li><li>100 g shrimp</li><li>Topping:</li><li>2 scallions</li></ul>"

    assert read_page(article(lines + COOKING), URL).lines == ("300 g pumpkin", "100 g shrimp", "2 scallions")


def test_facts_under_a_heading_for_steps_are_not_steps() -> None:
    facts = "<h3>Preparation</h3><ul><li>20 min</li><li>Easy</li><li>Serves 4</li></ul>"
    steps = "<h2>Preparation</h2><ul><li>Peel the pumpkin and cut it.</li><li>Boil it with the shrimp.</li></ul>"
    lines = "<h2>Ingredients</h2><ul><li>300 g pumpkin</li><li>100 g shrimp</li></ul>"

    assert read_page(article(facts + lines + steps), URL).steps == (
        "Peel the pumpkin and cut it.", "Boil it with the shrimp.",
    )  # fmt: skip


@pytest.mark.parametrize("before", ["Bước {} | ", "STEP {}: ", "– ", "• "])
def test_a_prefix_of_every_step_is_not_part_of_it(before: str) -> None:
    texts = ("Gọt vỏ bí rồi cắt miếng.", "Nấu sôi với tôm khô mười phút.", "Rắc hành lá lên trên.")
    steps = "".join(f"<p>{before.format(place)}{text}</p>" for place, text in enumerate(texts, 1))

    found = read_page(article(f"{PUMPKIN}<h2>Cách làm</h2>{steps}<p>Post Views: 66</p><p>NOTE | lạ miệng</p>"), URL)

    assert found.steps == texts


def test_a_sentence_that_announces_the_steps_ends_the_ingredients() -> None:
    lines = "<h2>Ingredients</h2><ul><li>300 g pumpkin</li><li>100 g shrimp</li></ul>"
    steps = "<p><strong>Here’s how to make it:</strong></p><ol><li>Peel the pumpkin and cut it.</li><li>Boil it with the shrimp.</li></ol>"

    found = read_page(article(lines + steps), URL)

    assert (len(found.lines), found.steps[0]) == (2, "Peel the pumpkin and cut it.")
