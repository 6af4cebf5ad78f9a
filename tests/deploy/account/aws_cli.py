"""The `aws` command as far as our docs use it: calls by botocore's service models, sent to AWS_ENDPOINT_URL."""

import json
import os
import shlex
import sys
from collections.abc import Callable
from typing import Any

import boto3
import jmespath
from botocore import xform_name

# Commands that are not operations of the service.
PRINTED = {("ecr", "get-login-password"): "a password"}
ITS_OWN = {"--query", "--output", "--region", "--max-items"}


def main(words: list[str]) -> int:
    service, verb, *rest = words
    if (service, verb) in PRINTED:
        print(PRINTED[service, verb])
        return 0
    waited, rest = (rest[0], rest[1:]) if verb == "wait" else ("", rest)
    options = _options(rest)
    # The service is a variable, for which the stubs have no overload.
    create: Callable[..., Any] = boto3.client
    client = create(service, region_name=options.get("--region") or os.environ["AWS_REGION"])
    if waited:
        asked = _parameters(client, "DescribeImageScanFindings", options)
        client.get_waiter(waited.replace("-", "_")).wait(**asked, WaiterConfig={"Delay": 0})
        return 0
    (operation,) = [one for one in client.meta.service_model.operation_names if xform_name(one, "-") == verb]
    answer = getattr(client, xform_name(operation))(**_parameters(client, operation, options))
    _print(jmespath.search(options["--query"], answer) if "--query" in options else answer, options.get("--output"))
    return 0


def _options(words: list[str]) -> dict[str, str]:
    """Return the values of options. Lists are joined by spaces."""
    found: dict[str, str] = {}
    name = ""
    for word in words:
        if word.startswith("--"):
            name = word
            found[name] = ""
        else:
            found[name] = f"{found[name]} {shlex.quote(word)}".strip()
    return {key: " ".join(shlex.split(value)) for key, value in found.items()}


def _parameters(client: Any, operation: str, options: dict[str, str]) -> dict[str, Any]:
    shape = client.meta.service_model.operation_model(operation).input_shape
    by_option = {f"--{xform_name(member, '-')}": member for member in shape.members} if shape else {}
    given = {by_option[name]: value for name, value in options.items() if name not in ITS_OWN}
    return {name: _typed(shape.members[name], value) for name, value in given.items()}


def _typed(shape: Any, value: str) -> Any:
    if value.startswith(("{", "[")) and shape.type_name != "string":
        return json.loads(value)
    if shape.type_name == "list":
        if shape.member.type_name == "structure":
            return [dict(pair.split("=", 1) for pair in one.split(",")) for one in value.split()]
        return value.split()
    if shape.type_name == "structure":
        return dict(pair.split("=", 1) for pair in value.split(","))
    if shape.type_name in {"integer", "long"}:
        return int(value)
    return True if shape.type_name == "boolean" and not value else value


def _print(found: Any, output: str | None) -> None:
    if output != "text":
        print(json.dumps(found, default=str, indent=4))
    elif isinstance(found, list):
        for one in found:
            print("\t".join(map(str, one)) if isinstance(one, list) else one)
    else:
        print("None" if found is None else found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
