"""The resources in an environment's templates, and which of their types are billed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from deploy import stacks
from deploy.environments import Environment

# Billed resource types, by their line of the bill. A test checks that every type in a template is in one of the tables.
CHARGED = {
    "AWS::ApplicationAutoScaling::ScalingPolicy": "CloudWatch: alarms",
    "AWS::CloudFront::Distribution": "CloudFront",
    "AWS::CloudFront::Function": "CloudFront",
    "AWS::CloudWatch::Alarm": "CloudWatch: alarms",
    "AWS::CloudWatch::CompositeAlarm": "CloudWatch: alarms",
    "AWS::CloudWatch::Dashboard": "CloudWatch: metrics",
    "AWS::Cognito::UserPool": "Cognito",
    "AWS::DynamoDB::Table": "DynamoDB: requests",
    "AWS::EC2::EIP": "Public addresses",
    "AWS::EC2::FlowLog": "CloudWatch: logs",
    "AWS::EC2::NatGateway": "NAT",
    "AWS::ECR::Repository": "Secrets, images",
    "AWS::ECS::Service": "Fargate: API",
    "AWS::ECS::TaskDefinition": "Fargate: API",
    "AWS::ElastiCache::ServerlessCache": "Cache",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "Load balancer",
    "AWS::Logs::LogGroup": "CloudWatch: logs",
    "AWS::Route53::HealthCheck": "Route 53",
    "AWS::Route53::HostedZone": "Route 53",
    "AWS::S3::Bucket": "S3",
    "AWS::SES::EmailIdentity": "SES",
    "AWS::SQS::Queue": "SQS",
    "AWS::Scheduler::Schedule": "Fargate: commands",
    "AWS::SecretsManager::Secret": "Secrets, images",
    "AWS::StepFunctions::StateMachine": "Backups",
    "AWS::WAFv2::WebACL": "WAF",
}
_PART = "a part of something on the bill"
FREE = {
    "AWS::ApplicationAutoScaling::ScalableTarget": "scaling is free; its alarms are not",
    "AWS::Budgets::Budget": "budgets without actions are free",
    "AWS::CertificateManager::Certificate": "public certificates of AWS's own services are free",
    "AWS::CloudFront::CachePolicy": _PART,
    "AWS::CloudFront::OriginAccessControl": _PART,
    "AWS::CloudFront::OriginRequestPolicy": _PART,
    "AWS::CloudFront::ResponseHeadersPolicy": _PART,
    "AWS::CloudFront::VpcOrigin": "free beside its distribution",
    "AWS::Cognito::UserPoolClient": _PART,
    "AWS::Cognito::UserPoolGroup": _PART,
    "AWS::EC2::InternetGateway": "free; traffic through it is not",
    "AWS::EC2::NetworkAcl": "free",
    "AWS::EC2::NetworkAclEntry": _PART,
    "AWS::EC2::Route": _PART,
    "AWS::EC2::RouteTable": "free",
    "AWS::EC2::SecurityGroup": "free",
    "AWS::EC2::SecurityGroupEgress": "free",
    "AWS::EC2::SecurityGroupIngress": "free",
    "AWS::EC2::Subnet": "free",
    "AWS::EC2::SubnetNetworkAclAssociation": _PART,
    "AWS::EC2::SubnetRouteTableAssociation": "free",
    "AWS::EC2::VPC": "free",
    "AWS::EC2::VPCEndpoint": "gateway endpoints, of S3 and DynamoDB, are free",
    "AWS::EC2::VPCGatewayAttachment": _PART,
    "AWS::ECS::Cluster": "free; Container Insights, which is not, is off",
    "AWS::ElasticLoadBalancingV2::Listener": _PART,
    "AWS::ElasticLoadBalancingV2::ListenerRule": "the first ten rules of a request are free",
    "AWS::ElasticLoadBalancingV2::TargetGroup": _PART,
    "AWS::IAM::ManagedPolicy": "free",
    "AWS::IAM::OIDCProvider": "free",
    "AWS::IAM::Role": "free",
    "AWS::Logs::Delivery": "CloudFront's lines into a bucket are free; the bucket is not",
    "AWS::Logs::DeliveryDestination": _PART,
    "AWS::Logs::DeliverySource": _PART,
    "AWS::Route53::RecordSet": "queries of names that point to CloudFront are free; the few others are below a cent",
    "AWS::S3::BucketPolicy": _PART,
    "AWS::SNS::Subscription": "the first thousand mails are free",
    "AWS::SNS::Topic": "the first million messages are free",
    "AWS::SNS::TopicPolicy": _PART,
    "AWS::SQS::QueuePolicy": _PART,
    "AWS::Scheduler::ScheduleGroup": _PART,
    "AWS::WAFv2::WebACLAssociation": _PART,
    "AWS::WAFv2::LoggingConfiguration": "only what is refused is logged",
}


@dataclass(frozen=True)
class Resource:
    """A resource, and its template."""

    title: str
    kind: str
    properties: Mapping[str, Any]
    template: Mapping[str, Any]

    def value(self, name: str) -> Any:
        """Return a property; if it refers to a parameter, the parameter's default."""
        found = self.properties[name]
        if isinstance(found, dict) and (parameter := self.template.get("Parameters", {}).get(found.get("Ref"))):
            return parameter["Default"]
        return found


@cache
def of(env: Environment) -> "Inventory":
    """Return the environment's cached inventory: building all templates takes a third of a second."""
    return Inventory(env)


class Inventory:
    """All resources of an environment, in whatever stack, that exist while no release is in progress."""

    def __init__(self, env: Environment) -> None:
        self._all = [
            Resource(title, one["Type"], one.get("Properties", {}), template)
            for template in (stack.build(env).to_dict() for stack in stacks.select(env))
            for title, one in template["Resources"].items()
            if "Condition" not in one or _holds(template["Conditions"][one["Condition"]], template)
        ]

    @cached_property
    def kinds(self) -> Mapping[str, int]:
        return Counter(one.kind for one in self._all)

    def of(self, kind: str) -> Sequence[Resource]:
        return [one for one in self._all if one.kind == kind]

    def beside(self, resource: Resource, kind: str) -> Sequence[Resource]:
        """Return resources of the same template."""
        return [one for one in self.of(kind) if one.template is resource.template]


def _holds(condition: Any, template: Mapping[str, Any]) -> bool:
    """Return whether a condition holds for the parameters' defaults; ValueError for unsupported functions."""
    ((function, arguments),) = condition.items()
    if function == "Fn::Not":
        return not _holds(arguments[0], template)
    if function == "Fn::Equals":
        one, other = (_first_value(argument, template) for argument in arguments)
        return bool(one == other)
    message = f"{function} in a condition: only Fn::Not and Fn::Equals are read here"
    raise ValueError(message)


def _first_value(argument: Any, template: Mapping[str, Any]) -> Any:
    return template["Parameters"][argument["Ref"]]["Default"] if isinstance(argument, dict) else argument
