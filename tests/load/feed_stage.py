"""Prepare readers with few and with many friends for the benchmark of the feed, and count the requests of a page.

    python -m tests.load.feed_stage --people 1001 --friends 10 100 1000

All readers have the same ten friends who post; their other friends never post. So all pages show the same posts, and
readers differ only in the number of their friends. One more reader has the largest number of friends, who all post.

Runs in a process of its own with the environment of the benchmarked stack, after its synthetic society was seeded.
Prints JSON: a token for each reader, and the requests and read units of each page.
"""

import argparse
import os
import sys
from functools import partial
from typing import Any

import orjson

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartcooking.settings")

PAGE = 20
PATHS = {"feed": f"/v1/feed?limit={PAGE}", "feed, friends": f"/v1/feed?limit={PAGE}&scope=friends"}


WRITERS = 10


def main() -> None:
    options = _parser().parse_args()
    import django  # noqa: PLC0415  after the environment is complete

    django.setup()
    # Leave out what every process does once, such as loading configuration.
    _reader([], [])
    people = _people(options.people)
    few = people[:WRITERS]
    found = [_reader(few, _silent(count - WRITERS)) for count in options.friends]
    found.append(_reader(people[: max(options.friends)], []))
    sys.stdout.buffer.write(orjson.dumps(found))


def _people(count: int) -> list[tuple[str, list[str]]]:
    """Return everybody with their posts that are recent enough for the feed, most active first.

    So even a reader with ten friends has full pages.
    """
    from apps.core import clock, ids  # noqa: PLC0415
    from apps.posts import feed_sources  # noqa: PLC0415
    from devtools.society.people import person  # noqa: PLC0415

    floor = ids.first_id_at(clock.now() - feed_sources.KEPT)
    everybody = [person(1, number).id for number in range(count)]
    found = [
        (id_, [one.id for one in feed_sources.list_shareable_posts_of(id_, newer_than=floor)]) for id_ in everybody
    ]
    return sorted(found, key=lambda one: -len(one[1]))


def _silent(count: int) -> list[str]:
    """Return people who never post, from a society that was not written to the table."""
    from devtools.society.people import person  # noqa: PLC0415

    return [person(2, number).id for number in range(count)]


def _reader(writing: list[tuple[str, list[str]]], silent: list[str]) -> dict[str, Any]:
    """Create a reader with these friends and their posts in the feed, and count the requests and units of a page."""
    from apps.core import keys  # noqa: PLC0415
    from apps.posts.repositories.references import build_reference  # noqa: PLC0415
    from apps.users import relations  # noqa: PLC0415
    from apps.users.models import RelationsRow  # noqa: PLC0415
    from devtools import bulk_writes  # noqa: PLC0415
    from devtools.capacity.stage import Stage, read  # noqa: PLC0415

    stage = Stage()
    reader = stage.person()
    key, friends = keys.relations(reader.id), [*(id_ for id_, _ in writing), *silent]
    bulk_writes.put_all([RelationsRow(pk=key.pk, sk=key.sk, friends=set(map(relations.pack, friends)) or None)])
    bulk_writes.put_all([build_reference(reader.id, post, author) for author, posts in writing for post in posts])
    shown = {}
    for name, path in PATHS.items():
        answer = stage.count(name, partial(stage.ask, "GET", path, reader))
        shown[name] = len(read(answer)["items"])
    pages = {
        one.action: {
            "requests": one.consumed.requests, "read_units": one.consumed.read_units, "posts": shown[one.action],
        }
        for one in stage.measured
    }  # fmt: skip
    return {"friends": len(friends), "writing": len(writing), "token": reader.token, "pages": pages}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("feed_stage", description=__doc__)
    parser.add_argument("--people", type=int, required=True, help="of the synthetic society")
    parser.add_argument("--friends", type=int, nargs="+", required=True, help="how many, for each reader")
    return parser


if __name__ == "__main__":
    main()
