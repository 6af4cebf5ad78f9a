"""The stacks' outputs as the environment variables that the service reads."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from deploy import aws
from deploy.environments import Environment
from smartcooking.contract.queues import QUEUES

# The outputs that settings.py reads: `QueueUrlAi` is QUEUE_URL_AI there. Others are for other stacks and for people.
READ_BY_SETTINGS = (
    "TableName",
    "ImagesBucket",
    "SnapshotsBucket",
    "CognitoPoolId",
    "CognitoClientId",
    "CognitoIssuer",
    "CognitoJwksUrl",
    *(f"QueueUrl{queue.name.capitalize()}" for queue in QUEUES),
)


# The emulated client's secret; in AWS only ECS reads it, from Secrets Manager.
CLIENT_SECRET = "CognitoClientSecret"  # noqa: S105  the name of an output


class MissingOutput(Exception):
    """The deployed stacks lack outputs that the service reads."""


def variable(output: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", output).upper()


def variables(env: Environment, outputs: Mapping[str, str], endpoint_url: str | None) -> dict[str, str]:
    """Return the environment variables of settings.py that are derived from the deployed stacks."""
    wanted = {*READ_BY_SETTINGS, CLIENT_SECRET} if env.emulated else set(READ_BY_SETTINGS)
    missing = sorted(wanted - set(outputs))
    if missing:
        message = f"{env.name} has no output {', '.join(missing)}: deploy its stacks first"
        raise MissingOutput(message)
    found = {variable(name): outputs[name] for name in sorted(wanted)}
    common = {"ENVIRONMENT": env.name, "AWS_REGION": env.region, "EMAIL_FROM": env.mail_from, **found}
    return common | _of_emulator(found, endpoint_url) if env.emulated and endpoint_url else common


def _of_emulator(found: Mapping[str, str], endpoint_url: str) -> dict[str, str]:
    """Return the variables for the emulator. Its tokens carry the issuer that AWS would use, but its keys are its own;
    its queues keep the address that the emulator had when they were created.
    """
    host = urlsplit(endpoint_url).netloc
    queues = {name: urlsplit(url)._replace(netloc=host).geturl() for name, url in found.items() if "QUEUE_URL" in name}
    return {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ACCESS_KEY_ID": aws.LOCAL_CREDENTIALS["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": aws.LOCAL_CREDENTIALS["aws_secret_access_key"],
        "COGNITO_JWKS_URL": f"{endpoint_url}/{found['COGNITO_POOL_ID']}/.well-known/jwks.json",
        **queues,
    }
