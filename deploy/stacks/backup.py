"""The backup stacks: daily copies of the table and of pictures, kept for a month in a second region.

Point-in-time recovery undoes mistakes that are five minutes to five weeks old, but only within the table's own region.
These copies are for the loss of that region, or of the account's recovery in it. The table is exported to a bucket of
the second region: fully twice a month, and each day its changes. Pictures are replicated as they arrive.

Vaults of AWS Backup would keep a full copy of the table for each day, and send each of them to the other region: ten
times the price (docs/decisions/0030).
"""

import json
from typing import Any

from troposphere import GetAtt, Join, Output, Ref, Template
from troposphere.iam import Role
from troposphere.s3 import Bucket, BucketPolicy
from troposphere.scheduler import FlexibleTimeWindow, RetryPolicy, Schedule, Target
from troposphere.stepfunctions import StateMachine

from deploy import names
from deploy.environments import Environment
from deploy.resources import accepted_findings, parameters, roles
from deploy.stacks import storage

# The prefix of the exports, each with its manifest.
EXPORTS = "table"
# 01:00 in Viet Nam, where most people sleep.
DAILY = "cron(0 18 * * ? *)"
WHOLE = "cron(0 18 1,15 * ? *)"
# The most days between two full exports: incremental ones are kept as long as the full one before them.
LONGEST_CHAIN = 17
DAY_MS = 24 * 3600 * 1000
# Writes appear in the table's history five minutes later.
SETTLE_SECONDS = 900
LOOK_EVERY_SECONDS = 300
GIVE_UP_SECONDS = 6 * 3600
# DynamoDB's error for an export that starts before the table's history.
TOO_EARLY = "DynamoDb.InvalidExportTimeException"
# Deleted pictures stay here as long as in their own bucket.
DELETED_DAYS = 30


def build(env: Environment) -> Template:
    template = Template(Description=f"Backups of {env.prefix}")
    role = template.add_resource(_role(env))
    machine = template.add_resource(
        StateMachine(
            "Machine",
            StateMachineName=machine_name(env),
            StateMachineType="STANDARD",
            RoleArn=GetAtt(role, "Arn"),
            Definition=_states(env),
            DefinitionSubstitutions={"TableArn": names.table_arn(env)},
            Metadata=accepted_findings.because("CKV_AWS_284", "CKV_AWS_285"),
        )
    )
    starter = template.add_resource(_starter(env, machine))
    template.add_resource(_schedule(template, "Changes", DAILY, machine, starter, whole=False))
    template.add_resource(_schedule(template, "Whole", WHOLE, machine, starter, whole=True))
    template.add_output(Output("BackupMachineArn", Value=Ref(machine)))
    return template


def build_copies(env: Environment) -> Template:
    """Return the second region's buckets, which must exist before anything replicates to them."""
    template = Template(Description=f"Copies of the backups of {env.prefix}")
    kept_days = env.backup_days + LONGEST_CHAIN
    exports = storage.BucketSpec("Copies", 1, expiring=((f"{EXPORTS}/", kept_days),), infrequent=False)
    pictures = [
        storage.BucketSpec(f"{spec.title}Copies", DELETED_DAYS, infrequent=False)
        for spec in storage.BUCKETS
        if spec.copied
    ]
    for spec in (exports, *pictures):
        bucket = template.add_resource(storage.bucket(env, spec, None))
        template.add_resource(_policy(bucket))
        template.add_output(Output(f"{spec.title}Bucket", Value=Ref(bucket)))
    return template


def machine_name(env: Environment) -> str:
    return f"{env.prefix}-backup"


def _policy(bucket: Bucket) -> BucketPolicy:
    """Deny permanent deletion: a deletion only adds a marker, and lifecycle rules remove what is marked."""
    forever = {
        "Sid": "DenyDeletingForGood",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:DeleteObjectVersion",
        "Resource": Join("", [GetAtt(bucket, "Arn"), "/*"]),
    }
    return storage.policy(bucket, storage.tls_only(bucket), forever)


def _states(env: Environment) -> dict[str, Any]:
    """Return the steps: start an export, poll until it is done, and fail if it failed."""
    common = {
        "TableArn": "${TableArn}",
        "S3Bucket": names.bucket(env, "copies"),
        "S3Prefix": EXPORTS,
        "S3SseAlgorithm": "AES256",
        "ExportFormat": "DYNAMODB_JSON",
    }
    changes = {
        "ExportFromTime": f"{{% $fromMillis($toMillis($states.input.at) - {DAY_MS}) %}}",
        "ExportToTime": "{% $states.input.at %}",
        "ExportViewType": "NEW_IMAGE",
    }
    return {
        "Comment": "Exports what changed in the table in the day before `at`, or where `whole` is true all of it",
        "QueryLanguage": "JSONata",
        "TimeoutSeconds": GIVE_UP_SECONDS,
        "StartAt": "Settle",
        "States": {
            "Settle": {"Type": "Wait", "Seconds": SETTLE_SECONDS, "Next": "Which"},
            "Which": {
                "Type": "Choice",
                "Choices": [{"Condition": "{% $states.input.whole = true %}", "Next": "Whole"}],
                "Default": "Changes",
            },
            "Whole": _call(
                "exportTableToPointInTime",
                common | {"ExportType": "FULL_EXPORT", "ExportTime": "{% $states.input.at %}"},
                "Wait",
            ),
            "Changes": _call(
                "exportTableToPointInTime",
                common | {"ExportType": "INCREMENTAL_EXPORT", "IncrementalExportSpecification": changes},
                "Wait",
                # In the first night, and after a restore, the table's history is shorter than a day.
                otherwise="Whole",
            ),
            "Wait": {"Type": "Wait", "Seconds": LOOK_EVERY_SECONDS, "Next": "Look"},
            "Look": _call("describeExport", {"ExportArn": "{% $states.input.ExportDescription.ExportArn %}"}, "Done"),
            "Done": {
                "Type": "Choice",
                "Choices": [
                    {"Condition": _status("COMPLETED"), "Next": "Kept"},
                    {"Condition": _status("FAILED"), "Next": "Failed"},
                ],
                "Default": "Wait",
            },
            "Kept": {"Type": "Succeed"},
            "Failed": {"Type": "Fail", "Cause": "{% $states.input.ExportDescription.FailureMessage %}"},
        },
    }


def _call(operation: str, arguments: dict[str, Any], following: str, otherwise: str = "") -> dict[str, Any]:
    again = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 60, "MaxAttempts": 5, "BackoffRate": 2}
    call = {
        "Type": "Task",
        "Resource": f"arn:aws:states:::aws-sdk:dynamodb:{operation}",
        "Arguments": arguments,
        "Retry": [again],
        "Next": following,
    }
    if otherwise:
        # Retrying cannot help if the history does not reach back that far.
        call["Retry"] = [{"ErrorEquals": [TOO_EARLY], "MaxAttempts": 0}, again]
        call["Catch"] = [{"ErrorEquals": [TOO_EARLY], "Next": otherwise, "Output": "{% $states.input %}"}]
    return call


def _status(word: str) -> str:
    return f'{{% $states.input.ExportDescription.ExportStatus = "{word}" %}}'


def _role(env: Environment) -> Role:
    """Return the role of the export, which may read the table's history and write the exports."""
    return roles.service_role(
        env,
        "BackupRole",
        "states.amazonaws.com",
        roles.allow("Export", ["dynamodb:ExportTableToPointInTime"], names.table_arn(env)),
        roles.allow("Look", ["dynamodb:DescribeExport"], names.arn("dynamodb", f"table/{names.table(env)}/export/*")),
        roles.allow(
            "Write",
            ["s3:AbortMultipartUpload", "s3:PutObject", "s3:PutObjectAcl"],
            names.bucket_arn(env, "copies", f"{EXPORTS}/*"),
        ),
    )


def _starter(env: Environment, machine: StateMachine) -> Role:
    return roles.service_role(
        env,
        "BackupStarterRole",
        "scheduler.amazonaws.com",
        roles.allow("Start", ["states:StartExecution"], names.arn("states", f"stateMachine:{machine_name(env)}")),
    )


def _schedule(
    template: Template, title: str, when: str, machine: StateMachine, starter: Role, *, whole: bool
) -> Schedule:
    return Schedule(
        f"{title}Schedule",
        Name=f"backup-{title.lower()}",
        GroupName=Ref(parameters.from_output(template, "ScheduleGroupName")),
        Description="Exports the table" if whole else "Exports what changed in the table since yesterday",
        ScheduleExpression=when,
        State="ENABLED",
        FlexibleTimeWindow=FlexibleTimeWindow(Mode="OFF"),
        Target=Target(
            Arn=Ref(machine),
            RoleArn=GetAtt(starter, "Arn"),
            # The scheduled time, not the time of the start, so that exports neither overlap nor leave gaps.
            Input=json.dumps({"at": "<aws.scheduler.scheduled-time>", "whole": whole}, sort_keys=True),
            RetryPolicy=RetryPolicy(MaximumRetryAttempts=20, MaximumEventAgeInSeconds=12 * 3600),
        ),
    )
