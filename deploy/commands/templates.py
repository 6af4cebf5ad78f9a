"""The subcommands for stacks: `build`, `diff`, `deploy`, `outputs`, `delete`."""

import argparse
import json
import shlex
import shutil
from pathlib import Path

from tqdm import tqdm

from deploy import stacks
from deploy.commands import console
from deploy.environments import Environment
from deploy.operations import mail_identity, rollout
from deploy.operations.changes import ChangeSet, NotDeployed
from deploy.operations.rollout import Target
from deploy.stacks import Stack, dns

# Maximum number of changed properties printed per resource: CloudFormation may list hundreds.
MOST_DETAILS = 8


def build(args: argparse.Namespace, target: Target) -> int:
    directory = Path(args.out)
    directory.mkdir(parents=True, exist_ok=True)
    for stack in stacks.select(target.env, args.stack):
        path = directory / f"{stacks.full_name(target.env, stack)}.json"
        path.write_text(stacks.render(target.env, stack))
        print(f"{path}  {path.stat().st_size:,} bytes")
    return console.DONE


def diff(args: argparse.Namespace, target: Target) -> int:
    differing = 0
    for stack in stacks.select(target.env, args.stack):
        try:
            change_set = rollout.plan(target, stack, given(args))
        except NotDeployed as error:
            print(
                f"{stacks.full_name(target.env, stack)}: would be created, with outputs of a stack before it: {error}"
            )
            differing += 1
            continue
        _show(target, stack, change_set)
        if change_set is not None:
            rollout.discard(target, stack, change_set)
            differing += 1
    return console.DIFFERENT if differing else console.DONE


def deploy(args: argparse.Namespace, target: Target) -> int:
    chosen = stacks.select(target.env, args.stack)
    _warn(target.env)
    for number, stack in enumerate(chosen, start=1):
        place = f"[{number}/{len(chosen)}]"
        if mail_identity.is_needed(target.env, target.endpoint_url, stack):
            mail_identity.wait(target.env, target.endpoint_url, tqdm.write)
        change_set = rollout.plan(target, stack, given(args))
        if change_set is None:
            print(f"{place} {stacks.full_name(target.env, stack)}: unchanged")
            continue
        _ask(args, target, stack, change_set)
        with console.Progress(f"{place} {change_set.stack}", len(change_set.changes)) as on_event:
            rollout.apply(target, stack, change_set, on_event)
        print(f"{place} {change_set.stack}: {'created' if change_set.creates_stack else 'updated'}")
    if not args.stack:
        rollout.create_local_table(target)
    return console.DONE


def _warn(env: Environment) -> None:
    if not env.emulated and not dns.receives_mail(env):
        console.print_error(
            f"warning: nothing receives mail for {env.alert_email}, so nobody can confirm that they want alerts; name a"
            " mail server in `records`, or another address in `alert_email` (deploy/environments.py)",
            console.DONE,
        )


def outputs(args: argparse.Namespace, target: Target) -> int:
    if args.format == "env":
        # A shell reads these, and values such as `Smart Cooking <no-reply@…>` contain its special characters.
        print("\n".join(f"{name}={shlex.quote(value)}" for name, value in rollout.variables(target).items()))
        return console.DONE
    found = rollout.read_outputs(target, args.stack)
    if args.format == "json":
        print(json.dumps(found, indent=2, sort_keys=True))
    else:
        print("\n".join(f"{name:<24} {value}" for name, value in sorted(found.items())))
    return console.DONE


def delete(args: argparse.Namespace, target: Target) -> int:
    names = ", ".join(stacks.full_name(target.env, stack) for stack in stacks.select(target.env, args.stack))
    console.confirm(args, f"Delete {names}?")
    with console.Progress("deleting", None) as on_event:
        for stack, existed in rollout.delete(target, args.stack, on_event):
            tqdm.write(f"{stacks.full_name(target.env, stack)}: {'deleted' if existed else 'was not there'}")
    return console.DONE


def given(args: argparse.Namespace) -> dict[str, str]:
    pairs = [one.partition("=") for one in args.set]
    wrong = [name for name, equals, _ in pairs if not equals]
    if wrong:
        message = f"--set takes NAME=VALUE, not {wrong[0]}"
        raise console.WrongUsage(message)
    return {name: value for name, _, value in pairs}


def _show(target: Target, stack: Stack, change_set: ChangeSet | None) -> None:
    name = stacks.full_name(target.env, stack)
    if change_set is None:
        print(f"{name}: unchanged")
        return
    print(f"{name}: {'would be created' if change_set.creates_stack else 'differs'}")
    width = max(40, shutil.get_terminal_size((120, 24)).columns - 6)
    for change in change_set.changes:
        print(f"  {change}")
        for detail in change.details[:MOST_DETAILS]:
            print(f"      {detail if len(detail) <= width else f'{detail[: width - 1]}…'}")
        if len(change.details) > MOST_DETAILS:
            print(f"      … and {len(change.details) - MOST_DETAILS} more")
    lost = sum(change.loses_data for change in change_set.changes)
    print(f"  {len(change_set.changes)} resources{f', of which {lost} are deleted or replaced' if lost else ''}")


def _ask(args: argparse.Namespace, target: Target, stack: Stack, change_set: ChangeSet) -> None:
    """Print what would be lost and ask for confirmation; without it the stack is not changed."""
    lost = [change for change in change_set.changes if change.loses_data]
    if not lost:
        return
    for change in lost:
        print(f"  {change}")
    try:
        console.confirm(args, f"{change_set.stack} deletes or replaces these. Go on?")
    except console.Declined:
        rollout.discard(target, stack, change_set)
        raise


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser) -> None:
    """Add the verbs of this module to the command line."""
    for run, what, example in (
        (build, "write the templates", "build --env prod --out build/templates"),
        (diff, "show what a deployment would change; exit code 4 when something differs", "diff --env staging"),
        (
            deploy,
            "deploy the stacks, in order",
            "deploy --env prod --set BlueDigest=$D --set ImageDigest=$D",
        ),
        (outputs, "print the outputs of the stacks", "outputs --env local --format env"),
        (delete, "delete the stacks, the last one first", "delete --env dev --yes"),
    ):
        parser = console.add_verb(
            verbs, common, run.__name__, run=run, what=what, examples=f"example:\n  python -m deploy {example}\n\n"
        )
        parser.add_argument("--stack", action="append", default=[], metavar="NAME", help="only this stack; repeatable")
        if run is build:
            parser.add_argument("--out", default="build/templates", metavar="DIR", help="where to write")
        if run is outputs:
            parser.add_argument("--format", choices=("text", "env", "json"), default="text", help="how to print")
        if run in {diff, deploy}:
            parser.add_argument(
                "--set",
                action="append",
                default=[],
                metavar="NAME=VALUE",
                help="a parameter that is no output of another stack, such as BlueDigest; repeatable",
            )
