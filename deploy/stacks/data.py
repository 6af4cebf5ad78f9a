"""The data stack: the single table."""

from troposphere import GetAtt, Output, Ref, Template
from troposphere.dynamodb import (
    AttributeDefinition,
    GlobalSecondaryIndex,
    KeySchema,
    OnDemandThroughput,
    PointInTimeRecoverySpecification,
    Projection,
    SSESpecification,
    Table,
    TimeToLiveSpecification,
)

from deploy import names
from deploy.environments import Environment
from deploy.resources import accepted_findings
from smartcooking.contract import table as schema


def build(env: Environment) -> Template:
    template = Template(Description=f"The single table of {env.prefix}")
    table = template.add_resource(_table(env))
    template.add_output(Output("TableName", Value=Ref(table)))
    template.add_output(Output("TableArn", Value=GetAtt(table, "Arn")))
    return template


def _table(env: Environment) -> Table:
    table = Table(
        "Table",
        TableName=names.table(env),
        # On demand: no forecast, no cost at night, and twice the last peak is available at once.
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[AttributeDefinition(AttributeName=name, AttributeType="S") for name in _key_names()],
        KeySchema=_keys(schema.PARTITION_KEY, schema.SORT_KEY),
        GlobalSecondaryIndexes=[_index(index) for index in schema.INDEXES],
        TimeToLiveSpecification=TimeToLiveSpecification(AttributeName=schema.TTL, Enabled=True),
        PointInTimeRecoverySpecification=PointInTimeRecoverySpecification(PointInTimeRecoveryEnabled=True),
        SSESpecification=SSESpecification(SSEEnabled=True),
        DeletionProtectionEnabled=env.protected and env.deletion_protection,
        DeletionPolicy="Retain" if env.protected else "Delete",
        UpdateReplacePolicy="Retain",
        Metadata=accepted_findings.because("CKV_AWS_119"),
    )
    if not env.emulated:
        _limit(env, table)
    return table


def _limit(env: Environment, table: Table) -> None:
    """Limit the throughput of the table and of each index, which does not inherit the table's limit.

    A loop or an attack is throttled before it costs a fortune.
    """
    limit = OnDemandThroughput(MaxReadRequestUnits=env.table_read_units, MaxWriteRequestUnits=env.table_write_units)
    for limited in (table, *table.GlobalSecondaryIndexes):
        limited.OnDemandThroughput = limit
    table.PointInTimeRecoverySpecification.RecoveryPeriodInDays = env.recovery_days


def _key_names() -> list[str]:
    indexed = [name for index in schema.INDEXES for name in (index.partition_key, index.sort_key)]
    return sorted({schema.PARTITION_KEY, schema.SORT_KEY, *indexed})


def _keys(partition_key: str, sort_key: str) -> list[KeySchema]:
    return [
        KeySchema(AttributeName=partition_key, KeyType="HASH"),
        KeySchema(AttributeName=sort_key, KeyType="RANGE"),
    ]


def _index(index: schema.Index) -> GlobalSecondaryIndex:
    return GlobalSecondaryIndex(
        IndexName=index.name,
        KeySchema=_keys(index.partition_key, index.sort_key),
        Projection=Projection(ProjectionType="INCLUDE", NonKeyAttributes=list(index.projected)),
    )
