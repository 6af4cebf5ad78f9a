"""Build the image with buildah, run it with podman, and check what production relies on. Needs Linux, root, no Docker.

    python -m tests.image --base localhost/base:bookworm      an image that buildah has or can fetch
    python -m tests.image --make-base                         one like it from Debian's mirror, by mmdebstrap

Debian's packages buildah, podman, runc, conmon and, for --make-base, mmdebstrap; 2 GB of disk. Images stay in the
directory, so that the next run builds only what has changed; containers and mounts do not.
"""

import argparse
import hashlib
import re
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.image import at_rest, composed, containers, ending, running
from tests.image.containers import Engine, Failed
from tests.image.stage import Trial, environment

ROOT = Path(__file__).resolve().parents[2]
DIRECTORY = ROOT / "build" / "image"
TAG = "localhost/smart-cooking:try"
NAME = "localhost/smart-cooking-base"
# The images' names in docker/compose.yaml, by stage.
COMPOSED = {"service": "localhost/smart-cooking:local", "local": "localhost/smart-cooking-tools:local"}
Check = Callable[[Trial], str]
CHECKS: Sequence[Check] = (*at_rest.CHECKS, *running.CHECKS, *ending.CHECKS)
PASSED, BROKEN, UNABLE, INTERRUPTED = 0, 1, 2, 130
EXIT_CODES = """exit codes:
  0 every check holds      1 a check does not
  2 it cannot be tried     130 interrupted
"""
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
# As Debian's own slim images: neither manuals nor other languages; licenses stay.
UNREAD = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/info/*", "/usr/share/locale/*")
# What Python's slim image has of Debian beside Debian's slim image, and Debian's own Python in place of that one's.
INCLUDED = "usr-is-merged,ca-certificates,netbase,tzdata,python3-minimal,python3-venv"
BOOTSTRAP = (
    "mmdebstrap",
    "--mode=root",
    "--variant=apt",
    "--skip=output/dev",
    "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr",
    f"--include={INCLUDED}",
    *(f"--dpkgopt=path-exclude={path}" for path in UNREAD),
    "--dpkgopt=path-include=/usr/share/doc/*/copyright",
    # Behind a proxy that signs for others, this machine's authorities are those that count.
    f"--customize-hook=copy-in {AUTHORITIES} {AUTHORITIES.parent}",
    '--customize-hook=ln -s /usr/bin/python3 "$1/usr/local/bin/python"',
    '--customize-hook=rm -f "$1/etc/hostname" "$1/etc/resolv.conf"',
    "bookworm",
)


@dataclass(frozen=True)
class Result:
    """A check, whether it holds, and what was seen."""

    check: str
    holds: bool
    seen: str


def main() -> int:
    args = _parser().parse_args()
    # By default the signal would end this program at once and leave its containers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(INTERRUPTED))
    begun = time.monotonic()
    try:
        containers.demand(containers.PROGRAMS | (containers.MAKES_BASES if args.make_base else {}))
        with containers.engine(args.directory) as engine:
            base = _base(engine, args)
            _build(engine, base, "service", TAG, *([COMPOSED["service"]] if args.compose else []))
            if args.compose:
                _build(engine, base, "local", COMPOSED["local"])
            results = _check_all(engine, base, _chosen(args))
    except Failed as error:
        print(f"make image: {error}", file=sys.stderr)
        return UNABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    print(_table(results))
    failed = sum(not result.holds for result in results)
    took = time.monotonic() - begun
    print(f"{len(results) - failed} hold, {failed} do not; {took:.0f} s; images stay in {args.directory}")
    return BROKEN if failed else PASSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "try_image", description=__doc__, epilog=EXIT_CODES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    base = parser.add_mutually_exclusive_group(required=True)
    base.add_argument("--base", metavar="IMAGE", help="build upon this one, of Debian with Python 3.11 or later")
    base.add_argument("--make-base", action="store_true", help="make that image from Debian's mirror, once")
    base.add_argument(
        "--base-tar", type=Path, metavar="FILE", help="make that image from the tar of a root file system"
    )
    parser.add_argument("--compose", action="store_true", help="try the containers of docker/compose.yaml as well")
    parser.add_argument("--only", metavar="WORD", default="", help="make only the checks whose name has this in it")
    parser.add_argument(
        "--directory", type=Path, default=DIRECTORY, help="where images are kept (default: %(default)s)"
    )
    return parser


def _base(engine: Engine, args: argparse.Namespace) -> str:
    """Return the name of the image to build upon, which is there then."""
    if args.base:
        if not engine.has(args.base):
            with _step(f"fetch {args.base}"):
                engine.buildah("pull", args.base)
        return str(args.base)
    if args.base_tar:
        with _step(f"import {args.base_tar}"):
            engine.podman("import", str(args.base_tar), f"{NAME}:tar")
        return f"{NAME}:tar"
    # Another recipe makes another base.
    name = f"{NAME}:{hashlib.sha256(repr(BOOTSTRAP).encode()).hexdigest()[:12]}"
    if engine.has(name):
        print(f"base: {name} is there already")
        return name
    with _step("make a base from Debian's mirror"), tempfile.TemporaryDirectory() as temporary:
        tar = f"{temporary}/base.tar"
        containers.run(*BOOTSTRAP, tar)
        engine.podman("import", tar, name)
    return name


def _build(engine: Engine, base: str, target: str, *tags: str) -> None:
    name, digest = base.partition("@")[0].rpartition(":")[0], engine.inspect("image", base)["Digest"]
    # By chroot: needs neither user namespaces nor a network of its own. OCI's own format has no HEALTHCHECK.
    how = ("--isolation=chroot", "--format=docker", "--pull-never", *engine.caching, f"--target={target}")
    with (
        _step(f"build {target} upon {name}@{digest[:19]} ({engine.driver})"),
        tempfile.TemporaryDirectory() as temporary,
    ):
        file = Path(temporary) / "Dockerfile"
        file.write_text(upon((ROOT / "Dockerfile").read_text("utf-8"), f"{name}@{digest}"), "utf-8")
        engine.show_building("build", *how, f"--file={file}", *(f"--tag={tag}" for tag in tags), str(ROOT))
    # Layers of earlier states of the source, which would fill the disk.
    engine.podman("image", "prune", "--force", "--filter=until=72h")


def upon(dockerfile: str, base: str) -> str:
    """Return the Dockerfile with another base than the one that it names by digest."""
    changed, count = re.subn(r"^FROM \S+@\S+ AS base$", f"FROM {base} AS base", dockerfile, flags=re.MULTILINE)
    assert count == 1
    return changed


def _chosen(args: argparse.Namespace) -> list[Check]:
    checks = (*CHECKS, *composed.CHECKS) if args.compose else CHECKS
    # The others find ingredients and recipes where these commands have run.
    return [check for check in checks if args.only in check.__name__ or check is running.commands_run]


def _check_all(engine: Engine, base: str, checks: Sequence[Check]) -> list[Result]:
    with (
        tempfile.TemporaryDirectory(prefix="try-image-") as temporary,
        environment(Path(temporary)) as (target, variables),
    ):
        trial = Trial(engine, TAG, base, target, variables)
        return [_checked(check, trial) for check in checks]


def _checked(check: Check, trial: Trial) -> Result:
    name = check.__name__.replace("_", " ")
    print(f"{name} …", flush=True)
    try:
        result = Result(name, True, check(trial))
    except Exception as error:  # noqa: BLE001  whatever went wrong is the result of this check, and others follow
        result = Result(name, False, str(error) if isinstance(error, Failed) else f"{type(error).__name__}: {error}")
    print(f"  {'holds' if result.holds else 'DOES NOT HOLD'}: {result.seen}", flush=True)
    return result


def _table(results: Sequence[Result]) -> str:
    widest = max(len(result.check) for result in results)
    lines = (f"{result.check:<{widest}}  {'ok    ' if result.holds else 'FAILED'}" for result in results)
    return "\n".join(("", *lines, ""))


@contextmanager
def _step(what: str) -> Iterator[None]:
    print(f"{what} …", flush=True)
    begun = time.monotonic()
    yield
    print(f"  done in {time.monotonic() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
