"""The account: callers, their permissions, and the responses of each service."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from deploy import permissions
from tests.deploy.account import policies, stacks, wire
from tests.deploy.account.resolve import ACCOUNT, Resource
from tests.deploy.account.stacks import Engine, Failed, Stack
from tests.deploy.account.wire import Call, Refused

ADMINISTRATOR = "ADMINISTRATOR"
WORKFLOW = "WORKFLOW"
# The region of the endpoints of global services.
GLOBAL = {"iam", "cloudfront", "route53", "budgets", "wafv2"}
IAM_NAMES = {"sesv2": "ses", "stepfunctions": "states"}
# Permissions that a service checks, without a call, of callers who configure log delivery.
DELIVERING = {"AWS::Logs::DeliverySource": "cloudfront:AllowVendedLogDeliveryForResource"}


class Denied(AssertionError):
    """A call that the policies deny, at which a first deployment would fail."""


@cache
def _handlers(kind: str, word: str) -> frozenset[str]:
    """Return the calls of a handler, except those for features that our templates don't use."""
    services = {*permissions.BY_NAME, *permissions.BY_REGION}
    return frozenset(action for action in stacks.handlers(kind, word) if action.partition(":")[0] in services)


class Account:
    """One simulated account with all its regions."""

    def __init__(self) -> None:
        self.url = ""
        self.engine = Engine(self._by_cloudformation)
        self.calls: list[tuple[str, str]] = []
        self.denied: list[str] = []
        self.verified_after = 0
        self.ringing: list[str] = []
        self.model_status = "ACTIVE"
        self.exports: dict[str, bytes] = {}
        self.image_pushed = True

    def stack(self, name: str, region: str = "ap-southeast-1") -> Stack:
        return self.engine.find(name, region)

    def parameters(self, name: str) -> dict[str, str]:
        return self.stack(name).parameters

    def answer(self, call: Call) -> Mapping[str, Any]:
        service = IAM_NAMES.get(call.service, call.service)
        self.calls.append((call.key, f"{service}:{call.operation}"))
        if call.key != ADMINISTRATOR:
            self._authorise(call, service)
        handler = getattr(self, f"_{call.service.replace('-', '_')}_{call.operation}", None)
        assert handler, f"the account knows no {call.service} {call.operation}"
        answered: Mapping[str, Any] = handler(call)
        return answered

    # --- Who may do what

    def _authorise(self, call: Call, service: str) -> None:
        role = self._role(call.key)
        action, resource = f"{service}:{call.operation}", self._resource_of(call)
        context = {"aws:RequestedRegion": call.region}
        if call.service == "s3":
            action = {"ListObjectsV2": "s3:ListBucket"}.get(call.operation, action)
        self._require(role, action, resource, context)
        if handed := call.parameters.get("RoleARN"):
            self._require(
                role, "iam:PassRole", handed, context | {"iam:PassedToService": "cloudformation.amazonaws.com"}
            )

    def _role(self, key: str) -> list[Mapping[str, Any]]:
        title = {WORKFLOW: "DeployRole"}[key]
        return self._documents(self.stack(f"{self.prefix}-pipeline").resources[title])

    prefix = "smart-cooking-prod"

    def _documents(self, role: Resource) -> list[Mapping[str, Any]]:
        documents = [one["PolicyDocument"] for one in role.properties.get("Policies", [])]
        attached = {
            one.arn: one.properties["PolicyDocument"]
            for one in self.engine.every()
            if one.kind == "AWS::IAM::ManagedPolicy"
        }
        return documents + [attached[arn] for arn in role.properties.get("ManagedPolicyArns", [])]

    def _require(self, role: list[Mapping[str, Any]], action: str, resource: str, context: Mapping[str, str]) -> None:
        if not policies.allows(role, action, resource, context):
            self.denied.append(f"{action} on {resource}")
            raise Refused("AccessDenied", f"not authorized to perform {action} on {resource}", 403)

    def _resource_of(self, call: Call) -> str:  # noqa: PLR0911  each service names its resources in its own way
        asked = call.parameters
        match call.service:
            case "cloudformation":
                name = asked.get("StackName", "")
                if change_set := self.engine.change_sets.get(asked.get("ChangeSetName", "")):
                    return change_set.stack.arn
                return (
                    name
                    if name.startswith("arn:")
                    else f"arn:aws:cloudformation:{call.region}:{ACCOUNT}:stack/{name}/1"
                )
            case "s3":
                return f"arn:aws:s3:::{asked['Bucket']}" + (f"/{asked['Key']}" if "Key" in asked else "")
            case "sesv2":
                return f"arn:aws:ses:{call.region}:{ACCOUNT}:identity/{asked['EmailIdentity']}"
            case "cognito-idp":
                return f"arn:aws:cognito-idp:{call.region}:{ACCOUNT}:userpool/{asked['UserPoolId']}"
            case "bedrock" if call.operation == "GetFoundationModelAvailability":
                return "*"
            case "bedrock":
                if profile := asked.get("inferenceProfileIdentifier"):
                    return f"arn:aws:bedrock:{call.region}:{ACCOUNT}:inference-profile/{profile}"
                model = asked.get("modelIdentifier") or asked.get("modelId")
                return f"arn:aws:bedrock:{call.region}::foundation-model/{model}"
        return "*"

    def _by_cloudformation(self, role: str, word: str, resource: Resource | None, region: str) -> None:
        """Check CloudFormation's calls against its role, or without one against the caller's permissions."""
        if role:
            (own,) = (one for one in self.engine.every() if one.arn == role)
            documents = self._documents(own)
        elif self.calls[-1][0] == ADMINISTRATOR:
            return
        else:
            documents = self._role(self.calls[-1][0])
        if resource is None:
            self._allowed(documents, word, {"*"}, {"aws:RequestedRegion": region}, word)
            return
        wanted = set(_handlers(resource.kind, word))
        if resource.kind in DELIVERING:
            wanted.add(DELIVERING[resource.kind])
        for action in sorted(wanted):
            service = action.partition(":")[0]
            context = {
                "aws:RequestedRegion": "us-east-1" if service in GLOBAL else region,
                "iam:PermissionsBoundary": str(resource.properties.get("PermissionsBoundary", "")),
                "iam:PassedToService": _user_of(resource),
            }
            self._allowed(documents, action, self._concerned(resource, service), context, resource.title)

    def _concerned(self, resource: Resource, service: str) -> set[str]:
        """Return what of the account a handler's call may be about: the resource itself, or what it refers to."""
        referred = {one.arn for one in self.engine.every() if f":{service}:" in one.arn and one.arn in repr(resource)}
        return {resource.arn, f"{resource.arn}/*", "*"} | referred

    def _allowed(
        self,
        documents: list[Mapping[str, Any]],
        action: str,
        resources: set[str],
        context: Mapping[str, str],
        what: str,
    ) -> None:
        own_service = any(f":{action.partition(':')[0]}:" in one for one in resources)
        # Of what a handler asks of other services the names are not known here: the action counts.
        fine = (
            any(policies.allows(documents, action, one, context) for one in resources)
            if own_service
            else policies.names(documents, action)
        )
        if not fine:
            self.denied.append(f"{action} for {what}")
            raise Failed(what, f"not authorized to perform {action}")

    # --- CloudFormation

    def _cloudformation_DescribeStacks(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        stack = self.engine.find(call.parameters["StackName"], call.region)
        return {
            "Stacks": [
                {
                    "StackId": stack.arn,
                    "StackName": stack.name,
                    "CreationTime": datetime.now(UTC),
                    "StackStatus": stack.status,
                    "Parameters": _pairs(stack.parameters, "ParameterKey", "ParameterValue"),
                    "Outputs": _pairs(stack.outputs, "OutputKey", "OutputValue"),
                }
            ]
        }

    def _cloudformation_CreateChangeSet(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        asked, place = call.parameters, (call.parameters["StackName"], call.region)
        if asked["ChangeSetType"] == "CREATE":
            stack = self.engine.stacks.setdefault(place, Stack(*place))
            assert stack.status == "REVIEW_IN_PROGRESS", f"{stack.name} is {stack.status}"
        else:
            stack = self.engine.find(*place)
            if not stack.status.endswith("_COMPLETE") or stack.status == "ROLLBACK_COMPLETE":
                raise Refused("ValidationError", f"Stack is in {stack.status} state and can not be updated.")
        given = asked.get("Parameters") or []
        values = {
            one["ParameterKey"]: stack.parameters[one["ParameterKey"]]
            if one.get("UsePreviousValue") == "true"
            else one.get("ParameterValue", "")
            for one in given
        }
        template = json.loads(asked["TemplateBody"]) if "TemplateBody" in asked else stack.template
        triggers = (asked.get("RollbackConfiguration") or {}).get("RollbackTriggers") or []
        arns = [one["Arn"] for one in triggers] if isinstance(triggers, list) else []
        made = self.engine.plan(stack, template, values, asked.get("RoleARN", ""), arns)
        return {"Id": made.id, "StackId": stack.arn}

    def _cloudformation_DescribeChangeSet(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        change_set = self.engine.change_sets[call.parameters["ChangeSetName"]]
        common = {"ChangeSetName": change_set.id, "StackName": change_set.stack.name}
        if not change_set.changes and change_set.parameters == change_set.stack.parameters:
            reason = "The submitted information didn't contain changes."
            return common | {"Status": "FAILED", "StatusReason": reason, "Changes": []}
        return common | {"Status": "CREATE_COMPLETE", "Changes": change_set.changes}

    def _cloudformation_DeleteChangeSet(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        self.engine.change_sets.pop(call.parameters["ChangeSetName"])
        return {}

    def _cloudformation_ExecuteChangeSet(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        asked = call.parameters
        retained = asked.get("RetainExceptOnCreate") == "true"
        change_set = self.engine.change_sets[asked["ChangeSetName"]]
        self.engine.execute(change_set, asked["ClientRequestToken"], retain_except_on_create=retained)
        return {}

    def _cloudformation_DescribeStackEvents(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        stack = self.engine.find(call.parameters["StackName"], call.region)
        moment = {"Timestamp": datetime.now(UTC)}
        return {"StackEvents": [event | moment for event in reversed(stack.events)]}

    def _cloudformation_DeleteStack(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        stack = self.engine.find(call.parameters["StackName"], call.region)
        self.engine.delete(stack, call.parameters.get("ClientRequestToken", ""))
        return {}

    def _cloudformation_UpdateTerminationProtection(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        return {"StackId": self.engine.find(call.parameters["StackName"], call.region).arn}

    # --- What is around it

    def _cloudwatch_DescribeAlarms(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        reason = self.ringing.pop(0) if self.ringing else ""
        state = {"AlarmName": "release", "StateValue": "ALARM" if reason else "OK", "StateReason": reason}
        return {"CompositeAlarms": [state], "MetricAlarms": []}

    def _sesv2_GetEmailIdentity(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        self.verified_after -= 1
        tokens = {"Tokens": ["one", "two", "three"]}
        return {"VerifiedForSendingStatus": self.verified_after < 0, "DkimAttributes": tokens}

    def _bedrock_GetInferenceProfile(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        profile = call.parameters["inferenceProfileIdentifier"]
        if self.model_status == "RETIRED":
            raise Refused("ResourceNotFoundException", f"{profile} does not exist", 404)
        arn = f"arn:aws:bedrock:{call.region}::foundation-model/{profile.partition('.')[2]}"
        return {"status": "ACTIVE", "models": [{"modelArn": arn}], "inferenceProfileId": profile}

    def _bedrock_GetFoundationModel(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        status = "LEGACY" if self.model_status == "LEGACY" else "ACTIVE"
        return {"modelDetails": {"modelLifecycle": {"status": status}}}

    def _bedrock_GetFoundationModelAvailability(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        enabled = "NOT_AVAILABLE" if self.model_status == "NOT ENABLED" else "AVAILABLE"
        return {"agreementAvailability": {"status": enabled}, "authorizationStatus": "AUTHORIZED"}

    def _dynamodb_DescribeContinuousBackups(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        now = datetime.now(UTC)
        first, last = now - timedelta(days=30), now - timedelta(minutes=5)
        recovery = {
            "PointInTimeRecoveryStatus": "ENABLED",
            "EarliestRestorableDateTime": first,
            "LatestRestorableDateTime": last,
        }
        return {"ContinuousBackupsDescription": {"PointInTimeRecoveryDescription": recovery}}

    def _s3_ListObjectsV2(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        self._bucket(call)
        return {"IsTruncated": False, "KeyCount": 0}

    def _bucket(self, call: Call) -> None:
        if call.parameters["Bucket"] not in {one.name for one in self.engine.every() if one.kind == "AWS::S3::Bucket"}:
            raise Refused("NoSuchBucket", "The specified bucket does not exist", 404)


class ReleaseContext(Account):
    """The account with further calls of operators: identity, images, tasks, exports, topics."""

    def _sts_GetCallerIdentity(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        return {"Account": ACCOUNT, "UserId": call.key, "Arn": f"arn:aws:iam::{ACCOUNT}:user/{call.key}"}

    def _iam_CreateServiceLinkedRole(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        return {}

    def _ecr_DescribeRepositories(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        (name,) = call.parameters["repositoryNames"]
        (found,) = [one for one in self.engine.every() if (one.kind, one.name) == ("AWS::ECR::Repository", name)]
        return {"repositories": [{"repositoryName": name, "repositoryUri": found.attribute("RepositoryUri")}]}

    def _ecr_DescribeImages(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        return {"imageDetails": [{"imageDigest": f"sha256:{'0' * 64}"}]}

    def _ecr_DescribeImageScanFindings(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        return {"imageScanStatus": {"status": "COMPLETE"}, "imageScanFindings": {"findingSeverityCounts": {"LOW": 2}}}

    def _ecs_ListServices(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        return {"serviceArns": [one.arn for one in self.engine.every() if one.kind == "AWS::ECS::Service"]}

    def _ecs_DescribeServices(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        counts = {"desiredCount": 1, "runningCount": 1, "events": [{"message": "has reached a steady state."}]}
        return {"services": [{"serviceName": arn.rpartition("/")[2]} | counts for arn in call.parameters["services"]]}

    def _stepfunctions_StartExecution(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        assert call.parameters["stateMachineArn"] in {one.arn for one in self.engine.every()}
        assert json.loads(call.parameters["input"])["whole"] is True
        return {"executionArn": "arn:aws:states:::execution", "startDate": datetime.now(UTC)}

    def _sns_Publish(self, call: Call) -> Mapping[str, Any]:  # noqa: N802
        assert call.parameters["TopicArn"] in {one.arn for one in self.engine.every()}
        return {"MessageId": "1"}


def _pairs(values: Mapping[str, str], key: str, value: str) -> list[dict[str, str]]:
    return [{key: name, value: one} for name, one in values.items()]


def _user_of(resource: Resource) -> str:
    """Return the service that works with the roles that a resource names."""
    return {
        "AWS::ECS::TaskDefinition": "ecs-tasks.amazonaws.com",
        "AWS::S3::Bucket": "s3.amazonaws.com",
        "AWS::Scheduler::Schedule": "scheduler.amazonaws.com",
        "AWS::StepFunctions::StateMachine": "states.amazonaws.com",
    }.get(resource.kind, "")


@contextmanager
def open_account() -> Iterator[Account]:
    account = ReleaseContext()
    with wire.serve(account.answer) as url:
        account.url = url
        yield account
