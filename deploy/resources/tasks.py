"""ECS task definitions: one image, read-only, configured by environment variables alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from troposphere import GetAtt, Join, Parameter, Ref, Region, Sub, Template
from troposphere.ecs import (
    ContainerDefinition,
    HealthCheck,
    KernelCapabilities,
    LinuxParameters,
    LogConfiguration,
    MountPoint,
    PortMapping,
    RuntimePlatform,
    Secret,
    TaskDefinition,
    Volume,
)
from troposphere.ecs import (
    Environment as Variable,
)
from troposphere.iam import Role
from troposphere.logs import LogGroup

from deploy import names
from deploy.environments import Environment
from deploy.outputs import READ_BY_SETTINGS, variable
from deploy.resources import accepted_findings, parameters
from smartcooking.contract import ai_model, terms

DIGEST = r"sha256:[0-9a-f]{64}"
COLLECTOR = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3"
# Where the collector listens: containers of a task share an address.
TRACES = "http://127.0.0.1:4318"
# The maximum of Fargate, which kills the container afterwards.
LONGEST_STOP = 120

# Settings that are the same everywhere, with the values of the product's rules.
RULES = {
    "MAX_BODY_BYTES": "262144",
    "LOG_LEVEL": "INFO",
    "METRICS": "emf",
    "AWS_CONNECT_TIMEOUT": "1.0",
    "AWS_READ_TIMEOUT": "3.0",
    "REQUEST_RETRY_SECONDS": "5.0",
    "UNKNOWN_REPORTERS": "5",
    "APPROVE_RATINGS": "3",
    "APPROVE_AVERAGE": "4.0",
    "REVOKE_RATINGS": "5",
    "REVOKE_AVERAGE": "3.5",
    "REJECTED_DAYS": "30",
    "SNAPSHOT_FROM": "10000",
    "AI_DEADLINE": "8.0",
    "AI_DAILY_QUOTA": "20",
    "AI_TAGS_DAILY_QUOTA": "30",
    "AI_CACHE_SECONDS": "3600",
    "AI_BREAKER_FAILURES": "3",
    "AI_BREAKER_SECONDS": "60",
    "AI_RECIPE_COST_USD": f"{ai_model.RECIPE_USD:g}",
    "AI_BEDROCK_ENDPOINT": "",
    "AI_BEDROCK_GUARDRAIL_VERSION": "DRAFT",
    # Used only if AI_PROVIDERS names it, which no environment in AWS does.
    "OLLAMA_HOST": "http://127.0.0.1:11434",
    "OLLAMA_MODEL": "llama3.1:8b",
    "TERMS_VERSION": terms.VERSION,
    "MIN_COVERAGE": "0.5",
    "RECENT_DAYS": "7",
    "MAX_WAITERS": "6",
    "MEDIA_URL_SECONDS": "900",
    "MAX_UNUSED_UPLOADS": "30",
    "MAX_FRIENDS": "1000",
    "REPORTS_TO_HIDE": "3",
    "YOUNG_ACCOUNT_HOURS": "24",
    "SAME_ADDRESS_SECONDS": "3600",
    "MAILS_PER_HOUR": "20",
    "MAILS_CAUSED_PER_HOUR": "20",
    "SUGGESTION_READY_AFTER": "15",
    "LOGIN_SECONDS": "0.5",
    "THROTTLE_SECONDS": "900",
    "THROTTLE_PER_USER": "10",
    "THROTTLE_PER_ADDRESS": "50",
    "THROTTLE_CODES_PER_DAY": "50",
    "RATE_LIMIT_SCALE": "1.0",
    "IN_FLIGHT_PER_PERSON": "8",
    # The load balancer keeps CloudFront's X-Forwarded-For: its last entry, the caller's address, is trusted.
    "TRUSTED_PROXIES": "1",
}


@dataclass(frozen=True)
class Program:
    """The program of a container; `process` has environment variables that are not settings.

    `processor` is its guaranteed share of the task's CPU units.
    """

    name: str
    command: tuple[str, ...]
    stop: int = LONGEST_STOP
    port: int | None = None
    check: tuple[str, ...] = ()
    process: Mapping[str, str] = field(default_factory=dict)
    processor: int = 0


@dataclass(frozen=True)
class Task:
    """Programs that start, stop and fail together, and the size of the task that they share."""

    title: str
    programs: tuple[Program, ...]
    cpu: int
    memory: int


def settings(template: Template, env: Environment, digest: Any) -> dict[str, Any]:
    """Return the environment variables of settings.py, except the secrets."""
    return {
        **RULES,
        "ENVIRONMENT": env.name,
        "VERSION": digest,
        "ALLOWED_HOSTS": ",".join(env.service_domains),
        "AWS_REGION": Region,
        "OTEL_EXPORTER_OTLP_ENDPOINT": TRACES if env.tracing else "",
        "OTEL_TRACES_SAMPLER_ARG": str(env.xray_rate),
        "TRACES_PER_SECOND": str(env.xray_reservoir),
        "MEDIA_BASE_URL": f"https://{env.domain}",
        "FRONTEND_URL": f"https://{env.domain}",
        "EMAIL_FROM": env.mail_from,
        # A tenth of an API task's processor.
        "SENDER_CPU_SHARE": f"{0.1 * min(1.0, env.api_cpu / 1024):g}",
        "AI_PROVIDERS": env.ai_providers,
        "AI_MONTHLY_BUDGET_USD": str(env.ai_budget),
        "VALKEY_URL": Ref(parameters.from_output(template, "CacheUrl")) if env.cache else "",
        "BEDROCK_MODEL_ID": env.bedrock_model,
        "AI_BEDROCK_REGION": env.bedrock_region,
        "AI_BEDROCK_GUARDRAIL_ID": env.bedrock_guardrail,
        **{variable(output): Ref(parameters.from_output(template, output)) for output in READ_BY_SETTINGS},
    }


def digest_parameter(template: Template, title: str, *, optional: bool = False) -> Parameter:
    """Add the parameter for the image's digest; a tag could point to another image later."""
    pattern = f"^({DIGEST})?$" if optional else f"^{DIGEST}$"
    parameter = Parameter(title, Type="String", AllowedPattern=pattern, Description="Digest of the image to run")
    if optional:
        parameter.Default = ""
    return template.add_parameter(parameter)


def log_group(env: Environment, title: str, what: str, days: int) -> LogGroup:
    return LogGroup(
        title,
        LogGroupName=names.log_group(env, what),
        RetentionInDays=days,
        DeletionPolicy="Retain" if env.protected else "Delete",
        UpdateReplacePolicy="Retain",
        Metadata=accepted_findings.because("CKV_AWS_158"),
    )


def definition(
    template: Template, env: Environment, task: Task, digest: Any, log: LogGroup, roles: tuple[Role, Role]
) -> TaskDefinition:
    """Return a task definition of the service's image; `roles` are the task role and the execution role."""
    own, execution = roles
    containers = [_container(template, env, program, digest, log) for program in task.programs]
    return TaskDefinition(
        f"{task.title}Task",
        Family=f"{env.prefix}-{task.title.lower()}",
        RequiresCompatibilities=["FARGATE"],
        NetworkMode="awsvpc",
        # Graviton: a fifth cheaper than x86 at the same size.
        RuntimePlatform=RuntimePlatform(CpuArchitecture="ARM64", OperatingSystemFamily="LINUX"),
        Cpu=str(task.cpu),
        Memory=str(task.memory),
        TaskRoleArn=GetAtt(own, "Arn"),
        ExecutionRoleArn=GetAtt(execution, "Arn"),
        ContainerDefinitions=[*containers, *_collector(env, log)],
        Volumes=[Volume(Name=_scratch(program)) for program in task.programs],
    )


def _container(
    template: Template, env: Environment, program: Program, digest: Any, log: LogGroup
) -> ContainerDefinition:
    variables = settings(template, env, digest) | dict(program.process)
    container = ContainerDefinition(
        Name=program.name,
        Image=Join("@", [Ref(parameters.from_output(template, "RepositoryUri")), digest]),
        Essential=True,
        Command=list(program.command),
        Environment=[Variable(Name=name, Value=value) for name, value in sorted(variables.items())],
        Secrets=[
            Secret(Name="COGNITO_CLIENT_SECRET", ValueFrom=Ref(client_secret(template))),
            Secret(Name="SECRET_KEY", ValueFrom=_secret(template)),
        ],
        # An init process reaps children and forwards signals.
        LinuxParameters=LinuxParameters(InitProcessEnabled=True, Capabilities=KernelCapabilities(Drop=["ALL"])),
        ReadonlyRootFilesystem=True,
        # The only writable directories, for gunicorn, Celery and the catalogue's snapshot.
        MountPoints=[MountPoint(SourceVolume=_scratch(program), ContainerPath="/tmp", ReadOnly=False)],  # noqa: S108
        LogConfiguration=_logs(log),
        StopTimeout=program.stop,
    )
    if program.processor:
        container.Cpu = program.processor
    if program.port:
        container.PortMappings = [PortMapping(ContainerPort=program.port, Protocol="tcp")]
    if program.check:
        container.HealthCheck = HealthCheck(
            Command=["CMD", *program.check],
            Interval=env.health_every,
            Timeout=env.health_timeout,
            Retries=3,
            StartPeriod=120,
        )
    return container


def _scratch(program: Program) -> str:
    """Return a volume for one program; programs that share one would see each other's files."""
    return f"tmp-{program.name}"


def client_secret(template: Template) -> Parameter:
    """Return the parameter that names the secret of the user pool's client."""
    return parameters.from_output(template, "CognitoClientSecretArn")


def _secret(template: Template) -> Ref:
    """Return the secret, created in this stack or passed from the one that created it."""
    return Ref("SecretKey" if "SecretKey" in template.resources else parameters.from_output(template, "SecretKeyArn"))


def _collector(env: Environment, log: LogGroup) -> list[ContainerDefinition]:
    """Return the collector that forwards traces to X-Ray, if the environment enables tracing."""
    if not env.tracing:
        return []
    return [
        ContainerDefinition(
            Name="collector",
            Image=COLLECTOR,
            # The service works without the collector.
            Essential=False,
            Command=["--config=/etc/ecs/ecs-xray.yaml"],
            ReadonlyRootFilesystem=True,
            LogConfiguration=_logs(log),
        )
    ]


def _logs(log: LogGroup) -> LogConfiguration:
    return LogConfiguration(
        LogDriver="awslogs",
        Options={
            "awslogs-group": Ref(log),
            "awslogs-region": Sub("${AWS::Region}"),
            "awslogs-stream-prefix": "task",
            # A blocked log must not block requests.
            "mode": "non-blocking",
            "max-buffer-size": "4m",
        },
    )
