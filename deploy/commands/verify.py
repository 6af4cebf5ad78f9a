"""The verb `verify`: whether a running service does what it is for."""

import argparse
import os
from collections.abc import Iterator
from itertools import chain

from deploy import accounts, checks, console
from deploy.checks import Step
from deploy.http import Api, Unexpected
from deploy.journey import Journey, Login
from deploy.rollout import Target

PASSWORD = "VERIFY_PASSWORD"  # noqa: S105 (the variable's name)
EXAMPLES = f"""examples:
  python -m deploy verify --env prod                        the whole journey, with an account of its own
  python -m deploy verify --url http://127.0.0.1:8000 --quick --max-ms 500
  {PASSWORD}=… python -m deploy verify --url https://api.smartcooking.com --user canary

Without --user it registers somebody, confirms the account in the pool of --env, and removes it in the end. The profile
of a removed account stays as long as the service has no removal of its own: what runs often should have a --user.

"""


def verify(args: argparse.Namespace, target: Target) -> int:
    url = args.url or (f"https://{target.env.api_domain}" if not target.env.emulated else "http://127.0.0.1:8000")
    print(f"verifying {url}")
    done: list[Step] = []
    try:
        steps = checks.quick(Api(url), args.max_ms)
        for step in steps if args.quick else chain(steps, _journey(args, target, url)):
            print(f"  ok  {step.name:<10} {step.milliseconds:8.0f} ms  {step.note}".rstrip(), flush=True)
            done.append(step)
    except Unexpected as error:
        print(f"  FAILED after {len(done)} steps")
        return console.complain(error, console.FAILED)
    print(f"{len(done)} steps in {sum(step.milliseconds for step in done) / 1000:.1f} s")
    return console.DONE


def _journey(args: argparse.Namespace, target: Target, url: str) -> Iterator[Step]:
    if not args.user:
        return Journey(url, accounts.pool(target)).run()
    password = os.environ.get(PASSWORD)
    if not password:
        message = f"--user needs its password in {PASSWORD}"
        raise console.WrongUsage(message)
    return Journey(url, None, Login(args.user, password)).run()


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser) -> None:
    """Add the verb to the command line."""
    what = "check a running service: what it stands on, then what people do with it"
    parser = verbs.add_parser(
        "verify",
        parents=[common],
        help=what,
        description=f"{what[0].upper()}{what[1:]}.",
        epilog=EXAMPLES + console.EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=verify)
    parser.add_argument("--url", help="of the service; the environment's API otherwise")
    parser.add_argument("--quick", action="store_true", help="only the checks that need no account")
    parser.add_argument("--max-ms", type=float, metavar="MS", help="fail where a simple check takes longer")
    parser.add_argument("--user", metavar="NAME", help=f"log in as this one, whose password is in {PASSWORD}")
