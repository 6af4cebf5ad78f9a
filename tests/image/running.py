"""Checks of the running image: its commands, its API, its workers."""

from deploy.commands import verify
from deploy.environments import ONE_FOR_ALL
from deploy.stacks import workers
from smartcooking.contract.schedules import SCHEDULES
from smartcooking.probes import checks
from smartcooking.probes.http import Api, Unexpected
from smartcooking.probes.journey import Journey
from tests.image import people
from tests.image.containers import Failed
from tests.image.stage import Container, Trial, api, container, expect

SEEDS = ("seed_ingredients", "seed_recipes")
WORKER = workers.command(ONE_FOR_ALL[0].pools[0])
KINDS = ("PNG", "JPEG", "WEBP")
# Sends a signal to each process of gunicorn; run in its container.
TO_GUNICORN = """
import os, pathlib, signal
for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
    if b"gunicorn" in path.read_bytes() and path.parent.name not in ("1", str(os.getpid())):
        os.kill(int(path.parent.name), signal.{})
"""


def django_finds_no_error(trial: Trial) -> str:
    """Django's deployment checks find nothing."""
    _command(trial, "check", "--deploy", "--fail-level", "WARNING")
    return "no issues"


def commands_run(trial: Trial) -> str:
    """The commands that fill an environment, and those of the schedule, run to their end."""
    names = (*SEEDS, *(schedule.command for schedule in SCHEDULES))
    for name in names:
        _command(trial, name)
    return f"exit code 0 of {', '.join(names)}"


def api_serves(trial: Trial) -> str:
    """The API answers, as an unprivileged process with a read-only root."""
    with api(trial) as running:
        steps = [step.name for step in checks.quick(Api(running.url))]
        status = dict(line.split(":\t", 1) for line in running.run("cat", "/proc/1/status").splitlines())
        rights = {status[f"Cap{which}"].strip("0") for which in ("Inh", "Prm", "Eff", "Bnd", "Amb")}
        places = ("/srv/written", "/opt/venv/written", "/etc/written")
        refused = all(_is_refused(running, path, user) for path in places for user in ("10001", "0"))
        running.run("touch", "/tmp/written")
        first = running.run("cat", "/proc/1/cmdline").split("\0")[0]
        uid = running.run("id", "--user").strip()
    holds = uid == "10001" and rights == {""} and status["NoNewPrivs"] == "1" and refused
    seen = f"{', '.join(steps)}; uid {uid}, capabilities {rights - {''} or 'none'}, read-only {refused}, init {first}"
    return expect(holds and first.endswith("tini-static"), seen)


def health_is_told(trial: Trial) -> str:
    """The image's own check says whether the API answers: also when its processes are there and hang."""
    with api(trial) as running:
        trial.engine.podman("healthcheck", "run", running.name)
        state = trial.engine.inspect("container", running.name)["State"]["Health"]["Status"]
        running.run("python", "-c", TO_GUNICORN.format("SIGSTOP"))
        hung = _is_unhealthy(running)
        running.run("python", "-c", TO_GUNICORN.format("SIGCONT"))
        trial.engine.podman("healthcheck", "run", running.name)
    return expect(state == "healthy" and hung, f"{state}; hanging: {'unhealthy' if hung else 'healthy'}; then healthy")


def people_use_it(trial: Trial) -> str:
    """Somebody registers, cooks, posts and is notified, a worker checks pictures, and all of it is measured."""
    with api(trial, METRICS="emf") as running, container(trial, *WORKER) as worker:
        try:
            steps = [step.name for step in Journey(running.url, verify.accounts(trial.target)).run()]
            person = people.somebody(trial, running)
            pictures = [_upload(person, worker, kind) for kind in KINDS]
        except Unexpected as error:
            raise Failed(f"{error}; worker: {worker.logs()[-1500:]}; API: {running.logs()[-1500:]}") from error
        measured = running.logs().count('"CloudWatchMetrics"')
    seen = f"{', '.join(steps)}; pictures {', '.join(pictures)}; {measured} lines of metrics"
    return expect(pictures == ["ready"] * len(KINDS) and measured > 0, seen)


CHECKS = (
    django_finds_no_error,
    commands_run,
    api_serves,
    health_is_told,
    people_use_it,
)


def _command(trial: Trial, *words: str) -> str:
    """Run a command of manage.py to its end and return what it wrote."""
    with container(trial, "python", "manage.py", *words) as running:
        code = running.wait()
        said = running.logs().strip()
    if code:
        raise Failed(f"manage.py {' '.join(words)} ended with {code}: {said[-500:]}")
    return said


def _is_refused(running: Container, path: str, user: str) -> bool:
    try:
        running.run("touch", path, user=user)
    except Failed as error:
        return "Read-only file system" in str(error)
    return False


def _is_unhealthy(running: Container) -> bool:
    try:
        running.engine.podman("healthcheck", "run", running.name)
    except Failed:
        return True
    return False


def _upload(person: Api, worker: Container, kind: str) -> str:
    """Post a picture and return what the worker made of it."""
    path = f"/v1/uploads/{people.post_picture(person, kind, side=1200)}"
    worker.until(lambda: person.ask("GET", path).body["status"] != "waiting", f"the worker to check a {kind}")
    return str(person.ask("GET", path).body["status"])
