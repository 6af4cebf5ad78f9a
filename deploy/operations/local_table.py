"""Create the service's table in the local DynamoDB, as CloudFormation created it in the emulator."""

from collections.abc import Mapping
from typing import Any

import boto3
from botocore.exceptions import ClientError


def create(described: Mapping[str, Any], ttl_attribute: str, *, url: str, credentials: Mapping[str, str]) -> None:
    """Create a table from another one's `DescribeTable`; an existing table of that name stays as it is."""
    client: Any = boto3.client("dynamodb", endpoint_url=url, region_name="us-east-1", **credentials)  # type: ignore[call-overload]
    name = described["TableName"]
    indexes = [
        {key: index[key] for key in ("IndexName", "KeySchema", "Projection")}
        for index in described.get("GlobalSecondaryIndexes", ())
    ]
    try:
        client.create_table(
            TableName=name,
            AttributeDefinitions=described["AttributeDefinitions"],
            KeySchema=described["KeySchema"],
            BillingMode="PAY_PER_REQUEST",
            **({"GlobalSecondaryIndexes": indexes} if indexes else {}),
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceInUseException":
            raise
        return
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 10})
    rule = {"Enabled": True, "AttributeName": ttl_attribute}
    client.update_time_to_live(TableName=name, TimeToLiveSpecification=rule)
