"""`python -m smartcooking.configuration`: write `.env.example` and `docs/configuration.md` from the settings."""

from importlib import import_module
from itertools import groupby
from pathlib import Path

from smartcooking import env
from smartcooking.env import Variable

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / ".env.example"
REFERENCE = ROOT / "docs" / "configuration.md"

_EXAMPLE_START = """\
# The variables that the service reads, written by `make configuration` from smartcooking/settings.py.
# docs/configuration.md says what they mean. `make run` makes its own (.local/env); the templates in deploy/ set those
# of AWS. Lines that begin with "#" show defaults.
"""
# boto3 reads these two itself. In AWS the task's role takes their place.
_CREDENTIALS = "# AWS_ACCESS_KEY_ID=test\n# AWS_SECRET_ACCESS_KEY=test\n"
_REFERENCE_START = """\
# Configuration

The service reads its configuration from environment variables, all of them in `smartcooking/settings.py`. `make run`
needs none: it makes those of the local stack. In AWS the templates in `deploy/` set them. A variable that is missing or
malformed stops the process with a message that names it.

`make configuration` writes this page and `.env.example` from the settings; a test compares them.
"""


def _by_section() -> list[tuple[str, list[Variable]]]:
    return [(title, list(found)) for title, found in groupby(env.VARIABLES.values(), key=lambda one: one.section)]


def render_example() -> str:
    """Return the text of `.env.example`: required variables with examples, the others as comments."""
    parts = [_EXAMPLE_START]
    for title, variables in _by_section():
        lines = "".join(f"{_example_line(one)}\n" for one in variables)
        parts.append(f"\n# {title}\n{lines}{_CREDENTIALS if title == 'AWS' else ''}")
    return "".join(parts)


def _example_line(variable: Variable) -> str:
    if variable.default is None:
        quoted = f'"{variable.example}"' if " " in variable.example else variable.example
        return f"{variable.name}={quoted}"
    # A default that is another variable's value cannot be written as a value.
    value = "" if variable.default in env.VARIABLES else variable.default
    return f"# {variable.name}={value}"


def render_reference() -> str:
    """Return the text of `docs/configuration.md`."""
    parts = [_REFERENCE_START]
    for title, variables in _by_section():
        rows = "".join(
            f"| `{one.name}` | {_type_of(one)} | {_default_of(one)} | {one.meaning} |\n" for one in variables
        )
        parts.append(f"\n## {title}\n\n| variable | type | default | meaning |\n|---|---|---|---|\n{rows}")
    return "".join(parts)


def _type_of(variable: Variable) -> str:
    return variable.expected.removeprefix("a ").replace("''", "empty").replace("'", "`")


def _default_of(variable: Variable) -> str:
    if variable.default is None:
        return "required"
    return f"`{variable.default}`" if variable.default else "empty"


def main() -> None:
    env.use_examples = True
    import_module("smartcooking.settings")
    EXAMPLE.write_text(render_example(), "utf-8")
    REFERENCE.write_text(render_reference(), "utf-8")


if __name__ == "__main__":
    main()
