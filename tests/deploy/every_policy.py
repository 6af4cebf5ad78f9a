"""Every policy of every template, with what references stand for filled in: `python -m tests.deploy.every_policy DIR`.

Written as files for judges that live in a place of their own (`make parliament`).
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.environments import ENVIRONMENTS
from tests.deploy.account.resolve import Scope
from tests.deploy.account.simulation import Account
from tests.deploy.account.stacks import Stack
from tests.deploy.conftest import BUILT

OUTPUTS = {
    "CognitoClientSecretArn": "arn:aws:secretsmanager:ap-southeast-1:123456789012:secret:smart-cooking-client-Ef2Gh3",
    "CognitoPoolArn": "arn:aws:cognito-idp:ap-southeast-1:123456789012:userpool/ap-southeast-1_a",
    "SecretKeyArn": "arn:aws:secretsmanager:ap-southeast-1:123456789012:secret:smart-cooking-secret-key-Ab1Cd2",
}


def resources(env: str) -> Iterator[tuple[str, dict[str, Any], Scope]]:
    """Yield each resource of an environment by its stack and title, and what its references stand for."""
    account = Account()
    for (name, stack_name), template in BUILT.items():
        if name != env:
            continue
        stack = Stack(stack_name, "ap-southeast-1")
        parameters = {
            title: OUTPUTS.get(title, str(one.get("Default", f"the-{title}")))
            for title, one in template.get("Parameters", {}).items()
        }
        scope = account.engine._scope(stack, template, parameters, "", {})
        for title, body in template["Resources"].items():
            scope.resources[title] = account.engine._named(stack, title, body)
        for title, body in template["Resources"].items():
            yield f"{stack_name}.{title}", body, scope


def documents(env: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every policy: of roles and whom they trust, boundaries, buckets, queues, topics, the table."""
    for title, body, scope in resources(env):
        for document in _policies_in(body["Properties"]):
            yield title, scope.value(document)


def _policies_in(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        # The rules of a firewall have a statement each, and no version.
        if {"Statement", "Version"} <= set(value):
            yield value
        for one in value.values():
            yield from _policies_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from _policies_in(one)


def main() -> None:
    directory = Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    for env in ENVIRONMENTS:
        for number, (title, document) in enumerate(documents(env)):
            (directory / f"{env}.{title}.{number}.json").write_text(json.dumps(document), "utf-8")


if __name__ == "__main__":
    main()
