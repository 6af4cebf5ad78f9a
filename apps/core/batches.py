"""Batch writes that finish: items that DynamoDB returns as unprocessed are sent again."""

from typing import Any, TypeVar

import structlog
from pynamodb.exceptions import PutError
from pynamodb.models import BatchWrite, Model

from apps.core import outages, retries
from apps.core.errors import Unavailable

log = structlog.get_logger()

Row = TypeVar("Row", bound=Model)


class PersistentBatch(BatchWrite[Row]):
    """A batch of writes that retries with pauses; PynamoDB's gives up after three incomplete responses in a row.

    Writes in chunks of 25, without conditions and in no order. `Unavailable` if items are left when the request's or
    task's time is over: the caller must write the batch again.
    """

    def commit(self) -> None:
        puts, deletes = self._pending()
        until, attempt = retries.deadline(), 0
        while puts or deletes:
            puts, deletes = self._send(puts, deletes)
            if (puts or deletes) and not retries.pause(attempt, until):
                raise Unavailable
            attempt += 1

    def _pending(self) -> tuple[list[Any], list[Any]]:
        puts = [one["item"].serialize() for one in self.pending_operations if one["action"] == "PUT"]
        deletes = [one["item"]._get_keys() for one in self.pending_operations if one["action"] == "DELETE"]  # noqa: SLF001
        self.pending_operations = []
        return puts, deletes

    def _send(self, puts: list[Any], deletes: list[Any]) -> tuple[list[Any], list[Any]]:
        """Send once and return the unprocessed items."""
        connection = self.model._get_connection()  # noqa: SLF001
        try:
            answer = connection.batch_write_item(put_items=puts, delete_items=deletes) or {}
        except PutError as error:
            if not outages.is_worth_a_retry(error):
                raise
            return puts, deletes
        left = answer.get("UnprocessedItems", {}).get(self.model.Meta.table_name, [])
        if left:
            log.info("batch_sent_again", items=len(left))
        return (
            [one["PutRequest"]["Item"] for one in left if "PutRequest" in one],
            [one["DeleteRequest"]["Key"] for one in left if "DeleteRequest" in one],
        )
