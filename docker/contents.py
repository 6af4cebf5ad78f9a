"""List an image's contents as CycloneDX. Runs under the image's Python with the standard library alone.

docker run --rm --interactive --entrypoint= IMAGE python - < docker/contents.py
"""

import json
import platform
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

INSTALLED = Path("/var/lib/dpkg/status")
RELEASE = Path("/etc/os-release")
TINI = "/usr/bin/tini-static"


def main() -> None:
    components = sorted([*_packages(), *_debian(), *_others()], key=lambda one: one["purl"])
    service = {"type": "container", "bom-ref": "image", "name": "smart-cooking"}
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": service},
        "components": components,
    }
    json.dump(document, sys.stdout, indent=2)
    print()


def _packages() -> Iterator[dict[str, str]]:
    for found in metadata.distributions():
        name = found.metadata["Name"]
        yield _component("library", name, found.version, f"pkg:pypi/{name.lower().replace('_', '-')}@{found.version}")


def _debian() -> Iterator[dict[str, str]]:
    release = dict(line.split("=", 1) for line in RELEASE.read_text("utf-8").splitlines() if "=" in line)
    distribution = f"{release['ID']}-{release['VERSION_ID']}".replace('"', "")
    for paragraph in INSTALLED.read_text("utf-8").strip().split("\n\n"):
        # Lines that begin with a space go on with the field before.
        lines = [line for line in paragraph.splitlines() if not line.startswith(" ")]
        fields = dict(line.split(": ", 1) for line in lines if ": " in line)
        if fields["Status"] == "install ok installed":
            name, version = fields["Package"], fields["Version"]
            where = f"arch={fields['Architecture']}&distro={distribution}"
            # Epochs and versions of upstream have characters of their own meaning in such an address.
            quoted = version.replace("%", "%25").replace(":", "%3A").replace("+", "%2B")
            yield _component("library", name, version, f"pkg:deb/debian/{name.replace('+', '%2B')}@{quoted}?{where}")


def _others() -> Iterator[dict[str, str]]:
    """Yield what no package manager knows of: the interpreter of Python's own images, and the init."""
    python = platform.python_version()
    yield _component("application", "python", python, f"pkg:generic/python@{python}")
    said = subprocess.run([TINI, "--version"], capture_output=True, text=True, check=True).stdout
    tini = said.split()[2]
    yield _component("application", "tini", tini, f"pkg:github/krallin/tini@v{tini}")


def _component(kind: str, name: str, version: str, purl: str) -> dict[str, str]:
    return {"type": kind, "bom-ref": purl, "name": name, "version": version, "purl": purl}


if __name__ == "__main__":
    main()
