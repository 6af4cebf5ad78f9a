"""The verb `backup`: what a restoration would be made of."""

import argparse
from datetime import UTC, datetime

from deploy import aws, console, restoring, rollout
from deploy.restoring import CannotRestore
from deploy.rollout import Target

EXAMPLES = """examples:
  python -m deploy backup restore --env prod --dry-run                         the last moment that can be restored
  python -m deploy backup restore --env prod --dry-run --at 2026-11-20T08:30Z  another moment

It names the source and prints the commands; it runs none of them. A restored table has a name of its own, and the one
that is there stays as it is.

"""


def run(args: argparse.Namespace, target: Target) -> int:
    if not args.dry_run:
        message = "a restoration is carried out by hand, command by command: pass --dry-run to see them"
        raise console.WrongUsage(message)
    try:
        plan = _plan(target, _moment(args.at))
    except CannotRestore as error:
        return console.complain(error, console.FAILED)
    print(f"from: {plan.source}\n")
    print("would run, and did not:")
    for command in plan.commands:
        print(f"  {command}")
    return console.DONE


def _plan(target: Target, at: datetime | None) -> restoring.Plan:
    found = rollout.read(target, ["data"])
    dynamodb = aws.client("dynamodb", target.env, target.endpoint_url)
    plan = restoring.by_time(dynamodb, found["TableName"], at)
    if plan is not None:
        return plan
    if target.env.emulated:
        message = f"{found['TableName']} cannot be restored to that moment, and {target.env.name} has no vault"
        raise CannotRestore(message)
    kept = rollout.read(target, ["backup"])
    account = kept["BackupRoleArn"].split(":")[4]
    arn = f"arn:aws:dynamodb:{target.env.region}:{account}:table/{found['TableName']}"
    client = aws.client("backup", target.env, target.endpoint_url)
    return restoring.by_recovery_point(client, kept["BackupVaultName"], arn, kept["BackupRoleArn"], at)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"--at takes a time such as 2026-11-20T08:30Z, not {text}"
        raise console.WrongUsage(message) from error
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser) -> None:
    """Add the verb to the command line."""
    what = "show what a restoration would be made of"
    parser = verbs.add_parser(
        "backup",
        parents=[common],
        help=what,
        description=f"{what[0].upper()}{what[1:]}.",
        epilog=EXAMPLES + console.EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    parser.add_argument("what", choices=("restore",))
    parser.add_argument("--dry-run", action="store_true", help="show the source and the commands; required")
    parser.add_argument("--at", metavar="TIME", help="as it was then, in UTC; the last possible moment otherwise")
