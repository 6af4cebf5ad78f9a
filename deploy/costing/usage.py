"""The usage model behind the costs. Each figure is an assumption with its reason.

A monthly active user cooks from the fridge on two evenings a week: eight visits of 24 requests. That makes 27 % of them
active on any day; 20 % counts as good for such services, so the model errs towards the expensive side.
"""

from dataclasses import dataclass
from pathlib import Path

CAPACITY = Path(__file__).resolve().parents[2] / "docs" / "capacity.md"


@dataclass(frozen=True)
class Assumption:
    """A figure of the model: its value, its meaning, and the reason for it."""

    what: str
    value: float
    why: str


ASSUMED: list[Assumption] = []


def _assume(value: float, what: str, why: str) -> float:
    ASSUMED.append(Assumption(what, value, why))
    return value


# Actions per active user and month; the names are those of docs/capacity.md.
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
    # The catalogue answers three of four requests; fewer at first, more later.
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
    # On each visit people read what friends cooked, with the badge, and now and then react. One in three writes
    # something in a month, and one in five finds a friend.
    "read 20 friends' posts in the feed, 10 friends": 8.0,
    "the badge, 63 unread": 8.0,
    "list 20 notifications": 2.0,
    "read one": 1.0,
    "read a post": 2.0,
    "list comments (1)": 2.0,
    "react to a public post": 2.0,
    "deliver a reaction: begins a fold": 2.0,
    "comment on a public post": 0.5,
    "deliver a comment": 0.5,
    "write a public post, 1 friend": 0.3,
    "fan a post out to 10 friends": 0.3,
    "list friends (1)": 1.0,
    "read a friend's profile": 1.0,
    "ask to be friends": 0.2,
    "accept a friend request": 0.2,
    "deliver a friend request, with its mail's message": 0.2,
    "mail a friend request: worker": 0.2,
    # One in five uploads a picture of a dish in three months.
    "ask for an upload": 0.07,
    "complete an upload": 0.07,
    "check a picture: worker": 0.07,
    "read an upload": 0.14,
}
# Done by workers: they use units, but make no request. Each is a message.
WORK = {
    "suggest with a gap of 3: worker",
    "deliver a reaction: begins a fold",
    "deliver a comment",
    "fan a post out to 10 friends",
    "deliver a friend request, with its mail's message",
    "mail a friend request: worker",
    "check a picture: worker",
}
# Work that happens even without users, per minute: per API process, and per worker process.
LOOK = "a look of a follower, nothing changed"
LOOKS_A_MINUTE = _assume(60.0, "looks of a process at what changed, a minute", "two feeds, each every two seconds")
SWEEP = "a round of the outbox sweeper, nothing left"

PEAK = _assume(4.0, "busiest hour against the mean", "people cook in the evening, and in one time zone")
VISITS = _assume(8.0, "visits a month", "two evenings a week in front of the fridge")
FILES = _assume(6.0, "files of the client in a visit", "the page and what the browser has not kept")
PAGE_FILES = _assume(2.0, "of these files with a function", "the page and the service worker; assets have none")
VISIT_KB = _assume(400.0, "KB of the client and public pictures in a visit", "most of it is kept by the browser")
PRIVATE_PICTURES = _assume(5.0, "pictures of posts in a visit", "thumbnails behind signed links, straight from S3")
PRIVATE_PICTURE_KB = _assume(20.0, "KB of such a picture", "256 pixels; half of them are in the browser already")
ANSWER_KB = _assume(3.0, "KB of an answer of the API", "compressed: measured 7.7 for 20 seeded recipes, 0.9 for one")
CONNECTIONS_A_REQUEST = _assume(
    0.5, "connections to the balancer for a request", "CloudFront keeps them for 50 s and uses them for anybody"
)
QUESTION_KB = _assume(0.6, "KB of a request to the API", "its headers and token")
EVER = _assume(3.0, "people who ever came, for each who is active", "two of three leave, and what they wrote stays")
ROWS_KB = _assume(
    60.0, "KB of rows that stay of somebody who ever came", "fifteen sessions with their recipes, suggestions"
)
PICTURES_KB = _assume(320.0, "KB of pictures that stay of them", "one in five uploads four of 400 KB, with thumbnails")
MONTHS = _assume(24.0, "months in which what is kept came together", "pictures older than 90 days are seldom read")
API_LOG_KB = _assume(
    0.34, "KB of log lines for a request", "a line of 275 bytes, a tenth of one of metrics, 26 for each event"
)
WORK_LOG_KB = _assume(0.9, "KB of log lines for a message", "as for a request")
COMMAND_LOG_KB = _assume(0.5, "KB of log lines of a scheduled command", "a line at its end, and metrics")
EGRESS_KB = _assume(1.5, "KB that a task sends to AWS for a request", "logs, queues, Cognito; not S3 and DynamoDB")
BUCKET_LOG_KB = _assume(
    0.15, "KB of access log for a request, packed", "CloudFront and the balancer write one line each"
)
LOG_FILES = _assume(150_000.0, "files of logs a month", "the balancer, flows, CloudFront's edges, buckets")
FLOW_LOG_GB = _assume(1.0, "GB of flow logs a month", "ten-minute sums of some twenty connections a task")
GENERATIONS = ACTIONS["suggest with a gap of 3: worker"]
GENERATION_SECONDS = _assume(6.0, "seconds that a generation takes a worker's process", "the deadline is eight")
TOKENS_IN = _assume(900.0, "tokens into a generation", "a prompt with its schema (docs/ai.md)")
TOKENS_OUT = _assume(1400.0, "tokens out of it", "recipes for a gap of three, a part of it from kept answers")
WORK_SECONDS = _assume(
    0.3, "seconds that any other message takes", "a few calls of DynamoDB, at a quarter of a processor"
)
COMMAND_SECONDS = _assume(
    45.0, "seconds that a scheduled command is charged for, from the pull on", "below the minimum"
)
MAILS = _assume(
    0.35, "mails a month", "a code for one in ten, a friend request for one in five, now and then an approval"
)
POLLS_A_MINUTE = _assume(
    6.0, "times a minute that a worker asks an empty queue", "wait_time_seconds in smartcooking/celery.py"
)
EXPORT_RATIO = _assume(0.25, "size of an export packed, to the rows in it", "JSON with long names, gzip")
SMALL_AS_LARGE = _assume(
    1.5, "size that copies are charged for, to their own", "at least 128 KB each; thumbnails are less"
)
IMAGE_GB = _assume(0.1, "GB of an image in the registry", "300 MB unpacked at most, and layers are shared")
# Number of values of each dimension of our metrics.
DIMENSION_VALUES = {"Source": 3, "Check": 3}


@dataclass(frozen=True)
class Units:
    """What one active user does in a month."""

    reads: float
    writes: float
    requests: float
    messages: float


def units(often: float = 1.0) -> Units:
    """Add up the measured units of one active user's month, with `often` times the model's visits."""
    measured = measurements()
    unknown = sorted({*ACTIONS, *WORK, LOOK, SWEEP} - set(measured))
    if unknown:
        message = f"docs/capacity.md has no {', '.join(unknown)}"
        raise LookupError(message)
    reads, writes = (sum(measured[name][kind] * times for name, times in ACTIONS.items()) for kind in (0, 1))
    messages = sum(times for name, times in ACTIONS.items() if name in WORK)
    each = (reads, writes, sum(ACTIONS.values()) - messages, messages)
    return Units(*(often * one for one in each))


def measurements() -> dict[str, tuple[float, float]]:
    """Read the tables of docs/capacity.md: read and write units of each action."""
    found = {}
    for line in CAPACITY.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) >= 4 and _is_number(cells[2]) and _is_number(cells[3]):  # noqa: PLR2004
            found[cells[0]] = (float(cells[2]), float(cells[3]))
    return found


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()
