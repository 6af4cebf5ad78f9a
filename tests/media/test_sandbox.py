"""The process that decodes files: its failures don't affect others."""

from pathlib import Path

import pytest

from apps.core.tasks import TransientFailure
from apps.media import sandbox
from apps.media.models import Reason
from tests.support import images


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a program that replaces the decoder."""
    path = tmp_path / "program.py"
    monkeypatch.setattr(sandbox, "_PROGRAM", path)
    return path


def test_a_decoder_that_crashes_rejects_the_file(program: Path) -> None:
    program.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n")

    assert sandbox.examine(b"x", "image/png").reason == Reason.DAMAGED


def test_a_decoder_that_does_not_end_is_stopped_by_its_own_limit(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Path(sandbox.__file__).with_name("imaging.py").read_text("utf-8")
    endless = source.replace("_CPU_SECONDS = 30", "_CPU_SECONDS = 1").replace(
        "image.load()", "exec('while True: pass')"
    )
    program.write_text(endless)

    assert sandbox.examine(images.encoded(images.picture()), "image/jpeg").reason == Reason.DAMAGED


def test_a_decoder_that_wants_too_much_memory_rejects_the_file(program: Path) -> None:
    source = Path(sandbox.__file__).with_name("imaging.py").read_text("utf-8")
    program.write_text(source.replace("image.load()", "bytearray(2 * 1024**3)"))

    assert sandbox.examine(images.encoded(images.picture()), "image/jpeg").reason == Reason.TOO_MANY_PIXELS


def test_a_decoder_that_the_machine_has_killed_says_nothing_about_the_file(program: Path) -> None:
    program.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")

    with pytest.raises(TransientFailure):
        sandbox.examine(b"x", "image/png")


def test_a_decoder_on_a_machine_that_is_too_busy_is_tried_again(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_TIMEOUT", 0.5)
    program.write_text("import time\ntime.sleep(60)\n")

    with pytest.raises(TransientFailure):
        sandbox.examine(b"x", "image/png")


def test_nothing_of_the_service_is_in_the_decoders_environment(program: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    program.write_text(
        "import os, sys\n"
        f"open({str(seen)!r}, 'w').write(' '.join(os.environ))\n"
        'sys.stdout.write(\'{"reason": "damaged"}\')\n'
    )

    sandbox.examine(b"x", "image/png")

    assert not [name for name in seen.read_text().split() if name.startswith(("AWS", "SECRET", "TABLE", "QUEUE"))]


def test_the_decoder_cannot_read_what_the_worker_knows(program: Path) -> None:
    program.write_text(
        "import json, os\n"
        "try:\n"
        "    seen = open(f'/proc/{os.getppid()}/environ').read()\n"
        "except OSError:\n"
        "    seen = ''\n"
        "print(json.dumps({'reason': 'animated' if seen else 'damaged'}))\n"
    )
    for directory in program.parents:
        if directory.stat().st_mode & 0o005 != 0o005:
            directory.chmod(0o755)

    assert sandbox.examine(b"x", "image/png").reason == Reason.DAMAGED
