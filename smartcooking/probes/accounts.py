"""Temporary accounts for checks: confirmed without mail, and removed with all their data."""

import contextlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from apps.core import keys

# SES's mailbox simulator accepts and discards mail, and only we have addresses there. A bounce would harm the sender's
# reputation.
MAILBOX = "success+{name}@simulator.amazonses.com"
PREFIX = "verify"
# Only accounts with a username of this form and the mailbox that belongs to it are ever removed.
NAME = re.compile(rf"{PREFIX}[0-9a-f]{{12}}")
# A journey takes a minute; older accounts were left by an interrupted one.
LEFT_BEHIND = timedelta(hours=1)
_REFUSED = {"AccessDeniedException", "AccessDenied"}
_ULID = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{26}\b")
# Maximum number of deletions in a DynamoDB request.
_BATCH = 25


class NotOurs(Exception):
    """The account was not created for checks."""


@dataclass(frozen=True)
class Accounts:
    """The user pool and the table of one environment, with an operator's permissions."""

    cognito: Any
    dynamodb: Any
    pool: str
    table: str

    def confirm(self, username: str) -> None:
        self.cognito.admin_confirm_sign_up(UserPoolId=self.pool, Username=username)

    def remove(self, username: str) -> bool:
        """Remove the account and its rows; False if the permissions for it are missing, and `sweep` will do it.

        The account is deleted last: as long as it exists, an interrupted removal is found and repeated.
        """
        try:
            known = self.cognito.admin_get_user(UserPoolId=self.pool, Username=username)
        except ClientError as error:
            return _is_gone(error) or _refusal(error)
        attributes = {one["Name"]: one["Value"] for one in known["UserAttributes"]}
        if not _is_ours(username, attributes):
            message = f"{username} is somebody's account"
            raise NotOurs(message)
        try:
            self._remove_rows(attributes["sub"], username)
            self.cognito.admin_delete_user(UserPoolId=self.pool, Username=username)
        except ClientError as error:
            return _is_gone(error) or _refusal(error)
        return True

    def sweep(self, now: datetime | None = None) -> list[str]:
        """Remove the accounts that interrupted journeys left behind, and return their usernames."""
        before = (now or datetime.now(UTC)) - LEFT_BEHIND
        pages = self.cognito.get_paginator("list_users").paginate(
            UserPoolId=self.pool, Filter=f'username ^= "{PREFIX}"'
        )
        found = [
            user["Username"]
            for page in pages
            for user in page["Users"]
            if user["UserCreateDate"] < before
            and _is_ours(user["Username"], {one["Name"]: one["Value"] for one in user["Attributes"]})
        ]
        return [name for name in found if self.remove(name)]

    def _remove_rows(self, user_id: str, username: str) -> None:
        """Delete the person's rows, and those under recipes to which their rows refer.

        The journey itself removes its posts and reactions. A recipe that was generated for it stays with its cost
        record, like all generated recipes: it belongs to the service, and refers to a person id that no longer exists.
        """
        own = list(self._rows(keys.user(user_id).pk))
        recipes = sorted({found for row in own for value in row.values() for found in _ULID.findall(_text(value))})
        under = [make(recipe, user_id) for recipe in recipes for make in (keys.recipe_access, keys.cooked, keys.rating)]
        feed = self._rows(keys.feed_reference(user_id, "any").pk)
        rows = [_key(*one) for one in under] + [_key_of(row) for row in (*feed, *own)]
        rows.append(_key(*keys.username(username)))
        for start in range(0, len(rows), _BATCH):
            wanted = {self.table: [{"DeleteRequest": {"Key": row}} for row in rows[start : start + _BATCH]]}
            while wanted:
                wanted = self.dynamodb.batch_write_item(RequestItems=wanted).get("UnprocessedItems", {})

    def _rows(self, partition: str) -> Iterator[dict[str, Any]]:
        pages = self.dynamodb.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": partition}},
            ConsistentRead=True,
        )
        return (item for page in pages for item in page["Items"])


def mailbox(username: str) -> str:
    return MAILBOX.format(name=username)


def _is_ours(username: str, attributes: dict[str, str]) -> bool:
    return bool(NAME.fullmatch(username)) and attributes.get("email") == mailbox(username)


def _key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _text(value: dict[str, Any]) -> str:
    """Return a value as text; lists and mappings in models are compressed (apps/core/models.py)."""
    if "B" in value:
        with contextlib.suppress(zlib.error):
            return zlib.decompress(value["B"]).decode("utf-8", "replace")
    return repr(value)


def _key_of(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("pk", "sk")}


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code"))


def _is_gone(error: ClientError) -> bool:
    return _code(error) == "UserNotFoundException"


def _refusal(error: ClientError) -> bool:
    """Return False for a missing permission; raise any other error."""
    if _code(error) in _REFUSED:
        return False
    raise error
