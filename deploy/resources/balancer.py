"""The API's load balancer: internal, reachable from CloudFront only, with two weighted target groups."""

from troposphere import Equals, GetAtt, If, Not, Output, Parameter, Ref, Template
from troposphere.certificatemanager import Certificate, DomainValidationOption
from troposphere.cloudfront import VpcOrigin, VpcOriginEndpointConfig
from troposphere.elasticloadbalancingv2 import Action as Default
from troposphere.elasticloadbalancingv2 import Certificate as ServedCertificate
from troposphere.elasticloadbalancingv2 import (
    Condition,
    FixedResponseConfig,
    ForwardConfig,
    HostHeaderConfig,
    HttpHeaderConfig,
    Listener,
    ListenerRule,
    ListenerRuleAction,
    LoadBalancer,
    LoadBalancerAttributes,
    Matcher,
    TargetGroup,
    TargetGroupAttribute,
    TargetGroupTuple,
)

from deploy import names
from deploy.environments import Environment
from deploy.resources import parameters, policies
from deploy.stacks.network import API_PORT, HTTPS

# The two sides of a release: one serves while the other is idle and takes over by weight.
COLOURS = ("Blue", "Green")
# Longer than the API's longest wait, shorter than gunicorn's keep-alive.
IDLE_SECONDS = 60
# The header that routes a request to a colour, with the key of the current release.
PREVIEW_HEADER = "X-Preview"


def add(template: Template, env: Environment) -> tuple[LoadBalancer, dict[str, TargetGroup], ListenerRule]:
    balancer = template.add_resource(_balancer(template, env))
    groups = {colour: template.add_resource(_target_group(template, env, colour)) for colour in COLOURS}
    listener = template.add_resource(_listener(template, env, balancer))
    rule = template.add_resource(_rule(template, env, listener, groups))
    template.add_resource(_preview(template, listener, groups))
    origin = template.add_resource(_origin(env, balancer, listener))
    template.add_output(Output("BalancerFullName", Value=GetAtt(balancer, "LoadBalancerFullName")))
    template.add_output(Output("BalancerDnsName", Value=GetAtt(balancer, "DNSName")))
    template.add_output(Output("CertificateArn", Value=Ref("Certificate")))
    template.add_output(Output("VpcOriginId", Value=GetAtt(origin, "Id")))
    for colour, group in groups.items():
        template.add_output(Output(f"{colour}TargetGroup", Value=GetAtt(group, "TargetGroupFullName")))
    return balancer, groups, rule


def _balancer(template: Template, env: Environment) -> LoadBalancer:
    attributes = {
        "access_logs.s3.enabled": "true",
        "access_logs.s3.bucket": names.bucket(env, "logs"),
        "access_logs.s3.prefix": policies.BALANCER_LOGS,
        "deletion_protection.enabled": "true" if env.balancer_protected and env.deletion_protection else "false",
        "idle_timeout.timeout_seconds": str(IDLE_SECONDS),
        "routing.http.drop_invalid_header_fields.enabled": "true",
        # CloudFront appends the caller's address to X-Forwarded-For; the load balancer would add CloudFront's.
        "routing.http.xff_header_processing.mode": "preserve",
    }
    return LoadBalancer(
        "Balancer",
        Name=f"{env.prefix}-api",
        Type="application",
        # Internal: CloudFront reaches it as a VPC origin.
        Scheme="internal",
        Subnets=Ref(parameters.from_output(template, "BalancerSubnets", parameters.SUBNETS)),
        SecurityGroups=[Ref(parameters.from_output(template, "BalancerGroupId", parameters.SECURITY_GROUP))],
        LoadBalancerAttributes=[LoadBalancerAttributes(Key=key, Value=value) for key, value in attributes.items()],
    )


def _target_group(template: Template, env: Environment, colour: str) -> TargetGroup:
    return TargetGroup(
        f"{colour}Targets",
        Name=f"{env.prefix}-{colour.lower()}",
        VpcId=Ref(parameters.from_output(template, "VpcId", parameters.VPC)),
        TargetType="ip",
        Protocol="HTTP",
        Port=API_PORT,
        HealthCheckPath="/livez",
        HealthCheckProtocol="HTTP",
        HealthCheckIntervalSeconds=env.health_every,
        HealthCheckTimeoutSeconds=env.health_timeout,
        HealthyThresholdCount=env.healthy_after,
        UnhealthyThresholdCount=env.unhealthy_after,
        Matcher=Matcher(HttpCode="200"),
        TargetGroupAttributes=[
            TargetGroupAttribute(Key="deregistration_delay.timeout_seconds", Value=str(env.drain)),
            TargetGroupAttribute(Key="load_balancing.algorithm.type", Value="least_outstanding_requests"),
        ],
    )


def _listener(template: Template, env: Environment, balancer: LoadBalancer) -> Listener:
    zone = parameters.from_output(template, "ZoneId", parameters.ZONE)
    certificate = template.add_resource(
        Certificate(
            "Certificate",
            DomainName=env.api_domain,
            SubjectAlternativeNames=[env.domain],
            ValidationMethod="DNS",
            DomainValidationOptions=[
                DomainValidationOption(DomainName=domain, HostedZoneId=Ref(zone)) for domain in env.service_domains
            ],
        )
    )
    return Listener(
        "Listener",
        LoadBalancerArn=Ref(balancer),
        Protocol="HTTPS",
        Port=HTTPS,
        SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06",
        Certificates=[ServedCertificate(CertificateArn=Ref(certificate))],
        DefaultActions=[
            Default(
                Type="fixed-response",
                FixedResponseConfig=FixedResponseConfig(StatusCode="404", ContentType="text/plain", MessageBody=""),
            )
        ],
    )


def _rule(template: Template, env: Environment, listener: Listener, groups: dict[str, TargetGroup]) -> ListenerRule:
    """Split the requests between the colours. Each step of a release changes only these two weights."""
    shares = [
        TargetGroupTuple(TargetGroupArn=Ref(groups[colour]), Weight=Ref(_weight(template, colour)))
        for colour in COLOURS
    ]
    hosts = HostHeaderConfig(Values=list(env.service_domains))
    return ListenerRule(
        "Weights",
        ListenerArn=Ref(listener),
        Priority=2,
        Conditions=[Condition(Field="host-header", HostHeaderConfig=hosts)],
        Actions=[ListenerRuleAction(Type="forward", ForwardConfig=ForwardConfig(TargetGroups=shares))],
    )


def _preview(template: Template, listener: Listener, groups: dict[str, TargetGroup]) -> ListenerRule:
    """Route requests with the release's key to the colour under test, whatever its weight.

    The key is random and valid for one release. Without it anybody could send requests to an idle colour, and its
    error responses would count in the alarms.
    """
    key = template.add_parameter(
        Parameter(
            "PreviewKey",
            Type="String",
            Default="",
            AllowedPattern="[0-9a-f]{32}|",
            Description="Requests with this key go to a release that is being tried; empty if there is none",
        )
    )
    tried = template.add_parameter(
        Parameter(
            "PreviewColour",
            Type="String",
            Default="Green",
            AllowedValues=list(COLOURS),
            Description="The colour that requests with the preview key reach",
        )
    )
    template.add_condition("HasPreview", Not(Equals(Ref(key), "")))
    template.add_condition("PreviewsBlue", Equals(Ref(tried), "Blue"))
    return ListenerRule(
        "Preview",
        Condition="HasPreview",
        ListenerArn=Ref(listener),
        Priority=1,
        Conditions=[
            Condition(
                Field="http-header",
                HttpHeaderConfig=HttpHeaderConfig(HttpHeaderName=PREVIEW_HEADER, Values=[Ref(key)]),
            )
        ],
        Actions=[
            ListenerRuleAction(
                Type="forward", TargetGroupArn=If("PreviewsBlue", Ref(groups["Blue"]), Ref(groups["Green"]))
            )
        ],
    )


def _weight(template: Template, colour: str) -> Parameter:
    return template.add_parameter(
        Parameter(
            f"{colour}Weight",
            Type="Number",
            Default="100" if colour == "Blue" else "0",
            MinValue=0,
            MaxValue=100,
            Description=f"Share of the requests that go to {colour.lower()}",
        )
    )


def _origin(env: Environment, balancer: LoadBalancer, listener: Listener) -> VpcOrigin:
    return VpcOrigin(
        "Origin",
        VpcOriginEndpointConfig=VpcOriginEndpointConfig(
            Name=f"{env.prefix}-api",
            Arn=Ref(balancer),
            OriginProtocolPolicy="https-only",
            OriginSSLProtocols=["TLSv1.2"],
            HTTPSPort=HTTPS,
        ),
        DependsOn=listener.title,
    )
