"""The visibility matrix: every reader, audience and request, also while reports hide the person."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest

from apps.moderation import authority, cases
from apps.moderation.content import Target
from apps.moderation.errors import DecidedAlready
from apps.recipes import catalogue
from tests.support import images
from tests.support.client import Answer, InProcess
from tests.support.scene import AUDIENCES, MEETING, READERS, SEEN_BY, Scene, Things, build

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded"), pytest.mark.timeout(900)]

STATES = ("as they are", "hidden", "restored")


@dataclass(frozen=True)
class Asker:
    """One reader, who requests the content of one of the three people."""

    api: Any
    scene: Scene
    reader: str
    audience: str

    @property
    def things(self) -> Things:
        return self.scene.things[self.audience]

    def get(self, path: str) -> Answer:
        """Request a path, checking that refusals look like missing content."""
        answer: Answer = self.api.get(f"/v1/{path}", token=self.scene.token(self.reader, self.audience))
        refused = 401 if self.reader == "anonymous" else 404
        assert answer.status_code in {200, refused}, (path, answer.content)
        return answer

    def reads(self, path: str) -> Any:
        """Return what is read; None if refused."""
        answer = self.get(path)
        return answer.json() if answer.status_code == 200 else None

    def items(self, path: str, *, down_to: str = "") -> list[Any]:
        """Return a whole list, or if it is newest first, the part that isn't older; nothing if refused."""
        found: list[Any] = []
        cursor, joint = "", "&" if "?" in path else "?"
        while cursor is not None and not (found and found[-1]["id"] < down_to):
            answer = self.get(f"{path}{joint}limit=50{cursor and '&cursor=' + cursor}")
            if answer.status_code != 200:
                return found
            page = answer.json()
            found += page["items"]
            cursor = page["next"]
        return found

    def lists(self, path: str, id_: str) -> bool:
        return id_ in [one["id"] for one in self.items(path)]

    def finds(self, feed: str) -> bool:
        """Return whether the post is in a feed, which also contains other tests' posts."""
        post = self.things.ids["post"]
        return post in [one["id"] for one in self.items(feed, down_to=post)]


def _profile(one: Asker) -> bool:
    return one.reads(f"users/{one.things.owner.id}") is not None


def _part(name: str, value: Callable[[Things], Any]) -> Callable[[Asker], bool]:
    def probe(one: Asker) -> bool:
        found = one.reads(f"users/{one.things.owner.id}")
        if found is None:
            return False
        assert found[name] in (value(one.things), None)
        return found[name] is not None

    return probe


def _preferences(one: Asker) -> bool:
    found = one.reads(f"users/{one.things.owner.id}")
    return found is not None and found["preferences"] is not None


def _search(one: Asker) -> bool:
    return one.lists(f"users?q={one.things.owner.username}", one.things.owner.id)


def _history(one: Asker) -> bool:
    found = one.items(f"users/{one.things.owner.id}/cooking")
    shown = {"recipe_id", "title", "language", "translated_title", "cooked_at"}
    assert all(set(entry) == shown for entry in found)
    return one.scene.hosted_recipe in [entry["recipe_id"] for entry in found]


def _cooked_by_friends(one: Asker) -> bool:
    found = one.items(f"recipes/{one.scene.hosted_recipe}/friends")
    return one.things.owner.id in [entry["user"]["id"] for entry in found]


def _post(one: Asker) -> bool:
    found = one.reads(f"posts/{one.things.ids['post']}")
    assert found is None or (found["reactions"]["love"], found["comment_count"]) == (1, 1)
    return found is not None


def _picture(one: Asker) -> bool:
    """Fetch the picture with the link that the reader gets, if any."""
    found = one.reads(f"posts/{one.things.ids['post']}")
    return found is not None and images.fetch(found["images"][0]["256"])[0] == 200


def _posts_of(one: Asker) -> bool:
    return one.lists(f"users/{one.things.owner.id}/posts", one.things.ids["post"])


def _feed(scope: str) -> Callable[[Asker], bool]:
    return lambda one: one.finds(f"feed{scope}")


def _comment(one: Asker) -> bool:
    path = f"posts/{one.things.ids['post']}/comments"
    seen = {one.lists(path, one.things.ids["comment"]), one.reads(f"{path}/{one.things.ids['comment']}") is not None}
    assert len(seen) == 1
    return seen.pop()


def _posted_recipe(one: Asker) -> bool:
    found = one.reads(f"posts/{one.things.ids['post of a recipe']}")
    return found is not None and found["recipe"] is not None


def _comment_elsewhere(one: Asker) -> bool:
    path = f"posts/{one.scene.hosted_post}/comments"
    id_ = one.things.ids["comment elsewhere"]
    seen = {one.lists(path, id_), one.reads(f"{path}/{id_}") is not None}
    assert len(seen) == 1
    return seen.pop()


def _comment_on_ones_own(one: Asker) -> bool:
    """Look for the comment below the reader's own post. The owner and anonymous readers look below the stranger's."""
    name = one.reader if one.reader in one.scene.own_posts else "stranger"
    return one.lists(f"posts/{one.scene.own_posts[name]}/comments", one.things.ids[f"comment on the post of {name}"])


def _rating(one: Asker) -> bool:
    found = one.items(f"recipes/{one.scene.hosted_recipe}/ratings")
    return f"ngon {one.things.owner.id}" in [entry["comment"] for entry in found]


def _shared_recipe(one: Asker) -> bool:
    return one.reads(f"recipes/{one.things.ids['recipe']}") is not None


def _friends(one: Asker) -> bool:
    return one.things.owner.id in [entry["user"]["id"] for entry in one.items("friends")]


def _requests(one: Asker) -> bool:
    return one.things.owner.id in [entry["user"]["id"] for entry in one.items("friends/requests?direction=sent")]


def _notifications(one: Asker) -> bool:
    actors = [entry["actor"]["id"] for entry in one.items("notifications") if entry["actor"]]
    unread = [entry["actor"]["id"] for entry in one.items("notifications?unread=true") if entry["actor"]]
    assert set(actors) == set(unread)
    return one.things.owner.id in actors


Rule = Callable[[str], set[str]]


def _by_audience(audience: str) -> set[str]:
    return SEEN_BY[audience]


def _by_meeting(_audience: str) -> set[str]:
    return MEETING


def _only(*readers: str, of: Rule = _by_meeting) -> Rule:
    return lambda audience: of(audience) & set(readers)


# Every request that reveals something, and who may see it.
PROBES: dict[str, tuple[Rule, Callable[[Asker], bool]]] = {
    "profile": (_by_audience, _profile),
    "e-mail address": (_by_audience, _part("email", lambda things: things.owner.email)),
    "date of birth": (_by_audience, _part("date_of_birth", lambda _: "1990-02-28")),
    "bio": (_by_audience, _part("bio", lambda things: f"nấu ăn {things.ids['audience']}")),
    "preferences": (_by_audience, _preferences),
    "search for people": (_by_audience, _search),
    "what somebody cooked": (_by_audience, _history),
    "friends who cooked a recipe": (_only("friend", of=_by_audience), _cooked_by_friends),
    "post, its counters": (_by_audience, _post),
    "picture of a post": (_by_audience, _picture),
    "recipe of a post": (_only("owner", "friend", of=_by_audience), _posted_recipe),
    "posts of a person": (_by_audience, _posts_of),
    "feed": (_by_audience, _feed("")),
    "feed of friends": (_only("owner", "friend", of=_by_audience), _feed("?scope=friends")),
    "feed of public posts": (
        lambda audience: SEEN_BY["public"] if audience == "public" else set(),
        _feed("?scope=public"),
    ),
    "comment on a post": (_by_audience, _comment),
    "comment elsewhere": (_by_meeting, _comment_elsewhere),
    "comment on one's own post": (_by_meeting, _comment_on_ones_own),
    "rating": (_by_meeting, _rating),
    "recipe that was shared": (_by_meeting, _shared_recipe),
    "list of friends": (_only("friend"), _friends),
    "list of requests": (_only("requested"), _requests),
    "notification": (_only("friend", "requested", "stranger", "suspended"), _notifications),
}


@pytest.fixture(scope="module")
def scene(person: Callable[..., Any], seeded: None) -> Scene:
    made = build(InProcess(), person)
    for audience, things in made.things.items():
        things.ids["audience"] = audience
    return made


@pytest.fixture(scope="module")
def reporters(person: Callable[..., Any], seeded: None) -> Iterator[Any]:
    """Three new people each time, since everybody can report a person only once."""
    return iter(lambda: [person() for _ in range(3)], None)


@pytest.fixture(scope="module", params=STATES)
def state(request: pytest.FixtureRequest, scene: Scene, reporters: Iterator[Any]) -> Iterator[str]:
    """Hide the three people by reports, then show them again as a moderator."""
    owners = [things.owner.id for things in scene.things.values()]
    if request.param != "as they are":
        api = InProcess()
        for one, id_ in product(next(reporters), owners):
            body = {"target_type": "user", "target_id": id_, "reason": "spam"}
            assert api.post("/v1/reports", json=body, token=one.token).status_code == 201
    if request.param == "restored":
        _restore(owners)
    catalogue.live().refresh()
    yield str(request.param)
    _restore(owners)


def _restore(owners: list[str]) -> None:
    for id_ in owners:
        with suppress(DecidedAlready):
            cases.restore(Target.USER, id_, actor=authority.OPERATOR)


@pytest.mark.parametrize(("reader", "audience"), list(product(READERS, AUDIENCES)))
def test_everybody_learns_what_they_may_and_nothing_else(
    api: Any, scene: Scene, state: str, reader: str, audience: str
) -> None:
    asker = Asker(api, scene, reader, audience)

    learned = {name for name, (_, probe) in PROBES.items() if probe(asker)}

    kept = {"owner"} if state == "hidden" else set(READERS)
    assert learned == {name for name, (rule, _) in PROBES.items() if reader in rule(audience) & kept}
