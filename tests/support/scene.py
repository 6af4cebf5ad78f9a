"""A scene for tests of visibility: three owners, one for each audience, and readers with every relation to them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from apps.core import ids
from apps.core.transactions import Transaction
from apps.feed import fan_out
from apps.notifications import delivery
from apps.notifications.events import NotificationEvent, NotificationKind, NotificationTarget
from apps.recipes import repositories as recipe_rows
from tests.support import friends, images, recipes, society

READERS = ("owner", "friend", "requested", "stranger", "blocked", "blocker", "suspended", "anonymous")
AUDIENCES = ("public", "friends", "private")

# The rules, stated once: which readers see content for an audience, and which can interact with its owner at all.
SEEN_BY = {
    "public": {"owner", "friend", "requested", "stranger", "suspended"},
    "friends": {"owner", "friend"},
    "private": {"owner"},
}
MEETING = {"owner", "friend", "requested", "stranger", "suspended"}


@dataclass
class Things:
    """The content of one of the three owners, by name → id."""

    owner: Any
    ids: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Scene:
    """`people` by role; `host` owns a public post and an approved recipe that the three owners reacted to and rated."""

    people: dict[str, Any]
    host: Any
    hosted_post: str
    hosted_recipe: str
    own_posts: dict[str, str]
    things: dict[str, Things]

    def token(self, reader: str, audience: str) -> str | None:
        if reader == "owner":
            return str(self.things[audience].owner.token)
        return str(self.people[reader].token) if reader in self.people else None


def build(api: Any, person: Callable[..., Any]) -> Scene:
    """Create all content first, and then the blocks and suspensions that would have prevented it."""
    people = {name: person() for name in READERS if name not in {"owner", "anonymous"}}
    host = person()
    recipe = recipes.create(api, host)["id"]
    recipes.publish(recipe)
    own_posts = {name: society.post(api, one, f"bài của {name}")["id"] for name, one in people.items()}
    scene = Scene(people, host, society.post(api, host)["id"], recipe, own_posts, {})
    for audience in AUDIENCES:
        scene.things[audience] = _act(api, scene, person(), audience)
        _relate(api, scene, scene.things[audience].owner)
    society.suspend(people["suspended"])
    return scene


def _act(api: Any, scene: Scene, owner: Any, audience: str) -> Things:
    things = Things(owner)
    profile = {"bio": f"nấu ăn {audience}", "date_of_birth": "1990-02-28"}
    assert api.patch("/v1/users/me", json=profile, token=owner.token).status_code == 200
    parts = dict.fromkeys(("profile", "email", "date_of_birth", "history", "preferences"), audience)
    assert api.patch("/v1/users/me/privacy", json=parts, token=owner.token).status_code == 200
    picture = images.upload(api, owner, images.encoded(images.picture((40, 30))))["id"]
    post = society.post(api, owner, f"bài {audience}", visibility=audience, images=[picture])["id"]
    comment = society.comment(api, owner, post)["id"]
    society.react(api, owner, post, "love")
    society.react(api, owner, f"{post}/comments/{comment}", "wow")
    things.ids |= {"post": post, "comment": comment}
    things.ids["comment elsewhere"] = society.comment(api, owner, scene.hosted_post, f"khen {audience}")["id"]
    stars = {"stars": 5, "comment": f"ngon {owner.id}"}
    path = f"/v1/recipes/{scene.hosted_recipe}"
    assert api.put(f"{path}/rating", json=stars, token=owner.token).status_code == 200
    body = {"recipe_id": scene.hosted_recipe}
    session = api.post("/v1/cooking/sessions", json=body, token=owner.token).json()["id"]
    done = {"notes": "riêng tư"}
    assert api.post(f"/v1/cooking/sessions/{session}/complete", json=done, token=owner.token).status_code == 200
    things.ids["recipe"] = recipes.create(api, owner)["id"]
    things.ids["posted recipe"] = recipes.create(api, owner)["id"]
    about = society.post(api, owner, "món này", visibility=audience, recipe_id=things.ids["posted recipe"])["id"]
    things.ids["post of a recipe"] = about
    transaction = Transaction()
    for reader in scene.people.values():
        recipe_rows.grant_access(transaction, things.ids["recipe"], reader.id)
    transaction.commit()
    for name, reader in scene.people.items():
        things.ids[f"comment on the post of {name}"] = society.comment(api, owner, scene.own_posts[name])["id"]
        happened = ids.new_id()
        about = scene.own_posts[name]
        delivery.deliver(
            NotificationEvent(
                NotificationKind.COMMENT, reader.id, owner.id, NotificationTarget.POST, about, happened, about
            )
        )
    return things


def _relate(api: Any, scene: Scene, owner: Any) -> None:
    people = scene.people
    friends.befriend(api, owner, people["friend"])
    assert friends.send_friend_request(api, people["requested"], owner).status_code == 201
    assert friends.block(api, owner, people["blocked"]).status_code == 204
    assert friends.block(api, people["blocker"], owner).status_code == 204
    things = next(one for one in scene.things.values() if one.owner is owner)
    for post in (things.ids["post"], things.ids["post of a recipe"]):
        fan_out.fan_out_post(post, owner.id)
