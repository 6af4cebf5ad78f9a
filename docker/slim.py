"""Remove from the image what the service never reads.

python docker/slim.py packages /opt/venv    of the installed packages; needs `strip`, of Debian's binutils
python docker/slim.py base /                of the base, whichever of it is there

`docker/bytecode.py` proves afterwards that what is left is enough to import everything.
"""

import shutil
import stat
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

# boto3 describes 400 services in 26 MB. These are called; tests hold the list to the code and to the libraries.
SERVICES = frozenset({"bedrock-runtime", "cognito-idp", "dynamodb", "logs", "s3", "sesv2", "sqs", "sts"})
# The languages of settings.py; Django and its framework bring a hundred.
LANGUAGES = frozenset({"en", "vi"})
# The image is never installed into.
INSTALLERS = ("pip", "setuptools", "pkg_resources", "_distutils_hack", "wheel")
# Files for debugging, compiling and translating only.
SUFFIXES = frozenset({".a", ".c", ".cpp", ".h", ".hpp", ".map", ".po", ".pxd", ".pyi", ".pyx"})
# Each must exist; if a library moves a file, it would otherwise return to the image unnoticed.
UNREAD = (
    # Pictures are JPEG, PNG or WebP without text, so other decoders and fonts are removed.
    "PIL/_avif.*",
    "PIL/_imagingft.*",
    "PIL/_imagingtk.*",
    "pillow.libs/libavif-*",
    "pillow.libs/libbrotli*",
    "pillow.libs/libfreetype-*",
    "pillow.libs/libharfbuzz-*",
    "pillow.libs/libpng16-*",
    # A second copy of a library, for Python builds without the first.
    "zstandard/_cffi.*",
    "numpy/distutils",
    "numpy/f2py",
    "numpy/_core/_*_tests.*",
    "numpy/_core/_simd.*",
    # Of Lambda's tools the metrics are used.
    "aws_lambda_powertools/event_handler",
    # /docs is Swagger's.
    "drf_spectacular_sidecar/static/drf_spectacular_sidecar/redoc",
    "django/contrib/gis",
)
UNREAD_OF_BASE = (
    *(f"usr/local/lib/python3*/site-packages/{name}" for name in INSTALLERS),
    *(f"usr/local/lib/python3*/site-packages/{name}-*" for name in INSTALLERS),
    "usr/local/lib/python3*/site-packages/distutils-precedence.pth",
    "usr/local/bin/pip*",
    "usr/local/bin/wheel",
    "usr/local/include",
    *(
        f"usr/{where}lib/python3*/{name}"
        for where in ("", "local/")
        for name in ("config-3*", "ensurepip", "idlelib", "lib2to3", "pydoc_data", "tkinter", "turtledemo")
    ),
    "usr/share/python-wheels",
    # Character sets that glibc converts for programs in C; Python has its own.
    "usr/lib/*/gconv",
    "var/cache/*",
    "var/lib/apt/lists/*",
    "var/log/*",
)


def main() -> None:
    what, root = sys.argv[1], Path(sys.argv[2])
    if what == "packages":
        (site,) = root.glob("lib/python3*/site-packages")
        before = _size(root)
        _slim_packages(site)
        _remove(root.glob("bin/pip*"))
        print(f"packages: {(before - _size(root)) / 1e6:.0f} MB removed, {_size(root) / 1e6:.0f} MB left")
    else:
        found = [path for pattern in UNREAD_OF_BASE for path in root.glob(pattern)]
        print(f"base: {sum(map(_size, found)) / 1e6:.0f} MB removed")
        _remove(found)
        _disarm(root)


def _slim_packages(site: Path) -> None:
    for installer in INSTALLERS:
        _remove((site / installer, *site.glob(f"{installer}-*.dist-info")))
    # It would import removed modules at every start of Python.
    _remove((site / "distutils-precedence.pth",))
    for pattern in UNREAD:
        found = list(site.glob(pattern))
        if not found:
            sys.exit(f"{pattern} is not in {site}: look where the package has it, or take it off the list")
        _remove(found)
    _remove(path for path in (site / "botocore" / "data").iterdir() if path.is_dir() and path.name not in SERVICES)
    _remove(path for path in (site / "boto3" / "data").iterdir() if path.is_dir() and path.name not in SERVICES)
    # Examples of calls, for documentation.
    _remove(site.glob("botocore/data/*/*/examples-1.json*"))
    _remove(path for path in site.rglob("tests") if path.is_dir())
    for directory in list(site.rglob("locale")):
        _remove(path for path in directory.iterdir() if path.is_dir() and path.name not in LANGUAGES)
    _remove(path for path in site.rglob("*") if path.suffix in SUFFIXES and path.is_file())
    for library in site.rglob("*.so"):
        _strip(library)


def _disarm(root: Path) -> None:
    """Remove the setuid and setgid bits of all programs."""
    for directory in ("usr/bin", "usr/sbin"):
        for program in (root / directory).iterdir():
            mode = program.lstat().st_mode
            if stat.S_ISREG(mode) and mode & (stat.S_ISUID | stat.S_ISGID):
                program.chmod(stat.S_IMODE(mode) & 0o777)


def _strip(library: Path) -> None:
    """Take symbols and debugging information out of a compiled module.

    Not of those whose paths were rewritten to find libraries beside them: `strip` is known to damage such files.
    """
    if b"$ORIGIN" not in library.read_bytes():
        subprocess.run(["/usr/bin/strip", "--strip-unneeded", str(library)], check=True)


def _remove(paths: Iterable[Path]) -> None:
    for path in list(paths):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() and not path.is_symlink() else (path,)
    return sum(file.lstat().st_size for file in files if file.is_symlink() or file.is_file())


if __name__ == "__main__":
    main()
