"""Checks of how containers of the image stop: on a signal, during work, and when killed."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from smartcooking.probes.http import Api
from tests.image import people
from tests.image.people import SilentModel
from tests.image.running import WORKER
from tests.image.stage import Container, Trial, api, container, expect

# Nothing in the catalogue is made of these, so that a worker has to generate; the same ones again would be cached.
RARE = (("thịt dê", "củ sen", "nấm hương"), ("thịt dê", "củ sen", "khoai môn"))
# The maximum wait of a request for a suggestion.
LONGEST = 10
GENERATING, COMPLETE = "202 generating, 0 recipes", "200 complete, 1 recipes"
TERMINATED = 143


def commands_end_on_sigterm(trial: Trial) -> str:
    """Commands without a signal handler end too: the first process is an init that forwards the signal."""
    with container(trial, "python", "-c", "import time; print('begun', flush=True); time.sleep(600)") as running:
        running.until(lambda: "begun" in running.logs(), "the command to begin")
        begun = time.monotonic()
        running.signal("TERM")
        code = running.wait()
    return expect(code == TERMINATED, f"exit code {code}, {time.monotonic() - begun:.1f} s after SIGTERM")


def api_drains(trial: Trial) -> str:
    """A request in progress at SIGTERM is completed, new ones are refused, then the exit code is 0."""
    with _under_way(trial, RARE[0]) as work:
        answers: list[str] = []
        path = f"{work.path}?wait={LONGEST}"
        request = threading.Thread(target=lambda: answers.append(people.seen(work.person, path)))
        request.start()
        time.sleep(0.5)
        begun = time.monotonic()
        work.api.signal("TERM")
        time.sleep(0.5)
        closed = not work.api.answers()
        work.model.hang_up()
        request.join()
        answered = time.monotonic() - begun
        code = work.api.wait()
        ended = time.monotonic() - begun
    under_way = f"answered {', '.join(answers)}, {answered:.1f} s after SIGTERM"
    seen = f"{under_way}; closed to others {closed}; exit code {code} after {ended:.1f} s"
    return expect(answers == [COMPLETE] and closed and code == 0, seen)


def worker_drains(trial: Trial) -> str:
    """A worker finishes its current task at SIGTERM, starts no other, and exits with 0."""
    with _under_way(trial, RARE[1]) as work:
        begun = time.monotonic()
        work.worker.signal("TERM")
        later = people.post_picture(work.person, "PNG", side=100)
        time.sleep(1)
        told = people.seen(work.person, work.path)
        work.model.hang_up()
        code = work.worker.wait()
        ended = time.monotonic() - begun
        done = people.seen(work.person, work.path)
        waiting = work.person.ask("GET", f"/v1/uploads/{later}").body["status"]
    seen = f"{told} at SIGTERM, then {done}; a later task {waiting}; exit code {code} after {ended:.1f} s"
    return expect((told, done, waiting, code) == (GENERATING, COMPLETE, "waiting", 0), seen)


def api_comes_back(trial: Trial) -> str:
    """Killed and restarted, it continues as before: the container holds no state."""
    with api(trial) as running:
        person = people.somebody(trial, running)
        name = person.ask("GET", "/v1/users/me").body["username"]
        running.signal("KILL")
        running.wait()
        trial.engine.podman("start", running.name)
        running.until(running.answers, "the API to answer again")
        again = person.ask("GET", "/v1/users/me").body["username"]
    return expect(name == again, "killed, started again: the same token is the same person")


CHECKS = (commands_end_on_sigterm, api_drains, worker_drains, api_comes_back)


@dataclass(frozen=True)
class _UnderWay:
    """Somebody waits for a suggestion, which a worker is generating: it has asked a model that says nothing."""

    api: Container
    worker: Container
    model: SilentModel
    person: Api
    path: str


@contextmanager
def _under_way(trial: Trial, ingredients: tuple[str, ...]) -> Iterator[_UnderWay]:
    model = SilentModel()
    try:
        with api(trial, **model.variables) as running, container(trial, *WORKER, **model.variables) as worker:
            person = people.somebody(trial, running)
            wanted = {"ingredients": ingredients, "recipe_count": 1}
            made = person.ask("POST", "/v1/suggestions", expect=(202,), body=wanted).body
            model.wait_until_asked()
            yield _UnderWay(running, worker, model, person, f"/v1/suggestions/{made['id']}")
    finally:
        model.hang_up()
