"""The templates: the same each time, small enough, without findings, and what the service was written against."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy import stacks
from deploy.environments import ENVIRONMENTS, PROD, Environment
from deploy.stacks import Stack
from smartcooking.contract import table as schema
from smartcooking.contract.queues import QUEUES

ROOT = Path(__file__).resolve().parents[2]
EVERY = [(env, stack) for env in ENVIRONMENTS.values() for stack in stacks.select(env)]
IDS = [f"{env.name}-{stack.name}" for env, stack in EVERY]


@pytest.mark.parametrize(("env", "stack"), EVERY, ids=IDS)
def test_the_same_environment_gives_the_same_bytes(env: Environment, stack: Stack) -> None:
    assert stacks.render(env, stack) == stacks.render(env, stack)


def test_another_process_builds_the_same_bytes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "deploy", "build", "--env", "prod", "--out", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, env={"PYTHONHASHSEED": "7"})

    for stack in stacks.select(PROD):
        assert (tmp_path / f"{stacks.full_name(PROD, stack)}.json").read_text() == stacks.render(PROD, stack)


@pytest.mark.parametrize(("env", "stack"), EVERY, ids=IDS)
def test_a_template_is_sent_with_its_request(env: Environment, stack: Stack) -> None:
    assert len(stacks.render(env, stack).encode()) < stacks.MAX_TEMPLATE_BYTES


def test_make_check_lints_every_environment_for_every_region_of_its_templates() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    declared = {
        name: set(re.findall(rf"^{name} := (.*)$", makefile, re.MULTILINE)[0].split())
        for name in ("ENVIRONMENTS", "REGIONS")
    }

    assert "\t$(BIN)/cfn-lint --regions $(REGIONS) -- build/check/first/*.json\n" in makefile
    assert declared["ENVIRONMENTS"] == set(ENVIRONMENTS)
    assert declared["REGIONS"] >= {stack.region(env) for env, stack in EVERY}


def test_the_table_is_the_one_of_the_models(prod: dict[str, dict[str, Any]]) -> None:
    (table,) = prod["AWS::DynamoDB::Table"].values()
    properties = table["Properties"]

    assert _keys(properties) == (schema.PARTITION_KEY, schema.SORT_KEY)
    assert properties["TimeToLiveSpecification"] == {"AttributeName": schema.TTL, "Enabled": True}
    indexes = {index["IndexName"]: index for index in properties["GlobalSecondaryIndexes"]}
    assert list(indexes) == [index.name for index in schema.INDEXES]
    for index in schema.INDEXES:
        assert _keys(indexes[index.name]) == (index.partition_key, index.sort_key)
        assert tuple(indexes[index.name]["Projection"]["NonKeyAttributes"]) == index.projected


def test_every_key_attribute_is_declared_once(prod: dict[str, dict[str, Any]]) -> None:
    (table,) = prod["AWS::DynamoDB::Table"].values()
    declared = [attribute["AttributeName"] for attribute in table["Properties"]["AttributeDefinitions"]]

    indexes = [*table["Properties"]["GlobalSecondaryIndexes"], table["Properties"]]
    assert sorted(declared) == sorted({name for index in indexes for name in _keys(index)})


def test_queues_are_those_of_the_workers(prod: dict[str, dict[str, Any]]) -> None:
    queues = {
        resource["Properties"]["QueueName"]: resource["Properties"] for resource in prod["AWS::SQS::Queue"].values()
    }

    assert set(queues) == {f"{PROD.prefix}-{queue.name}{end}" for queue in QUEUES for end in ("", "-dead")}
    for queue in QUEUES:
        properties = queues[f"{PROD.prefix}-{queue.name}"]
        assert properties["VisibilityTimeout"] == queue.visibility_timeout
        assert properties["MessageRetentionPeriod"] == queue.retention
        assert properties["RedrivePolicy"]["maxReceiveCount"] == queue.max_receives
        dead = queues[f"{PROD.prefix}-{queue.name}-dead"]
        assert dead["MessageRetentionPeriod"] > properties["MessageRetentionPeriod"]


def test_a_dead_letter_queue_belongs_to_its_queue(prod: dict[str, dict[str, Any]]) -> None:
    for title, resource in prod["AWS::SQS::Queue"].items():
        redrive = resource["Properties"].get("RedrivePolicy")
        if redrive is not None:
            assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": [title.replace("Queue", "DeadLetters"), "Arn"]}


def _keys(described: dict[str, Any]) -> tuple[str, ...]:
    schema_ = {key["KeyType"]: key["AttributeName"] for key in described["KeySchema"]}
    return schema_["HASH"], schema_["RANGE"]
