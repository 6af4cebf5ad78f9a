"""The user actions that `capacity_report` measures, in order."""

import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import orjson
from django.conf import settings
from django.test import override_settings

from apps.core import clock, ids, keys, outbox
from apps.core.change_feed import OVERLAP, ChangeFeedFollower
from apps.core.transactions import Transaction
from apps.ingredients import services as ingredients
from apps.ingredients.directory import LiveDirectory
from apps.media import inspection, removal
from apps.notifications import delivery, mail
from apps.notifications.events import NotificationEvent, NotificationKind, NotificationTarget
from apps.recipes import catalogue, rating_recounts
from apps.recipes import services as recipes
from apps.search.index import IndexedRecipe, SearchQuery
from apps.suggestions.generation import worker
from apps.users import suspensions
from devtools.capacity import household_actions, picture, social_actions
from devtools.capacity.stage import Performer, Stage, make_password, read

# The confirmation code of the local user pool.
_CODE = "123456"
_NAMES = ("thịt bò", "cà chua", "hành tây", "tỏi", "gừng", "trứng gà", "nước mắm", "carrot", "potato", "tofu")
_PREFERENCES = {
    "dietary_restrictions": ["no_pork"], "allergies": ["peanuts"], "favorite_cuisines": ["vietnamese"],
    "cooking_methods": ["stir_fry", "soup"], "recipe_count": 3, "max_minutes": 60, "household_size": 2,
}  # fmt: skip
# Ingredients by which to ask for a recipe.
_ENOUGH = 4
# The number of unread notifications of somebody who never reads them.
_MANY = 60
# Ingredients that no recipe of the catalogue uses, so that every recipe has to be generated.
_UNUSUAL = ("thịt nai", "khoai lang", "rau muống", "thịt đà điểu")


def play_all(stage: Stage) -> None:
    """Run every action once; earlier actions create what later ones need."""
    # Leave out what every process does once.
    catalogue.current()
    ingredients.match(_NAMES)
    for area, play in _AREAS.items():
        stage.area = area
        play(stage)


def _accounts(stage: Stage) -> None:
    username, password = f"capacity_{secrets.token_hex(6)}", make_password()
    form = {"email": f"{username}@example.com", "password": password, "username": username, "full_name": "Cap Acity"}
    stage.count("register", lambda: stage.ask("POST", "/v1/auth/register", body=form))
    confirmation = {"username": username, "code": _CODE}
    stage.count("confirm", lambda: stage.ask("POST", "/v1/auth/confirm", body=confirmation))
    login = {"username": username, "password": password}
    stage.count("login", lambda: stage.ask("POST", "/v1/auth/login", body=login))
    ana = stage.log_in(username, password)
    stage.count("read one's profile", lambda: stage.ask("GET", "/v1/users/me", ana))
    stage.count("edit one's profile", lambda: stage.ask("PATCH", "/v1/users/me", ana, {"bio": "Thích nấu canh chua."}))
    stage.count("write preferences", lambda: stage.ask("PUT", "/v1/users/me/preferences", ana, _PREFERENCES))
    stage.count("find people by the start of a name", lambda: stage.ask("GET", f"/v1/users?q={username[:4]}", ana))
    stage.count("read privacy", lambda: stage.ask("GET", "/v1/users/me/privacy", ana))
    stage.count("edit privacy", lambda: stage.ask("PATCH", "/v1/users/me/privacy", ana, {"history": "friends"}))
    stage.count("read preferences", lambda: stage.ask("GET", "/v1/users/me/preferences", ana))


def _pictures(stage: Stage) -> None:
    ana = stage.person()
    wanted = {"purpose": "avatar", "content_type": "image/png", "size": len(picture.PNG)}
    form = read(stage.count("ask for an upload", _asking(stage, "POST", "/v1/uploads", ana, wanted)))
    path = f"/v1/uploads/{form['id']}"
    picture.post(form)
    stage.count("complete an upload", _asking(stage, "POST", f"{path}/complete", ana))
    stage.count("check a picture: worker", lambda: inspection.inspect_upload(ana.id, form["id"]))
    stage.count("read an upload", _asking(stage, "GET", path, ana))
    stage.count("use a picture as avatar", _asking(stage, "PATCH", "/v1/users/me", ana, {"avatar": form["id"]}))
    stage.count("take the avatar away", _asking(stage, "PATCH", "/v1/users/me", ana, {"avatar": None}))
    stage.count("remove a picture: worker", lambda: removal.remove_upload(ana.id, form["id"]))


def _ingredients(stage: Stage) -> None:
    ana = stage.person()
    names = {"ingredients": list(_NAMES)}
    stage.count("validate 10 known names", lambda: stage.ask("POST", "/v1/ingredients/validate", ana, names))
    strange = {"ingredients": [*_NAMES[:3], f"zzqx {secrets.token_hex(8)}"]}
    stage.count("validate with 1 unknown name", lambda: stage.ask("POST", "/v1/ingredients/validate", ana, strange))
    stage.count("complete a name", lambda: stage.ask("GET", "/v1/ingredients?q=ca", ana))
    known = [match.ingredient.id for match in ingredients.match(_NAMES) if match.ingredient]
    entry = {"quantity": 300, "unit": "g", "expires_on": "2030-01-01"}
    stage.count("put into the pantry", lambda: stage.ask("PUT", f"/v1/pantry/{known[0]}", ana, entry))
    for ingredient_id in known[1:]:
        stage.ask("PUT", f"/v1/pantry/{ingredient_id}", ana, entry)
    stage.count(f"list a pantry of {len(known)}", lambda: stage.ask("GET", "/v1/pantry", ana))


def _recipes(stage: Stage) -> None:
    ana, ben = stage.person(), stage.person()
    made = read(stage.count("create a recipe", lambda: stage.ask("POST", "/v1/recipes", ana, _recipe())))
    path = f"/v1/recipes/{made['id']}"
    keyed = {"Idempotency-Key": ids.new_id()}
    body = _recipe()
    post = _asking(stage, "POST", "/v1/recipes", ana, body, keyed)
    stage.count("create a recipe, with Idempotency-Key", post)
    stage.count("the same request again", post)
    public = next(iter(catalogue.current().search(SearchQuery(), limit=1).hits)).recipe_id
    stage.count("read a recipe: approved", _asking(stage, "GET", f"/v1/recipes/{public}", ben))
    stage.count("read a recipe: one's own, private", _asking(stage, "GET", path, ana))
    _show(made["id"], ben)
    stage.count("read a recipe: private, shown to one besides", _asking(stage, "GET", path, ben))
    stage.count("edit a recipe: title", _asking(stage, "PATCH", path, ana, {"title": "Bò xào cà chua hành tây"}))
    stage.count("list the catalogue", _asking(stage, "GET", "/v1/recipes?limit=25", ben))
    stage.count("search", _asking(stage, "GET", "/v1/recipes?q=ga xao&limit=25", ben))
    stage.count("list one's own recipes (2)", _asking(stage, "GET", "/v1/users/me/recipes", ana))
    stage.count("keep a favorite", _asking(stage, "PUT", f"/v1/recipes/{public}/favorite", ben))
    stage.count("list favorites (1)", _asking(stage, "GET", "/v1/favorites", ben))


def _ratings(stage: Stage) -> None:
    owner, raters = stage.person(), [stage.person() for _ in range(settings.APPROVE_RATINGS + 1)]
    recipe = read(stage.ask("POST", "/v1/recipes", owner, _recipe()))["id"]
    for rater in raters:
        _show(recipe, rater)
    path, stars = f"/v1/recipes/{recipe}/rating", {"stars": 5, "comment": "Ngon, cả nhà thích."}
    *pending, approving, last = raters
    stage.count("rate a pending recipe", _asking(stage, "PUT", path, pending[0], stars))
    for rater in pending[1:]:
        stage.ask("PUT", path, rater, stars)
    stage.count("rate: the rating that approves", _asking(stage, "PUT", path, approving, stars))
    stage.count("rate an approved recipe", _asking(stage, "PUT", path, last, stars))
    stage.count("change a rating", _asking(stage, "PUT", path, last, {"stars": 4}))
    stage.count(f"list ratings ({len(raters)})", _asking(stage, "GET", f"{path}s", owner))
    stage.count("edit an approved recipe", _asking(stage, "PATCH", f"/v1/recipes/{recipe}", owner, {"servings": 3}))
    stage.count("take a rating back", _asking(stage, "DELETE", path, last))
    stage.ask("PUT", f"/v1/users/{approving.id}/block", owner)
    recount = partial(rating_recounts.recount_ratings, approving.id, owner.id, "")
    stage.count("leave a rating out after a block: worker", recount)


def _suggestions(stage: Stage) -> None:
    ana, ben = stage.person(), stage.person()
    question = {"ingredients": _answerable(), "recipe_count": 1}
    # If a model is configured, the catalogue answers alone first; otherwise rules would compose something as well.
    with override_settings(AI_PROVIDERS=["rules", "bedrock"]):
        asking = _asking(stage, "POST", "/v1/suggestions", ana, question)
        answer = read(stage.count("suggest from the catalogue", asking))
    path = f"/v1/suggestions/{answer['id']}"
    stage.count("read a suggestion", _asking(stage, "GET", path, ana))
    open_ = {"ingredients": list(_UNUSUAL), "recipe_count": 3}
    stage.count("suggest with a gap of 3: composed", _asking(stage, "POST", "/v1/suggestions", stage.person(), open_))
    # Let the worker ask rules first: storing a model's answer costs the same.
    with override_settings(AI_PROVIDERS=["rules", "bedrock"]):
        other = {**open_, "max_minutes": 170}
        asking = _asking(stage, "POST", "/v1/suggestions", ben, other)
        asked = read(stage.count("suggest with a gap of 3: request", asking))
        stage.count("suggest with a gap of 3: worker", lambda: worker.generate(ben.id, asked["id"]))
    whole = stage.count("read a generated suggestion", _asking(stage, "GET", f"/v1/suggestions/{asked['id']}", ben))
    generated = read(whole)["recipes"][-1]["recipe"]["id"]
    stage.count("read a recipe: generated for oneself", _asking(stage, "GET", f"/v1/recipes/{generated}", ben))
    stage.count("ask the same within the hour", _asking(stage, "POST", "/v1/suggestions", ben, open_))
    stage.count("give feedback", _asking(stage, "POST", f"{path}/feedback", ana, {"accepted": True, "stars": 5}))
    stage.count("list suggestions (1)", _asking(stage, "GET", "/v1/suggestions", ana))


def _cooking(stage: Stage) -> None:
    ana, public = stage.person(), _median_recipe()
    begin = _asking(stage, "POST", "/v1/cooking/sessions", ana, {"recipe_id": public})
    session = read(stage.count("begin to cook", begin))["id"]
    path = f"/v1/cooking/sessions/{session}"
    stage.count("next step", _asking(stage, "PATCH", path, ana, {"current_step": 1}))
    done = {"notes": "Bớt đường.", "stars": 5}
    stage.count("complete, with stars", _asking(stage, "POST", f"{path}/complete", ana, done))
    stage.count("history (1)", _asking(stage, "GET", "/v1/cooking/sessions", ana))
    stage.count("figures", _asking(stage, "GET", "/v1/cooking/stats", ana))


def _notifications(stage: Stage) -> None:
    """Deliver notifications as the worker does, and read them; `begins` and `joins` are reactions on one post."""
    ana, ben, cyd = stage.person(), stage.person(), stage.person()
    post = ids.new_id()
    stage.count("deliver a comment", _delivering(NotificationKind.COMMENT, ana, ben, post))
    stage.count(
        "deliver a friend request, with its mail's message",
        _delivering(NotificationKind.FRIEND_REQUEST, ana, ben, ben.id),
    )
    befriended = NotificationEvent(
        NotificationKind.FRIEND_REQUEST, ana.id, ben.id, NotificationTarget.USER, ben.id, ids.new_id()
    )
    stage.count("mail a friend request: worker", lambda: mail.send_mail(befriended))
    stage.count("deliver a reaction: begins a fold", _delivering(NotificationKind.REACTION, ana, ben, post))
    stage.count("deliver a reaction: joins a fold", _delivering(NotificationKind.REACTION, ana, cyd, post))
    for _ in range(_MANY):
        _delivering(NotificationKind.COMMENT, ana, ben, post)()
    stage.count(f"the badge, {_MANY + 3} unread", _asking(stage, "GET", "/v1/notifications/unread-count", ana))
    listed = read(stage.count("list 20 notifications", _asking(stage, "GET", "/v1/notifications", ana)))
    stage.count("list 20 unread notifications", _asking(stage, "GET", "/v1/notifications?unread=true", ana))
    path = f"/v1/notifications/{listed['items'][0]['id']}"
    stage.count("read one", _asking(stage, "POST", f"{path}/read", ana))
    stage.count("delete one", _asking(stage, "DELETE", path, ana))
    stage.count("read one's wishes", _asking(stage, "GET", "/v1/users/me/notification-settings", ana))
    wishes = _asking(stage, "PATCH", "/v1/users/me/notification-settings", ana, {"language": "en"})
    stage.count("edit one's wishes", wishes)
    stage.count(f"read all of {_MANY + 2}", _asking(stage, "POST", "/v1/notifications/read-all", ana))


def _delivering(kind: NotificationKind, to: Performer, actor: Performer, target_id: str) -> Callable[[], None]:
    event = NotificationEvent(kind, to.id, actor.id, NotificationTarget.POST, target_id, ids.new_id())
    return lambda: delivery.deliver(event)


def _friends(stage: Stage) -> None:
    ana, ben, cyd = stage.person(), stage.person(), stage.person()
    ask = _asking(stage, "POST", "/v1/friends/requests", ana, {"user_id": ben.id, "message": "Chào bạn!"})
    stage.count("ask to be friends", ask)
    stage.count("list friend requests (1)", _asking(stage, "GET", "/v1/friends/requests", ben))
    accept = _asking(stage, "POST", f"/v1/friends/requests/{ana.id}/accept", ben)
    stage.count("accept a friend request", accept)
    stage.count("list friends (1)", _asking(stage, "GET", "/v1/friends", ana))
    stage.count("read a friend's profile", _asking(stage, "GET", f"/v1/users/{ben.id}", ana))
    stage.count("list what a friend cooked", _showing_history(stage, ben, f"/v1/users/{ben.id}/cooking", ana))
    public = next(iter(catalogue.current().search(SearchQuery(), limit=1).hits)).recipe_id
    session = read(stage.ask("POST", "/v1/cooking/sessions", ben, {"recipe_id": public}))["id"]
    stage.ask("POST", f"/v1/cooking/sessions/{session}/complete", ben)
    catalogue.live().refresh()
    stage.count("list friends who cooked a recipe (1)", _asking(stage, "GET", f"/v1/recipes/{public}/friends", ana))
    stage.count("one's figures", _asking(stage, "GET", "/v1/users/me/stats", ana))
    stage.count("block a friend", _asking(stage, "PUT", f"/v1/users/{ben.id}/block", ana))
    stage.count("list whom one blocked (1)", _asking(stage, "GET", "/v1/users/me/blocks", ana))
    stage.count("lift a block", _asking(stage, "DELETE", f"/v1/users/{ben.id}/block", ana))
    stage.ask("POST", "/v1/friends/requests", cyd, {"user_id": ana.id})
    stage.count("withdraw a friend request", _asking(stage, "DELETE", f"/v1/friends/requests/{ana.id}", cyd))
    stage.ask("POST", "/v1/friends/requests", cyd, {"user_id": ana.id})
    stage.count("reject a friend request", _asking(stage, "POST", f"/v1/friends/requests/{cyd.id}/reject", ana))
    stage.ask("POST", "/v1/friends/requests", cyd, {"user_id": ana.id})
    stage.ask("POST", f"/v1/friends/requests/{cyd.id}/accept", ana)
    stage.count("end a friendship", _asking(stage, "DELETE", f"/v1/friends/{cyd.id}", ana))


def _showing_history(stage: Stage, owner: Performer, path: str, reader: Performer) -> Callable[[], Any]:
    stage.ask("PATCH", "/v1/users/me/privacy", owner, {"history": "friends"})
    return _asking(stage, "GET", path, reader)


def _background(stage: Stage) -> None:
    """Count background work. Each poll of a change feed reads the changes of the last 10 s, its overlap, again.

    Sweep once before, since earlier users of the table may have left work.
    """
    feed = keys.catalogue_feed("-", "-").pk
    follower = ChangeFeedFollower("capacity", feed, lambda _rows: None, since=clock.now() + OVERLAP)
    stage.count("a look of a follower, nothing changed", follower.catch_up)
    outbox.sweep(older_than=timedelta())
    removal.remove_due_uploads()
    suspensions.sweep_ended_suspensions()
    stage.count("a round of the outbox sweeper, nothing left", outbox.sweep)
    stage.count("a round of the uploads' sweeper, nothing left", removal.remove_due_uploads)
    stage.count("a round of the suspensions' sweeper, nothing ended", suspensions.sweep_ended_suspensions)
    master = LiveDirectory()
    stage.count("a process starts: the ingredients", master.refresh)
    fresh = catalogue.LiveCatalogue()
    stage.count(f"a process starts: {len(catalogue.current())} recipes from the feed", fresh.refresh)


_AREAS: dict[str, Callable[[Stage], None]] = {
    "accounts": _accounts,
    "pictures": _pictures,
    "ingredients": _ingredients,
    "recipes": _recipes,
    "ratings": _ratings,
    "suggestions": _suggestions,
    "cooking": _cooking,
    "notifications": _notifications,
    "friends": _friends,
    "posts": social_actions.posts,
    "feed": social_actions.feed,
    "reports": social_actions.reports,
    "imports": household_actions.imports,
    "tags": household_actions.tags,
    "household": household_actions.household,
    "pantry": household_actions.pantry,
    "plans and lists": household_actions.plans,
    "background": _background,
}


def _asking(
    stage: Stage, method: str, path: str, person: Performer, body: Any = None, headers: dict[str, str] | None = None
) -> Callable[[], Any]:
    return lambda: stage.ask(method, path, person, body, **(headers or {}))


def _show(recipe_id: str, person: Performer) -> None:
    """Give somebody access to a private recipe, as a suggestion does."""
    transaction = Transaction()
    recipes.grant_access(transaction, [recipe_id], user_id=person.id)
    transaction.commit()


def _recipe() -> dict[str, Any]:
    """Return a recipe of ordinary size: 8 ingredients, 6 steps."""
    return {
        "title": "Bò xào cà chua",
        "description": "Món xào nhanh cho bữa tối, thịt mềm, nước xốt sánh và thơm mùi hành tây.",
        "cuisine": "vietnamese", "method": "stir_fry", "meal": "dinner", "difficulty": "easy",
        "prep_minutes": 15, "cook_minutes": 10, "servings": 2,
        "ingredients": [{"name": name, "quantity": 100, "unit": "g"} for name in _NAMES[:8]],
        "steps": [
            {"text": "Thịt bò thái mỏng ngang thớ, ướp với nước mắm và tỏi băm.", "minutes": 15},
            {"text": "Cà chua bổ múi cau, hành tây thái lát, gừng thái sợi."},
            {"text": "Làm nóng chảo thật già, cho thịt bò vào đảo nhanh trên lửa lớn rồi trút ra.", "minutes": 2},
            {"text": "Phi thơm tỏi và gừng, cho hành tây và cà rốt vào xào chín tới.", "minutes": 4},
            {"text": "Thêm cà chua, đảo đến khi ra nước, trút thịt bò trở lại.", "minutes": 2},
            {"text": "Nêm lại cho vừa, rắc hành lá và dùng nóng với cơm."},
        ],
        "tags": ["nhanh", "gia đình"],
    }  # fmt: skip


def _median_recipe() -> str:
    """Return the catalogue's recipe of median size: a session keeps a copy, and a large one costs twice as much."""
    by_size = sorted((len(str(hit.document)), hit.recipe_id) for hit in _newest_first())
    return by_size[len(by_size) // 2][1]


def _answerable() -> list[str]:
    """Return names of ingredients for which the catalogue has a recipe."""
    for hit in _newest_first():
        names = list(_exact_names(hit.document))
        if len(names) >= _ENOUGH:
            return names[:20]
    message = "The catalogue is empty: run `manage.py seed_recipes` or `manage.py seed_demo` first."
    raise RuntimeError(message)


def _newest_first() -> Iterator[IndexedRecipe]:
    page = catalogue.current().search(SearchQuery(), limit=50)
    yield from page.hits
    while page.next:
        page = catalogue.current().search(SearchQuery(), limit=50, after=page.next)
        yield from page.hits


def _exact_names(document: bytes) -> Iterator[str]:
    for line in orjson.loads(document)["ingredients"]:
        if line["ingredient_id"] and ingredients.match([line["name"]])[0].status == "exact":
            yield line["name"]
