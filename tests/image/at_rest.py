"""Checks of the image without running it: size, metadata and content."""

import json
from pathlib import Path
from typing import Any

from tests.image.containers import Failed
from tests.image.stage import Trial, expect

ROOT = Path(__file__).resolve().parents[2]
CONTENTS = ROOT / "docker" / "contents.py"
# The list that `make sbom` makes of the lock file.
LOCKED = ROOT / "build" / "sbom.json"
# What the image actually contains, including Debian's packages.
HELD = ROOT / "build" / "image-sbom.json"
MOST_BYTES = 300_000_000
NOBODY = "10001:10001"
OURS = ("/opt/venv", "/srv")
UNWANTED = (".git", ".env*", "id_rsa*", "credentials", "tests", "deploy", "troposphere", "pip", "pip-*", "ensurepip")
WRITABLE = "1777"


def size(trial: Trial) -> str:
    total, base = (int(trial.engine.inspect("image", image)["Size"]) for image in (trial.image, trial.base))
    # Like layers: the content of files, nothing for directories.
    ours = sum(map(int, trial.engine.ask(trial.image, "find", *OURS, "-type", "f", "-printf", r"%s\n").split()))
    shares = f"own {ours / 1e6:.0f}, rest of the base {(total - ours) / 1e6:.0f} of its {base / 1e6:.0f}"
    return expect(total <= MOST_BYTES, f"{total / 1e6:.0f} MB of {MOST_BYTES / 1e6:.0f}: {shares}")


def description(trial: Trial) -> str:
    seen = trial.engine.inspect("image", trial.image)
    config = seen["Config"]
    holds = (
        config.get("User") == NOBODY
        and set(config.get("Volumes") or ()) == {"/tmp"}
        and "alive.py" in str(seen.get("Healthcheck"))
        and config["Entrypoint"][0].endswith("tini-static")
    )
    return expect(holds, f"user {config.get('User')}, entry point {' '.join(config['Entrypoint'])}, health check")


def nothing_else_inside(trial: Trial) -> str:
    """Neither history, keys, tests nor installers; nothing makes its caller root; /tmp is everybody's."""
    named = [word for pattern in UNWANTED for word in ("-o", "-name", pattern)][1:]
    places = ("/srv", "/opt/venv", "/usr/lib", "/usr/local", "/home", "/root", "/tmp")
    found = trial.engine.ask(trial.image, "find", *places, *named).split()
    rising = trial.engine.ask(trial.image, "find", "/", "-xdev", "-type", "f", "-perm", "/6000").split()
    mode = trial.engine.ask(trial.image, "stat", "--format=%a", "/tmp").strip()
    written = trial.engine.podman("history", "--no-trunc", "--format={{.CreatedBy}}", trial.image).upper()
    words = [word for word in ("SECRET", "PASSWORD", "AWS_ACCESS", "TOKEN") if word in written]
    holds = not found and not rising and not words and mode == WRITABLE
    return expect(holds, f"unwanted {found}, setuid {rising}, in its history {words}, /tmp {mode}")


def bill_of_materials(trial: Trial) -> str:
    """What is installed is what is locked, each in its version; the whole list is written beside that of the lock."""
    if not LOCKED.exists():
        raise Failed(f"{LOCKED.relative_to(ROOT)} is not there: `make sbom` writes it")
    printed = trial.engine.ask(trial.image, "/opt/venv/bin/python", "-c", CONTENTS.read_text("utf-8"))
    HELD.write_text(printed)
    held = json.loads(printed)["components"]
    installed, locked = _packages(held), _packages(json.loads(LOCKED.read_text("utf-8"))["components"])
    others = len(held) - len(installed)
    differences = sorted(f"{name} {version}" for name, version in installed ^ locked)
    seen = f"{len(installed)} Python packages as locked, {others} of Debian and others, in {HELD.relative_to(ROOT)}"
    return expect(not differences, f"in one list only: {', '.join(differences)}" if differences else seen)


def _packages(components: list[dict[str, Any]]) -> set[tuple[str, str]]:
    ours = (one for one in components if one["purl"].startswith("pkg:pypi/"))
    return {(one["name"].lower().replace("_", "-").replace(".", "-"), one["version"]) for one in ours}


CHECKS = (size, description, nothing_else_inside, bill_of_materials)
