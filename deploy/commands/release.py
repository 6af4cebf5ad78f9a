"""The subcommands `release`, `rollback` and `window`."""

import argparse
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from deploy.commands import console
from deploy.operations import release_windows, releases, synthetic_traffic
from deploy.operations.changes import StackFailed
from deploy.operations.releases import CannotRelease, ReleaseContext, ReleaseFailed
from deploy.operations.rollout import Target
from deploy.resources import balancer
from smartcooking.probes import checks
from smartcooking.probes.http import Api, Unexpected

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
# Smoke tests of a starting task: a task takes a minute to start, with a large catalogue four.
TRIES, BETWEEN = 60, 10.0
EXAMPLES = """examples:
  python -m deploy release --env prod --image-digest sha256:…        in the window Tue-Thu 02:00-04:00 UTC
  python -m deploy release --env prod --image-digest sha256:… --wait wait until it opens
  python -m deploy release --env prod --image-digest sha256:… --now  at once, whatever the time
  python -m deploy release --env prod --image-digest sha256:… --now --unwatched   although the alarm is already active
  python -m deploy window --env prod                                 whether a release may start now
  python -m deploy rollback --env prod --yes                         back to the previous colour

To resume an interrupted release, run it again: the stack stores its progress.

"""


@dataclass(frozen=True)
class Clock:
    """The current time and sleeping, replaceable in tests."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep
    # Between two synthetic requests, in a separate thread.
    sleep_in_traffic: Callable[[float], None] = time.sleep


def release(args: argparse.Namespace, target: Target, clock: Clock = Clock()) -> int:
    _refuse_emulated(target)
    if not DIGEST.fullmatch(args.image_digest):
        message = f"an image digest is sha256: and 64 hexadecimal digits, not {args.image_digest}"
        raise console.WrongUsage(message)
    if not args.now and not _is_time(args, target, clock):
        return console.TOO_EARLY
    return _carried_out(lambda context: releases.release(target, args.image_digest, context), args, target, clock)


def rollback(args: argparse.Namespace, target: Target, clock: Clock = Clock()) -> int:
    _refuse_emulated(target)
    console.confirm(args, f"Send all requests of {target.env.name} to the previous image?")
    return _carried_out(lambda context: releases.rollback(target, context), args, target, clock)


def _carried_out(
    what: Callable[[ReleaseContext], object], args: argparse.Namespace, target: Target, clock: Clock
) -> int:
    url = args.url or f"https://{target.env.api_domain}"
    with console.Progress(target.env.prefix, None) as progress:
        context = ReleaseContext(
            smoke=_smoke(url, progress, clock),
            traffic=lambda key, seconds: synthetic_traffic.during(
                Api(url, {balancer.PREVIEW_HEADER: key, **synthetic_traffic.MARK}), seconds, clock.sleep_in_traffic
            ),
            tell=progress.tell,
            on_event=progress,
            pause=clock.sleep,
            watched=not getattr(args, "unwatched", False),
        )
        try:
            what(context)
        except KeyboardInterrupt:
            return console.print_error(
                "interrupted; CloudFormation finishes its current step. Run the same command again to continue.",
                console.INTERRUPTED,
            )
        except CannotRelease as error:
            raise console.WrongUsage(str(error)) from error
        except (ReleaseFailed, Unexpected, StackFailed) as error:
            return console.print_error(error, console.FAILED)
    print(f"done: {url}")
    return console.DONE


def _smoke(url: str, progress: console.Progress, clock: Clock) -> Callable[[str, bool], None]:
    def smoke(key: str, patient: bool) -> None:  # noqa: FBT001 (called by position)
        api = Api(url, {balancer.PREVIEW_HEADER: key})
        for left in reversed(range(TRIES if patient else 1)):
            try:
                for step in checks.quick(api):
                    progress.tell(f"  {step.name} {step.milliseconds:.0f} ms {step.note}".rstrip())
            except Unexpected:
                if not left:
                    raise
                clock.sleep(BETWEEN)
            else:
                return

    return smoke


def _is_time(args: argparse.Namespace, target: Target, clock: Clock) -> bool:
    now = clock.now()
    opens = release_windows.opening(target.env, now)
    if opens == now:
        return True
    if not args.wait:
        window = release_windows.describe(target.env)
        console.print_error(f"releases begin {window}, next {opens:%a %Y-%m-%d %H:%M}; or --now", 0)
        return False
    print(f"waiting until {opens:%a %Y-%m-%d %H:%M} UTC")
    clock.sleep((opens - now).total_seconds())
    return True


def window(args: argparse.Namespace, target: Target, clock: Clock = Clock()) -> int:
    now = clock.now()
    opens = release_windows.opening(target.env, now)
    when = "open" if opens == now else f"next {opens:%a %Y-%m-%d %H:%M}"
    print(f"releases begin {release_windows.describe(target.env)}; {when}")
    return console.DONE if opens == now else console.TOO_EARLY


def _refuse_emulated(target: Target) -> None:
    if target.env.emulated:
        message = f"{target.env.name} has no balancer to release behind"
        raise console.WrongUsage(message)


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser) -> None:
    """Add the verbs of this module to the command line."""
    for run, what in (
        (
            release,
            "release an image in steps of 10, 25, 50 and 100 % of the requests, each watched and smoke-tested",
        ),
        (rollback, "send all requests back to the previous image"),
        (window, "print whether a release may start now; exit code 5 outside the window"),
    ):
        parser = console.add_verb(verbs, common, run.__name__, run=run, what=what, examples=EXAMPLES)
        if run is not window:
            parser.add_argument("--url", help="base URL of the smoke tests (the environment's API)")
        if run is release:
            parser.add_argument("--image-digest", required=True, metavar="sha256:…", help="the image in the registry")
            parser.add_argument("--now", action="store_true", help="start outside the release window")
            parser.add_argument("--wait", action="store_true", help="wait until the window opens")
            parser.add_argument(
                "--unwatched",
                action="store_true",
                help="release without the alarm: for the image that ends an incident",
            )
