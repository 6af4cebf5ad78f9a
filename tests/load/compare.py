"""Compare what requests cost in two trees of the service: processor time, function calls, calls of AWS, memory.

    git worktree add ../before v1.2 && ln -s $PWD/.venv ../before/.venv
    python -m tests.load.compare ../before .                    requests in one thread, and gunicorn with its workers
    python -m tests.load.compare ../before . --only requests --kinds "recipe by id" --profiles /tmp/profiles

Starts one local AWS with an environment for each tree, each seeded by its own tree, and measures the trees alternately
under the same requests. Function calls don't depend on what else the machine does; times do, so compare columns, not
tables. Trees from before `DYNAMODB_ENDPOINT_URL` need two lines changed to reach the local DynamoDB.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import orjson

from deploy.local import servers
from tests.load import compare_server
from tests.load.bench_tables import table

_CHILD = Path(__file__).with_name("compare_requests.py")
_SEED = ("seed_demo", "--users", "200", "--recipes", "1000", "--posts", "2000", "--quiet")


@dataclass(frozen=True)
class Tree:
    """A tree of the service, with the environment that its processes get."""

    path: Path
    environment: dict[str, str]

    def run(self, *command: str) -> bytes:
        # To a file, as in production to the log driver: whoever writes to a pipe waits for its reader.
        with tempfile.TemporaryFile() as out:
            subprocess.run([sys.executable, *command], cwd=self.path, env=self.environment, stdout=out, check=True)
            out.seek(0)
            return out.read()

    def seed(self) -> None:
        self.run("manage.py", "seed_ingredients")
        self.run("manage.py", *_SEED)


def main() -> int:
    options = _parser().parse_args()
    directory = options.keep or Path(tempfile.mkdtemp(prefix="smartcooking-compare-"))
    aws = servers.start_local_aws(directory / "aws", is_saved=True)
    try:
        trees = [_prepare(path.resolve(), f"compare{number}", aws) for number, path in enumerate(options.trees)]
        for number, tree in enumerate(trees):
            marker = directory / f"seeded-{number}"
            if not marker.exists():
                tree.seed()
                marker.touch()
        if options.only != "server":
            sys.stdout.write(_requests(trees, options))
        if options.only != "requests":
            sys.stdout.write(compare_server.compare(trees, directory, rounds=options.rounds))
    finally:
        aws.stop()
    return 0


def _prepare(path: Path, name: str, aws: Any) -> Tree:
    """Deploy an environment for a tree, as production has it: logs, metrics and limits, which nobody reaches."""
    made = servers.deploy_into(aws.url, aws.dynamodb.url, name)
    if "COGNITO_CLIENT_SECRET" not in (path / "smartcooking" / "settings.py").read_text():
        made["COGNITO_CLIENT_ID"] = _client_without_secret(made, aws.url)
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    chosen = {
        "RATE_LIMIT_SCALE": "1000", "IN_FLIGHT_PER_PERSON": "1000", "METRICS": "emf", "LOG_LEVEL": "INFO",
        "SENDER_CPU_SHARE": "100",
    }  # fmt: skip
    return Tree(path, {**inherited, **made, **chosen})


def _client_without_secret(made: dict[str, str], url: str) -> str:
    cognito = boto3.client(
        "cognito-idp", endpoint_url=url, region_name=made["AWS_REGION"],
        aws_access_key_id=made["AWS_ACCESS_KEY_ID"], aws_secret_access_key=made["AWS_SECRET_ACCESS_KEY"],
    )  # fmt: skip
    answer = cognito.create_user_pool_client(
        UserPoolId=made["COGNITO_POOL_ID"], ClientName="compare",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )  # fmt: skip
    return str(answer["UserPoolClient"]["ClientId"])


def _requests(trees: Sequence[Tree], options: argparse.Namespace) -> str:
    rounds: list[list[dict[str, Any]]] = [[] for _ in trees]
    for turn in range(options.rounds):
        for number, tree in enumerate(trees):
            command = [str(_CHILD), f"--requests={options.requests}"]
            if options.kinds:
                command += ["--kinds", *options.kinds]
            if options.profiles and turn == 0:
                kept = options.profiles.resolve() / str(number)
                kept.mkdir(parents=True, exist_ok=True)
                command.append(f"--profiles={kept}")
            rounds[number].append(orjson.loads(tree.run(*command).splitlines()[-1]))
    heading = ("request", *(f"{what}, {tree.path.name}" for what in _FIGURES for tree in trees))
    rows = [
        (kind, *(f"{statistics.median(one[kind][key] for one in found):{shape}}"
                 for key, shape in _FIGURES.values() for found in rounds))
        for kind in rounds[0][0]
    ]  # fmt: skip
    refused = {kind for found in rounds for one in found for kind, figures in one.items() if figures["refused"]}
    remark = f"\nRefused: {', '.join(sorted(refused))}.\n" if refused else ""
    return "\n".join([*table(heading, rows), remark, ""])


# What is shown of each kind of request, as `compare_requests.measure` returns it.
_FIGURES = {
    "least ms": ("least", ".2f"),
    "median ms": ("median", ".2f"),
    "function calls": ("calls", ",.0f"),
    "calls of AWS": ("aws", ".1f"),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "compare", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("trees", type=Path, nargs="+", metavar="TREE")
    parser.add_argument("--only", choices=("requests", "server"), default="")
    parser.add_argument("--requests", type=int, default=300, metavar="N", help="of each kind in each round")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="the median of them is shown")
    parser.add_argument("--kinds", nargs="*", default=[], metavar="KIND", help="requests that are measured")
    parser.add_argument("--keep", type=Path, metavar="DIRECTORY", help="where data is kept for the next run")
    parser.add_argument("--profiles", type=Path, metavar="DIRECTORY", help="where profiles are left, for pstats")
    return parser


if __name__ == "__main__":
    sys.exit(main())
