"""The domain's identity in SES; Cognito accepts it as a sender once it is verified."""

import time
from collections.abc import Callable
from typing import Any

from deploy import aws, stacks
from deploy.environments import Environment
from deploy.operations import cloudformation
from deploy.operations.changes import StackFailed

# The stack that refuses to be created before the identity is verified.
NEEDED_BY = "identity"
# SES checks the domain's records for minutes after they are published, and gives up after three days.
BETWEEN, PATIENCE = 30.0, 60 * 60.0


def wait(
    env: Environment,
    endpoint_url: str | None,
    tell: Callable[[str], None],
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Return once SES has verified the domain; raises StackFailed after an hour.

    Meanwhile it prints the records that SES looks for. If the domain's zone is not the dns stack's, somebody has to
    publish them there.
    """
    client = aws.client("sesv2", env, endpoint_url)
    waited = 0.0
    while True:
        identity = client.get_email_identity(EmailIdentity=env.domain)
        if identity.get("VerifiedForSendingStatus"):
            if waited:
                tell(f"SES has verified {env.domain}")
            return
        if not waited:
            _explain(env, identity, tell)
        if waited >= PATIENCE:
            message = (
                f"SES has not verified {env.domain} within an hour: publish the records above, then run this again"
            )
            raise StackFailed(message)
        tell(f"waiting until SES has verified {env.domain}: {waited / 60:.0f} min")
        pause(BETWEEN)
        waited += BETWEEN


def is_needed(env: Environment, endpoint_url: str | None, stack: stacks.Stack) -> bool:
    """Return whether the stack is about to be created and needs a verified identity."""
    if stack.name != NEEDED_BY or env.emulated:
        return False
    client = aws.client("cloudformation", env, endpoint_url, stack.region(env))
    return not cloudformation.exists(client, stacks.full_name(env, stack))


def _explain(env: Environment, identity: dict[str, Any], tell: Callable[[str], None]) -> None:
    tell(
        f"SES looks for these records of {env.domain}. The stack dns has made them in its zone; they are seen once the"
    )
    tell("registrar names that zone's name servers. Where the domain's DNS is elsewhere, publish them there:")
    for token in identity.get("DkimAttributes", {}).get("Tokens", []):
        tell(f"  {token}._domainkey.{env.domain}  CNAME  {token}.dkim.amazonses.com")
