"""Throttled, failed or unprocessed calls of AWS are retried within the request's time, and never cause a 500."""

import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError
from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import GetError, PutError

from apps.core import context, ids, keys, outages, problems, transactions
from apps.core.batches import PersistentBatch
from apps.core.broker import Channel, _Poller
from apps.core.errors import Unavailable
from apps.core.models import Item
from apps.core.transactions import Transaction, WriteConflict, retry_conflicts
from smartcooking.celery import app

pytestmark = pytest.mark.usefixtures("needs_aws")

BUDGET = 0.3


class Counter(Item, discriminator="test_counter"):
    number = NumberAttribute(default=0)


def fresh() -> Counter:
    key = keys.processed_event("counter", ids.new_id())
    return Counter(pk=key.pk, sk=key.sk)


def refusal(code: str, *, status: int = 400, reasons: tuple[str, ...] = ()) -> ClientError:
    answer: Any = {
        "Error": {"Code": code, "Message": "injected"},
        "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": {}},
        "CancellationReasons": [{"Code": reason} for reason in reasons],
    }
    return ClientError(answer, "TransactWriteItems")


THROTTLED = refusal("TransactionCanceledException", reasons=("None", "ThrottlingError"))
PASSING = {
    "a-throttled-row": THROTTLED,
    "a-throttled-table": refusal("ProvisionedThroughputExceededException"),
    "a-server-error": refusal("SomethingUnheardOf", status=500),
    "a-cut-connection": ConnectionClosedError(endpoint_url="http://dynamodb"),
    "the-same-attempt-still-running": refusal("TransactionInProgressException"),
}


@pytest.fixture
def _short_request() -> Iterator[None]:
    token = context.retry_deadline.set(time.monotonic() + BUDGET)
    yield
    context.retry_deadline.reset(token)


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Any:
    """DynamoDB's client. Its next writes fail with the errors appended to `failures`."""
    client = transactions.shared_connection().client
    answer = client._make_api_call
    state = SimpleNamespace(failures=[], always=None, tokens=[])

    def call(operation: str, arguments: Any) -> Any:
        if operation == "TransactWriteItems":
            state.tokens.append(arguments["ClientRequestToken"])
        if operation in {"TransactWriteItems", "BatchWriteItem"} and (state.always or state.failures):
            raise state.always or state.failures.pop(0)
        return answer(operation, arguments)

    monkeypatch.setattr(client, "_make_api_call", call)
    return state


def add_one(row: Counter) -> None:
    transaction = Transaction()
    transaction.update(row, [Counter.number.add(1)])
    transaction.commit()


@pytest.mark.parametrize("failure", PASSING.values(), ids=PASSING)
def test_a_transaction_is_sent_again_under_the_same_token_and_counts_once(dynamodb: Any, failure: Exception) -> None:
    row = fresh()
    dynamodb.failures += [failure, failure]

    add_one(row)

    found = Counter.read(row.key)
    assert found is not None
    assert found.number == 1
    assert len(dynamodb.tokens) == 3
    assert len(set(dynamodb.tokens)) == 1


@pytest.mark.usefixtures("_short_request")
@pytest.mark.parametrize("failure", PASSING.values(), ids=PASSING)
def test_a_transaction_that_never_passes_is_unavailable_in_time(dynamodb: Any, failure: Exception) -> None:
    dynamodb.always = failure

    with pytest.raises(Unavailable) as raised:
        add_one(fresh())

    assert raised.value.status == 503
    assert raised.value.retry_after


@pytest.mark.usefixtures("_short_request")
def test_conflict_after_conflict_is_unavailable_when_the_time_is_over() -> None:
    attempts = []

    @retry_conflicts
    def lose() -> None:
        attempts.append(1)
        raise WriteConflict

    with pytest.raises(Unavailable):
        lose()

    assert len(attempts) > 1


def test_where_no_connection_can_be_made_a_transaction_is_not_tried_again(dynamodb: Any) -> None:
    dynamodb.always = EndpointConnectionError(endpoint_url="http://dynamodb")

    with pytest.raises(Exception) as raised:  # noqa: PT011  PynamoDB's own error, as an outage
        add_one(fresh())

    problem = problems.as_domain_error(raised.value)
    assert problem is not None
    assert (problem.status, len(dynamodb.tokens)) == (503, 1)


def test_a_defect_of_ours_is_not_tried_again(dynamodb: Any) -> None:
    dynamodb.always = refusal("ValidationException")

    with pytest.raises(Exception) as raised:  # noqa: PT011
        add_one(fresh())

    assert not outages.is_outage(raised.value)
    assert len(dynamodb.tokens) == 1


class HalfDone:
    """A table that writes only the first half of each batch."""

    def __init__(self, *, never: bool = False) -> None:
        self.written: list[Any] = []
        self.deleted: list[Any] = []
        self._never = never

    def batch_write_item(self, put_items: list[Any], delete_items: list[Any]) -> Any:
        requests = [{"PutRequest": {"Item": one}} for one in put_items]
        requests += [{"DeleteRequest": {"Key": one}} for one in delete_items]
        half = 0 if self._never else (len(requests) + 1) // 2
        for request in requests[:half]:
            self.written += [request["PutRequest"]["Item"]] if "PutRequest" in request else []
            self.deleted += [request["DeleteRequest"]["Key"]] if "DeleteRequest" in request else []
        return {"UnprocessedItems": {Counter.Meta.table_name: requests[half:]}}


def test_what_a_batch_leaves_out_is_sent_again_until_all_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    table = HalfDone()
    monkeypatch.setattr(Counter, "_get_connection", lambda: table)

    with Counter.batch_write() as batch:
        for _ in range(30):
            batch.save(fresh())
        for _ in range(10):
            batch.delete(fresh())

    assert isinstance(batch, PersistentBatch)
    assert (len(table.written), len(table.deleted)) == (30, 10)


@pytest.mark.usefixtures("_short_request")
def test_a_batch_that_is_never_done_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Counter, "_get_connection", lambda: HalfDone(never=True))
    batch = Counter.batch_write()
    batch.save(fresh())

    with pytest.raises(Unavailable):
        batch.commit()


def test_a_throttled_batch_is_sent_again(dynamodb: Any) -> None:
    row = fresh()
    dynamodb.failures.append(refusal("ThrottlingException"))

    with Counter.batch_write() as batch:
        batch.save(row)

    assert Counter.read(row.key) is not None


def test_a_batch_that_is_wrong_fails_at_once(dynamodb: Any) -> None:
    dynamodb.always = refusal("ValidationException")
    batch = Counter.batch_write()
    batch.save(fresh())

    with pytest.raises(PutError):
        batch.commit()


@pytest.mark.parametrize("status", [400, 403, 429, 500, 503])
def test_no_answer_of_the_queue_ends_the_polling(status: int) -> None:
    response = SimpleNamespace(status=status, reason="refused", read=lambda: b"RequestThrottled")
    meta = SimpleNamespace(service_model=None)

    assert (
        _Poller(SimpleNamespace(meta=meta), http_client=object())._on_list_ready(None, [], "ReceiveMessage", response)
        == []
    )


def a_task() -> Any:
    """Return a task as a worker has it."""
    app.loader.import_default_modules()
    return app.tasks["feed.fan_out"]


FAILING = {
    "a-read": GetError("Failed to get item", refusal("InternalServerError", status=500)),
    "a-cut-connection": ConnectionClosedError(endpoint_url="http://dynamodb"),
    "a-conflict": WriteConflict(),
    "no-answer-in-time": Unavailable(),
}


@pytest.mark.parametrize("failure", FAILING.values(), ids=FAILING)
def test_a_task_that_something_outside_fails_is_retried_and_not_left_to_its_queue(
    monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    failures, task = [failure, failure], a_task()

    def run(*_: Any) -> None:
        if failures:
            raise failures.pop()

    monkeypatch.setattr(task, "_orig_run", run)

    assert (task.apply(("post",)).state, failures) == ("SUCCESS", [])


def test_a_task_that_fails_by_a_defect_of_ours_is_not_retried(monkeypatch: pytest.MonkeyPatch) -> None:
    runs, task = [], a_task()

    def run(*_: Any) -> None:
        runs.append(1)
        raise KeyError

    monkeypatch.setattr(task, "_orig_run", run)

    assert (task.apply(("post",)).state, len(runs)) == ("FAILURE", 1)


def channel(later: list[Any]) -> Any:
    """A channel of the transport without a connection, which records what it would do later."""
    made: Any = Channel.__new__(Channel)
    made._failures = {}
    made._closed = True
    made.hub = SimpleNamespace(call_later=lambda seconds, *call: later.append(seconds))
    return made


def test_a_queue_that_fails_again_and_again_is_polled_less_and_less_often() -> None:
    later: list[float] = []
    polled = channel(later)

    for _ in range(8):
        polled._loop1("default", polled._on_messages_ready("default", "default", []))

    assert later[0] < later[3] < 20
    assert max(later) <= 20


def test_a_poll_that_cannot_be_made_is_made_later() -> None:
    later: list[float] = []
    polled = channel(later)

    polled._schedule_queue("default")

    assert len(later) == 1
