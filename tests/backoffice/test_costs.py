"""The admin's pages cost no more than docs/moderation.md says, however much data there is."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import quote

from apps.core import audit, clock, keys
from apps.core.audit import Who
from apps.core.authentication import Actor
from apps.core.models import Item
from apps.ingredients import services as ingredients
from apps.jobs import repositories as repositories_of_jobs
from apps.moderation import cases, members, queues, repositories
from apps.moderation.content import Target
from apps.moderation.models import Report
from apps.recipes import services as recipe_services
from apps.recipes.models import RatingRow
from apps.users.models import Suspension, User
from devtools.capacity.metering import metered
from tests.support import crowds, recipes, society
from tests.support.failed_jobs import failed_export
from tests.support.moderators import Browser

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded"), pytest.mark.timeout(300)]

DOCUMENT = Path(__file__).parents[2] / "docs/moderation.md"
# Paths that read no object, or that the site doesn't serve.
NOT_MEASURED = {
    "logout", "language", "jsi18n", "password_change", "password_change_done", "view_on_site", "dead_letter_act",
    "login", "backoffice_ingredient_names", None,
}  # fmt: skip


def bounds() -> dict[str, float]:
    """Read the document's table: pages and their maximum of read units."""
    rows = re.findall(r"^\| `/admin/([^`]*)` \| (\d+) \|", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    return {page: float(units) for page, units in rows}


def long_steps() -> list[dict[str, str]]:
    """Return steps of about the maximum size of a recipe, with text that can't be compressed."""
    draw = random.Random(7)
    letters = "abcdeghiklmnopqrstuvxy"
    words = ("".join(draw.choices(letters, k=draw.randint(2, 9))) for _ in range(10_000))
    return [{"text": " ".join(islice(words, 300))[:1990]} for _ in range(27)]


class Things:
    """One object of everything that a page shows."""

    copied_recipes: Sequence[str] = ()

    def __init__(self, api: Any, owner: Any, person: Callable[..., Any]) -> None:
        self.owner, self.reporters = owner, [person() for _ in range(3)]
        moderator = person(group="moderators")
        self.actor = Actor(moderator.id, moderator.username, frozenset({"moderators"}))
        self.recipe, self.rated = (recipes.create(api, owner, steps=long_steps())["id"] for _ in range(2))
        recipes.publish(self.rated)
        self.post, hidden = (society.post(api, owner)["id"] for _ in range(2))
        for one in self.reporters:
            body = {"target_type": "post", "target_id": self.post, "reason": "spam", "note": "Quảng cáo"}
            assert api.post("/v1/reports", json=body, token=one.token).status_code == 201
            rated = api.put(f"/v1/recipes/{self.rated}/rating", json={"stars": 4, "comment": "Ngon"}, token=one.token)
            assert rated.status_code == 200
        self.appeal = cases.hide(Target.POST, hidden, actor=self.actor, reason="Quảng cáo")
        body = {"target_type": "post", "target_id": hidden, "text": "Không phải quảng cáo."}
        assert api.post("/v1/appeals", json=body, token=owner.token).status_code == 201
        tomato = ingredients.resolve("cà chua")
        assert tomato is not None
        self.ingredient = tomato.id
        crowds.waiting_names(1, prefix=f"tên lạ {owner.username}", since=datetime(2097, 1, 1, tzinfo=UTC))
        queued = Item.queues.query(keys.unknown_names_queue("-", "-").pk, limit=1)
        self.name = keys.last_part(next(iter(queued)).pk)
        entry = audit.last("post", hidden)
        assert entry is not None
        self.audit = f"post:{hidden}:{entry.id}"
        members.suspend(person().id, until=clock.now() + timedelta(days=1), reason="Spam", actor=self.actor)

        self.job = failed_export(api, owner)

    def ids(self) -> dict[str, str]:
        """Return an object's id for each model."""
        return {
            "recipe": self.rated, "case": f"post:{self.post}", "person": self.owner.id, "unknownname": self.name,
            "ingredient": self.ingredient, "appeal": self.appeal, "auditrecord": self.audit,
            "failedjob": self.job,
        }  # fmt: skip


@pytest.fixture
def things(api: Any, ana: Any, person: Callable[..., Any]) -> Iterator[Things]:
    made = Things(api, ana, person)
    yield made
    stored = recipe_services.get_stored_recipe(made.recipe)
    # Whoever edits an ingredient has every recipe that waits derived anew, and these are as long as recipes may be.
    crowds.remove([stored.row, stored.state], of=made.recipe, copied=made.copied_recipes)


def pages(things: Things) -> dict[str, str]:
    """Return every page of the site, by its name in the document, with a URL."""
    found = {"": "", "backoffice/": "backoffice/", "dead-letters/": "dead-letters/", "ai-settings/": "ai-settings/"}
    for model, registered in admin.site._registry.items():
        model_admin: Any = registered
        name, base = str(model._meta.model_name), f"backoffice/{model._meta.model_name}/"
        one = f"{base}{quote(things.ids()[name])}/"
        found |= {base: base, f"{base}<id>/": f"{one}change/", f"{base}<id>/history/": f"{one}history/"}
        if acts := getattr(model_admin, "acts", ()):
            found[f"{base}<id>/act/"] = f"{one}act/{acts[0].name}/"
    found["backoffice/person/?q="] = f"backoffice/person/?q={things.owner.username[:2]}"
    found["backoffice/recipe/?q="] = "backoffice/recipe/?q=thịt"
    found["backoffice/ingredient/?q="] = "backoffice/ingredient/?q=cá"
    found["backoffice/ingredient/add/"] = "backoffice/ingredient/add/"
    found["backoffice/auditrecord/?q="] = f"backoffice/auditrecord/?q={things.actor.username}"
    return found


def measure(browser: Browser, things: Things) -> dict[str, float]:
    return {page: _cost(browser, address) for page, address in pages(things).items()}


def _cost(browser: Browser, address: str) -> float:
    with metered() as meter:
        answer = browser.client.get(f"/admin/{address}")
    assert answer.status_code == 200, (address, answer.status_code, answer.get("Location"))
    return float(meter.consumed.read_units)


def grow(things: Things) -> None:
    """Create much data: queues longer than are counted, long histories, many reports and ratings."""
    crowds.waiting_names(queues.MOST_COUNTED + 100, prefix="tên thật lạ", since=datetime(2098, 1, 1, tzinfo=UTC))
    stored = recipe_services.get_stored_recipe(things.recipe)
    things.copied_recipes = crowds.copies([stored.row, stored.state], of=things.recipe, count=300)
    case = queues.load_cases([f"post:{things.post}"])[f"post:{things.post}"]
    crowds.copies([case], of=things.post, count=queues.MOST_COUNTED)
    reports = repositories.list_reports(Target.POST, things.post, limit=1)
    crowds.copies(reports, of=reports[0].user_id, count=200)
    crowds.copies(queues.load_appeals([things.appeal]).values(), of=things.appeal, count=queues.MOST_COUNTED)
    made = Report.read(keys.report("post", things.post, things.reporters[0].id))
    assert made is not None
    made.user_id, made.sk = things.owner.id, keys.report("-", "-", things.owner.id).sk
    made.gsi2pk = keys.traces_of(things.owner.id, "-").pk
    crowds.copies([made], of=things.post, count=100)
    rating = RatingRow.read(keys.rating(things.rated, things.reporters[0].id))
    assert rating is not None
    crowds.copies([rating], of=rating.user_id, count=100)
    failed = repositories_of_jobs.read_job(*things.job.split(":"))
    assert failed is not None
    crowds.copies([failed], of=failed.id, count=100)
    suspended = next(iter(Suspension.queues.query(keys.suspended_queue("-", "-").pk)))
    user_id = keys.last_part(str(suspended.gsi4sk))
    rows = [User.read(keys.user(user_id)), Suspension.read(keys.suspension(user_id))]
    crowds.copies([row for row in rows if row is not None], of=user_id, count=queues.MOST_COUNTED)
    who = Who(things.actor.id, things.actor.username)
    for number in range(120):
        target = ("recipe", things.rated) if number % 2 else ("user", things.owner.id)
        audit.write(act="look", who=who, target_type=target[0], target_id=target[1], reason="Thử " * 50)
    row = repositories.load_points(things.owner.id)
    row.body = [{"at": clock.sortable(clock.now()), "points": 1, "cause": f"post:{things.post}"}] * 100
    row.save()


def test_every_page_costs_what_the_document_says_at_most_with_little_and_with_much(
    things: Things, chief_browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    most = bounds()

    little = measure(chief_browser, things)
    grow(things)
    much = measure(chief_browser, things)

    with capsys.disabled():
        print("\nread units of the admin's pages\n  little   much  bound")
        for page in little:
            print(f"  {little[page]:6.1f} {much[page]:6.1f} {most.get(page, 0):6.0f}  /admin/{page}")
    assert set(little) == set(most), "docs/moderation.md lists every page and no other"
    assert {page: (little[page], much[page]) for page in most if max(little[page], much[page]) > most[page]} == {}


def test_no_page_of_the_site_is_left_out(things: Things) -> None:
    ends = ("changelist", "add", "change", "history", "act", "delete")
    models = {f"backoffice_{model._meta.model_name}_{end}" for model in admin.site._registry for end in ends}
    names = {getattr(one, "name", None) for one in admin.site.get_urls()}
    for one in admin.site.get_urls():
        names |= {getattr(inner, "name", None) for inner in getattr(one, "url_patterns", ())}

    others = {"index", "app_list", "autocomplete", "dead_letters", "ai_settings"}
    assert names - models - NOT_MEASURED == others
