"""The stacks' outputs are the variables that the settings read."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import __main__ as command
from deploy import outputs
from deploy.environments import LOCAL, PROD, Environment
from deploy.operations import rollout
from tests.deploy.conftest import BUILT

ROOT = Path(__file__).resolve().parents[2]
ENDPOINT = "http://127.0.0.1:4999"


def _outputs(env: Environment) -> dict[str, str]:
    """Return all outputs of the environment, with made-up values."""
    titles = [title for (name, _), template in BUILT.items() if name == env.name for title in template["Outputs"]]
    return {title: f"http://old:1/{title}" if title.startswith("QueueUrl") else f"the-{title}" for title in titles}


@pytest.mark.parametrize(("env", "endpoint_url"), [(PROD, None), (LOCAL, ENDPOINT)], ids=["prod", "local"])
def test_the_settings_need_nothing_but_the_outputs_and_the_secrets(env: Environment, endpoint_url: str | None) -> None:
    secrets = {"SECRET_KEY": "x" * 40, "COGNITO_CLIENT_SECRET": "x" * 40}
    variables = {**secrets, **outputs.variables(env, _outputs(env), endpoint_url)}

    read = subprocess.run(
        [sys.executable, "-c", "import smartcooking.settings"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=False,
    )

    assert read.returncode == 0, read.stderr


@pytest.mark.parametrize(
    ("output", "variable"),
    [("TableName", "TABLE_NAME"), ("QueueUrlAi", "QUEUE_URL_AI"), ("CognitoJwksUrl", "COGNITO_JWKS_URL")],
)
def test_an_output_is_the_variable_of_its_words(output: str, variable: str) -> None:
    assert outputs.variable(output) == variable


def test_keys_and_queues_of_the_local_stack_are_at_its_address() -> None:
    variables = outputs.variables(LOCAL, _outputs(LOCAL), ENDPOINT)

    assert variables["AWS_ENDPOINT_URL"] == ENDPOINT
    assert variables["COGNITO_JWKS_URL"] == f"{ENDPOINT}/the-CognitoPoolId/.well-known/jwks.json"
    assert variables["COGNITO_ISSUER"] == "the-CognitoIssuer"
    assert variables["QUEUE_URL_AI"] == f"{ENDPOINT}/QueueUrlAi"


SHELLS = sorted(found for name in ("sh", "bash", "dash", "zsh", "ksh") if (found := shutil.which(name)))


@pytest.mark.parametrize("shell", SHELLS, ids=lambda path: Path(path).name)
def test_a_shell_reads_the_variables_as_they_are(
    shell: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    awkward = _outputs(PROD) | {"TableName": 'a table\'s $NAME; `rm` "x" *'}
    monkeypatch.setattr(rollout, "read_outputs", lambda _: awkward)
    assert command.main(["outputs", "--env", "prod", "--format", "env"]) == 0
    printed = capsys.readouterr().out

    wanted = outputs.variables(PROD, awkward, None)
    program = shlex.quote("import json, os; print(json.dumps(dict(os.environ)))")
    script = f'set -a; eval "$PRINTED"; exec {shlex.quote(sys.executable)} -c {program}'
    done = subprocess.run([shell, "-c", script], env={"PRINTED": printed}, capture_output=True, text=True, check=True)

    assert {name: json.loads(done.stdout)[name] for name in wanted} == wanted


def test_the_variables_of_production_hold_no_credentials() -> None:
    variables = outputs.variables(PROD, _outputs(PROD), None)

    assert not [name for name in variables if name.startswith(("AWS_ACCESS", "AWS_SECRET", "AWS_ENDPOINT"))]
