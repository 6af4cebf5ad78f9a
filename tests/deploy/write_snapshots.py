"""Production's templates as they are on file, a value a line."""

import json
from pathlib import Path

from deploy import stacks
from deploy.environments import PROD

DIRECTORY = Path(__file__).parent / "snapshots"


def write() -> None:
    for path in DIRECTORY.glob("*.json"):
        path.unlink()
    for stack in stacks.of(PROD):
        template = json.loads(stacks.render(PROD, stack))
        text = json.dumps(template, indent=1, sort_keys=True, ensure_ascii=False)
        (DIRECTORY / f"{stack.name}.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    write()
