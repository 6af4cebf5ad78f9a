"""The workflows of GitHub Actions, as files and as texts."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


FOLDER = ROOT / ".github" / "workflows"


TEXTS = {path.stem: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.yml"))}
