"""The subcommand `backup`: plan a restore, and replay exports into a table."""

import argparse
from datetime import UTC, datetime
from typing import Any

from tqdm import tqdm

from deploy import aws, names
from deploy.commands import console
from deploy.operations import exports, restore_plans, rollout
from deploy.operations.changes import StackFailed
from deploy.operations.restore_plans import CannotRestore
from deploy.operations.rollout import Target
from deploy.stacks import backup

EXAMPLES = """examples:
  python -m deploy backup restore --env prod --dry-run                         the latest time that can be restored
  python -m deploy backup restore --env prod --dry-run --at 2026-11-20T08:30Z  an earlier time
  python -m deploy backup replay --env prod                                    the second region's exports to a table
  python -m deploy backup replay --env prod --bucket smart-cooking-prod-copies --at 2026-11-20T18:00Z

`restore` prints the source and the commands of a restore, but runs none of them. The restored table gets a new name;
the existing one is not touched. Before the first export exists, it says that the second region has none.

`replay` is for the loss of the region: it writes every row of the last full export, then the later changes, to the
table of the data stack. It refuses a table that has rows; to continue an interrupted replay, pass
--into-existing.

"""


def run(args: argparse.Namespace, target: Target) -> int:
    try:
        return _replay(args, target) if args.what == "replay" else _restore(args, target)
    except (CannotRestore, exports.Unusable) as error:
        return console.print_error(error, console.FAILED)


def _restore(args: argparse.Namespace, target: Target) -> int:
    if not args.dry_run:
        message = "a restore is carried out by hand, command by command: pass --dry-run to print them"
        raise console.WrongUsage(message)
    at = _moment(args.at)
    plan = _plan(target, at)
    beside, missing = _beside(args, target, at)
    plan = plan or beside
    if plan is None:
        message = f"{target.env.name} cannot be restored to that moment, and has no exports"
        raise CannotRestore(f"{message}: {missing}" if missing else message)
    print(f"from: {plan.source}\n")
    print("would run, and did not:")
    for command in plan.commands:
        print(f"  {command}")
    if beside is not plan:
        print(f"\nif the region were gone: {beside.source if beside else missing or 'nothing is copied from here'}")
    return console.DONE


def _beside(args: argparse.Namespace, target: Target, at: datetime | None) -> tuple[restore_plans.Plan | None, str]:
    """Return the plan from the second region, or why there is none: the first export takes hours."""
    if target.env.emulated:
        return None, ""
    try:
        return restore_plans.from_exports(_copies(target), _bucket(args, target), target.env, at), ""
    except CannotRestore as error:
        return None, str(error)


def _replay(args: argparse.Namespace, target: Target) -> int:
    s3, bucket = _copies(target), _bucket(args, target)
    links = exports.select_chain(exports.list_exports(s3, bucket, backup.EXPORTS), _moment(args.at))
    table = args.table or rollout.read_outputs(target, ["data"])["TableName"]
    dynamodb = aws.client("dynamodb", target.env, target.endpoint_url)
    if not args.into_existing and not exports.is_empty(dynamodb, table):
        message = f"{table} has rows: nothing was written. --into-existing overwrites them."
        raise console.WrongUsage(message)
    until = f"{links[-1].until:%Y-%m-%d %H:%M} UTC"
    console.confirm(args, f"Write {len(links)} exports of {bucket} to {table}, as it was at {until}?")
    with tqdm(total=sum(one.rows for one in links), desc=table, unit="row", leave=False, disable=None) as bar:
        for export in links:
            exports.replay(s3, dynamodb, table, export, bar.update)
    print(f"{table} is as it was at {until}: {len(links)} exports, {sum(one.rows for one in links):,} rows written")
    return console.DONE


def _plan(target: Target, at: datetime | None) -> restore_plans.Plan | None:
    try:
        found = rollout.read_outputs(target, ["data"])["TableName"]
    except StackFailed:
        # The service was never deployed in this region.
        found = names.table(target.env)
    return restore_plans.from_history(aws.client("dynamodb", target.env, target.endpoint_url), found, at)


def _bucket(args: argparse.Namespace, target: Target) -> str:
    return str(args.bucket or names.bucket(target.env, "copies"))


def _copies(target: Target) -> Any:
    return aws.client("s3", target.env, target.endpoint_url, target.env.backup_region)


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
    what = "show how the table would be restored, or replay exports into an empty table"
    parser = console.add_verb(verbs, common, "backup", run=run, what=what, examples=EXAMPLES)
    parser.add_argument("what", choices=("restore", "replay"))
    parser.add_argument("--dry-run", action="store_true", help="print the source and the commands; required by restore")
    parser.add_argument("--at", metavar="TIME", help="point in time in UTC (the latest possible)")
    parser.add_argument("--bucket", metavar="NAME", help="bucket of the exports (this environment's copies)")
    parser.add_argument("--table", metavar="NAME", help="table to replay into (that of the data stack)")
    parser.add_argument(
        "--into-existing", action="store_true", help="replay into a table that has rows, overwriting them"
    )
