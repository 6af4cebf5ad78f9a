"""The subcommand `frontend`: publish the static client, or go back to an earlier version."""

import argparse
from pathlib import Path

from tqdm import tqdm

from deploy import aws
from deploy.commands import console
from deploy.operations import frontend, rollout
from deploy.operations.frontend import NoClient
from deploy.operations.rollout import Target

EXAMPLES = """examples:
  python -m deploy frontend web/dist --env prod
  python -m deploy frontend --env prod --list
  python -m deploy frontend --env prod --rollback           the previous version
  python -m deploy frontend --env prod --rollback 1f0c5a9b3e77

"""


def run(args: argparse.Namespace, target: Target) -> int:
    if sum((args.directory is not None, args.rollback is not None, args.list)) != 1:
        message = "frontend takes one of DIR, --rollback and --list"
        raise console.WrongUsage(message)
    bucket = rollout.read_outputs(target, ["storage"])["FrontendBucket"]
    s3 = aws.client("s3", target.env, target.endpoint_url)
    try:
        if args.list:
            now = frontend.current(s3, bucket)
            for name, _ in frontend.versions(s3, bucket):
                print(f"{name}{'  is served' if name == now else ''}")
            return console.DONE
        if args.rollback is not None:
            name = frontend.roll_back(s3, bucket, args.rollback or None)
            print(f"{bucket}: version {name} is served again")
        else:
            _publish(s3, bucket, Path(args.directory))
    except NoClient as error:
        raise console.WrongUsage(str(error)) from error
    _forget(target)
    return console.DONE


def _publish(s3: object, bucket: str, directory: Path) -> None:
    found = frontend.files(directory)
    written = 0
    for _, differs in tqdm(
        frontend.publish(s3, bucket, found), total=len(found), unit="file", leave=False, disable=None
    ):
        written += differs
    print(f"{bucket}: version {frontend.version(found)}, {written} of {len(found)} files written")


def _forget(target: Target) -> None:
    if target.env.emulated:
        return
    distribution = rollout.read_outputs(target, ["edge_global"])["ClientDistribution"]
    made = frontend.invalidate(aws.client("cloudfront", target.env, target.endpoint_url), distribution)
    print(f"{distribution}: invalidation {made} is under way")


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser) -> None:
    """Add the verb to the command line."""
    what = "publish the static client, its index last, or go back to an earlier version"
    parser = console.add_verb(verbs, common, "frontend", run=run, what=what, examples=EXAMPLES)
    parser.add_argument("directory", nargs="?", metavar="DIR", help="the built client, with index.html")
    parser.add_argument(
        "--rollback", nargs="?", const="", metavar="VERSION", help="serve this version, or the previous"
    )
    parser.add_argument("--list", action="store_true", help="list the versions, newest first")
