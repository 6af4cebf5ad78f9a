"""The client beyond the main path: edits, tags, lists, appeals, allergies."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from apps.core import ids
from tests.support import browser, people, recipes
from tests.support.moderators import Staff

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded", "worker")]


def test_an_author_edits_a_post_and_who_sees_it(visit: Any, server: Any, ana: Any) -> None:
    body = {"content": "Hôm nay nấu phở", "visibility": "public"}
    post = server.api.post("/v1/posts", json=body, token=ana.token).json()
    page = visit(ana, f"/posts/{post['id']}")

    page.get_by_role("button", name="Edit post").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Text").fill("Hôm nay nấu bún")
    dialog.get_by_text("Only me", exact=True).click()
    dialog.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Hôm nay nấu bún")).to_be_visible()
    stored = server.api.get(f"/v1/posts/{post['id']}", token=ana.token).json()
    assert (stored["content"], stored["visibility"]) == ("Hôm nay nấu bún", "private")


def test_comments_are_edited_by_their_authors_and_loved_by_others(visit: Any, server: Any, ana: Any, ben: Any) -> None:
    post = server.api.post("/v1/posts", json={"content": "Phở", "visibility": "public"}, token=ana.token).json()
    comments = f"/v1/posts/{post['id']}/comments"
    theirs = server.api.post(comments, json={"content": "Ngon quá"}, token=ben.token).json()
    page = visit(ana, f"/posts/{post['id']}")

    page.get_by_role("button", name="Love this comment").click()
    expect(page.get_by_role("button", name="Take your reaction back")).to_be_visible()
    page.get_by_label("Write a comment").fill("Cam on ban")
    page.get_by_role("button", name="Post", exact=True).click()
    page.get_by_role("button", name="Edit comment").click()
    page.get_by_role("textbox", name="Edit comment").fill("Cảm ơn bạn")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Cảm ơn bạn")).to_be_visible()
    expect(page.get_by_text(re.compile("edited"))).to_be_visible()
    assert not browser.violations(page)
    assert server.api.get(f"{comments}/{theirs['id']}", token=ben.token).json()["reaction_count"] == 1


def test_a_recipe_becomes_a_shopping_list_for_as_many_as_eat(visit: Any, server: Any, ana: Any, ben: Any) -> None:
    page = visit(ana, f"/recipes/{recipes.publish_on(server, ben)}")
    for _ in range(2):
        page.get_by_role("button", name="One serving more").click()

    page.get_by_role("button", name="Make a shopping list").click()

    page.wait_for_url("**/lists/*")
    expect(page.get_by_role("listitem").filter(has_text="beef")).to_contain_text("600 g")


def test_the_owner_corrects_tags_and_deletes_a_recipe(visit: Any, server: Any, ana: Any) -> None:
    recipe_id = recipes.publish_on(server, ana)
    page = visit(ana, f"/recipes/{recipe_id}")

    page.get_by_role("button", name="Correct the tags").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Tết", exact=True).click()
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Tết", exact=True)).to_be_visible()
    tags = server.api.get(f"/v1/recipes/{recipe_id}/tags", token=ana.token).json()["tags"]
    assert ("tet", "owner") in {(tag["name"], tag["by"]) for tag in tags}

    page.get_by_role("button", name="Delete recipe").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.wait_for_url("**/mine")
    assert server.api.get(f"/v1/recipes/{recipe_id}", token=ana.token).status_code == 404


def test_a_rating_is_given_and_taken_back(visit: Any, server: Any, ana: Any, ben: Any) -> None:
    recipe_id = recipes.publish_on(server, ben)
    page = visit(ana, f"/recipes/{recipe_id}")
    page.get_by_role("button", name="4 stars").click()
    page.get_by_role("button", name="Send rating").click()

    page.get_by_role("button", name="Take your rating back").click()

    expect(page.get_by_role("button", name="Take your rating back")).to_have_count(0)
    assert server.api.get(f"/v1/recipes/{recipe_id}/ratings", token=ana.token).json()["items"] == []


def test_what_is_being_cooked_is_stopped_and_leaves_the_history(visit: Any, server: Any, ana: Any) -> None:
    body = {"recipe_id": recipes.publish_on(server, ana)}
    assert server.api.post("/v1/cooking/sessions", json=body, token=ana.token).status_code == 201
    page = visit(ana, "/history")

    page.get_by_role("button", name="Stop cooking").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("listitem").get_by_text("abandoned")).to_be_visible()
    page.get_by_role("button", name="Delete from the history").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()

    expect(page.get_by_text("You have not cooked anything here yet")).to_be_visible()


def test_what_was_asked_is_found_again(visit: Any, server: Any, ana: Any) -> None:
    body = {"ingredients": ["thịt bò", "cà chua"]}
    asked = server.api.post("/v1/suggestions", json=body, token=ana.token).json()
    page = visit(ana, "/history?tab=asked")

    page.get_by_role("link", name="beef, tomato").click()

    page.wait_for_url(f"**/answer/{asked['id']}")


def test_whoever_is_rejected_asks_for_another_look(visit: Any, server: Any, ana: Any, mod: Staff) -> None:
    recipe_id = recipes.publish_on(server, ana)
    act = {"reason": "Ảnh không phải của món này"}
    path = f"/v1/moderation/recipes/{recipe_id}/reject"
    rejected = server.api.post(path, json=act, token=mod.token, headers={"If-Match": "*"})
    assert rejected.status_code == 200, rejected.content
    page = visit(ana, f"/recipes/{recipe_id}")

    page.get_by_role("link", name="Ask for another look").click()
    page.get_by_label("Why is the decision wrong?").fill("Ảnh do tôi chụp.")
    assert not browser.violations(page)
    page.get_by_role("button", name="Send").click()

    expect(page.get_by_text("Sent. We will tell you the outcome.")).to_be_visible()


def test_an_allergy_to_a_single_food_is_kept(visit: Any, server: Any, ana: Any) -> None:
    page = visit(ana, "/settings")
    page.get_by_role("combobox", name="Add a food").fill("cà chua")
    page.get_by_role("combobox", name="Add a food").press("Escape")
    page.locator("#food").get_by_role("button", name="Add", exact=True).click()
    chosen = page.get_by_role("list", name="Allergies to other foods")
    expect(chosen).to_contain_text("tomato")
    page.locator("#food").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()

    kept = server.api.get("/v1/users/me/preferences", token=ana.token).json()["allergies"]
    assert [server.api.get(f"/v1/ingredients/{one}", token=ana.token).json()["name_en"] for one in kept] == ["tomato"]


def test_filters_of_the_catalogue_stand_in_its_address(visit: Any, server: Any, ana: Any) -> None:
    recipes.publish_on(server, ana)
    page = visit(ana, "/recipes")
    page.get_by_role("button", name="Filters").click()
    page.get_by_text("Peanuts", exact=True).click()
    page.get_by_text("Fish", exact=True).click()
    page.get_by_label("Tag").select_option("Vietnamese")
    page.get_by_label("Method").select_option("Stir-fry")

    expect(page).to_have_url(re.compile(r"without_allergen=peanuts%2Cfish.*tag=vietnamese.*method=stir_fry"))
    page.reload()
    expect(page.get_by_role("button", name="Filters (3)")).to_be_visible()
    expect(page.locator(".dish").first).to_be_visible()


def test_foods_that_must_be_in_a_dish_and_those_that_must_not_narrow_the_catalogue(
    visit: Any, server: Any, ana: Any
) -> None:
    word = ids.new_id()[-8:]
    with_onion, without = f"Bò xào hành {word}", f"Bò xào {word}"
    recipes.publish_on(server, ana, title=with_onion)
    recipes.publish_on(server, ana, title=without, ingredients=[{"name": "thịt bò", "quantity": 300, "unit": "g"}])
    page = visit(ana, f"/recipes?q={word}")
    expect(page.get_by_role("link", name=with_onion)).to_be_visible()
    page.get_by_role("button", name="Filters").click()

    unwanted = page.get_by_role("group", name="Without these foods")
    unwanted.get_by_role("combobox").fill("onion")
    unwanted.get_by_role("button", name="Add").click()
    expect(page.get_by_role("link", name=with_onion)).to_have_count(0)
    expect(page.get_by_role("link", name=without)).to_be_visible()

    unwanted.get_by_role("button", name="Remove onion").click()
    wanted = page.get_by_role("group", name="With these foods")
    wanted.get_by_role("combobox").fill("onion")
    wanted.get_by_role("button", name="Add").click()
    expect(page.get_by_role("link", name=without)).to_have_count(0)
    expect(page.get_by_role("link", name=with_onion)).to_be_visible()


def test_username_and_address_are_changed_with_the_password(visit: Any, server: Any, ana: Any) -> None:
    page = visit(ana, "/settings/account")
    wanted = f"n{ids.new_id()[-12:].lower()}"
    name = page.locator("form").filter(has_text="Change the username")
    name.get_by_label("New username").fill(wanted)
    name.get_by_label("Your password").fill("Sai-mat-khau-1!")
    name.get_by_role("button", name="Change the username").click()
    expect(name.get_by_role("alert")).to_be_visible()
    name.get_by_label("Your password").fill(people.PASSWORD)
    name.get_by_role("button", name="Change the username").click()
    expect(page.get_by_text("Your username has changed.")).to_be_visible()

    mail = page.locator("form").filter(has_text="New email")
    mail.get_by_label("New email").fill(f"{wanted}@example.com")
    mail.get_by_label("Your password").fill(people.PASSWORD)
    mail.get_by_role("button", name="Send the code").click()
    expect(page.get_by_text(f"The code is on its way to {wanted}@example.com.")).to_be_visible()
    assert not browser.violations(page)


def test_the_terms_of_now_are_accepted_once(visit: Any, ana: Any) -> None:
    page = visit(ana, "/settings/data")

    page.get_by_role("button", name="I accept").click()

    expect(page.get_by_text("You accepted version")).to_be_visible()
    expect(page.get_by_role("button", name="I accept")).to_have_count(0)


def test_who_has_not_accepted_the_terms_is_reminded_until_they_do(visit: Any, server: Any, ana: Any) -> None:
    page = visit(ana, "/feed")
    reminder = page.get_by_role("complementary", name="Terms and privacy notice")
    reminder.get_by_role("link", name="Read them").click()
    expect(page.get_by_role("heading", name="Privacy notice", exact=True)).to_be_visible()

    page.get_by_role("button", name="I accept").click()

    expect(page.get_by_text("You accepted version")).to_be_visible()
    assert server.api.get("/v1/users/me/consent", token=ana.token).json()["required"] is False
    page.get_by_role("link", name="Feed", exact=True).click()
    expect(page.get_by_role("heading", name="Feed", level=1)).to_be_visible()
    expect(reminder).to_have_count(0)


def test_the_terms_are_read_in_both_languages_before_one_registers(visit: Any) -> None:
    page = visit(None, "/register")
    page.get_by_label("Password").fill(people.PASSWORD)

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Terms and privacy notice").click()
    terms = opened.value

    expect(terms.get_by_role("heading", name="Privacy notice", exact=True)).to_be_visible()
    terms.get_by_role("button", name="VI – Tiếng Việt").click()
    expect(terms.get_by_role("heading", name="Thông báo về quyền riêng tư", exact=True)).to_be_visible()
    expect(page.get_by_label("Password")).to_have_value(people.PASSWORD)


def test_an_owner_sees_which_text_waits_and_gives_it_up(visit: Any, server: Any, ana: Any) -> None:
    recipe_id = recipes.publish_on(server, ana, title="Bò xào đã duyệt")
    page = visit(ana, f"/recipes/{recipe_id}/edit")
    expect(page.get_by_text("This recipe is in the catalogue.")).to_be_visible()
    page.get_by_label("Title").fill("Bò xào bản mới")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", name="Bò xào bản mới", level=1)).to_be_visible()
    expect(page.get_by_text("Your new text waits for a moderator.")).to_be_visible()
    assert not browser.violations(page)
    page.goto("/mine")
    card = page.get_by_role("article").filter(has_text="Bò xào bản mới")
    expect(card.get_by_text("new text waits for a moderator")).to_be_visible()
    card.get_by_role("link", name="Bò xào bản mới").click()
    page.get_by_role("link", name="See the approved text").click()
    expect(page.get_by_role("heading", name="Bò xào đã duyệt", level=1)).to_be_visible()
    page.get_by_role("link", name="See the text you wrote last").click()
    page.get_by_role("button", name="Give up the new text").click()
    page.get_by_role("dialog").get_by_role("button", name="Give up the new text").click()

    expect(page.get_by_role("heading", name="Bò xào đã duyệt", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="See the approved text")).to_have_count(0)
    left = server.api.get(f"/v1/recipes/{recipe_id}", token=ana.token).json()
    assert (left["title"], left["approval"]) == ("Bò xào đã duyệt", "approved")


def test_amounts_in_steps_follow_the_servings_on_the_page_and_in_cook_mode(visit: Any, server: Any, ana: Any) -> None:
    steps = [{"text": "🔥 Cho 300 g thịt bò và 2 quả cà chua vào đảo 3 phút."}]
    page = visit(ana, f"/recipes/{recipes.create(server.api, ana, steps=steps)['id']}")
    expect(page.locator(".step p").first).to_have_text("🔥 Cho 300 g thịt bò và 2 quả cà chua vào đảo 3 phút.")

    for _ in range(2):
        page.get_by_role("button", name="One serving more").click()
    expect(page.locator(".step p").first).to_have_text("🔥 Cho 600 g thịt bò và 4 quả cà chua vào đảo 3 phút.")
    page.get_by_role("button", name="Start cooking").click()

    expect(page.locator(".cook-text")).to_have_text("🔥 Cho 600 g thịt bò và 4 quả cà chua vào đảo 3 phút.")


def test_who_posts_a_recipe_that_readers_cannot_open_shares_it_with_them(
    visit: Any, server: Any, ana: Any, ben: Any
) -> None:
    recipe_id = recipes.create(server.api, ana)["id"]
    page = visit(ana, f"/feed?recipe={recipe_id}")
    page.get_by_label("Write a post").fill("Món nhà tôi")
    page.get_by_text("Everyone", exact=True).click()

    expect(page.get_by_text("only your friends can open it")).to_be_visible()
    page.get_by_role("checkbox", name="Share the recipe with the readers").check()
    assert not browser.violations(page)
    page.get_by_role("button", name="Post", exact=True).click()

    expect(page.get_by_text("Posted.")).to_be_visible()
    [post] = server.api.get(f"/v1/users/{ana.id}/posts", token=ben.token).json()["items"]
    assert (post["recipe_shared"], post["recipe"]["id"]) == (True, recipe_id)


def test_ones_own_recipes_are_taken_along(visit: Any, server: Any, ana: Any) -> None:
    recipes.create(server.api, ana)
    page = visit(ana, "/mine")
    page.get_by_role("link", name="Download all my recipes").click()
    section = page.locator("section").filter(has_text="Take your recipes along")

    section.get_by_role("button", name="Prepare the download").click()

    expect(section.get_by_role("button", name="Download", exact=True)).to_be_visible()
