"""The requests of the benchmark, built from the recipes of the catalogue."""

import random
from collections.abc import Callable, Sequence
from http import HTTPStatus
from itertools import cycle
from typing import Any
from urllib.parse import quote

from apps.core.text import fold
from tests.load import bench_http

_PAGE = 100
_PAGES = 4
_NAMES = 10
_MOST_NAMES = 20


class Questions:
    """Requests of every kind, drawn with a fixed seed from the server's catalogue."""

    def __init__(self, port: int, tokens: Sequence[str]) -> None:
        self._port = port
        self._tokens = cycle(tokens)
        self._chance = random.Random(1)
        self._recipes = self._read_catalogue()
        self._answerable = self._find_answerable()
        self._spelt = self._find_spelt()

    def kinds(self) -> dict[str, Callable[[], bytes]]:
        return {
            "recipe by id": self._recipe,
            "list of 25": self._list,
            "search": self._search,
            "suggestion": self._suggestion,
            "validation": self._validation,
            "create recipe": self._create,
        }

    def mixed(self) -> bytes:
        """Return a request as people make them: most of them only read."""
        makers = [self._recipe, self._list, self._search, self._suggestion, self._validation, self._create]
        return self._chance.choices(makers, (40, 20, 20, 10, 7, 3))[0]()

    def _read_catalogue(self) -> list[dict[str, Any]]:
        """Read some pages of the newest and of the best-rated recipes, and each recipe in full."""
        # A cursor is valid only for the person it was issued to.
        token = next(self._tokens)
        found: set[str] = set()
        for sort in ("newest", "rating"):
            path: str | None = f"/v1/recipes?sort={sort}&limit={_PAGE}"
            for _ in range(_PAGES):
                page = self._ask(str(path), token)
                found |= {card["id"] for card in page["items"]}
                if page["next"] is None:
                    break
                path = f"/v1/recipes?sort={sort}&limit={_PAGE}&cursor={quote(page['next'])}"
        return [self._ask(f"/v1/recipes/{recipe_id}", token) for recipe_id in sorted(found)]

    def _ask(self, path: str, token: str) -> dict[str, Any]:
        return bench_http.ask(self._port, bench_http.build("GET", path, token=token)).json()

    def _find_answerable(self) -> list[dict[str, Any]]:
        """Find requests for suggestions that the catalogue answers completely, with nothing to compose or generate."""
        found: list[dict[str, Any]] = []
        for _ in range(400):
            body = {"ingredients": self._at_hand(), "recipe_count": 3}
            answer = bench_http.ask(self._port, self._post("/v1/suggestions", body))
            # 429 where composed recipes have used up somebody's quota.
            sources = [one["source"] for one in answer.json()["recipes"]] if answer.status == HTTPStatus.OK else []
            if sources == ["catalogue"] * 3:
                found.append(body)
            if len(found) == 40:
                break
        if not found:
            raise RuntimeError("the catalogue answers no suggestion by itself")
        return found

    def _at_hand(self) -> list[str]:
        """Name the ingredients of two random recipes."""
        names = {line["name"] for recipe in self._chance.sample(self._recipes, 2) for line in recipe["ingredients"]}
        return sorted(names)[:20]

    def _recipe(self) -> bytes:
        return self._get(f"/v1/recipes/{self._chance.choice(self._recipes)['id']}")

    def _list(self) -> bytes:
        options = (
            "",
            "&method=soup",
            "&cuisine=vietnamese&max_minutes=45",
            "&diet=vegetarian&sort=rating",
            "&meal=dinner",
        )
        return self._get(f"/v1/recipes?limit=25{self._chance.choice(options)}")

    def _search(self) -> bytes:
        """Search for two or three words of a title: as written, without diacritics, or with a typo."""
        words = self._chance.choice(self._recipes)["title"].split()
        start = self._chance.randrange(max(1, len(words) - 2))
        asked = " ".join(words[start : start + self._chance.choice((2, 3))])
        spelt = self._chance.choice((str, fold, self._misspell))(asked)
        return self._get(f"/v1/recipes?limit=25&q={quote(spelt)}")

    def _misspell(self, text: str) -> str:
        """Leave out a letter of the longest word."""
        word = max(text.split(), key=len)
        place = self._chance.randrange(len(word)) if len(word) > 3 else 0
        return text.replace(word, word[:place] + word[place + 1 :] or word, 1)

    def _suggestion(self) -> bytes:
        return self._post("/v1/suggestions", self._chance.choice(self._answerable))

    def _validation(self) -> bytes:
        """Name ten ingredients: some exactly, some without diacritics, some with an amount, some misspelt."""
        return self._post("/v1/ingredients/validate", {"ingredients": self._chance.sample(self._spelt, _NAMES)})

    def _find_spelt(self) -> list[str]:
        """Spell names in these ways; leave out unknown ones, since reporting them writes to the table."""
        spell = (str, fold, lambda name: f"300g {name}", self._misspell)
        lines = [line for recipe in self._recipes for line in recipe["ingredients"]]
        spelt = [self._chance.choice(spell)(line["name"]) for line in self._chance.sample(lines, 300)]
        found = []
        for start in range(0, len(spelt), _MOST_NAMES):
            request = self._post("/v1/ingredients/validate", {"ingredients": spelt[start : start + _MOST_NAMES]})
            results = bench_http.ask(self._port, request).json()["results"]
            found += [result["input"] for result in results if result["status"] in {"exact", "corrected"}]
        return found

    def _create(self) -> bytes:
        recipe = self._chance.choice(self._recipes)
        kept = (
            "title",
            "description",
            "cuisine",
            "method",
            "meal",
            "difficulty",
            "prep_minutes",
            "cook_minutes",
            "servings",
        )
        lines = [
            {"name": line["name"], "quantity": line["quantity"], "unit": line["unit"]} for line in recipe["ingredients"]
        ]
        steps = [{"text": step["text"]} for step in recipe["steps"]]
        body = {name: recipe[name] for name in kept} | {"ingredients": lines, "steps": steps, "tags": recipe["tags"]}
        return self._post("/v1/recipes", body)

    def _get(self, path: str | None) -> bytes:
        return bench_http.build("GET", str(path), token=next(self._tokens))

    def _post(self, path: str, body: object) -> bytes:
        return bench_http.build("POST", path, token=next(self._tokens), body=body)
