"""The stacks, in the order in which they are deployed, and which environments have them."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from troposphere import Template

from deploy import data, identity, messaging, storage
from deploy.environments import Environment

# CloudFormation takes a template of this many bytes with the request; a larger one has to lie in S3.
MAX_TEMPLATE_BYTES = 51_200


@dataclass(frozen=True)
class Stack:
    """One CloudFormation stack: its name without the prefix, and what it is made of."""

    name: str
    build: Callable[[Environment], Template]
    # False for what the emulator refuses.
    emulated: bool = True
    # For what exists in one region only, such as everything that CloudFront reads.
    region: str | None = None


STACKS = (
    Stack("data", data.build),
    Stack("identity", identity.build),
    Stack("storage", storage.build),
    Stack("messaging", messaging.build),
)


class UnknownStack(Exception):
    """No stack of that name in that environment."""


def of(env: Environment, names: Iterable[str] = ()) -> tuple[Stack, ...]:
    """Return the environment's stacks, or those of them that are named, in the order of deployment."""
    present = tuple(stack for stack in STACKS if stack.emulated or not env.emulated)
    wanted = set(names)
    unknown = wanted - {stack.name for stack in present}
    if unknown:
        known = ", ".join(stack.name for stack in present)
        message = f"{env.name} has no stack {', '.join(sorted(unknown))}; it has: {known}"
        raise UnknownStack(message)
    return tuple(stack for stack in present if not wanted or stack.name in wanted)


def full_name(env: Environment, stack: Stack) -> str:
    return f"{env.prefix}-{stack.name}"


def render(env: Environment, stack: Stack) -> str:
    """Return the template as JSON without a byte to spare; the same environment gives the same bytes."""
    return json.dumps(stack.build(env).to_dict(), separators=(",", ":"), sort_keys=True)
