"""The Procfile runs what the local stack needs."""

from honcho.environ import parse_procfile

from deploy.local import run
from smartcooking.contract.queues import QUEUES


def test_the_worker_takes_from_every_queue() -> None:
    words = parse_procfile(run.PROCFILE.read_text()).processes["worker"].split()

    assert words[words.index("--queues") + 1] == ",".join(queue.name for queue in QUEUES)


def test_the_servers_of_the_local_aws_come_first() -> None:
    assert list(parse_procfile(run.PROCFILE.read_text()).processes)[:2] == [run.DYNAMODB, run.AWS]
