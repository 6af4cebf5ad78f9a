"""Write snapshots of production's templates, one value per line, and their costs into docs/cost.md."""

import contextlib
import io
import json
import re
from pathlib import Path

from deploy import __main__ as command
from deploy import stacks
from deploy.environments import PROD

DIRECTORY = Path(__file__).parent / "snapshots"
COSTS = Path(__file__).resolve().parents[2] / "docs/cost.md"
# The block below the command that printed it.
REPORT = re.compile(
    r"(?<=```text\n\$ python -m deploy cost --env prod --mau 100000\n)(.*?)(?=^```)", re.DOTALL | re.MULTILINE
)


def write() -> None:
    for path in DIRECTORY.glob("*.json"):
        path.unlink()
    for stack in stacks.select(PROD):
        template = json.loads(stacks.render(PROD, stack))
        text = json.dumps(template, indent=1, sort_keys=True, ensure_ascii=False)
        (DIRECTORY / f"{stack.name}.json").write_text(text + "\n", "utf-8")
    page = COSTS.read_text("utf-8")
    COSTS.write_text(REPORT.sub(lambda _: report(), page, count=1), "utf-8")


def report() -> str:
    """Return the command's output for production and 100,000 people."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        command.main(["cost", "--env", "prod", "--mau", "100000"])
    return printed.getvalue()


if __name__ == "__main__":
    write()
