"""How people use the service: the model behind the costs. Every figure is an assumption; change it and see."""

from pathlib import Path

CAPACITY = Path(__file__).resolve().parents[2] / "docs" / "capacity.md"

# How often somebody who is active in a month does this in it; the names are those of docs/capacity.md. Two evenings a
# week in front of the fridge: eight visits.
ACTIONS = {
    "login": 1.0,
    "read one's profile": 8.0,
    "list a pantry of 10": 8.0,
    "put into the pantry": 6.0,
    "validate 10 known names": 8.0,
    "complete a name": 40.0,
    "list the catalogue": 8.0,
    "search": 8.0,
    "read a recipe: approved": 24.0,
    # Three of four requests are answered by the catalogue; at first fewer, later more.
    "suggest from the catalogue": 6.0,
    "read a suggestion": 6.0,
    "suggest with a gap of 3: request": 2.0,
    "suggest with a gap of 3: worker": 2.0,
    "read a generated suggestion": 4.0,
    "give feedback": 1.0,
    "begin to cook": 4.0,
    "next step": 20.0,
    "complete, with stars": 3.0,
    "history (1)": 2.0,
    "keep a favorite": 1.0,
    "list favorites (1)": 2.0,
    # One in ten registers in a month, and one in four writes a recipe in a year.
    "register": 0.1,
    "confirm": 0.1,
    "create a recipe, with Idempotency-Key": 0.02,
}
# Done by workers: units, but no request.
NOT_REQUESTED = {"suggest with a gap of 3: worker"}
# Cooking together, posts and feeds are not yet in docs/capacity.md: this stands for them until they are.
SOCIAL_READS, SOCIAL_WRITES, SOCIAL_REQUESTS = 60.0, 30.0, 30.0

# An answer of the interface, compressed, and the client with its pictures on a visit, mostly cached by the browser.
ANSWER_KB = 3.0
VISIT_KB, VISITS = 400.0, 8.0
# What stays of somebody: rows in the table, and pictures, summed over all who ever came (three times those active). One
# in five uploads pictures, about four of 400 KB as they are stored.
ROWS_KB, PICTURES_KB, EVER = 60.0, 320.0, 3.0
# A line of log for a request, and one for metrics.
LOG_KB = 0.9
# The busiest hour of the day against the mean.
PEAK = 4.0
# A dish that the model composes; the same wish within the hour is answered from the row.
TOKENS_IN, TOKENS_OUT, GENERATIONS = 900.0, 1400.0, 2.0
MESSAGES = 20.0
# What tasks send to AWS and to the model past the gateway endpoints of S3 and DynamoDB: logs, queues, Cognito.
EGRESS_KB_PER_REQUEST = 1.5


def units() -> tuple[float, float, float]:
    """Return read units, write units and requests of one active person in a month, by the measured table."""
    measured = _measured()
    unknown = sorted(set(ACTIONS) - set(measured))
    if unknown:
        message = f"docs/capacity.md has no {', '.join(unknown)}"
        raise LookupError(message)
    reads = sum(measured[name][0] * times for name, times in ACTIONS.items())
    writes = sum(measured[name][1] * times for name, times in ACTIONS.items())
    requests = sum(times for name, times in ACTIONS.items() if name not in NOT_REQUESTED)
    return reads + SOCIAL_READS, writes + SOCIAL_WRITES, requests + SOCIAL_REQUESTS


def _measured() -> dict[str, tuple[float, float]]:
    """Read the tables of docs/capacity.md: an action, requests, read units, write units."""
    found = {}
    for line in CAPACITY.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) >= 4 and _is_number(cells[2]) and _is_number(cells[3]):  # noqa: PLR2004
            found[cells[0]] = (float(cells[2]), float(cells[3]))
    return found


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()
