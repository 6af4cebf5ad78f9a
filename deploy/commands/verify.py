"""The subcommand `verify`: check a running service, from its health to a whole user journey."""

import argparse
import os
from itertools import chain
from urllib.parse import urlsplit

from deploy import aws
from deploy.commands import console
from deploy.operations import model_access, rollout
from deploy.operations.rollout import Target
from smartcooking.probes import checks
from smartcooking.probes.accounts import Accounts
from smartcooking.probes.checks import Login, Step
from smartcooking.probes.http import Api, Unexpected
from smartcooking.probes.journey import Journey

PASSWORD = "VERIFY_PASSWORD"  # noqa: S105 (the variable's name)
EXAMPLES = f"""examples:
  python -m deploy verify --env prod                        the whole journey, with a temporary account
  python -m deploy verify --env prod --full                 also the end-to-end suites (make e2e)
  python -m deploy verify --url http://127.0.0.1:8000 --quick --max-ms 500
  {PASSWORD}=… python -m deploy verify --url https://api.smartcooking.com --user canary

Without --user it registers two users, confirms them in the pool of --env, and removes them and all their rows at the
end. A caller without the permission to do so (the role of the workflow) leaves them to the hourly check. With --user
nobody is registered, and nobody reacts to a post.

"""


def verify(args: argparse.Namespace, target: Target) -> int:
    url = args.url or (f"https://{target.env.api_domain}" if not target.env.emulated else "http://127.0.0.1:8000")
    if args.full and (args.quick or args.user):
        message = "--full makes people of its own: it goes with neither --quick nor --user"
        raise console.WrongUsage(message)
    if urlsplit(url).scheme not in {"http", "https"}:
        message = f"--url is an address such as https://{target.env.api_domain}, not {url}"
        raise console.WrongUsage(message)
    journey = None if args.quick else _journey(args, target, url)
    print(f"verifying {url}")
    done: list[Step] = []
    # With --url there is only one site; an environment has another one for the client.
    site = checks.site(f"https://{target.env.domain}") if not args.url and not target.env.emulated else ()
    try:
        for step in chain(checks.quick(Api(url), args.max_ms), site, journey.run() if journey else ()):
            print(f"  ok  {step.name:<10} {step.milliseconds:8.0f} ms  {step.note}".rstrip(), flush=True)
            done.append(step)
    except Unexpected as error:
        print(f"  FAILED after {len(done)} steps")
        for left in journey.left if journey else ():
            print(f"  left: {left}")
        return console.print_error(error, console.FAILED)
    print(f"{len(done)} steps in {sum(step.milliseconds for step in done) / 1000:.1f} s")
    code = console.DONE if args.quick or args.url else _check_model(target)
    return code or (_run_suites(target, url) if args.full else console.DONE)


def _run_suites(target: Target, url: str) -> int:
    """Run the end-to-end suites, which create and remove accounts with the caller's permissions."""
    from e2e import runner  # noqa: PLC0415  needs pytest, which only this option does
    from e2e.registrars import Operators  # noqa: PLC0415

    return console.DONE if runner.run(url, Operators(accounts(target))) else console.FAILED


def _check_model(target: Target) -> int:
    """Report that recipes come from rules if the configured model is retired or not enabled."""
    env = target.env
    if env.emulated or "bedrock" not in env.ai_providers:
        return console.DONE
    bedrock = aws.client("bedrock", env, target.endpoint_url, env.bedrock_region)
    found = model_access.check(bedrock, env.bedrock_model, env.bedrock_region)
    if found.usable is False:
        return console.print_error(f"{found.explanation}. Until then recipes come from rules", console.FAILED)
    print(f"  {'ok' if found.usable else '--'}  model      {found.explanation}")
    return console.DONE


def _journey(args: argparse.Namespace, target: Target, url: str) -> Journey:
    if not args.user:
        return Journey(url, accounts(target))
    password = os.environ.get(PASSWORD)
    if not password:
        message = f"--user needs its password in {PASSWORD}"
        raise console.WrongUsage(message)
    return Journey(url, user=Login(args.user, password))


def accounts(target: Target) -> Accounts:
    """Return the pool and the table of a deployed environment."""
    found = rollout.read_outputs(target, ["identity", "data"])
    cognito = aws.client("cognito-idp", target.env, target.endpoint_url)
    dynamodb = aws.client("dynamodb", target.env, target.dynamodb_url or target.endpoint_url)
    return Accounts(cognito, dynamodb, found["CognitoPoolId"], found["TableName"])


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser) -> None:
    """Add the verb to the command line."""
    what = "check a running service: its dependencies, then what users do with it"
    parser = console.add_verb(verbs, common, "verify", run=verify, what=what, examples=EXAMPLES)
    parser.add_argument("--url", help="URL of the service (the environment's API)")
    parser.add_argument("--quick", action="store_true", help="only the checks that need no account")
    parser.add_argument("--full", action="store_true", help="also the end-to-end suites: some 90 tests, minutes")
    parser.add_argument("--max-ms", type=float, metavar="MS", help="fail if a simple check takes longer")
    parser.add_argument("--user", metavar="NAME", help=f"log in as this user, whose password is in {PASSWORD}")
