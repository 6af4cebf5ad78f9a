"""Readers with few and with many friends for the measurement of the feed, and what a page takes of the table.

    python -m tests.load.feed_stage --people 1001 --friends 10 100 1000

Each has the same ten friends who write, and besides them friends who never do: so their pages are the same posts, and
what differs is how many friends they have. One more has as many friends as the largest, and all of them write.

Runs in a process of its own with the environment of the stack under measurement, whose synthetic society is seeded by
then. Prints JSON: for each reader a token, and for each page the requests and read units.
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
    # What every process does once belongs to no page.
    _reader([], [])
    people = _people(options.people)
    few = people[:WRITERS]
    found = [_reader(few, _silent(count - WRITERS)) for count in options.friends]
    found.append(_reader(people[: max(options.friends)], []))
    sys.stdout.buffer.write(orjson.dumps(found))


def _people(count: int) -> list[tuple[str, list[str]]]:
    """Return everybody and what they posted within the days of the feed, those who posted most first.

    So also a reader with ten friends has pages full of their posts.
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
    """Return people who never post, of a society that is not in the table."""
    from devtools.society.people import person  # noqa: PLC0415

    return [person(2, number).id for number in range(count)]


def _reader(writing: list[tuple[str, list[str]]], silent: list[str]) -> dict[str, Any]:
    """Make somebody with these friends and their posts in the feed, and count what a page takes."""
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
