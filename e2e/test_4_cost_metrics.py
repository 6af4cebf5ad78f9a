"""Cost metrics: every suggestion says what it cost and what the catalogue saved, and one's own figures add up."""

from e2e.people import Person, Tidy
from e2e.test_2_ai_suggestions import COMMON, suggest


def test_a_suggestion_says_how_many_recipes_came_from_where(ana: Person) -> None:
    stats = suggest(ana, recipe_count=2)["stats"]

    assert stats["from_catalogue"] + stats["from_ai"] + stats["from_rules"] <= stats["requested"]


def test_the_sources_of_the_recipes_are_those_of_the_figures(ana: Person) -> None:
    found = suggest(ana, recipe_count=2)

    sources = [one["source"] for one in found["recipes"]]
    assert sources.count("catalogue") == found["stats"]["from_catalogue"]


def test_the_share_of_the_catalogue_is_a_percentage(ana: Person) -> None:
    assert 0 <= suggest(ana)["stats"]["coverage_percent"] <= 100


def test_recipes_that_no_model_wrote_cost_nothing_and_save_what_one_costs(ana: Person) -> None:
    stats = suggest(ana)["stats"]

    assert (stats["cost_usd"] > 0) == (stats["from_ai"] > 0)
    assert (stats["cost_saved_usd"] > 0) == (stats["from_catalogue"] + stats["from_rules"] > 0)


def test_a_suggestion_costs_less_than_five_cents(ana: Person) -> None:
    """Three of the longest generations of the dearest model that is listed stay below it."""
    assert suggest(ana, COMMON)["stats"]["cost_usd"] < 0.05


def test_the_history_has_the_figures_of_each_suggestion(ana: Person) -> None:
    found = suggest(ana)

    (kept,) = [one for one in ana.get("/v1/suggestions")["items"] if one["id"] == found["id"]]
    assert kept["stats"] == found["stats"]


def test_ones_own_figures_count_recipes_that_were_written(ana: Person, own_recipe: str) -> None:
    before = ana.get("/v1/users/me/stats")["recipes"]

    assert before >= 1
    ana.delete(own_recipe)
    assert ana.get("/v1/users/me/stats")["recipes"] == before - 1


def test_ones_own_figures_count_meals(ana: Person, own_recipe: str, tidy: Tidy) -> None:
    before = ana.get("/v1/users/me/stats")["cooked"]
    session = ana.post("/v1/cooking/sessions", {"recipe_id": own_recipe.rpartition("/")[2]})
    path = tidy.remove(ana, f"/v1/cooking/sessions/{session['id']}")

    ana.post(f"{path}/complete")

    assert ana.get("/v1/users/me/stats")["cooked"] == before + 1
