"""The workers stack: one Celery service per group of pools, scaled by the largest backlog of its queues."""

from troposphere import Join, Output, Ref, Template
from troposphere.applicationautoscaling import (
    CustomizedMetricSpecification,
    ScalableTarget,
    ScalingPolicy,
    TargetTrackingMetric,
    TargetTrackingMetricDataQuery,
    TargetTrackingMetricDimension,
    TargetTrackingMetricStat,
    TargetTrackingScalingPolicyConfiguration,
)
from troposphere.ecs import (
    CapacityProviderStrategyItem,
    DeploymentCircuitBreaker,
    DeploymentConfiguration,
    Service,
)
from troposphere.logs import LogGroup

from deploy import names
from deploy.environments import Environment, Pool, WorkerGroup
from deploy.resources import parameters, roles, tasks
from deploy.stacks import service
from smartcooking.contract.queues import AI, DEFAULT, IMPORTS, MEDIA, QUEUES, Queue

# Exits with 1 if the worker's event loop has been stuck for a while; ECS then replaces the task.
ALIVE = ("python", "-m", "smartcooking.worker_health")
_BY_NAME = {queue.name: queue for queue in QUEUES}
# Partitions of the table and its indexes that imports access; tests/imports/test_reach.py enforces the list.
IMPORT_PARTITIONS = ("USER#*", "RECIPE#*", "OUTBOX#*", "INGREDIENTS")


def build(env: Environment) -> Template:
    template = Template(Description=f"Workers of {env.prefix}")
    parameters.from_output(template, "ClusterName")
    tasks.digest_parameter(template, "ImageDigest")
    log = template.add_resource(tasks.log_group(env, "WorkerLog", "workers", env.worker_log_days))
    for group in env.workers:
        _add_group(template, env, group, log)
        template.add_output(Output(f"Worker{group.name.capitalize()}", Value=service_name(env, group)))
    return template


def service_name(env: Environment, group: WorkerGroup) -> str:
    return f"{env.prefix}-worker-{group.name}"


def command(pool: Pool) -> tuple[str, ...]:
    return (
        "celery",
        "--quiet",
        "--app=smartcooking.celery",
        "worker",
        f"--queues={','.join(pool.queues)}",
        f"--concurrency={pool.concurrency}",
        "--loglevel=WARNING",
        # SQS has no broadcast, so these would wait for replies that never come.
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
    )


def _add_group(template: Template, env: Environment, group: WorkerGroup, log: LogGroup) -> None:
    title = f"Worker{group.name.capitalize()}"
    task = template.add_resource(
        roles.task_role(
            env, f"{title}TaskRole", *_rights(template, env, tuple(_BY_NAME[name] for name in group.queues))
        )
    )
    execution = template.add_resource(
        roles.execution_role(
            env,
            f"{title}ExecutionRole",
            names.log_group(env, "workers"),
            Ref(parameters.from_output(template, "SecretKeyArn")),
            Ref(tasks.client_secret(template)),
        )
    )
    definition = template.add_resource(
        tasks.definition(
            template,
            env,
            tasks.Task(
                title,
                tuple(
                    tasks.Program(pool.name, command(pool), check=ALIVE, processor=pool.processor)
                    for pool in group.pools
                ),
                cpu=group.cpu,
                memory=group.memory,
            ),
            Ref("ImageDigest"),
            log,
            (task, execution),
        )
    )
    running = template.add_resource(
        Service(
            title,
            ServiceName=service_name(env, group),
            Cluster=Ref("ClusterName"),
            TaskDefinition=Ref(definition),
            # Spot is 70 % cheaper and may be interrupted: a worker returns unfinished messages to the queue.
            CapacityProviderStrategy=[
                CapacityProviderStrategyItem(CapacityProvider="FARGATE", Base=env.workers_on_demand, Weight=0),
                CapacityProviderStrategyItem(CapacityProvider="FARGATE_SPOT", Base=0, Weight=1),
            ],
            DeploymentConfiguration=DeploymentConfiguration(
                MinimumHealthyPercent=100,
                MaximumPercent=200,
                DeploymentCircuitBreaker=DeploymentCircuitBreaker(Enable=True, Rollback=True),
            ),
            NetworkConfiguration=service.connection(template, env, _security_group(group)),
            EnableECSManagedTags=True,
            PropagateTags="SERVICE",
        )
    )
    _add_scaling(template, env, group, running)


def _security_group(group: WorkerGroup) -> str:
    return "ImportsGroupId" if group.reads_the_web else "WorkersGroupId"


def _rights(template: Template, env: Environment, queues: tuple[Queue, ...]) -> list[roles.Statement]:
    if queues == (IMPORTS,):
        return _rights_of_imports(env)
    rights = [
        roles.read_and_write_table(env),
        roles.keep_audit_log(env),
        roles.send_messages(env),
        roles.receive_messages(env, queues),
        roles.send_mail(env),
    ]
    if AI in queues or DEFAULT in queues:
        # The one generates suggestions, the other dishes of plans.
        rights += roles.generate(env)
    if MEDIA in queues:
        change = ("GetObject", "PutObject", "DeleteObject")
        rights += [
            roles.list_bucket(env, "images"),
            roles.objects(env, "CheckUploads", "images", prefixes=("incoming", "media", "exports"), actions=change),
        ]
    if DEFAULT in queues:
        rights += [roles.write_email(template), roles.delete_accounts(template)]
    if DEFAULT in queues and MEDIA not in queues:
        # `sweep_uploads` runs from this queue.
        change = ("GetObject", "PutObject", "DeleteObject")
        rights += [
            roles.list_bucket(env, "images"),
            roles.objects(env, "TidyUploads", "images", prefixes=("incoming", "media", "exports"), actions=change),
        ]
    # Suggestions search the catalogue; if it is large, processes load it from its snapshot.
    rights.append(
        roles.objects(env, "ReadSnapshot", "snapshots", prefixes=("catalogue",), actions=("GetObject",)),
    )
    return rights


def _rights_of_imports(env: Environment) -> list[roles.Statement]:
    """Return the permissions for reading a page or an archive, the most that an attacker in this worker would get.

    It cannot send mail, call models, read pictures or data exports, or write to other queues than its own and that of
    pictures.
    """
    return [
        roles.read_and_write_table(env, partitions=IMPORT_PARTITIONS),
        roles.keep_audit_log(env),
        roles.send_messages(env, (IMPORTS, MEDIA)),
        roles.receive_messages(env, (IMPORTS,)),
        roles.list_bucket(env, "images"),
        roles.objects(env, "PostedFiles", "images", prefixes=("incoming",), actions=("GetObject", "PutObject")),
    ]


def _add_scaling(template: Template, env: Environment, group: WorkerGroup, running: Service) -> None:
    scaled = template.add_resource(
        ScalableTarget(
            f"{running.title}Scaling",
            ServiceNamespace="ecs",
            ScalableDimension="ecs:service:DesiredCount",
            # By name: the attribute is the service's ARN, which also contains the cluster's name.
            ResourceId=Join("/", ["service", Ref("ClusterName"), service_name(env, group)]),
            MinCapacity=group.minimum,
            MaxCapacity=group.maximum,
            DependsOn=running.title,
        )
    )
    template.add_resource(
        ScalingPolicy(
            f"{running.title}ByBacklog",
            PolicyName=f"{service_name(env, group)}-backlog",
            PolicyType="TargetTrackingScaling",
            ScalingTargetId=Ref(scaled),
            TargetTrackingScalingPolicyConfiguration=TargetTrackingScalingPolicyConfiguration(
                CustomizedMetricSpecification=CustomizedMetricSpecification(Metrics=_backlog(env, group)),
                TargetValue=1.0,
                ScaleOutCooldown=60,
                ScaleInCooldown=300,
            ),
        )
    )


def _backlog(env: Environment, group: WorkerGroup) -> list[TargetTrackingMetricDataQuery]:
    """Return the backlog per task, relative to its allowed value: that of the pool that needs most tasks.

    So the service scales in only when all pools need fewer. Separate policies per pool would do the same, but each adds
    alarms that count the tasks. Without any task, all waiting messages count: one task must start. A late data point
    counts as the previous value: zero instead would stop tasks that have work. Tasks are counted by the samples of
    their CPU metric, one per minute and task, which costs nothing.
    """
    named = {name: f"q{number}" for number, name in enumerate(group.queues)}
    waiting = [
        _measured(
            query,
            "AWS/SQS",
            "ApproximateNumberOfMessagesVisible",
            QueueName=names.queue(env, _BY_NAME[name]),
        )
        for name, query in named.items()
    ]
    counted = _measured(
        "counted",
        "AWS/ECS",
        "CPUUtilization",
        "SampleCount",
        ClusterName=Ref("ClusterName"),
        ServiceName=service_name(env, group),
    )
    pools = [
        f"({'+'.join(f'FILL({named[name]},REPEAT)' for name in pool.queues)})/{pool.backlog_per_task}"
        for pool in group.pools
    ]
    most = f"MAX([{','.join(pools)}])" if len(pools) > 1 else pools[0]
    running = TargetTrackingMetricDataQuery(Id="running", Expression="FILL(counted,REPEAT)", ReturnData=False)
    each = TargetTrackingMetricDataQuery(
        Id="each", Label="Backlog of each task", Expression=f"{most}/IF(running>0,running,1)"
    )
    each.ReturnData = True
    return [*waiting, counted, running, each]


def _measured(
    name: str, namespace: str, metric: str, stat: str = "Average", **dimensions: object
) -> TargetTrackingMetricDataQuery:
    return TargetTrackingMetricDataQuery(
        Id=name,
        ReturnData=False,
        MetricStat=TargetTrackingMetricStat(
            Stat=stat,
            Metric=TargetTrackingMetric(
                Namespace=namespace,
                MetricName=metric,
                Dimensions=[TargetTrackingMetricDimension(Name=key, Value=value) for key, value in dimensions.items()],
            ),
        ),
    )
