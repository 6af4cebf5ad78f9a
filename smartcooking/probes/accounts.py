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

# SES's simulator takes what is sent to it, and nobody but us has an address there. One that bounces would harm the
# sender's name.
MAILBOX = "success+{name}@simulator.amazonses.com"
PREFIX = "verify"
# Nobody else's account is ever removed: a name of this form with the mailbox that belongs to it.
NAME = re.compile(rf"{PREFIX}[0-9a-f]{{12}}")
# A walk through the service takes a minute; what is older was left by one that was killed.
LEFT_BEHIND = timedelta(hours=1)
_REFUSED = {"AccessDeniedException", "AccessDenied"}
_ULID = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{26}\b")
# DynamoDB takes so many deletions in a request.
_BATCH = 25


class NotOurs(Exception):
    """The account is not one that exists to try the service."""


@dataclass(frozen=True)
class Accounts:
    """The pool and the table of one environment, with the rights of whoever looks after them."""

    cognito: Any
    dynamodb: Any
    pool: str
    table: str

    def confirm(self, username: str) -> None:
        self.cognito.admin_confirm_sign_up(UserPoolId=self.pool, Username=username)

    def remove(self, username: str) -> bool:
        """Remove the account and its rows; False where the rights for it are missing, and `sweep` will do it.

        The account goes last: while it is there, an interrupted removal is found and done again.
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
        """Remove what interrupted walks left behind, and return the names."""
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
        """Delete what lies under the person, and what lies for them under recipes that their rows speak of.

        Posts and reactions the walk itself takes back. A recipe that was generated for it stays with the record of its
        cost, like all of them: it is the service's, and names an id that is nobody's any more.
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
    """Return a value as text; lists and mappings of models are compressed (apps/core/models.py)."""
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
    """Return False for a missing right; anything else is an error."""
    if _code(error) in _REFUSED:
        return False
    raise error
