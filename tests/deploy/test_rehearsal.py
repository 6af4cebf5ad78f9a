"""The life of production in a simulated account: deployed, failing at each stack, released, rolled back, restored."""

import copy
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from deploy import __main__ as command
from deploy import stacks
from deploy.commands import console, verify
from deploy.environments import PROD
from deploy.operations import mail_identity, model_access, synthetic_traffic
from deploy.resources import tasks
from deploy.stacks import Stack
from tests.deploy.account import simulation
from tests.deploy.account.production import NEW, OLD, become, first, opened, run
from tests.deploy.account.production import account as account  # noqa: PLC0414  a fixture
from tests.deploy.account.simulation import Account
from tests.deploy.account.stacks import Stack as Existing
from tests.deploy.conftest import BUILT

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
EVERY = stacks.select(PROD)
BY_ADMINISTRATORS = {stacks.full_name(PROD, stack) for stack in EVERY if stack.by_administrators}


@pytest.fixture(scope="module")
def deployed() -> dict[tuple[str, str], Existing]:
    """The stacks of an account after the first deployment, which is made once for the module."""
    with pytest.MonkeyPatch.context() as monkeypatch, opened(monkeypatch) as running:
        assert first(running) == console.DONE, running.denied
        return running.engine.stacks


@pytest.fixture
def production(account: Account, deployed: dict[tuple[str, str], Existing], monkeypatch: pytest.MonkeyPatch) -> Account:
    """Production after the first deployment. From here on the workflow is the caller."""
    account.engine.stacks = copy.deepcopy(deployed)
    become(monkeypatch, simulation.WORKFLOW)
    return account


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
    free: list[str] = [title for title, body in resources.items() if title not in referred and "Condition" not in body]
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


# --- docs/deployment.md, line by line


SHELL = """
set -euo pipefail
aws() { command python -m tests.deploy.account.aws_cli "$@"; }
docker() { echo "docker $*" >> "$TOLD"; cat > /dev/null; }
dig() { echo ns-1.awsdns-01.com.; }
gh() { echo "gh $*" >> "$TOLD"; }
# What the page says of trying the image on a machine of one's own changes that machine.
apt-get() { echo "apt-get $*" >> "$TOLD"; }
make() { echo "make $*" >> "$TOLD"; }
# What needs the service itself, which is not there: that it is asked for is what counts.
python() {
  case "$*" in
    *"deploy verify"*|*"deploy frontend"*|*"deploy release"*|"- "*|-) echo "python $*" >> "$TOLD"; cat > /dev/null ;;
    "-m deploy build"*|"-m deploy cost"*) command python "$@" ;;
    "-m deploy diff"*) command python "$@" --endpoint-url "$AWS_ENDPOINT_URL" || test $? = 4 ;;
    "-m deploy"*) command python "$@" --endpoint-url "$AWS_ENDPOINT_URL" ;;
    *) command python "$@" ;;
  esac
}
"""
STUBS = 'manage() { echo "manage $*" >> "$TOLD"; }\n'


def blocks(page: str) -> list[str]:
    return re.findall(r"^```bash\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


def test_the_page_of_the_first_deployment_can_be_followed_word_by_word(account: Account, tmp_path: Path) -> None:
    """Its commands are taken out of it and run by a shell, after those of the runbooks that it builds upon."""
    page = (ROOT / "docs/deployment.md").read_text("utf-8").partition("## The next releases")[0]
    functions = blocks((ROOT / "docs/runbooks/README.md").read_text("utf-8"))[0]
    commands = "\n".join(blocks(page)).replace("build/templates", str(tmp_path / "templates"))
    commands = commands.replace("> sbom.json", f"> {tmp_path}/sbom.json")
    told = tmp_path / "told"
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "AWS_ENDPOINT_URL": account.url,
        "AWS_ACCESS_KEY_ID": simulation.ADMINISTRATOR,
        "AWS_SECRET_ACCESS_KEY": "none",
        "TOLD": str(told),
    }
    # The page puts the project's own programs first on the path, which are these.
    script = SHELL + functions.replace("$PWD/.venv/bin:", "") + STUBS + commands.replace("$PWD/.venv/bin:", "")

    done = subprocess.run(
        ["bash", "-c", script],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    made = {stack.name for stack in account.engine.stacks.values()}
    assert made == {stacks.full_name(PROD, stack) for stack in EVERY}
    assert account.parameters("smart-cooking-prod-service")["BlueDigest"] == OLD
    lines = told.read_text()
    for wanted in ("docker login", "docker buildx build", "manage seed_ingredients", "deploy verify --env prod --full"):
        assert wanted in lines, wanted
    asked = {operation for _, operation in account.calls}
    assert {"iam:CreateServiceLinkedRole", "states:StartExecution", "sns:Publish"} <= asked


# --- Releases and what follows


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(synthetic_traffic, "WITHIN", 0.0)
    monkeypatch.setattr(synthetic_traffic, "ENOUGH", 4)
    monkeypatch.setattr(synthetic_traffic, "MOST", 8)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(401 if self.path == "/v1/users/me" else 200)
            body = b'{"status": "ok", "services": {}}'
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def release(account: Account, api: str, digest: str = NEW) -> int:
    return run(account, "release", "--url", api, "--image-digest", digest, "--now")


def test_the_workflow_releases_an_image_to_everybody(production: Account, api: str) -> None:
    assert release(production, api) == console.DONE, production.denied

    service = production.parameters("smart-cooking-prod-service")
    assert (service["GreenWeight"], service["BlueWeight"], service["BlueTasks"]) == ("100", "0", "0")
    assert production.parameters("smart-cooking-prod-workers")["ImageDigest"] == NEW
    assert production.parameters("smart-cooking-prod-schedule")["ImageDigest"] == NEW
    assert production.denied == []


def test_a_canary_that_rings_at_a_quarter_is_taken_back(
    production: Account, api: str, capsys: pytest.CaptureFixture[str]
) -> None:
    production.engine.rings = lambda stack, given: given.get("GreenWeight") == "25"

    assert release(production, api) == console.FAILED

    assert "CloudWatch alarm is in ALARM state" in capsys.readouterr().err
    service = production.parameters("smart-cooking-prod-service")
    assert (service["BlueWeight"], service["GreenWeight"], service["GreenTasks"]) == ("100", "0", "0")
    weights = production.stack("smart-cooking-prod-service").resources["Weights"].properties["Actions"][0]
    assert [one["Weight"] for one in weights["ForwardConfig"]["TargetGroups"]] == ["100", "0"]
    assert production.parameters("smart-cooking-prod-workers")["ImageDigest"] == OLD
    assert production.denied == []


def test_a_release_is_rolled_back_by_the_workflow(production: Account, api: str) -> None:
    assert release(production, api) == console.DONE

    assert run(production, "rollback", "--url", api, "--yes") == console.DONE

    service = production.parameters("smart-cooking-prod-service")
    assert (service["BlueWeight"], service["GreenTasks"], service["BlueDigest"]) == ("100", "0", OLD)
    assert production.denied == []


def test_templates_that_change_in_between_keep_what_a_release_has_set(
    production: Account, api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    release(production, api)
    monkeypatch.setitem(tasks.RULES, "LOG_LEVEL", "DEBUG")

    assert run(production, "deploy", "--stack", "service", "--stack", "workers") == console.DONE

    service = production.parameters("smart-cooking-prod-service")
    assert (service["GreenWeight"], service["GreenDigest"]) == ("100", NEW)
    assert production.parameters("smart-cooking-prod-workers")["ImageDigest"] == NEW


def test_a_restoration_is_planned_from_what_is_there(
    account: Account, production: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By an operator: the workflow has no rights over data."""
    assert run(production, "backup", "restore", "--dry-run") == console.FAILED
    assert any(one.startswith("dynamodb:DescribeContinuousBackups") for one in production.denied)

    become(monkeypatch, simulation.ADMINISTRATOR)
    capsys.readouterr()
    assert run(account, "backup", "restore", "--dry-run") == console.DONE

    printed = capsys.readouterr().out
    assert "from: point-in-time recovery" in printed
    assert "smart-cooking-prod-copies: no export of the whole table" in printed


def test_a_difference_is_shown_before_anything_is_deployed(
    account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(account, "diff") == console.DIFFERENT

    printed = capsys.readouterr().out
    assert printed.count("would be created") == len(EVERY)
    assert "smart-cooking-prod-storage is not deployed" in printed


def test_outputs_that_are_missing_are_named(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    first(account, "--stack", "boundary", "--stack", "data")

    assert run(account, "outputs", "--format", "env") == console.FAILED
    assert "is not deployed" in capsys.readouterr().err
