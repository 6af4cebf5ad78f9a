"""Run a tool that imports the settings but needs no services; required variables get unusable values.

python -m deploy.local.offline mypy
"""

import os
import sys
from pathlib import Path

from deploy.outputs import CLIENT_SECRET, READ_BY_SETTINGS, variable

# Long enough for a secret.
NOWHERE = "offline" * 5


def main() -> None:
    program = Path(sys.executable).with_name(sys.argv[1])
    os.execve(program, sys.argv[1:], environment())  # noqa: S606


def environment() -> dict[str, str]:
    """Return the environment of this process, completed with the variables that the settings require."""
    missing = dict.fromkeys((*map(variable, (*READ_BY_SETTINGS, CLIENT_SECRET)), "EMAIL_FROM", "SECRET_KEY"), NOWHERE)
    return {**missing, **os.environ}


if __name__ == "__main__":
    main()
