"""What the workers of imports access, compared with the permissions of their role."""

import threading
from fnmatch import fnmatchcase
from typing import Any

import pytest
from pynamodb.connection.base import Connection

from apps.core import aws, outbox
from apps.imports import tasks as import_tasks
from deploy.environments import PROD
from deploy.stacks import workers
from smartcooking.contract.queues import IMPORTS, MEDIA
from tests.support import images, recipes, tasks
from tests.support.archives import NEXTCLOUD, zipped
from tests.support.imports import HTML, TEXT, accept, begin
from tests.support.imports import web as web  # noqa: PLC0414  a fixture

pytestmark = pytest.mark.usefixtures("seeded")

PARTITION_KEYS = {"pk", "gsi1pk", "gsi2pk", "gsi3pk", "gsi4pk"}


def leading_keys(operation: str, sent: dict[str, Any]) -> set[str]:
    """Return the partition keys of a request to DynamoDB, as IAM's `dynamodb:LeadingKeys` sees them."""
    if operation == "Query":
        names, values = sent["ExpressionAttributeNames"], sent["ExpressionAttributeValues"]
        (key,) = [name for name, attribute in names.items() if attribute in PARTITION_KEYS]
        placeholder = sent["KeyConditionExpression"].split(f"{key} = ")[1].split(")")[0].split()[0]
        return {values[placeholder]["S"]}
    return {row["pk"]["S"] for row in _named(operation, sent)}


def _named(operation: str, sent: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the single keys or rows of a request."""
    if operation == "BatchGetItem":
        return [key for asked in sent["RequestItems"].values() for key in asked["Keys"]]
    if operation == "BatchWriteItem":
        rows = [next(iter(row.values())) for asked in sent["RequestItems"].values() for row in asked]
    elif operation == "TransactWriteItems":
        rows = [next(iter(action.values())) for action in sent["TransactItems"]]
    else:
        assert operation in {"GetItem", "PutItem", "UpdateItem", "DeleteItem"}, operation
        rows = [sent]
    return [row.get("Key") or row["Item"] for row in rows]


@pytest.fixture
def touched(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[Any]]:
    """Records requests to AWS: partitions of the table, objects, queues."""
    found: dict[str, set[Any]] = {"partitions": set(), "objects": set(), "queues": set()}
    dispatch, client, make = Connection.dispatch, aws.client, outbox.message

    def noting(self: Any, operation: str, sent: dict[str, Any], *args: Any) -> Any:
        # Followers of change feeds in this process continue during the test.
        if not threading.current_thread().name.startswith("follow-"):
            found["partitions"] |= leading_keys(operation, sent)
        return dispatch(self, operation, sent, *args)

    def noting_message(task: Any, args: Any) -> Any:
        found["queues"].add(task.queue)
        return make(task, args)

    class Noting:
        def __init__(self, inner: Any) -> None:
            self._inner = inner

        def __getattr__(self, name: str) -> Any:
            def call(**sent: Any) -> Any:
                found["objects"].add((name, sent["Key"].split("/")[0]))
                return getattr(self._inner, name)(**sent)

            return call

    def noting_client(name: str) -> Any:
        return Noting(client(name)) if name == "s3" else pytest.fail(f"asks {name}")

    monkeypatch.setattr(Connection, "dispatch", noting)
    monkeypatch.setattr(outbox, "message", noting_message)
    monkeypatch.setattr(aws, "client", noting_client)
    return found


def test_reading_an_import_stays_within_its_roles_permissions(
    api: Any, ana: Any, messages: list[Any], web: dict[str, str], request: pytest.FixtureRequest
) -> None:
    recipes.create(api, ana, title="Rice")
    web["https://www.recipes.com/beef"] = HTML
    content = zipped(a__recipe_dot_json=NEXTCLOUD, a__full_dot_jpg=images.encoded(images.picture((40, 30))))
    form = images.request_upload(api, ana, purpose="import", content_type="application/zip", size=len(content))
    assert images.post(form, content) == 204
    assert images.complete(api, ana, form["id"]).status_code == 200
    begun = [
        begin(api, ana, **body)["id"]
        for body in ({"text": TEXT}, {"url": "https://www.recipes.com/beef"}, {"upload_id": form["id"]})
    ]
    reading = [message for message in messages if message.task == "imports.read"]
    assert len(reading) == len(begun)
    messages.clear()

    touched: dict[str, set[Any]] = request.getfixturevalue("touched")
    for message in reading:
        tasks.deliver_message(message)
    noted = {name: set(values) for name, values in touched.items()}
    accept(api, ana, begun[2])
    (bringing,) = [message for message in messages if message.task == "imports.bring_picture"]
    for values in touched.values():
        values.clear()
    tasks.deliver_message(bringing)

    partitions = noted["partitions"] | touched["partitions"]
    beyond = {key for key in partitions if not any(fnmatchcase(key, one) for one in workers.IMPORT_PARTITIONS)}
    assert beyond == set()
    assert {"USER", "RECIPE", "OUTBOX"} <= {key.partition("#")[0] for key in partitions}
    assert noted["objects"] | touched["objects"] == {("get_object", "incoming"), ("put_object", "incoming")}
    assert noted["queues"] | touched["queues"] <= {IMPORTS, MEDIA}


def test_what_a_worker_of_imports_does_is_in_its_queue() -> None:
    own = {task.name for task in (import_tasks.read, import_tasks.bring_picture) if task.queue == IMPORTS}

    assert own == {"imports.read", "imports.bring_picture"}
    (group,) = [group for group in PROD.workers if group.reads_the_web]
    assert group.queues == (IMPORTS.name,)
