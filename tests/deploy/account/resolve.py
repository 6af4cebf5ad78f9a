"""Resolve the references and functions in templates, like CloudFormation."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

ACCOUNT = "123456789012"
# The property that is a resource's name, by type. Names are unique per account and region (globally for buckets).
NAMES = {
    "AWS::CloudFront::CachePolicy": "CachePolicyConfig.Name",
    "AWS::CloudFront::Function": "Name",
    "AWS::CloudFront::OriginAccessControl": "OriginAccessControlConfig.Name",
    "AWS::CloudFront::OriginRequestPolicy": "OriginRequestPolicyConfig.Name",
    "AWS::CloudFront::ResponseHeadersPolicy": "ResponseHeadersPolicyConfig.Name",
    "AWS::CloudFront::VpcOrigin": "VpcOriginEndpointConfig.Name",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::CompositeAlarm": "AlarmName",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::Budgets::Budget": "Budget.BudgetName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::EC2::SecurityGroup": "GroupName",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::ECS::Cluster": "ClusterName",
    "AWS::ECS::Service": "ServiceName",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "Name",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "Name",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Logs::DeliveryDestination": "Name",
    "AWS::Logs::DeliverySource": "Name",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SES::EmailIdentity": "EmailIdentity",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::Scheduler::Schedule": "Name",
    "AWS::Scheduler::ScheduleGroup": "Name",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
    "AWS::WAFv2::WebACL": "Name",
}
ARNS = {
    "AWS::CertificateManager::Certificate": "acm:{region}:{account}:certificate/{name}",
    "AWS::CloudWatch::CompositeAlarm": "cloudwatch:{region}:{account}:alarm:{name}",
    "AWS::Cognito::UserPool": "cognito-idp:{region}:{account}:userpool/{name}",
    "AWS::DynamoDB::Table": "dynamodb:{region}:{account}:table/{name}",
    "AWS::ECR::Repository": "ecr:{region}:{account}:repository/{name}",
    "AWS::ECS::Cluster": "ecs:{region}:{account}:cluster/{name}",
    "AWS::ECS::TaskDefinition": "ecs:{region}:{account}:task-definition/{name}",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "elasticloadbalancing:{region}:{account}:loadbalancer/app/{name}/1",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "elasticloadbalancing:{region}:{account}:targetgroup/{name}/1",
    "AWS::IAM::ManagedPolicy": "iam::{account}:policy/{name}",
    "AWS::IAM::Role": "iam::{account}:role/{name}",
    "AWS::S3::Bucket": "s3:::{name}",
    "AWS::SES::EmailIdentity": "ses:{region}:{account}:identity/{name}",
    "AWS::SNS::Topic": "sns:{region}:{account}:{name}",
    "AWS::SQS::Queue": "sqs:{region}:{account}:{name}",
    "AWS::Scheduler::Schedule": "scheduler:{region}:{account}:schedule/{group}/{name}",
    "AWS::Scheduler::ScheduleGroup": "scheduler:{region}:{account}:schedule-group/{name}",
    "AWS::SecretsManager::Secret": "secretsmanager:{region}:{account}:secret:{name}-Ab1Cd2",
    "AWS::StepFunctions::StateMachine": "states:{region}:{account}:stateMachine:{name}",
    "AWS::ApplicationAutoScaling::ScalableTarget": "application-autoscaling:{region}:{account}:scalable-target/{name}",
    "AWS::Budgets::Budget": "budgets::{account}:budget/{name}",
}
# Types whose Ref is their ARN.
REFERRED_BY_ARN = {
    "AWS::CertificateManager::Certificate",
    "AWS::ECS::TaskDefinition",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "AWS::IAM::ManagedPolicy",
    "AWS::SNS::Topic",
    "AWS::SecretsManager::Secret",
    "AWS::StepFunctions::StateMachine",
}
NOTHING = object()


@dataclass
class Resource:
    """A resource that exists in the account."""

    title: str
    kind: str
    region: str
    name: str
    properties: dict[str, Any]
    policy: str = "Delete"

    @property
    def arn(self) -> str:
        pattern = ARNS.get(self.kind, "other:{region}:{account}:{name}")
        group = self.properties.get("GroupName", "default")
        return "arn:aws:" + pattern.format(region=self.region, account=ACCOUNT, name=self.name, group=group)

    @property
    def reference(self) -> str:
        if self.kind == "AWS::SQS::Queue":
            return f"https://sqs.{self.region}.amazonaws.com/{ACCOUNT}/{self.name}"
        return self.arn if self.kind in REFERRED_BY_ARN else self.name

    def attribute(self, name: str) -> Any:
        if name == "NameServers":
            return [f"ns-{number}.awsdns.example" for number in range(4)]
        if name in {"Arn", "RoleArn"}:
            return self.arn
        if name == "RepositoryUri":
            return f"{ACCOUNT}.dkr.ecr.{self.region}.amazonaws.com/{self.name}"
        if name in {"QueueName", "Name"}:
            return self.name
        return f"{self.name}.{name}"


@dataclass
class Scope:
    """What a template's expressions can refer to. `called` receives each call that CloudFormation makes for one."""

    region: str
    parameters: Mapping[str, str]
    conditions: Mapping[str, Any]
    called: Callable[[str], None]
    resources: dict[str, Resource] = field(default_factory=dict)
    pseudo: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.pseudo = {
            "AWS::AccountId": ACCOUNT,
            "AWS::Region": self.region,
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
        }

    def value(self, expression: Any) -> Any:
        if isinstance(expression, list):
            return [found for one in expression if (found := self.value(one)) is not NOTHING]
        if not isinstance(expression, dict):
            return expression
        if len(expression) == 1:
            ((name, argument),) = expression.items()
            if name == "Ref":
                return self._reference(argument)
            if name.startswith("Fn::"):
                return getattr(self, f"_{name[4:].lower()}")(argument)
        found = {key: self.value(one) for key, one in expression.items()}
        return {key: one for key, one in found.items() if one is not NOTHING}

    def holds(self, name: str) -> bool:
        return bool(self.value(self.conditions[name]))

    def _reference(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NOTHING
        if name in self.pseudo:
            return self.pseudo[name]
        if name in self.parameters:
            return self.parameters[name]
        return self.resources[name].reference

    def _getatt(self, argument: Any) -> Any:
        title, name = argument if isinstance(argument, list) else argument.split(".", 1)
        return self.resources[title].attribute(name)

    def _sub(self, text: str) -> str:
        return re.sub(r"\$\{([\w:.]+)\}", lambda match: str(self._named(match[1])), text)

    def _named(self, name: str) -> Any:
        return self._getatt(name) if "." in name else self._reference(name)

    def _join(self, argument: Any) -> str:
        between, parts = argument
        return str(between.join(str(one) for one in self.value(parts)))

    def _if(self, argument: Any) -> Any:
        return self.value(argument[1] if self.holds(argument[0]) else argument[2])

    def _equals(self, argument: Any) -> bool:
        first, second = self.value(argument)
        return bool(first == second)

    def _not(self, argument: Any) -> bool:
        return not self.value(argument[0])

    def _select(self, argument: Any) -> Any:
        return self.value(argument[1])[int(argument[0])]

    def _getazs(self, _: Any) -> list[str]:
        for action in ("ec2:DescribeAvailabilityZones", "ec2:DescribeAccountAttributes"):
            self.called(action)
        return [f"{self.region}{letter}" for letter in "abc"]


def needs(expression: Any, titles: set[str]) -> set[str]:
    """Return the resources that an expression refers to."""
    text = repr(expression)
    words = set(re.findall(r"'Ref': '(\w+)'", text)) | set(re.findall(r"'Fn::GetAtt': \['(\w+)'", text))
    words |= set(re.findall(r"\$\{(\w+)[.}]", text))
    return words & titles
