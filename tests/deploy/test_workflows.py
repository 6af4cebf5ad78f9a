"""Workflows on GitHub: pinned actions, least privilege, no keys."""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy import __main__ as command
from deploy.environments import ENVIRONMENTS, LOCAL
from tests.deploy.workflows import ROOT, TEXTS

WORKFLOWS: dict[str, dict[Any, Any]] = {name: yaml.safe_load(text) for name, text in TEXTS.items()}
JOBS = {(name, job): body for name, workflow in WORKFLOWS.items() for job, body in workflow["jobs"].items()}
# YAML 1.1 reads the key `on` as true.
ON = True

# Every action that may run here, with the version that its commit was released as. Each pair stands in several public
# repositories that looked it up on GitHub, independently of each other; Dependabot moves them from here.
ACTIONS = {
    "actions/checkout": ("08c6903cd8c0fde910a37f88322edcfb5dd907a8", "v5.0.0"),
    "actions/setup-python": ("a26af69be951a213d495a4c3e4e4022e16d87065", "v5.6.0"),
    "actions/upload-artifact": ("ea165f8d65b6e75b540449e92b4886f43607fa02", "v4.6.2"),
    "aquasecurity/trivy-action": ("ed142fd0673e97e23eac54620cfb913e5ce36c25", "v0.36.0"),
    "aws-actions/configure-aws-credentials": ("8df5847569e6427dd6c4fb1cf565c83acfa8afa7", "v6.0.0"),
    "github/codeql-action": ("cdf488f595d80d6e07e03d4674febd5ab45fa938", "v4.37.9"),
}
# Rights that a job may have beyond reading the code.
WRITES = {
    ("dependencies", "update"): {"contents": "write", "pull-requests": "write"},
    ("deploy", "dev"): {"id-token": "write"},
    ("deploy", "staging"): {"id-token": "write"},
    ("deploy", "prod"): {"id-token": "write"},
    ("release", "release"): {"id-token": "write"},
    ("security", "image"): {"security-events": "write"},
    ("security", "code"): {"security-events": "write"},
}


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", [f".github/workflows/{name}.yml" for name in TEXTS]),
        ("vendor.dependabot", [".github/dependabot.yml"]),
    ],
)
def test_files_are_of_their_schemas(schema: str, files: list[str]) -> None:
    command = [str(Path(sys.executable).with_name("check-jsonschema")), "--builtin-schema", schema, *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", TEXTS)
def test_every_action_is_pinned_by_commit_and_tells_its_version(name: str) -> None:
    for line in re.findall(r"uses: (.*)", TEXTS[name]):
        if line.startswith("./"):
            continue
        found = re.fullmatch(r"([\w.-]+/[\w.-]+)(?:/[\w/-]+)?@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)", line)
        assert found, f"{line} is not pinned by commit"
        assert ACTIONS[found[1]] == (found[2], found[3])


@pytest.mark.parametrize("key", JOBS, ids="/".join)
def test_a_job_has_the_rights_that_it_needs_and_no_other(key: tuple[str, str]) -> None:
    assert WORKFLOWS[key[0]]["permissions"] == {}
    assert JOBS[key]["permissions"] == {"contents": "read"} | WRITES.get(key, {})


@pytest.mark.parametrize("key", JOBS, ids="/".join)
def test_every_job_ends_by_itself(key: tuple[str, str]) -> None:
    assert "uses" in JOBS[key] or JOBS[key]["timeout-minutes"] <= 120


@pytest.mark.parametrize("name", TEXTS)
def test_no_workflow_reads_a_stored_key(name: str) -> None:
    assert "secrets." not in TEXTS[name]
    assert "secrets: inherit" not in TEXTS[name]
    assert not re.search(r"aws-access-key-id|aws-secret-access-key", TEXTS[name])


@pytest.mark.parametrize("name", TEXTS)
def test_nothing_that_a_stranger_writes_becomes_part_of_a_script(name: str) -> None:
    triggers = WORKFLOWS[name][ON]
    scripts = [
        step["run"] for job in WORKFLOWS[name]["jobs"].values() for step in job.get("steps", []) if "run" in step
    ]

    assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(triggers)
    for script in scripts:
        assert not re.search(r"\$\{\{(?! github\.sha \}\})", script), script


def test_what_is_checked_is_what_is_checked_on_a_desk() -> None:
    runs = [step.get("run") for step in WORKFLOWS["checks"]["jobs"]["checks"]["steps"]]

    assert ".ci/run" in runs


def test_branches_go_to_their_environments_and_production_comes_after_staging() -> None:
    jobs = WORKFLOWS["deploy"]["jobs"]
    released = {name: job["with"]["environment"] for name, job in jobs.items() if "with" in job}

    assert set(released.values()) == set(ENVIRONMENTS) - {LOCAL.name}
    assert jobs["dev"]["if"] == "github.ref == 'refs/heads/develop'"
    assert jobs["staging"]["if"] == jobs["prod"]["if"] == "github.ref == 'refs/heads/main'"
    assert jobs["staging"]["needs"] == jobs["dev"]["needs"] == "checks"
    assert jobs["prod"]["needs"] == "staging"
    # The role trusts tokens of the environment, where the approval stands, and of nothing else (stacks/pipeline.py).
    assert WORKFLOWS["release"]["jobs"]["release"]["environment"] == "${{ inputs.environment }}"


@pytest.mark.parametrize("name", TEXTS)
def test_what_workflows_ask_of_deploy_is_understood(name: str) -> None:
    """Each call is read by the command line itself, with something in the place of every variable."""
    for call in re.findall(r"-m deploy (.+)", TEXTS[name]):
        words = shlex.split(call.replace("$DIGEST", f"sha256:{'0' * 64}").replace("$ENVIRONMENT", "prod"))
        assert command._parser().parse_args(words).verb == words[0]


def test_a_release_goes_through_all_of_it_in_order() -> None:
    asked = re.findall(r"-m deploy (\w+)", TEXTS["release"])

    assert asked == ["window", "deploy", "release", "frontend", "verify"]
    assert TEXTS["release"].index("make web") < TEXTS["release"].index("-m deploy frontend web/dist")


def test_what_cannot_wait_does_not_stand_behind_an_approval() -> None:
    group = WORKFLOWS["deploy"]["concurrency"]["group"]

    assert group == "deploy-${{ github.ref }}${{ inputs.now && '-now' || '' }}"
    assert "concurrency" not in WORKFLOWS["release"]


def test_an_image_is_pushed_without_an_index_around_it() -> None:
    """Scans and the number of kept images are those of the manifest that is pushed."""
    texts = [TEXTS["release"], (ROOT / "docs/deployment.md").read_text("utf-8")]
    pushed = [call for text in texts for call in re.findall(r"docker (?:buildx )?build --.*", text)]

    assert len(pushed) == 2
    assert all("--provenance=false --sbom=false" in call for call in pushed)


def test_production_waits_for_its_window_unless_somebody_says_otherwise() -> None:
    assert WORKFLOWS["release"][ON]["workflow_call"]["inputs"]["now"]["default"] is False
    assert WORKFLOWS["deploy"][ON]["workflow_dispatch"]["inputs"]["now"]["default"] is False
    assert JOBS["deploy", "prod"]["with"]["now"] == "${{ inputs.now || false }}"
    steps = JOBS["release", "release"]["steps"]
    (asking,) = [step for step in steps if "deploy window" in step.get("run", "")]
    assert asking["if"] == "${{ !inputs.now }}"
    # Before anything in AWS is touched.
    assert steps.index(asking) < next(n for n, step in enumerate(steps) if "aws-actions" in step.get("uses", ""))


def test_the_image_is_released_by_digest() -> None:
    text = TEXTS["release"]

    assert "steps.image.outputs.digest" in text
    assert ":latest" not in text
