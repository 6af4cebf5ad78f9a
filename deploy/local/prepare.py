"""Deploy the stacks to a running local AWS and seed it. docker/compose.yaml runs this before the API.

python -m deploy.local.prepare --port 8000 --aws-port 4566 --directory /data
"""

import argparse
import os
import sys
from pathlib import Path

from deploy.environments import LOCAL
from deploy.local import run, seed
from deploy.operations import rollout
from deploy.operations.rollout import Target


def main() -> int:
    options = _options()
    deployed = rollout.deploy(Target(LOCAL, options.aws_url, options.dynamodb_url))
    os.environ |= {**run.write_environment(options, deployed), "LOCAL_DIR": str(options.directory)}
    people = run.passwords(options)
    code = seed.main()
    for person, password in people.items():
        print(f"sign in as {person.username} with {password}")
    return code


def _options() -> run.Options:
    parser = argparse.ArgumentParser("prepare", description="Deploy into the local AWS and seed it.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--aws-port", type=int, default=4566)
    parser.add_argument("--dynamodb-port", type=int, default=4567)
    parser.add_argument("--directory", type=Path, required=True, help="where the variables and passwords are kept")
    args = parser.parse_args()
    return run.Options(args.directory, args.port, args.aws_port, args.dynamodb_port)


if __name__ == "__main__":
    sys.exit(main())
