"""Run a tool that imports the settings but calls nobody: the variables it must find lead nowhere.

python -m docker.offline mypy
"""

import os
import sys
from pathlib import Path

from deploy.outputs import READ_BY_SETTINGS, variable

NOWHERE = "offline"


def main() -> None:
    missing = {variable(output): NOWHERE for output in READ_BY_SETTINGS} | {"SECRET_KEY": NOWHERE}
    program = Path(sys.executable).with_name(sys.argv[1])
    os.execve(program, sys.argv[1:], {**missing, **os.environ})  # noqa: S606


if __name__ == "__main__":
    main()
