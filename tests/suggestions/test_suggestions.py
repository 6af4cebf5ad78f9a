"""Suggestions over HTTP: the catalogue comes first, limits always apply, quotas are exact."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings

from apps.core import clock, ids
from apps.core.transactions import Transaction
from apps.ingredients import services as ingredients
from apps.suggestions import repositories
from tests.support import recipes
from tests.support.ingredients import id_of
from tests.support.suggestions import ask, asked, finish, prefer, published

pytestmark = pytest.mark.usefixtures("seeded")

# Ingredients that no other test uses, so that other tests' recipes don't match.
RARE = ("hạt mắc ca", "củ niễng", "quả sung")


def test_the_catalogue_answers_at_once(api: Any, ana: Any, ben: Any) -> None:
    recipe = published(api, ana, "chim cút", "củ sen", "muối", "nước mắm")

    answer = ask(api, ben, "chim cút", "củ sen", recipe_count=1)

    body = answer.json()
    assert (answer.status_code, body["status"]) == (200, "complete")
    assert answer.headers["Location"] == f"/v1/suggestions/{body['id']}"
    first = body["recipes"][0]
    assert (first["source"], first["recipe"]["id"], first["match"]["score"]) == ("catalogue", recipe["id"], 1.0)
    assert body["stats"]["from_catalogue"] == 1
    assert body["stats"]["coverage_percent"] == 100.0
    assert body["stats"]["cost_usd"] == 0
    assert body["stats"]["cost_saved_usd"] > 0


@pytest.mark.parametrize("wanted", ["vi", "en"])
def test_recipes_are_in_the_language_that_was_asked_for(api: Any, ana: Any, ben: Any, wanted: str) -> None:
    made = {one: published(api, ana, "chim cút", "củ sen", "muối", language=one)["id"] for one in ("vi", "en")}

    found = asked(api, ben, "chim cút", "củ sen", "thịt heo", "cà rốt", recipe_count=5, language=wanted)["recipes"]

    assert made[wanted] in [one["recipe"]["id"] for one in found]
    assert {one["recipe"]["language"] for one in found} == {wanted}


def test_the_gap_is_composed_at_once(api: Any, ben: Any) -> None:
    answer = ask(api, ben, *RARE, "thịt heo", "cà rốt", recipe_count=2)

    body = answer.json()
    assert (answer.status_code, body["status"]) == (200, "complete")
    assert [one["source"] for one in body["recipes"]] == ["rules", "rules"]
    for one in body["recipes"]:
        recipe = one["recipe"]
        assert (recipe["source"], recipe["approval"], recipe["owner"]) == ("rules", "pending", None)
        assert recipe["allergens_complete"] is True
        assert one["match"]["missing"] == []
        assert api.get(f"/v1/recipes/{recipe['id']}", token=ben.token).status_code == 200
    assert len({one["recipe"]["method"] for one in body["recipes"]}) == 2
    assert body["stats"]["from_rules"] == 2


def test_a_repeated_request_gets_the_same_composed_answer(api: Any, ben: Any) -> None:
    first = asked(api, ben, "thịt nai", "khoai tây", recipe_count=1)

    again = asked(api, ben, "thịt nai", "khoai tây", recipe_count=1)

    assert [one["recipe"]["id"] for one in again["recipes"]] == [one["recipe"]["id"] for one in first["recipes"]]
    assert repositories.quota_used(ben.id, clock.now().date()) == 1


def test_a_cached_answer_does_not_add_recipes_beyond_the_requested_number(api: Any, ana: Any, ben: Any) -> None:
    """The cached recipe replaces the catalogue's second choice: two recipes are requested, and two returned."""
    names = ("thịt đà điểu", "khoai tây", "cà rốt")
    published(api, ana, *names, title="Đà điểu hầm củ", method="braise")
    published(api, ana, *names, "củ dền", title="Nồi đà điểu bốn mùa", method="braise")

    answers = [asked(api, ben, *names, recipe_count=2) for _ in range(2)]

    assert [sorted(one["source"] for one in answer["recipes"]) for answer in answers] == [["catalogue", "rules"]] * 2
    assert [one["recipe"]["id"] for one in answers[0]["recipes"]] == [
        one["recipe"]["id"] for one in answers[1]["recipes"]
    ]


def test_an_answer_has_reasons_shortages_and_substitutes(api: Any, ana: Any, ben: Any) -> None:
    lines = [{"name": "trứng ngỗng", "quantity": 3, "unit": "quả"}, {"name": "lá hẹ"}]
    recipe = recipes.create(api, ana, ingredients=lines, servings=2)
    recipes.publish(recipe["id"])

    body = asked(api, ben, "1 quả trứng ngỗng", "lá hẹ", recipe_count=5)

    found = next(one for one in body["recipes"] if one["recipe"]["id"] == recipe["id"])
    [short] = found["match"]["short"]
    assert (short["have"], short["need"], short["unit"]) == (1.0, 3.0, "quả")
    assert found["match"]["why"].startswith("Uses all you have; it needs more goose egg than you have")


def test_the_pantry_alone_is_enough_and_expired_food_is_left_out(api: Any, ana: Any, ben: Any) -> None:
    recipe = published(api, ana, "thịt thỏ", "hạt dẻ")
    for name, expires_on in (("thịt thỏ", "2999-01-01"), ("hạt dẻ", None), ("cá hồi", "2020-01-01")):
        body = {"expires_on": expires_on} if expires_on else {}
        api.put(f"/v1/pantry/{id_of(name)}", json=body, token=ben.token)

    answer = asked(api, ben, recipe_count=3, use_pantry=True)

    assert recipe["id"] in [one["recipe"]["id"] for one in answer["recipes"]]
    assert [w["code"] for w in answer["warnings"] if "salmon" in w["message"]] == ["expired_ingredient"]


def test_an_empty_lot_is_not_at_hand(api: Any, ben: Any) -> None:
    for name in ("thịt thỏ", "hạt dẻ"):
        api.put(f"/v1/pantry/{id_of(name)}", json={"quantity": 0, "unit": "g"}, token=ben.token)

    answer = ask(api, ben, use_pantry=True)

    assert (answer.status_code, answer.json()["code"]) == (400, "not_enough_ingredients")


def test_the_number_of_ingredients_to_buy_can_be_limited(api: Any, ana: Any, ben: Any) -> None:
    recipe = published(api, ana, "lươn", "chuối hột", "củ chuối", title="Món ngẫu hứng")

    several = asked(api, ben, "lươn", "chuối hột", recipe_count=5)
    nothing = asked(api, ben, "lươn", "chuối hột", recipe_count=5, max_missing=0)

    assert recipe["id"] in [one["recipe"]["id"] for one in several["recipes"]]
    assert recipe["id"] not in [one["recipe"]["id"] for one in nothing["recipes"]]


def test_ingredients_that_make_no_dish_get_a_warning_and_no_nonsense(api: Any, ben: Any) -> None:
    body = asked(api, ben, "kẹo dẻo", "cá mòi hộp", recipe_count=3)

    assert body["recipes"] == []
    assert [warning["code"] for warning in body["warnings"]] == ["no_recipes"]


def test_a_generated_recipe_is_visible_only_to_people_it_was_suggested_to(api: Any, ben: Any, cyd: Any) -> None:
    done = asked(api, ben, "thịt dê", "khoai môn", recipe_count=1)
    recipe_id = done["recipes"][0]["recipe"]["id"]

    assert api.get(f"/v1/recipes/{recipe_id}", token=cyd.token).status_code == 404
    assert api.get(f"/v1/suggestions/{done['id']}", token=cyd.token).status_code == 404


def test_unusable_names_are_reported_and_the_others_are_used(api: Any, ben: Any) -> None:
    body = asked(api, ben, "thịt bò", "cà chua", "xi măng", "dua", recipe_count=1)

    codes = {warning["input"]: warning["code"] for warning in body["warnings"] if warning["input"]}
    assert codes["xi măng"] == "unknown_ingredient"
    assert codes["dua"] == "ambiguous_ingredient"
    assert next(w for w in body["warnings"] if w["input"] == "dua")["suggestions"]


def test_fewer_than_two_usable_names_are_not_enough(api: Any, ben: Any) -> None:
    answer = ask(api, ben, "thịt bò", "xi măng")

    assert (answer.status_code, answer.json()["code"]) == (400, "not_enough_ingredients")
    assert "xi măng" in answer.json()["detail"]


def test_a_name_given_twice_counts_once(api: Any, ben: Any) -> None:
    assert ask(api, ben, "cà chua", "tomato").status_code == 400


@pytest.mark.parametrize(
    ("allergies", "carrier"),
    [
        (["fish"], "nước mắm"),
        (["crustaceans"], "mắm tôm"),
        (["soy"], "nước tương"),
        (["gluten"], "nước tương"),
        (["molluscs"], "dầu hào"),
        (["peanuts"], "đậu phộng"),
        (["milk"], "bơ lạt"),
        (["eggs"], "trứng gà"),
        (["sesame"], "mè"),
    ],
)
def test_no_recipe_with_a_hidden_allergen_reaches_the_person(
    api: Any, ana: Any, person: Any, allergies: list[str], carrier: str
) -> None:
    name = ingredients.resolve(carrier)
    assert name is not None
    harmful = published(api, ana, "bí đao", "thịt vịt", carrier, title=f"Món lạ {name.id[-6:]}")
    # Other tests' recipes are called "Bò xào" and may contain some of these.
    harmless = published(api, ana, "bí đao", "thịt vịt", "muối", title=f"Món nhà {name.id[-6:]}")
    eater = person()
    prefer(api, eater, allergies=allergies)

    done = asked(api, eater, "bí đao", "thịt vịt", recipe_count=5)
    done = finish(api, eater, done) if done["status"] == "generating" else done

    offered = {one["recipe"]["id"] for one in done["recipes"]}
    assert harmful["id"] not in offered
    assert harmless["id"] in offered
    for one in done["recipes"]:
        assert not set(allergies) & set(one["recipe"]["allergens"])
        assert one["recipe"]["allergens_complete"]


def test_a_single_ingredient_can_be_an_allergy(api: Any, ana: Any, ben: Any) -> None:
    recipe = published(api, ana, "bầu", "tép khô", "hành lá")
    prefer(api, ben, allergies=[id_of("hành lá")])

    done = asked(api, ben, "bầu", "tép khô", recipe_count=5)
    done = finish(api, ben, done) if done["status"] == "generating" else done

    assert recipe["id"] not in {one["recipe"]["id"] for one in done["recipes"]}


def test_a_recipe_with_an_unknown_ingredient_is_not_offered_to_people_with_allergies(
    api: Any, ana: Any, ben: Any, cyd: Any
) -> None:
    recipe = recipes.create(api, ana, ingredients=[{"name": "thịt cừu"}, {"name": "măng tây"}, {"name": "bột bí mật"}])
    recipes.publish(recipe["id"])
    prefer(api, ben, allergies=["lupin"])

    for eater, expected in ((ben, False), (cyd, True)):
        body = asked(api, eater, "thịt cừu", "măng tây", recipe_count=5)
        assert (recipe["id"] in {one["recipe"]["id"] for one in body["recipes"]}) is expected


def test_forbidden_ingredients_are_left_out_of_the_question(api: Any, ben: Any) -> None:
    prefer(api, ben, allergies=["crustaceans"], dietary_restrictions=["no_pork"])

    body = asked(api, ben, "tôm", "thịt heo", "cà chua", "trứng gà", recipe_count=1)

    forbidden = {w["input"] for w in body["warnings"] if w["code"] == "forbidden_ingredient"}
    assert forbidden == {"tôm", "thịt heo"}


@pytest.mark.parametrize("diet", ["vegan", "no_pork", "gluten_free"])
def test_diets_are_enforced_like_allergies(api: Any, ana: Any, person: Any, diet: str) -> None:
    published(api, ana, "bắp cải", "thịt heo", "nước tương")
    eater = person()
    prefer(api, eater, dietary_restrictions=[diet])

    done = asked(api, eater, "bắp cải", "cà rốt", recipe_count=5)
    done = finish(api, eater, done) if done["status"] == "generating" else done

    assert done["recipes"]
    assert all(diet in one["recipe"]["diets"] for one in done["recipes"])


def test_an_allergy_added_later_applies_to_earlier_suggestions(api: Any, ana: Any, ben: Any) -> None:
    published(api, ana, "cá lóc", "bông so đũa")
    body = asked(api, ben, "cá lóc", "bông so đũa", recipe_count=1)
    assert body["recipes"]

    prefer(api, ben, allergies=["fish"])

    assert api.get(f"/v1/suggestions/{body['id']}", token=ben.token).json()["recipes"] == []


def test_at_most_two_recipes_of_a_method_come_first_and_no_dish_twice(api: Any, ana: Any, ben: Any) -> None:
    for number, title in enumerate(("Gà hầm táo đỏ", "Lẩu gà ác", "Canh gà nấm tràm", "Súp gà hạt kê")):
        published(api, ana, "gà ác", "nấm tràm", title=f"{title}", method="soup", servings=number + 1)
    published(api, ana, "gà ác", "nấm tràm", title="Canh gà nấm tràm miền Tây", method="soup")
    published(api, ana, "gà ác", "nấm tràm", title="Gà xào sả", method="stir_fry")

    offered = asked(api, ben, "gà ác", "nấm tràm", recipe_count=3)["recipes"]

    assert sorted(one["recipe"]["method"] for one in offered) == ["soup", "soup", "stir_fry"]


def test_recipes_cooked_this_week_are_not_suggested_again(api: Any, ana: Any, ben: Any) -> None:
    recipe = published(api, ana, "ốc bươu", "chuối xanh")
    assert asked(api, ben, "ốc bươu", "chuối xanh", recipe_count=1)["recipes"][0]["recipe"]["id"] == recipe["id"]

    session = api.post("/v1/cooking/sessions", json={"recipe_id": recipe["id"]}, token=ben.token).json()
    api.post(f"/v1/cooking/sessions/{session['id']}/complete", token=ben.token)

    body = asked(api, ben, "ốc bươu", "chuối xanh", recipe_count=1)
    assert recipe["id"] not in [one["recipe"]["id"] for one in body["recipes"]]


def test_the_pantry_counts_as_at_hand(api: Any, ana: Any, ben: Any) -> None:
    recipe = published(api, ana, "thịt nai", "rượu vang đỏ", "hạt dẻ", "nấm mối")
    for name in ("hạt dẻ", "nấm mối"):
        api.put(f"/v1/pantry/{id_of(name)}", json={}, token=ben.token)

    body = asked(api, ben, "thịt nai", "rượu vang đỏ", recipe_count=1, use_pantry=True)

    assert body["recipes"][0]["recipe"]["id"] == recipe["id"]
    assert body["recipes"][0]["match"]["missing"] == []


def test_the_same_question_within_an_hour_is_free_and_gets_the_same_answer(
    api: Any, ana: Any, ben: Any, cyd: Any
) -> None:
    names = ("thịt thỏ", "củ dền", "bông cải xanh")
    # The catalogue's dish ranks below a composed one, so that the answer has both kinds in an order to compare.
    published(api, ana, *names, "hạt dẻ", title="Thỏ hầm củ dền", method="braise")
    first = asked(api, ben, *names, recipe_count=3)
    sources = [one["source"] for one in first["recipes"]]
    assert (sources[0], "catalogue" in sources) == ("rules", True)

    answer = ask(api, cyd, *names, recipe_count=3)

    body = answer.json()
    assert (answer.status_code, body["status"]) == (200, "complete")
    assert [one["recipe"]["id"] for one in body["recipes"]] == [one["recipe"]["id"] for one in first["recipes"]]
    assert body["stats"]["cost_usd"] == 0
    assert repositories.quota_used(cyd.id, clock.now().date()) == 0
    assert api.get(f"/v1/recipes/{body['recipes'][0]['recipe']['id']}", token=cyd.token).status_code == 200


def test_the_daily_quota_is_exact_for_fifty_concurrent_requests(ben: Any, server: Any) -> None:
    def one(number: int) -> int:
        # Fifty different questions, since equal ones would share one generation.
        return ask(server.api, ben, "đà điểu", "củ đậu", recipe_count=1, max_minutes=60 + number).status_code

    with ThreadPoolExecutor(50) as threads:
        statuses = list(threads.map(one, range(50)))

    assert set(statuses) <= {200, 429}
    assert statuses.count(200) == settings.AI_DAILY_QUOTA
    assert repositories.quota_used(ben.id, clock.now().date()) == settings.AI_DAILY_QUOTA


def test_an_exhausted_quota_leaves_the_catalogue(api: Any, ana: Any, ben: Any) -> None:
    recipe = published(api, ana, "thịt trâu", "cà rốt", title="Trâu xào cà rốt")
    transaction = Transaction()
    today, most = clock.now().date(), settings.AI_DAILY_QUOTA
    repositories.reserve(transaction, user_id=ben.id, day=today, count=most, most=most)
    transaction.commit()

    answer = ask(api, ben, "thịt trâu", "cà rốt", recipe_count=3)
    refused = ask(api, ben, "thịt cừu", "súp lơ trắng")

    assert answer.status_code == 200
    assert [one["recipe"]["id"] for one in answer.json()["recipes"]] == [recipe["id"]]
    assert "quota_exceeded" in [warning["code"] for warning in answer.json()["warnings"]]
    assert (refused.status_code, refused.json()["code"]) == (429, "quota_exceeded")
    assert 0 < int(refused.headers["Retry-After"]) <= 86_400


def test_feedback_is_stored_and_other_peoples_suggestions_are_404(api: Any, ben: Any, cyd: Any) -> None:
    body = asked(api, ben, "thịt bò", "cà chua", recipe_count=1)
    path = f"/v1/suggestions/{body['id']}/feedback"

    assert api.post(path, json={"accepted": True, "stars": 4}, token=ben.token).status_code == 204
    assert api.post(path, json={"accepted": True}, token=cyd.token).status_code == 404
    row = repositories.read(ben.id, body["id"])
    assert row is not None
    assert row.feedback["stars"] == 4


def test_feedback_on_one_recipe_stands_beside_feedback_on_the_whole(api: Any, ben: Any) -> None:
    body = asked(api, ben, "thịt bò", "cà chua", recipe_count=1)
    path = f"/v1/suggestions/{body['id']}/feedback"
    about = body["recipes"][0]["recipe"]["id"]

    for said in ({"accepted": True, "stars": 4}, {"accepted": False, "recipe_id": about}, {"accepted": True}):
        assert api.post(path, json=said, token=ben.token).status_code == 204

    row = repositories.read(ben.id, body["id"])
    assert row is not None
    assert row.feedback["accepted"] is True
    assert row.feedback["recipes"][about]["accepted"] is False


def test_feedback_on_a_recipe_that_was_not_suggested_is_refused(api: Any, ben: Any) -> None:
    body = asked(api, ben, "thịt bò", "cà chua", recipe_count=1)
    said = {"accepted": False, "recipe_id": ids.new_id()}

    answer = api.post(f"/v1/suggestions/{body['id']}/feedback", json=said, token=ben.token)

    assert (answer.status_code, answer.json()["code"]) == (404, "recipe_not_found")


def test_suggestions_are_listed_newest_first(api: Any, ben: Any) -> None:
    made = [asked(api, ben, "thịt bò", "cà chua", recipe_count=1)["id"] for _ in range(3)]

    first = api.get("/v1/suggestions?limit=2", token=ben.token).json()
    rest = api.get(f"/v1/suggestions?limit=2&cursor={first['next']}", token=ben.token).json()

    assert [one["id"] for one in first["items"] + rest["items"]] == made[::-1]


def test_an_unknown_suggestion_is_404(api: Any, ben: Any) -> None:
    assert api.get(f"/v1/suggestions/{ids.new_id()}", token=ben.token).status_code == 404


@pytest.mark.parametrize("none", ["0 hạt dẻ", "0g hạt dẻ", "hạt dẻ: 0 g"])
def test_an_amount_of_zero_is_not_at_hand(api: Any, ana: Any, ben: Any, none: str) -> None:
    published(api, ana, "thịt thỏ", "hạt dẻ")

    answer = asked(api, ben, "thịt thỏ", "hành tây", none, recipe_count=5)

    assert [w["code"] for w in answer["warnings"] if w["input"] == none] == ["absent_ingredient"]
    chestnut = id_of("hạt dẻ")
    assert chestnut not in {id_ for one in answer["recipes"] for id_ in one["match"]["have"]}
