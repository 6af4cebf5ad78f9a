"""The image's content and how it is run, as far as the Dockerfile tells."""

import ast
import os
import re
import resource
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, get_args

import pynamodb.constants
import pytest
import yaml
from django.conf import settings
from kombu.transport import SQS

from apps.core import aws_descriptions
from deploy.resources import tasks
from deploy.stacks import service
from smartcooking import celery
from tests.deploy.conftest import BUILT
from tests.image import composed, containers
from tests.image.__main__ import upon

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text("utf-8"))
BIN = Path(sys.executable).parent
NOBODY = "10001:10001"


def _script(name: str) -> Any:
    """Import a script of docker/, which is no package: the name would hide that of a library."""
    spec = spec_from_file_location(name, ROOT / "docker" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


bytecode, slim = _script("bytecode"), _script("slim")


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
    named, *others = dict.fromkeys(rest.rsplit(" AS ", 1)[0] for word, rest in _instructions() if word == "FROM")

    # In plain words: Dependabot follows no variable.
    assert re.fullmatch(rf"[a-z0-9./-]+:[\w.-]+@{tasks.DIGEST}", named)
    assert set(others) == {"base", "locked", "scratch"}
    assert "latest" not in DOCKERFILE


def test_the_image_can_be_built_upon_another_base() -> None:
    changed = upon(DOCKERFILE, f"localhost/base@sha256:{'0' * 64}")

    assert changed.count("\n") == DOCKERFILE.count("\n")
    assert f"FROM localhost/base@sha256:{'0' * 64} AS base\n" in changed


def test_what_is_built_by_default_is_the_service() -> None:
    assert list(_stages())[-1] == "service"


@pytest.mark.parametrize("stage", ["service", "local"])
def test_nobody_runs_as_root_and_only_volumes_are_written(stage: str) -> None:
    instructions = _stages()[stage]

    assert [rest for word, rest in instructions if word == "USER"] == [NOBODY]
    later = instructions[instructions.index(("USER", NOBODY)) :]
    assert not [word for word, _ in later if word in {"RUN", "COPY"}]
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
    stages = _stages()
    assert "requirements-dev" not in str([stages[name] for name in ("locked", "packages", "root", "service")])


def test_packages_that_come_as_sources_are_named() -> None:
    """A lock with a single hash for a package knows one file of it: there is no wheel, or nothing but one."""
    locked = re.split(r"^(?=\w)", (ROOT / "requirements.txt").read_text("utf-8"), flags=re.MULTILINE)
    single = {one.partition("==")[0] for one in locked if one.count("--hash=") == 1}
    (named,) = re.findall(r"--only-binary=:all: --no-binary=(\S+)", DOCKERFILE)

    assert single == set(named.split(","))


@pytest.mark.long
def test_all_that_the_image_imports_is_imported_and_compiled_without_what_stays_outside(tmp_path: Path) -> None:
    """The program that the build ends with, beside nothing but what is copied into the image."""
    for name in ("smartcooking", "apps"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "docker").mkdir()
    for name in ("bytecode.py", "slim.py", "gunicorn.conf.py"):
        shutil.copy(ROOT / "docker" / name, tmp_path / "docker" / name)
    outside = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPYCACHEPREFIX": str(tmp_path / "bytecode")}

    done = subprocess.run(
        [sys.executable, "docker/bytecode.py"], cwd=tmp_path, env=outside, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "modules compiled" in done.stdout
    ours = list((tmp_path / "bytecode").joinpath(*tmp_path.parts[1:]).rglob("*.pyc"))
    assert {path.name.partition(".")[0] for path in ours} >= {"wsgi", "settings", "slim", "services"}
    # Hashed, and never compared with the source.
    assert {path.read_bytes()[4:8] for path in ours} == {b"\1\0\0\0"}


def test_what_builds_templates_is_not_in_the_image() -> None:
    locked = re.findall(r"^([\w.-]+)==", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE)

    assert {"django", "pynamodb", "celery"} <= set(locked)
    assert not {"troposphere", "cfn-flip", "cfn-lint", "ministack"} & set(locked)


def test_descriptions_of_aws_are_left_for_the_services_that_are_called_and_no_other() -> None:
    ours = {service for path in _sources("apps", "smartcooking") for service in _called(path)}
    # SNS serves exchanges that fan out, which are off; STS is botocore's own way to the credentials of a role.
    assert "supports_fanout" not in celery.app.conf.broker_transport_options
    transport: Any = SQS
    libraries = {pynamodb.constants.SERVICE_NAME, "sts", *get_args(transport._SUPPORTED_BOTO_SERVICES)} - {"sns"}

    assert ours | libraries == slim.SERVICES


def test_the_endpoints_that_a_process_keeps_are_those_of_the_services_in_the_image() -> None:
    descriptions: Any = aws_descriptions.loader()
    described = [descriptions.load_service_model(service, "service-2")["metadata"] for service in slim.SERVICES]

    assert {one["endpointPrefix"] for one in described} == aws_descriptions.ENDPOINTS


def test_languages_are_left_for_what_the_service_speaks() -> None:
    assert {code for code, _ in settings.LANGUAGES} == slim.LANGUAGES


@pytest.mark.parametrize("pattern", slim.UNREAD)
def test_what_is_taken_out_is_where_the_library_has_it(pattern: str) -> None:
    assert list(Path(pynamodb.__file__).parents[1].glob(pattern))


@pytest.mark.parametrize("module", bytecode.BY_NAME)
def test_what_is_compiled_by_name_exists(module: str) -> None:
    assert find_spec(module)


def test_slimming_leaves_what_is_read_and_takes_the_rest(tmp_path: Path) -> None:
    packages = "lib/python3.11/site-packages"
    unread = [f"{packages}/{pattern.replace('*', 'x')}" for pattern in slim.UNREAD]
    gone = [
        "bin/pip3",
        f"{packages}/pip/main.py",
        f"{packages}/setuptools-1.0.dist-info/METADATA",
        f"{packages}/botocore/data/ec2/2016-11-15/service-2.json",
        f"{packages}/botocore/data/s3/2006-03-01/examples-1.json",
        f"{packages}/django/conf/locale/fr/LC_MESSAGES/django.mo",
        f"{packages}/django/conf/locale/vi/LC_MESSAGES/django.po",
        f"{packages}/yaml/tests/test.py",
        f"{packages}/yaml/reader.pyi",
    ]
    kept = [
        "bin/gunicorn",
        f"{packages}/botocore/data/endpoints.json",
        f"{packages}/botocore/data/s3/2006-03-01/service-2.json",
        f"{packages}/boto3/data/s3/2006-03-01/resources-1.json",
        f"{packages}/django/conf/locale/__init__.py",
        f"{packages}/django/conf/locale/vi/LC_MESSAGES/django.mo",
        f"{packages}/pypdf-1.0.dist-info/licenses/LICENSE",
    ]
    for name in (*unread, *gone, *kept):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("text")

    done = _run_slim("packages", tmp_path)

    assert done.returncode == 0, done.stderr
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()) == sorted(kept)


def test_slimming_fails_where_a_library_has_moved_what_is_to_go(tmp_path: Path) -> None:
    (tmp_path / "lib/python3.11/site-packages").mkdir(parents=True)

    done = _run_slim("packages", tmp_path)

    assert done.returncode == 1
    assert f"{slim.UNREAD[0]} is not in" in done.stderr


def test_no_program_of_the_base_makes_its_caller_root(tmp_path: Path) -> None:
    program = tmp_path / "usr/bin/passwd"
    (tmp_path / "usr/sbin").mkdir(parents=True)
    program.parent.mkdir()
    program.touch()
    program.chmod(0o4755)

    done = _run_slim("base", tmp_path)

    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(program.stat().st_mode) == 0o755


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
    own = [
        container
        for template in BUILT.values()
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::ECS::TaskDefinition"
        for container in resource["Properties"]["ContainerDefinitions"]
        if container["Name"] != "collector"
    ]

    assert {"--read-only", "--cap-drop=all", "--tmpfs=/tmp"} <= set(containers.AS_IN_PRODUCTION)
    for container in own:
        assert container["ReadonlyRootFilesystem"] is True
        assert container["LinuxParameters"]["Capabilities"]["Drop"] == ["ALL"]
        assert [mount["ContainerPath"] for mount in container["MountPoints"]] == ["/tmp"]
        # The image's own, so that its init and its entry point are in front of every command.
        assert "EntryPoint" not in container
        assert "User" not in container


def test_the_limits_of_a_trial_are_never_above_those_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 2048))
    assert set(containers.limits()) == {"--ulimit=nofile=2048:2048", "--ulimit=nproc=2048:2048"}

    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, resource.RLIM_INFINITY))
    assert set(containers.limits()) == {"--ulimit=nofile=16384:16384", "--ulimit=nproc=4096:4096"}


def test_a_missing_program_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    with pytest.raises(containers.Failed, match="apt-get install --no-install-recommends buildah conmon podman runc"):
        containers.demand(containers.PROGRAMS)


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


def test_the_trial_of_compose_knows_all_that_it_says() -> None:
    said = {key for container in COMPOSE["services"].values() for key in container}

    assert said <= composed.UNDERSTOOD | composed.LEFT_OUT


def test_compose_runs_the_programs_of_make_run() -> None:
    procfile = (ROOT / "deploy" / "local" / "Procfile").read_text("utf-8")
    programs = {line.partition(":")[0] for line in procfile.splitlines()}

    assert {"web" if name == "api" else name for name in COMPOSE["services"]} == programs | {"setup"}
    queues = re.search(r"--queues (\S+)", procfile)
    assert queues
    assert f"--queues={queues[1]}" in COMPOSE["services"]["worker"]["command"]


def _sources(*packages: str) -> Iterator[Path]:
    return (path for package in packages for path in (ROOT / package).rglob("*.py"))


def _called(path: Path) -> Iterator[str]:
    """Yield the services of AWS that a module makes clients of; one that is not named must be a parameter of ours."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and _name(node.func) in {"client", "passing_client", "create_client", "resource"}:
            service = node.args[0] if node.args else None
            if isinstance(service, ast.Constant):
                yield str(service.value)
            else:
                assert path == ROOT / "apps" / "core" / "aws.py", f"{path}:{node.lineno} makes a client of anything"


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _run_slim(what: str, root: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(ROOT / "docker" / "slim.py"), what, str(root)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _check_schema(schema: str, *files: str) -> None:
    command = [str(BIN / "check-jsonschema"), "--builtin-schema", schema, *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
