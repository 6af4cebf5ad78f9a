"""`python -m deploy`: deploy and release an environment, and operate it."""

import argparse
import os
import sys
from dataclasses import replace

from botocore.exceptions import BotoCoreError, ClientError

from deploy import aws
from deploy.commands import backup, console, cost, frontend, release, templates, verify
from deploy.environments import ENVIRONMENTS
from deploy.operations.changes import StackFailed
from deploy.operations.rollout import Target
from deploy.outputs import MissingOutput
from deploy.stacks import UnknownStack

EXAMPLES = f"""examples:
  python -m deploy build --env prod --out build/templates   write the templates
  python -m deploy diff --env staging                       show what a deployment would change
  python -m deploy deploy --env staging                     deploy all stacks, in order
  python -m deploy outputs --env local --format env         print the service's environment variables
  python -m deploy release --env prod --image-digest sha256:… release an image to all users
  python -m deploy verify --env prod                        check the running service
  python -m deploy cost --env prod --mau 100000             estimate the monthly bill
  python -m deploy VERB --help                              a verb's options, with examples

{console.EXIT_CODES}"""
COMMANDS = (templates, release, verify, cost, frontend, backup)


def main(argv: list[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    try:
        code: int = args.run(args, _target(args))
        sys.stdout.flush()
    except (UnknownStack, console.WrongUsage) as error:
        return console.print_error(error, console.WRONG_USAGE)
    except console.Declined as error:
        return console.print_error(error, console.DECLINED)
    except (StackFailed, MissingOutput, ClientError, BotoCoreError) as error:
        return console.print_error(error, console.FAILED)
    except BrokenPipeError:
        # The reader has closed the pipe, as in `outputs | head`; the interpreter must not write to it again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return console.DONE
    except KeyboardInterrupt:
        return console.print_error("interrupted; operations that have started continue in AWS", console.INTERRUPTED)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m deploy",
        description="Deploy and operate the CloudFormation stacks of Smart Cooking.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for command in COMMANDS:
        # A URL alone needs no environment.
        command.add(verbs, _common(env_required=command is not verify))
    return parser


def _common(*, env_required: bool) -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--env", required=env_required, default="local", choices=ENVIRONMENTS, help="the environment")
    common.add_argument("--endpoint-url", metavar="URL", help=f"an emulator's address; for local {aws.LOCAL_ENDPOINT}")
    common.add_argument("--prefix", help="prefix of all names, instead of smart-cooking-ENV")
    common.add_argument("--yes", action="store_true", help="don't ask for confirmation")
    return common


def _target(args: argparse.Namespace) -> Target:
    env = ENVIRONMENTS[args.env]
    if args.prefix:
        env = replace(env, prefix=args.prefix)
    return Target(env, aws.endpoint(env, args.endpoint_url), aws.dynamodb_endpoint(env))


if __name__ == "__main__":
    sys.exit(main())
