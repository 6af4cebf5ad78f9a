"""The backup stacks: the table and people's pictures each day, kept for a month, with a copy in a second region.

Point-in-time recovery undoes a mistake of the last five minutes to five weeks. These are for what it cannot: a
table that is deleted with all its history, and a region that is gone.
"""

from troposphere import GetAtt, Output, Ref, Sub, Template
from troposphere.backup import (
    BackupPlan,
    BackupPlanResourceType,
    BackupRuleResourceType,
    BackupSelection,
    BackupSelectionResourceType,
    BackupVault,
    CopyActionResourceType,
    LifecycleResourceType,
    LockConfigurationType,
)
from troposphere.iam import Role

from deploy import accepted, names, policies
from deploy.environments import Environment

# 01:00 in Viet Nam, where most people sleep.
DAILY = "cron(0 18 * * ? *)"
START_WITHIN_MINUTES = 60
FINISH_WITHIN_MINUTES = 240
# Nobody deletes a recovery point that is younger, by mistake or otherwise.
LOCKED_DAYS = 7


def build(env: Environment) -> Template:
    template = Template(Description=f"Backups of {env.prefix}")
    vault = template.add_resource(_vault(env, "Vault", f"{env.prefix}-vault"))
    plan = template.add_resource(_plan(env, vault))
    role = template.add_resource(_role(env))
    template.add_resource(
        BackupSelection(
            "Selection",
            BackupPlanId=Ref(plan),
            BackupSelection=BackupSelectionResourceType(
                SelectionName=f"{env.prefix}-data",
                IamRoleArn=GetAtt(role, "Arn"),
                Resources=[names.table_arn(env), names.bucket_arn(env, "images"), names.bucket_arn(env, "avatars")],
            ),
        )
    )
    template.add_output(Output("BackupVaultName", Value=Ref(vault)))
    template.add_output(Output("BackupRoleArn", Value=GetAtt(role, "Arn")))
    return template


def build_copies(env: Environment) -> Template:
    """Return the second region's vault, which has to be there before the first copy."""
    template = Template(Description=f"Copies of the backups of {env.prefix}")
    vault = template.add_resource(_vault(env, "CopiesVault", copies_name(env)))
    template.add_output(Output("BackupCopiesVaultName", Value=Ref(vault)))
    return template


def copies_name(env: Environment) -> str:
    return f"{env.prefix}-copies"


def _vault(env: Environment, title: str, name: str) -> BackupVault:
    return BackupVault(
        title,
        BackupVaultName=name,
        LockConfiguration=LockConfigurationType(MinRetentionDays=LOCKED_DAYS),
        DeletionPolicy="Retain" if env.protected else "Delete",
        UpdateReplacePolicy="Retain",
        Metadata=accepted.because("CKV_AWS_166"),
    )


def _plan(env: Environment, vault: BackupVault) -> BackupPlan:
    lifecycle = LifecycleResourceType(DeleteAfterDays=env.backup_days)
    copies = f"arn:${{AWS::Partition}}:backup:{env.backup_region}:${{AWS::AccountId}}:backup-vault:{copies_name(env)}"
    rule = BackupRuleResourceType(
        RuleName="daily",
        TargetBackupVault=Ref(vault),
        ScheduleExpression=DAILY,
        StartWindowMinutes=START_WITHIN_MINUTES,
        CompletionWindowMinutes=FINISH_WITHIN_MINUTES,
        Lifecycle=lifecycle,
        CopyActions=[CopyActionResourceType(DestinationBackupVaultArn=Sub(copies), Lifecycle=lifecycle)],
    )
    return BackupPlan(
        "Plan", BackupPlan=BackupPlanResourceType(BackupPlanName=f"{env.prefix}-daily", BackupPlanRule=[rule])
    )


def _role(env: Environment) -> Role:
    """Return AWS Backup's role, with the policies that AWS keeps for it."""
    kept = (
        "service-role/AWSBackupServiceRolePolicyForBackup",
        "service-role/AWSBackupServiceRolePolicyForRestores",
        "AWSBackupServiceRolePolicyForS3Backup",
        "AWSBackupServiceRolePolicyForS3Restore",
    )
    return Role(
        "BackupRole",
        RoleName=f"{env.prefix}-backup",
        AssumeRolePolicyDocument=policies.trust("backup.amazonaws.com"),
        ManagedPolicyArns=[Sub(f"arn:${{AWS::Partition}}:iam::aws:policy/{name}") for name in kept],
    )
