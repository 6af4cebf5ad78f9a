"""The environments, and every value that differs between them."""

from dataclasses import dataclass
from typing import Literal

from smartcooking.contract import ai_model

PROJECT = "smart-cooking"
REGION = "ap-southeast-1"
# CloudFront reads its certificates and web ACLs here, and AWS reports charges here.
GLOBAL_REGION = "us-east-1"
ALL_DAYS = (0, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True)
class Pool:
    """A pool of Celery processes with its own queues, so that messages of other queues never delay them.

    Another task starts when more than `backlog_per_task` messages wait for each task: about what a task processes in
    the time that users are willing to wait. `processor` is the pool's guaranteed share of the task's CPU units.
    """

    name: str
    queues: tuple[str, ...]
    backlog_per_task: int
    concurrency: int
    processor: int


@dataclass(frozen=True)
class WorkerGroup:
    """An ECS service whose tasks run one container for each pool: the pools scale and fail together."""

    name: str
    pools: tuple[Pool, ...]
    cpu: int = 256
    memory: int = 1024
    minimum: int = 1
    maximum: int = 6
    # Its tasks read untrusted input, so they have a role and a security group of their own, and access to the web.
    reads_the_web: bool = False

    @property
    def queues(self) -> tuple[str, ...]:
        return tuple(queue for pool in self.pools for queue in pool.queues)


# People wait for `ai`; pictures need much memory; all other work is short and can wait.
AI = Pool("ai", ("ai",), backlog_per_task=4, concurrency=4, processor=128)
MEDIA = Pool("media", ("media",), backlog_per_task=10, concurrency=1, processor=32)
GENERAL = Pool("general", ("notifications", "default"), backlog_per_task=100, concurrency=2, processor=96)
# Imported pages and archives are untrusted, so they are processed apart from all other work. They may wait a minute.
IMPORTS = WorkerGroup(
    "imports",
    (Pool("imports", ("imports",), backlog_per_task=10, concurrency=2, processor=256),),
    maximum=4,
    reads_the_web=True,
)
# One task is enough up to about 200,000 users a month.
TOGETHER = (WorkerGroup("all", (AI, MEDIA, GENERAL), memory=2048), IMPORTS)
# Each pool scales and fails independently, for 44 USD a month more.
BY_KIND = (
    WorkerGroup("ai", (AI,)),
    WorkerGroup("media", (MEDIA,), memory=2048, maximum=4),
    WorkerGroup("general", (GENERAL,)),
    IMPORTS,
)
# The smallest configuration, for environments without users.
ONE_FOR_ALL = (
    WorkerGroup("all", (Pool("all", AI.queues + MEDIA.queues + GENERAL.queues, 20, concurrency=2, processor=256),)),
    IMPORTS,
)


@dataclass(frozen=True)
class Environment:
    """One copy of the service; the names of all its resources start with `prefix`.

    The defaults are production's values. Other environments state only what differs.
    """

    name: str
    prefix: str
    region: str = REGION
    # Resources with people's data are retained when their stack is deleted, and protected against deletion.
    protected: bool = True
    # False while a stack is being created: CloudFormation cannot roll back a creation whose resources refuse deletion.
    deletion_protection: bool = True
    # Runs in the emulator on this machine: some resource types and properties do not exist there.
    emulated: bool = False

    # --- Names and addresses
    domain: str = "smartcooking.com"
    # Records of the domain in addition to the service's: name, type and values. Reading mail to the domain, such as
    # alerts to `alert_email`, needs an MX record; TXT values of the domain itself are merged with SPF's.
    records: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    # Zones below this one, of other environments: their name and name servers.
    delegations: tuple[tuple[str, tuple[str, ...]], ...] = ()
    alert_email: str = "alerts@smartcooking.com"
    # Appended to the names of buckets, which are unique across all AWS accounts, if somebody else has one of them.
    bucket_suffix: str = ""

    # --- Network
    vpc_cidr: str = "10.0.0.0/16"
    # How tasks reach AWS: each with a public address to which nothing can connect, or through NAT gateways.
    egress: Literal["nat", "public-tasks"] = "public-tasks"
    nat_gateways: int = 1
    # com.amazonaws.global.cloudfront.origin-facing in `region`: `aws ec2 describe-managed-prefix-lists` names it.
    cloudfront_prefix_list: str = "pl-31a34658"

    # --- API
    # A quarter of a processor; in the evening the requests of 100,000 people a month need a fifth of it in two tasks.
    api_cpu: int = 256
    api_memory: int = 1024
    api_tasks: int = 2
    api_tasks_most: int = 10
    cpu_target: int = 70
    # Per minute and task; two thirds of what such a processor handles in the benchmarks (docs/benchmarks.md).
    requests_target: int = 3000
    health_every: int = 30
    health_timeout: int = 5
    healthy_after: int = 2
    unhealthy_after: int = 2
    balancer_protected: bool = True
    # Seconds for which a deregistered task may finish its requests.
    drain: int = 30

    # --- Workers and schedules
    workers: tuple[WorkerGroup, ...] = TOGETHER
    # Tasks of each group that do not run on Spot capacity, which AWS may reclaim with two minutes' notice.
    workers_on_demand: int = 0

    # --- Data: 5,000 requests a second steadily, 10,000 in a burst; a request reads and writes about one unit
    table_read_units: int = 10_000
    table_write_units: int = 5_000
    recovery_days: int = 35
    infrequent_after_days: int = 90
    # Valkey, in which the tasks of the API share rate limits; without it each has its own (docs/decisions/0105).
    cache: bool = False
    cache_most_gigabytes: int = 1
    cache_most_units: int = 5_000

    # --- AI
    ai_providers: str = "bedrock,rules"
    # A model or an inference profile. If AWS retires the model, recipes are composed by rules.
    bedrock_model: str = ai_model.PROFILE
    bedrock_region: str = REGION
    # The id of a Bedrock guardrail; empty: none.
    bedrock_guardrail: str = ""
    # US dollars a month, after which recipes are composed by rules.
    ai_budget: int = 100

    # --- Edge
    waf: bool = True
    requests_per_address: int = 2000
    # ISO 3166 codes of blocked countries: by default those that the United States embargo, whose law AWS and
    # the sellers of models in its marketplace are under.
    blocked_countries: tuple[str, ...] = ("CU", "IR", "KP", "SY")
    # False: AWS's managed rules only count what they would block. Two weeks of counts show whom they would block
    # wrongly.
    firewall_blocks: bool = False
    cache_seconds: int = 3600
    cache_most_seconds: int = 86_400
    hsts_seconds: int = 31_536_000

    # --- Logs and traces
    api_log_days: int = 30
    worker_log_days: int = 14
    tracing: bool = False
    # Requests per second that each task always traces, and the share of all others.
    xray_reservoir: int = 1
    xray_rate: float = 0.10

    # --- Backups
    backup_region: str = "ap-northeast-1"
    backup_days: int = 30

    # --- Checks from outside, in seconds: `/health`, then what `manage.py probe` does
    outside_every: int = 30
    sign_in_every: int = 300
    sign_in_most_ms: int = 500
    journey_every: int = 3600

    # --- Alarms
    monthly_charges: int = 200
    daily_charges: int = 30
    cpu_alarm: int = 80
    ai_seconds: int = 30
    route_seconds: int = 5
    bucket_gigabytes: int = 50

    # --- Objectives (docs/slo.md): percent of requests that are answered, percent that may fail, minutes to recover
    availability_target: float = 99.95
    errors_target: float = 0.1
    recovery_target: int = 30

    # --- Releases: days of the week (Monday is 0) and hours in UTC between which they begin
    release_days: tuple[int, ...] = (1, 2, 3)
    release_opens: int = 2
    release_closes: int = 4

    # --- Deployment
    repository: str = "smartcooking/smart-cooking"
    # True for exactly one environment of each account, possibly its only one. It creates the account's single
    # GitHub identity provider, and watches what is reported per account: its charges.
    first_in_account: bool = True
    # The only branch whose workflow may deploy.
    branch: str = "main"

    @property
    def api_domain(self) -> str:
        return f"api.{self.domain}"

    @property
    def service_domains(self) -> tuple[str, str]:
        """Return the sites on which the service answers: its own, and below some paths the client's."""
        return self.api_domain, self.domain

    @property
    def sender(self) -> str:
        return f"no-reply@{self.domain}"

    @property
    def mail_from(self) -> str:
        return f"Smart Cooking <{self.sender}>"


def _emulated(name: str) -> Environment:
    prefix = f"{PROJECT}-{name}"
    return Environment(name, prefix, protected=False, emulated=True, domain=f"{prefix}.example.com")


LOCAL = _emulated("local")
DEV = Environment(
    "dev",
    f"{PROJECT}-dev",
    domain="dev.smartcooking.com",
    branch="develop",
    api_tasks=1,
    api_tasks_most=2,
    workers=ONE_FOR_ALL,
    table_read_units=500,
    table_write_units=500,
    balancer_protected=False,
    waf=False,
    ai_budget=10,
    api_log_days=7,
    worker_log_days=7,
    monthly_charges=50,
    # No users: releases may start at any time.
    release_days=ALL_DAYS,
    release_opens=0,
    release_closes=24,
    first_in_account=False,
)
STAGING = Environment(
    "staging",
    f"{PROJECT}-staging",
    domain="staging.smartcooking.com",
    api_tasks_most=4,
    balancer_protected=False,
    table_read_units=1000,
    table_write_units=1000,
    monthly_charges=100,
    # No users: releases may start at any time.
    release_days=ALL_DAYS,
    release_opens=0,
    release_closes=24,
    first_in_account=False,
)
PROD = Environment("prod", f"{PROJECT}-prod")

ENVIRONMENTS = {env.name: env for env in (LOCAL, DEV, STAGING, PROD)}


def test(name: str) -> Environment:
    """Return an environment like `local` with its own names, so that several can share one local AWS."""
    return _emulated(name)
