"""Remove from an installed environment what the service never imports: tests, installers, sources of compiled code.

python docker/slim.py /opt/venv
"""

import shutil
import sys
from pathlib import Path

# Packages that only install others; the image is never installed into.
INSTALLERS = ("pip", "setuptools", "pkg_resources", "_distutils_hack")
# Built for a person at a debugger or a compiler.
SUFFIXES = (".c", ".cpp", ".h", ".hpp", ".pxd", ".pyi", ".pyx", ".a", ".map")


def main() -> None:
    environment = Path(sys.argv[1])
    (site,) = environment.glob("lib/python3.*/site-packages")
    before = _size(site)
    for installer in INSTALLERS:
        for found in (site / installer, *site.glob(f"{installer}-*.dist-info")):
            shutil.rmtree(found, ignore_errors=True)
    # Would have every start of Python import what has just gone.
    (site / "distutils-precedence.pth").unlink(missing_ok=True)
    for script in environment.glob("bin/pip*"):
        script.unlink()
    for directory in sorted(site.rglob("tests")):
        if directory.is_dir() and not (directory / "_natype.py").exists():
            shutil.rmtree(directory)
    for file in site.rglob("*"):
        if file.suffix in SUFFIXES and file.is_file():
            file.unlink()
    print(f"{(before - _size(site)) / 1e6:.0f} MB removed, {_size(site) / 1e6:.0f} MB left")


def _size(directory: Path) -> int:
    return sum(file.stat().st_size for file in directory.rglob("*") if file.is_file())


if __name__ == "__main__":
    main()
