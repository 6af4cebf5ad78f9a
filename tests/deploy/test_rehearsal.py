"""A whole life of production in a simulated account: deployed, failed at each stack, released, taken back, restored."""

import copy
import json
from collections.abc import Iterator

import boto3
import pytest

from deploy import __main__ as command
from deploy import aws, stacks
from deploy.commands import console, verify
from deploy.environments import PROD
from deploy.operations import mail_identity, model_access
from deploy.stacks import Stack
from tests.deploy.account import simulation
from tests.deploy.account.simulation import Account
from tests.deploy.conftest import BUILT

OLD, NEW = (f"sha256:{digit * 64}" for digit in "01")
EVERY = stacks.of(PROD)
DEPLOYED: dict[tuple[str, str], simulation.Stack] = {}
BY_ADMINISTRATORS = {stacks.full_name(PROD, stack) for stack in EVERY if stack.by_administrators}


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")
    become(monkeypatch, simulation.ADMINISTRATOR)
    with simulation.open_account() as running:
        yield running
    aws.client.cache_clear()


@pytest.fixture
def production(account: Account, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Production as it is after the first deployment, which is made once; the workflow is who calls from here on."""
    if not DEPLOYED:
        assert first(account) == console.DONE
        DEPLOYED.update(account.engine.stacks)
    account.engine.stacks = copy.deepcopy(DEPLOYED)
    account.calls.clear()
    become(monkeypatch, simulation.WORKFLOW)
    return account


def become(monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", who)
    # It keeps the credentials of its first client.
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    aws.client.cache_clear()


def run(account: Account, verb: str, *options: str) -> int:
    return command.main([verb, "--env", "prod", "--endpoint-url", account.url, *options])


def first(account: Account, *options: str) -> int:
    return run(account, "deploy", "--set", f"BlueDigest={OLD}", "--set", f"ImageDigest={OLD}", *options)


def test_an_empty_account_becomes_production(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    assert first(account) == console.DONE, capsys.readouterr().err

    made = {stack.name for stack in account.engine.stacks.values()}
    assert made == {stacks.full_name(PROD, stack) for stack in EVERY}
    assert run(account, "deploy") == console.DONE
    assert capsys.readouterr().out.count("unchanged") == len(EVERY)


def test_what_is_created_is_protected_in_the_end(account: Account) -> None:
    first(account)

    (table,) = account.stack("smart-cooking-prod-data").resources.values()
    pool = account.stack("smart-cooking-prod-identity").resources["Pool"]
    balancer = account.stack("smart-cooking-prod-service").resources["Balancer"]
    assert table.properties["DeletionProtectionEnabled"] is True
    assert pool.properties["DeletionProtection"] == "ACTIVE"
    assert {"Key": "deletion_protection.enabled", "Value": "true"} in balancer.properties["LoadBalancerAttributes"]


def test_a_creation_that_fails_leaves_nothing_in_the_way_and_is_repeated(
    account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each stack fails once, at a resource that CloudFormation makes last, when most has to be taken back."""
    for stack in EVERY:
        name = stacks.full_name(PROD, stack)
        account.engine.fails_at[name] = last_resource(stack)

        assert first(account, "--stack", stack.name) == console.FAILED
        assert "quota exceeded" in capsys.readouterr().err
        assert account.stack(name, stack.region(PROD)).status == "ROLLBACK_COMPLETE"
        assert account.engine.left == []
        assert first(account, "--stack", stack.name) == console.DONE, capsys.readouterr().err

    zones = [one for one in account.engine.every() if one.kind == "AWS::Route53::HostedZone"]
    assert len(zones) == 1


def last_resource(stack: Stack) -> str:
    resources = BUILT["prod", stack.name]["Resources"]
    text = {title: json.dumps(body) for title, body in resources.items()}
    referred = {title for title in resources for other, body in text.items() if other != title and f'"{title}"' in body}
    # What has a condition may be left out of a first deployment.
    free = [title for title, body in resources.items() if title not in referred and "Condition" not in body]
    return max(free)


def test_a_deletion_that_failed_is_named_with_what_to_do(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    first(account, "--stack", "boundary", "--stack", "dns", "--stack", "data")
    data = account.stack("smart-cooking-prod-data")
    data.resources["Table"].policy = "Delete"
    data.status = "DELETE_FAILED"

    assert run(account, "deploy", "--stack", "data") == console.FAILED
    assert "switch off a deletion protection" in capsys.readouterr().err

    data.resources["Table"].properties["DeletionProtectionEnabled"] = False
    assert run(account, "deploy", "--stack", "data") == console.DONE


def test_the_role_of_cloudformation_may_make_everything(production: Account) -> None:
    """All but the stacks of administrators is created once more, with the role and by the workflow."""
    engine = production.engine
    engine.stacks = {key: one for key, one in engine.stacks.items() if one.name in BY_ADMINISTRATORS}
    engine.left.clear()

    assert first(production) == console.DONE, production.denied
    assert production.denied == []
    assert {key for key, _ in production.calls} == {simulation.WORKFLOW}


def test_the_workflow_deploys_a_changed_task_definition(
    production: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from deploy.resources import tasks  # noqa: PLC0415

    monkeypatch.setitem(tasks.RULES, "LOG_LEVEL", "DEBUG")

    assert run(production, "deploy") == console.DONE, capsys.readouterr().err
    assert production.denied == []
    revisions = {
        one.name.rpartition(":")[2] for one in production.engine.every() if one.kind == "AWS::ECS::TaskDefinition"
    }
    assert revisions == {"2"}


def test_the_workflow_is_refused_what_administrators_do(
    production: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("deploy.stacks.boundary.BEYOND", ("iam:*",))

    run(production, "deploy", "--stack", "boundary")

    assert capsys.readouterr().err
    policy = production.stack("smart-cooking-prod-boundary").resources["Boundary"].properties["PolicyDocument"]
    assert "sts:AssumeRole" in policy["Statement"][0]["NotAction"]


def test_the_pool_of_accounts_waits_for_its_sender(
    account: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    account.verified_after = 3
    slept: list[float] = []
    monkeypatch.setattr(mail_identity.wait, "__defaults__", (slept.append,))

    assert first(account) == console.DONE

    printed = capsys.readouterr().out
    assert slept == [mail_identity.BETWEEN] * 3
    assert "one._domainkey.smartcooking.com  CNAME  one.dkim.amazonses.com" in printed
    assert printed.index("SES has verified smartcooking.com") < printed.index("smart-cooking-prod-identity: created")


def test_a_sender_that_is_never_verified_ends_the_deployment(
    account: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    account.verified_after = 10_000
    monkeypatch.setattr(mail_identity.wait, "__defaults__", (lambda _: None,))

    assert first(account) == console.FAILED
    assert "SES has not verified smartcooking.com within an hour" in capsys.readouterr().err
    assert "smart-cooking-prod-identity" not in {stack.name for stack in account.engine.stacks.values()}


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        ("ACTIVE", console.DONE, "is active and enabled"),
        ("LEGACY", console.DONE, "announced to be retired"),
        ("RETIRED", console.FAILED, "is retired or was never offered in ap-southeast-1"),
        ("NOT ENABLED", console.FAILED, "is not enabled: send the provider's use case form"),
    ],
)
def test_a_model_that_cannot_be_called_is_said_plainly(
    production: Account, status: str, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    production.model_status = status
    args = command._parser().parse_args(["verify", "--env", "prod", "--endpoint-url", production.url])

    assert verify._check_model(command._target(args)) == code

    printed = capsys.readouterr()
    assert said in printed.out + printed.err
    assert production.denied == []


def test_a_caller_without_the_right_to_ask_for_a_model_is_told_so(account: Account) -> None:
    class Nobody:
        def get_inference_profile(self, **_: object) -> None:
            raise_denied()

    found = model_access.check(Nobody(), PROD.bedrock_model, PROD.bedrock_region)

    assert (found.usable, "not checked" in found.explanation) == (None, True)


def raise_denied() -> None:
    from botocore.exceptions import ClientError  # noqa: PLC0415

    raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetInferenceProfile")
