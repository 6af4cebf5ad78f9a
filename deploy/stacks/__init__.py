"""The stacks in their order of deployment, and the environments that have them."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from operator import attrgetter

from troposphere import Template

from deploy.environments import GLOBAL_REGION, Environment
from deploy.stacks import (
    backup,
    boundary,
    cache,
    dashboards,
    data,
    dns,
    edge_global,
    identity,
    messaging,
    monitoring,
    monitoring_global,
    network,
    pipeline,
    registry,
    schedule,
    service,
    slo,
    storage,
    workers,
)

# CloudFormation accepts a template of this many bytes in a request; a larger one must be in S3.
MAX_TEMPLATE_BYTES = 51_200


@dataclass(frozen=True)
class Stack:
    """One CloudFormation stack: its name without the prefix, and the function that builds it."""

    name: str
    build: Callable[[Environment], Template]
    # Whether an environment has it: the emulator supports only some stacks, and some are optional.
    exists: Callable[[Environment], bool] = lambda env: not env.emulated
    # Its region: resources that CloudFront uses must be in us-east-1.
    region: Callable[[Environment], str] = attrgetter("region")
    # Deployed with an administrator's permissions: CloudFormation's service role must not change what limits it.
    by_administrators: bool = False


def _everywhere(env: Environment) -> bool:
    return True


def _globally(env: Environment) -> str:
    return GLOBAL_REGION


# In the order of deployment: a stack uses outputs of earlier ones.
STACKS = (
    Stack("boundary", boundary.build, by_administrators=True),
    Stack("dns", dns.build),
    # Buckets replicate to those of the second region, so these come first.
    Stack("backup_copies", backup.build_copies, region=attrgetter("backup_region")),
    Stack("data", data.build, exists=_everywhere),
    Stack("identity", identity.build, exists=_everywhere),
    Stack("storage", storage.build, exists=_everywhere),
    Stack("messaging", messaging.build, exists=_everywhere),
    Stack("network", network.build),
    Stack("cache", cache.build, exists=attrgetter("cache")),
    Stack("registry", registry.build),
    Stack("service", service.build),
    Stack("workers", workers.build),
    Stack("schedule", schedule.build),
    Stack("edge_global", edge_global.build, region=_globally),
    Stack("backup", backup.build),
    Stack("monitoring", monitoring.build),
    Stack("slo", slo.build),
    Stack("dashboards", dashboards.build),
    Stack("monitoring_global", monitoring_global.build, region=_globally),
    Stack("pipeline", pipeline.build, by_administrators=True),
)


class UnknownStack(Exception):
    """The environment has no stack of that name."""


def select(env: Environment, names: Iterable[str] = ()) -> tuple[Stack, ...]:
    """Return the environment's stacks in the order of deployment, or only the named ones."""
    present = tuple(stack for stack in STACKS if stack.exists(env))
    wanted = set(names)
    unknown = wanted - {stack.name for stack in present}
    if unknown:
        known = ", ".join(stack.name for stack in present)
        message = f"{env.name} has no stack {', '.join(sorted(unknown))}; it has: {known}"
        raise UnknownStack(message)
    return tuple(stack for stack in present if not wanted or stack.name in wanted)


def full_name(env: Environment, stack: Stack) -> str:
    return f"{env.prefix}-{stack.name.replace('_', '-')}"


def render(env: Environment, stack: Stack, *, creating: bool = False) -> str:
    """Return the template as minified JSON; the same environment gives the same bytes.

    With `creating`, nothing in it has deletion protection, so that CloudFormation can roll back a failed creation. An
    update right after the creation adds the protections.
    """
    if creating:
        env = replace(env, deletion_protection=False)
    return json.dumps(stack.build(env).to_dict(), separators=(",", ":"), sort_keys=True)
