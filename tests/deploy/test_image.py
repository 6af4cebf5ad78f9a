"""What the image is made of, and how it is run, as far as its description tells."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy import service, tasks
from tests.deploy.conftest import BUILT

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text("utf-8"))
BIN = Path(sys.executable).parent
NOBODY = "10001:10001"


def _instructions() -> list[tuple[str, str]]:
    lines = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE)).splitlines()
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines if line.strip())]


def _stages() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    name = ""
    for word, rest in _instructions():
        if word == "FROM":
            name = rest.rsplit(" AS ", 1)[1]
            found[name] = []
        elif name:
            found[name].append((word, rest))
    return found


def test_hadolint_finds_nothing() -> None:
    done = subprocess.run([BIN / "hadolint", "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_every_stage_stands_on_a_digest_or_on_another_stage() -> None:
    arguments = dict(rest.split("=", 1) for word, rest in _instructions() if word == "ARG")
    bases = [rest.rsplit(" AS ", 1)[0] for word, rest in _instructions() if word == "FROM"]

    assert re.fullmatch(tasks.DIGEST, arguments["BASE_DIGEST"])
    assert set(bases) == {"${BASE}@${BASE_DIGEST}", "build"}
    assert "latest" not in DOCKERFILE


def test_what_is_built_by_default_is_the_service() -> None:
    assert list(_stages())[-1] == "service"


@pytest.mark.parametrize("stage", ["service", "local"])
def test_nobody_runs_as_root_and_only_volumes_are_written(stage: str) -> None:
    instructions = _stages()[stage]

    assert [rest for word, rest in instructions if word == "USER"] == [NOBODY]
    last_run = max(number for number, (word, _) in enumerate(instructions) if word == "RUN")
    assert last_run < instructions.index(("USER", NOBODY))
    (volumes,) = (rest for word, rest in instructions if word == "VOLUME")
    assert '"/tmp"' in volumes


def test_the_service_checks_its_health_and_begins_with_an_init() -> None:
    words = dict(_stages()["service"])

    assert "alive.py" in words["HEALTHCHECK"]
    assert words["ENTRYPOINT"].startswith('["/usr/bin/tini-static"')
    assert words["ENTRYPOINT"].endswith('"/usr/local/bin/entrypoint.sh"]')
    assert yaml.safe_load(words["CMD"]) == list(service.COMMAND)


def test_nothing_is_fetched_but_locked_packages() -> None:
    assert not [rest for word, rest in _instructions() if word == "ADD"]
    assert not re.search(r"curl|wget|https?://|git clone", DOCKERFILE)
    installs = re.findall(r"pip install [^\n&]*", DOCKERFILE)
    assert installs
    assert all("--require-hashes" in install for install in installs)
    assert "requirements-dev" not in str(_stages()["build"])


def test_no_secret_is_an_argument_or_a_variable_of_the_image() -> None:
    named = " ".join(rest for word, rest in _instructions() if word in {"ARG", "ENV", "LABEL"})

    assert not re.search(r"secret|password|token|access_key|credential", named, re.IGNORECASE)


def test_only_what_the_image_needs_is_sent_to_the_builder() -> None:
    lines = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line and line[0] != "#"]

    assert lines[0] == "*"
    kept = {line[1:] for line in lines if line.startswith("!")}
    copied = {
        path.split("/")[0]
        for word, rest in _instructions()
        if word == "COPY" and "--from" not in rest
        for path in rest.split()[:-1]
    }
    assert kept == copied | {"Dockerfile"}
    assert "**/.env*" in lines


def test_tasks_run_the_image_as_it_was_tried() -> None:
    trial = (ROOT / "docker" / "try_image.py").read_text("utf-8")
    own = [
        container
        for template in BUILT.values()
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::ECS::TaskDefinition"
        for container in resource["Properties"]["ContainerDefinitions"]
        if container["Name"] != "collector"
    ]

    assert {"--read-only", "--cap-drop=all", "--tmpfs=/tmp"} <= set(re.findall(r'"(--[^"]+)"', trial))
    for container in own:
        assert container["ReadonlyRootFilesystem"] is True
        assert container["LinuxParameters"]["Capabilities"]["Drop"] == ["ALL"]
        assert [mount["ContainerPath"] for mount in container["MountPoints"]] == ["/tmp"]
        # The image's own, so that its init and its entry point are in front of every command.
        assert "EntryPoint" not in container
        assert "User" not in container


def test_compose_is_of_its_schema() -> None:
    _check_schema("vendor.compose-spec", "docker/compose.yaml")


def test_every_container_of_compose_is_as_closed_as_in_production() -> None:
    for name, container in COMPOSE["services"].items():
        assert container["read_only"] is True, name
        assert container["cap_drop"] == ["ALL"], name
        assert container["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in container, name
        assert not container["image"].endswith(":latest"), name
        assert all(port.startswith("127.0.0.1:") for port in container.get("ports", [])), name


def test_compose_runs_the_programs_of_make_run() -> None:
    procfile = (ROOT / "docker" / "Procfile").read_text("utf-8")
    programs = {line.partition(":")[0] for line in procfile.splitlines()}

    assert {"web" if name == "api" else name for name in COMPOSE["services"]} == programs | {"setup"}
    queues = re.search(r"--queues (\S+)", procfile)
    assert queues
    assert f"--queues={queues[1]}" in COMPOSE["services"]["worker"]["command"]


def _check_schema(schema: str, *files: str) -> None:
    command = [BIN / "check-jsonschema", "--builtin-schema", schema, *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
