"""The service stack: the cluster, the load balancer, and the API in two colours, one of which serves.

A release starts its image in the idle colour, moves the weights in steps, and makes the other one idle. Parameters of
the stack hold each colour's image, its share of the requests, and its minimum number of tasks; `0` tasks means idle.
CloudFormation itself rolls back a step that raises an alarm.
"""

from typing import Any

from troposphere import Equals, GetAtt, If, Join, Not, Output, Parameter, Ref, Template
from troposphere.applicationautoscaling import (
    PredefinedMetricSpecification,
    ScalableTarget,
    ScalingPolicy,
    TargetTrackingScalingPolicyConfiguration,
)
from troposphere.ecs import (
    AwsvpcConfiguration,
    Cluster,
    ClusterSetting,
    DeploymentCircuitBreaker,
    DeploymentConfiguration,
    LoadBalancer,
    NetworkConfiguration,
    Service,
)
from troposphere.elasticloadbalancingv2 import LoadBalancer as Balancer
from troposphere.elasticloadbalancingv2 import TargetGroup
from troposphere.secretsmanager import GenerateSecretString, Secret

from deploy import names
from deploy.environments import Environment
from deploy.resources import accepted_findings, balancer, parameters, roles, tasks
from deploy.resources.balancer import COLOURS
from deploy.stacks import network

COMMAND = ("gunicorn", "--config", "docker/gunicorn.conf.py", "smartcooking.wsgi")
# Seconds for requests in progress when it is told to stop; ECS kills it 15 s later.
GRACE = 25
PROCESS = {"BIND_HOST": "0.0.0.0", "PORT": str(network.API_PORT), "WEB_GRACE": str(GRACE), "WEB_THREADS": "16"}  # noqa: S104
ALIVE = (
    "python",
    "-c",
    f"import urllib.request; urllib.request.urlopen('http://127.0.0.1:{network.API_PORT}/livez', timeout=4)",
)
# The index of a large catalogue is built before the first response.
START_SECONDS = 180


def build(env: Environment) -> Template:
    template = Template(Description=f"API of {env.prefix}")
    template.add_resource(_secret(env))
    cluster = template.add_resource(_cluster(env))
    log = template.add_resource(tasks.log_group(env, "ApiLog", "api", env.api_log_days))
    task, execution = _add_roles(template, env)
    alb, groups, rule = balancer.add(template, env)
    for colour in COLOURS:
        image = _image(template, colour)
        definition = template.add_resource(
            tasks.definition(template, env, _task(env, colour), image, log, (task, execution))
        )
        service = template.add_resource(_service(template, env, colour, cluster, groups[colour]))
        service.TaskDefinition = Ref(definition)
        service.DependsOn = [rule.title]
        _add_scaling(template, env, colour, service, alb, groups[colour])
    template.add_output(Output("ClusterName", Value=Ref(cluster)))
    template.add_output(Output("ClusterArn", Value=GetAtt(cluster, "Arn")))
    template.add_output(Output("SecretKeyArn", Value=Ref("SecretKey")))
    return template


def _task(env: Environment, colour: str) -> tasks.Task:
    program = tasks.Program(
        colour.lower(), COMMAND, stop=GRACE + 15, port=network.API_PORT, check=ALIVE, process=PROCESS
    )
    return tasks.Task(colour, (program,), cpu=env.api_cpu, memory=env.api_memory)


def service_name(env: Environment, colour: str) -> str:
    return f"{env.prefix}-api-{colour.lower()}"


def _secret(env: Environment) -> Secret:
    """Signs cursors, challenges and moderators' sessions. A new one invalidates these and nothing else."""
    return Secret(
        "SecretKey",
        Name=f"{env.prefix}-secret-key",
        Description="Django's SECRET_KEY",
        GenerateSecretString=GenerateSecretString(PasswordLength=64, ExcludePunctuation=True),
        DeletionPolicy="Retain" if env.protected else "Delete",
        UpdateReplacePolicy="Retain",
        Metadata=accepted_findings.because("CKV_AWS_149"),
    )


def _cluster(env: Environment) -> Cluster:
    return Cluster(
        "Cluster",
        ClusterName=env.prefix,
        CapacityProviders=["FARGATE", "FARGATE_SPOT"],
        # Task counts, CPU and memory are free metrics; Container Insights would be the third largest line of the bill.
        ClusterSettings=[ClusterSetting(Name="containerInsights", Value="disabled")],
        Metadata=accepted_findings.because("CKV_AWS_65"),
    )


def _add_roles(template: Template, env: Environment) -> tuple[Any, Any]:
    task = roles.task_role(
        env,
        "ApiTaskRole",
        roles.read_and_write_table(env),
        roles.keep_audit_log(env),
        roles.look_after_dead_letters(env),
        roles.read_groups(template),
        roles.send_messages(env),
        roles.read_queue_attributes(env),
        roles.change_means_of_login(template),
        roles.list_bucket(env, "images"),
        # A form or link that the API signs has the API's permissions.
        roles.objects(env, "TakeUploads", "images", prefixes=("incoming",), actions=("PutObject", "GetObject")),
        roles.objects(env, "ShowPictures", "images", prefixes=("media", "exports"), actions=("GetObject",)),
        roles.list_bucket(env, "snapshots"),
        roles.objects(env, "ReadSnapshot", "snapshots", prefixes=("catalogue",), actions=("GetObject",)),
    )
    execution = roles.execution_role(
        env, "ApiExecutionRole", names.log_group(env, "api"), Ref("SecretKey"), Ref(tasks.client_secret(template))
    )
    return template.add_resource(task), template.add_resource(execution)


def _image(template: Template, colour: str) -> Any:
    """Return the digest of a colour's image; before the first release both colours have the same one."""
    if colour == "Blue":
        return Ref(tasks.digest_parameter(template, "BlueDigest"))
    green = tasks.digest_parameter(template, "GreenDigest", optional=True)
    template.add_condition("GreenIsNamed", Not(Equals(Ref(green), "")))
    return If("GreenIsNamed", Ref(green), Ref("BlueDigest"))


def _service(template: Template, env: Environment, colour: str, cluster: Cluster, targets: TargetGroup) -> Service:
    """Return a colour's service. It sets no desired count: each update would undo what auto scaling decided."""
    return Service(
        f"{colour}Service",
        ServiceName=service_name(env, colour),
        Cluster=Ref(cluster),
        LaunchType="FARGATE",
        DeploymentConfiguration=DeploymentConfiguration(
            MinimumHealthyPercent=100,
            MaximumPercent=200,
            DeploymentCircuitBreaker=DeploymentCircuitBreaker(Enable=True, Rollback=True),
        ),
        AvailabilityZoneRebalancing="ENABLED",
        HealthCheckGracePeriodSeconds=START_SECONDS,
        LoadBalancers=[
            LoadBalancer(ContainerName=colour.lower(), ContainerPort=network.API_PORT, TargetGroupArn=Ref(targets))
        ],
        NetworkConfiguration=connection(template, env, "ApiGroupId"),
        EnableECSManagedTags=True,
        PropagateTags="SERVICE",
    )


def connection(template: Template, env: Environment, group: str) -> NetworkConfiguration:
    """Return the network configuration of tasks, the same for every service and schedule."""
    return NetworkConfiguration(
        AwsvpcConfiguration=AwsvpcConfiguration(
            AssignPublicIp=network.assigns_public_address(env),
            Subnets=Ref(parameters.from_output(template, "TaskSubnets", parameters.SUBNETS)),
            SecurityGroups=[Ref(parameters.from_output(template, group, parameters.SECURITY_GROUP))],
        )
    )


def _add_scaling(
    template: Template, env: Environment, colour: str, service: Service, alb: Balancer, targets: TargetGroup
) -> None:
    least = template.add_parameter(
        Parameter(
            f"{colour}Tasks",
            Type="Number",
            Default=str(env.api_tasks) if colour == "Blue" else "0",
            MinValue=0,
            MaxValue=env.api_tasks_most,
            Description=f"Tasks of {colour.lower()} at least; 0 stops it",
        )
    )
    runs = f"{colour}Runs"
    template.add_condition(runs, Not(Equals(Ref(least), "0")))
    scaled = template.add_resource(
        ScalableTarget(
            f"{colour}Scaling",
            ServiceNamespace="ecs",
            ScalableDimension="ecs:service:DesiredCount",
            ResourceId=Join("/", ["service", Ref("Cluster"), GetAtt(service, "Name")]),
            MinCapacity=Ref(least),
            MaxCapacity=If(runs, env.api_tasks_most, 0),
        )
    )
    label = Join("/", [GetAtt(alb, "LoadBalancerFullName"), GetAtt(targets, "TargetGroupFullName")])
    # Not by memory: every task holds the whole catalogue, so another task does not reduce it.
    for title, metric, target in (
        ("Cpu", PredefinedMetricSpecification(PredefinedMetricType="ECSServiceAverageCPUUtilization"), env.cpu_target),
        (
            "Requests",
            PredefinedMetricSpecification(PredefinedMetricType="ALBRequestCountPerTarget", ResourceLabel=label),
            env.requests_target,
        ),
    ):
        # An idle colour has nothing to scale, and each policy creates two alarms.
        template.add_resource(
            ScalingPolicy(
                f"{colour}By{title}",
                Condition=runs,
                PolicyName=f"{service_name(env, colour)}-{title.lower()}",
                PolicyType="TargetTrackingScaling",
                ScalingTargetId=Ref(scaled),
                TargetTrackingScalingPolicyConfiguration=TargetTrackingScalingPolicyConfiguration(
                    PredefinedMetricSpecification=metric,
                    TargetValue=float(target),
                    ScaleOutCooldown=60,
                    # Out quickly, in slowly: a task takes a minute to start, and longer with a large catalogue's index.
                    ScaleInCooldown=300,
                ),
            )
        )
