"""`manage.py seed_demo`: write a synthetic society with recipes and posts, for trials and benchmarks."""

import argparse
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from apps.core import keys
from devtools.society import friendships as society
from devtools.society import seeding, social_seeding
from devtools.society.people import person
from devtools.society.posts import Setting
from devtools.society.rows import Crowd

_EXAMPLES = """
examples:
  manage.py seed_ingredients                              what recipes are made of; needed first
  manage.py seed_demo --users 50 --recipes 1000           a small catalogue
  manage.py seed_demo --users 50 --recipes 10000          9,000 more; the first 1,000 stay as they are
  manage.py seed_demo --users 50 --recipes 1000 --seed 2  another thousand beside them
  manage.py seed_demo --users 1000 --recipes 1000 --posts 5000    friendships, posts, comments, reactions, feeds
  manage.py refresh_snapshot --force                      afterwards, so that processes start from a snapshot

The same numbers and seed give the same people and recipes on every machine, and the same posts on the same day: the
newest is of the evening before the first run. Nothing is written twice, so a run that was interrupted goes on where it
stopped. The people are profiles only: none of them can log in.
"""


class Command(BaseCommand):
    help = (
        "Write synthetic people, approved recipes, friendships and posts: the same for the same --seed. Safe to repeat."
    )

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        formatter = argparse.RawDescriptionHelpFormatter
        parser = super().create_parser(prog_name, subcommand, epilog=_EXAMPLES, **options)
        parser.formatter_class = formatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--users", type=_positive, required=True, metavar="N", help="people who own the recipes")
        parser.add_argument("--recipes", type=_natural, required=True, metavar="N", help="recipes of the catalogue")
        parser.add_argument("--ratings", type=_natural, default=0, metavar="N", help="rows of ratings behind them (0)")
        parser.add_argument(
            "--posts", type=_natural, default=0, metavar="N", help="posts; with them come friendships (0)"
        )
        parser.add_argument("--seed", type=_natural, default=1, metavar="S", help="another seed, other data (1)")
        parser.add_argument("--quiet", action="store_true", help="no progress bars")

    def handle(self, *args: Any, **options: Any) -> None:
        crowd = Crowd(options["seed"], options["users"])
        count = options["recipes"]
        bar = partial(tqdm, disable=options["quiet"] or None, leave=False)
        try:
            with bar(total=crowd.size, desc="people", unit="person") as progress:
                people = seeding.seed_people(crowd, progress=progress.update)
            with bar(total=count, desc="recipes", unit="recipe") as progress:
                recipes = seeding.seed_recipes(crowd, count, progress=progress.update)
            with bar(total=options["ratings"], desc="ratings", unit="rating") as progress:
                ratings = seeding.seed_ratings(crowd, count, options["ratings"], progress=progress.update)
            friendships, posts = self._seed_society(crowd, count, options["posts"], bar) if options["posts"] else (0, 0)
        except RuntimeError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{people} of {crowd.size} people, {recipes} of {count} recipes, "
            f"{ratings} of {options['ratings']} ratings, {friendships} friendships, "
            f"{posts} of {options['posts']} posts written"
        )

    def _seed_society(self, crowd: Crowd, recipe_count: int, count: int, bar: Any) -> tuple[int, int]:
        """Write friendships and posts; return the number of each."""
        whole = society.build(crowd.seed, crowd.size)
        rows = social_seeding.unwritten(crowd.seed, whole)
        befriended = {row.pk for row in rows}
        stale = [number for number in range(crowd.size) if keys.user(person(crowd.seed, number).id).pk in befriended]
        with bar(total=len(stale), desc="relations", unit="person") as progress:
            social_seeding.seed_relations(crowd.seed, whole, stale, progress=progress.update)
        setting = Setting(crowd.seed, whole, recipe_count, social_seeding.until(crowd.seed))
        with bar(total=count, desc="posts", unit="post") as progress:
            posts = social_seeding.seed_posts(setting, count, progress=progress.update)
        with bar(total=len(rows), desc="friendships", unit="row") as progress:
            return social_seeding.seed_friendships(rows, progress=progress.update), posts


def _natural(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return number


def _positive(text: str) -> int:
    number = _natural(text)
    if number == 0:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
