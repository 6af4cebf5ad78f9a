"""`python -m deploy`: build, compare, deploy, read and delete the stacks of an environment."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError
from tqdm import tqdm

from deploy import aws, rollout, stacks
from deploy.cloudformation import ChangeSet, StackFailed
from deploy.environments import ENVIRONMENTS
from deploy.rollout import Target
from deploy.stacks import Stack, UnknownStack

if TYPE_CHECKING:
    from deploy.cloudformation import OnEvent

EXAMPLES = """examples:
  python -m deploy build --env prod --out build/templates   write the templates
  python -m deploy diff --env staging                       what a deployment would change
  python -m deploy deploy --env staging                     deploy all stacks, in order
  python -m deploy deploy --env prod --stack messaging      one of them
  python -m deploy outputs --env local --format env         the variables that the service reads
  python -m deploy delete --env dev --yes                   delete all stacks, the last one first

exit codes: 0 done, 1 failed, 2 wrong usage, 3 declined; `diff` answers 4 when something differs
"""
FAILED, WRONG_USAGE, DECLINED, DIFFERENT = 1, 2, 3, 4


class Declined(Exception):
    """Nobody agreed to a change that loses data."""


def main(argv: list[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    try:
        return VERBS[args.verb](args, _target(args))
    except UnknownStack as error:
        return _complain(error, WRONG_USAGE)
    except Declined as error:
        return _complain(error, DECLINED)
    except (StackFailed, ClientError, BotoCoreError) as error:
        return _complain(error, FAILED)


def build(args: argparse.Namespace, target: Target) -> int:
    directory = Path(args.out)
    directory.mkdir(parents=True, exist_ok=True)
    for stack in stacks.of(target.env, args.stack):
        path = directory / f"{stacks.full_name(target.env, stack)}.json"
        path.write_text(stacks.render(target.env, stack))
        print(f"{path}  {path.stat().st_size:,} bytes")
    return 0


def diff(args: argparse.Namespace, target: Target) -> int:
    differing = 0
    for stack in stacks.of(target.env, args.stack):
        change_set = rollout.plan(target, stack, _given(args))
        _show(target, stack, change_set)
        if change_set is not None:
            rollout.discard(target, stack, change_set)
            differing += 1
    return DIFFERENT if differing else 0


def deploy(args: argparse.Namespace, target: Target) -> int:
    for stack in stacks.of(target.env, args.stack):
        change_set = rollout.plan(target, stack, _given(args))
        if change_set is None:
            print(f"{stacks.full_name(target.env, stack)}: unchanged")
            continue
        _ask(args, target, stack, change_set)
        with _progress(change_set.stack, len(change_set.changes)) as on_event:
            rollout.apply(target, stack, change_set, on_event)
        print(f"{change_set.stack}: {'created' if change_set.creates_stack else 'updated'}")
    if not args.stack:
        rollout.finish(target)
    return 0


def outputs(args: argparse.Namespace, target: Target) -> int:
    if args.format == "env":
        print("\n".join(f"{name}={value}" for name, value in rollout.variables(target).items()))
    elif args.format == "json":
        print(json.dumps(rollout.read(target), indent=2, sort_keys=True))
    else:
        print("\n".join(f"{name:<24} {value}" for name, value in sorted(rollout.read(target).items())))
    return 0


def delete(args: argparse.Namespace, target: Target) -> int:
    names = ", ".join(stacks.full_name(target.env, stack) for stack in stacks.of(target.env, args.stack))
    _agree(args, f"Delete {names}?")
    with _progress("deleting", None) as on_event:
        for stack, existed in rollout.delete(target, args.stack, on_event):
            tqdm.write(f"{stacks.full_name(target.env, stack)}: {'deleted' if existed else 'was not there'}")
    return 0


VERBS: dict[str, Callable[[argparse.Namespace, Target], int]] = {
    "build": build,
    "diff": diff,
    "deploy": deploy,
    "outputs": outputs,
    "delete": delete,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m deploy",
        description="The stacks of Smart Cooking in CloudFormation.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("verb", choices=VERBS)
    parser.add_argument("--env", required=True, choices=ENVIRONMENTS, help="the environment")
    parser.add_argument("--stack", action="append", default=[], metavar="NAME", help="only this stack; repeatable")
    parser.add_argument("--endpoint-url", metavar="URL", help=f"for local: the emulator, {aws.LOCAL_ENDPOINT}")
    parser.add_argument("--prefix", help="begin all names with this instead of smart-cooking-ENV")
    parser.add_argument("--out", default="build/templates", metavar="DIR", help="where `build` writes")
    parser.add_argument("--format", choices=("text", "env", "json"), default="text", help="how `outputs` prints")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter that is no output of another stack, such as BlueDigest; repeatable",
    )
    parser.add_argument("--yes", action="store_true", help="agree to what deletes or replaces resources")
    return parser


def _target(args: argparse.Namespace) -> Target:
    env = ENVIRONMENTS[args.env]
    if args.prefix:
        env = replace(env, prefix=args.prefix)
    return Target(env, aws.endpoint(env, args.endpoint_url))


def _given(args: argparse.Namespace) -> dict[str, str]:
    return {name: value for name, _, value in (one.partition("=") for one in args.set)}


def _show(target: Target, stack: Stack, change_set: ChangeSet | None) -> None:
    name = stacks.full_name(target.env, stack)
    if change_set is None:
        print(f"{name}: unchanged")
        return
    print(f"{name}: {'would be created' if change_set.creates_stack else 'differs'}")
    for change in change_set.changes:
        print(f"  {change}")


def _ask(args: argparse.Namespace, target: Target, stack: Stack, change_set: ChangeSet) -> None:
    """Show what would be lost and ask; without an answer nothing of this stack is changed."""
    lost = [change for change in change_set.changes if change.loses_data]
    if not lost:
        return
    for change in lost:
        print(f"  {change}")
    try:
        _agree(args, f"{change_set.stack} deletes or replaces these. Go on?")
    except Declined:
        rollout.discard(target, stack, change_set)
        raise


def _agree(args: argparse.Namespace, question: str) -> None:
    if args.yes:
        return
    if not sys.stdin.isatty():
        message = f"{question} Pass --yes to agree."
        raise Declined(message)
    if input(f"{question} [y/N] ").strip().lower() not in {"y", "yes"}:
        message = "Nothing was changed."
        raise Declined(message)


class _progress:  # noqa: N801 (read as a function: a bar for as long as its block lasts)
    """A bar that counts finished resources, and a line for each that failed."""

    def __init__(self, label: str, total: int | None) -> None:
        # `disable=None`: no bar where nobody looks, as in CI.
        self.bar: tqdm[Any] = tqdm(desc=label, total=total, unit="resource", leave=False, disable=None)

    def __enter__(self) -> "OnEvent":
        return self._on_event  # type: ignore[return-value]

    def __exit__(self, *_: object) -> None:
        self.bar.close()

    def _on_event(self, event: dict[str, str]) -> None:
        if event["ResourceStatus"].endswith("_COMPLETE"):
            self.bar.update()
        elif event["ResourceStatus"].endswith("_FAILED"):
            reason = event.get("ResourceStatusReason", "no reason given")
            tqdm.write(f"  {event['LogicalResourceId']} failed: {reason}", file=sys.stderr)


def _complain(error: Exception, code: int) -> int:
    print(f"deploy: {error}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
