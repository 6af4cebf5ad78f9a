"""Following docs/deployment.md literally, each stack finds what it needs from earlier ones."""

import re
from pathlib import Path

from deploy import stacks
from deploy.environments import PROD
from tests.deploy.conftest import BUILT
from tests.deploy.workflows import TEXTS

PAGE = (Path(__file__).resolve().parents[2] / "docs/deployment.md").read_text("utf-8")
FIRST = PAGE.partition("## The next releases")[0]


def deployments() -> list[tuple[list[str], set[str]]]:
    """Return for each `deploy` of the page which stacks it names, and which parameters it gives."""
    (listed,) = re.findall(r"^STACKS=\((.*)\)$", FIRST, re.MULTILINE)
    found = []
    for call in re.findall(r"^python -m deploy deploy --env prod(.*)$", FIRST, re.MULTILINE):
        words = call.replace('"${STACKS[@]}"', listed)
        found.append((re.findall(r"--stack (\w+)", words), set(re.findall(r"--set (\w+)=", words))))
    return found


def test_each_stack_finds_what_it_needs() -> None:
    there: set[str] = set()
    made: set[str] = set()
    calls = deployments()
    assert len(calls) == 3
    for named, given in calls:
        for stack in stacks.select(PROD, named):
            template = BUILT["prod", stack.name]
            wanted = {name for name, one in template.get("Parameters", {}).items() if "Default" not in one}
            assert stack.name in there or wanted <= made | given, (stack.name, wanted - made - given)
            roles = [one for one in template["Resources"].values() if one["Type"] == "AWS::IAM::Role"]
            assert not roles or "boundary" in there, stack.name
            there.add(stack.name)
            made |= set(template["Outputs"])

    assert there == {stack.name for stack in stacks.select(PROD)}


def test_the_image_is_there_before_what_runs_it() -> None:
    assert FIRST.index("--stack registry") < FIRST.index("docker buildx build") < FIRST.index("--set BlueDigest")


def test_buckets_that_others_write_to_are_there_first() -> None:
    """S3 copies to a bucket of the second region, and refuses to be told of one that does not exist."""
    order = [stack.name for stack in stacks.select(PROD)]

    assert order.index("backup_copies") < order.index("storage")


def test_the_variables_of_the_workflows_are_told() -> None:
    read = {name for text in TEXTS.values() for name in re.findall(r"\bvars\.(\w+)", text)}

    assert read
    assert read == set(re.findall(r'^echo "(\w+)=', PAGE, re.MULTILINE))


def test_decisions_and_the_way_back_are_on_the_page() -> None:
    assert {"Rolling back", "Decisions"} <= set(re.findall(r"^## (.+)$", PAGE, re.MULTILINE))
    decided = PAGE.partition("## Decisions")[2]
    for question in ("CloudFormation's rollback triggers", "No NAT", "Cognito Lite"):
        assert f"**{question}" in decided or question in decided


def test_the_tests_that_hold_what_a_review_found_exist() -> None:
    root = Path(__file__).resolve().parents[2]
    (record,) = root.glob("docs/decisions/0116-*.md")
    named = set(re.findall(r"`(test_\w+)`", record.read_text("utf-8")))
    there = {
        name
        for path in root.glob("tests/**/test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }

    assert len(named) > 40
    assert named <= there
