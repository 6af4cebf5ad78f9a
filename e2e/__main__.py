"""`python -m e2e --url URL`: run the suites against a running service. `make e2e URL=…` is the same."""

import argparse
import contextlib
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from deploy import aws
from deploy.commands.verify import accounts
from deploy.environments import ENVIRONMENTS, LOCAL, Environment
from deploy.operations.rollout import Target
from e2e import raters, runner
from e2e.people import Cast
from e2e.registrars import Local, Mailbox, Operators, Registrar

EXAMPLES = """examples:
  python -m e2e --url http://127.0.0.1:8000                 the local stack of make run
  python -m e2e --url https://api.smartcooking.com --env prod                with an operator's rights
  E2E_MAILBOX='imaps://USER:PASSWORD@HOST/?address=e2e@example.com' python -m e2e --url https://api.example.com
  python -m e2e --url http://127.0.0.1:8000 --suite social-integration
  python -m e2e --url https://api.smartcooking.com --env prod --enlist raters.json      once, a day before
  E2E_RATERS=raters.json python -m e2e --url https://api.smartcooking.com --env prod

People are made through the interface: they register, and confirm with the code that is mailed to them. Their mailbox is
read by IMAP, or is the local stack's, or an operator confirms in its place. What a test makes it removes; accounts are
removed by an operator's rights, else by the check that runs every hour. Exit code 1 when a test failed.

That three cooks approve a recipe needs three whose ratings count: accounts of more than a day, each behind an address
of its own. Locally the suites make them. Elsewhere --enlist registers three who stay and writes them to a file, in
which each gets a proxy to call through; without E2E_RATERS these tests are left out, and the report says so.
"""
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# Another machine answers without the load of its neighbours.
LOCAL_MS, REMOTE_MS = 2000.0, 800.0


def main(argv: list[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    is_local = urlsplit(args.url).hostname in LOOPBACK
    most_ms = args.max_ms or (LOCAL_MS if is_local else REMOTE_MS)
    if args.enlist:
        raters.enlist(Cast(args.url, _registrar(args, is_local=is_local)), args.enlist)
        print(f"{args.enlist}: three raters, who count from tomorrow on; give each a proxy")
        return 0
    passed = runner.run(args.url, _registrar(args, is_local=is_local), suites=args.suite, most_ms=most_ms)
    return 0 if passed else 1


def _registrar(args: argparse.Namespace, *, is_local: bool) -> Registrar:
    if mailbox := os.environ.get("E2E_MAILBOX"):
        return Mailbox(mailbox)
    if args.env:
        return Operators(accounts(Target(ENVIRONMENTS[args.env])))
    if not is_local:
        sys.exit("e2e: name --env for an operator's rights, or a mailbox in E2E_MAILBOX")
    found = None
    # Another local stack than the one of `make run`: its accounts stay until it is removed.
    with contextlib.suppress(Exception):
        found = accounts(_local(LOCAL))
    return Local(found)


def _local(env: Environment) -> Target:
    dynamodb = aws.dynamodb_endpoint(env) or os.environ.get("LOCAL_DYNAMODB_URL", "http://127.0.0.1:4567")
    return Target(env, aws.endpoint(env), dynamodb)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m e2e",
        description="Run the end-to-end suites against a running service.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--url", required=True, help="of the service")
    parser.add_argument(
        "--env", choices=sorted(set(ENVIRONMENTS) - {LOCAL.name}), help="confirm and remove by its rights"
    )
    parser.add_argument("--suite", action="append", choices=sorted(runner.SUITES), help="only this one; repeatable")
    parser.add_argument("--enlist", type=Path, metavar="FILE", help="register three raters who stay, and run nothing")
    parser.add_argument("--max-ms", type=float, metavar="MS", help=f"for p95 ({REMOTE_MS:.0f}; locally {LOCAL_MS:.0f})")
    return parser


if __name__ == "__main__":
    sys.exit(main())
