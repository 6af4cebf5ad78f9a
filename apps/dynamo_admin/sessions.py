"""`SESSION_ENGINE`: sessions as rows with a TTL. The app django.contrib.sessions is not installed."""

import hashlib
from typing import Any

from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from pynamodb.exceptions import PutError

from apps.core import clock, keys
from apps.core.models import Item, derived_keys
from apps.core.transactions import response_code
from apps.dynamo_admin.models import AdminSession

# Under this name a session says whose it is.
USER_ID = "user_id"


class SessionStore(SessionBase):
    """Costs 1 read unit a request and 1 write unit (2 with the list of somebody's sessions) for each change."""

    def load(self) -> dict[str, Any]:
        row = _read(self.session_key) if self.session_key else None
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row.data)

    def exists(self, session_key: str) -> bool:
        return _read(session_key) is not None

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002  as inherited
        """Write the session; `UpdateError` where it was ended meanwhile, so that no request revives it."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        row = _row(self.session_key, data.get(USER_ID))
        row.data, row.expires_at = self.encode(data), self.get_expiry_date()
        row.ttl = clock.epoch(row.expires_at)
        free = AdminSession.pk.does_not_exist()
        try:
            row.save(condition=free if must_create else AdminSession.pk.exists(), add_version_condition=False)
        except PutError as error:
            if response_code(error) != "ConditionalCheckFailedException":
                raise
            raise (CreateError if must_create else UpdateError) from error

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            _row(key, None).delete(add_version_condition=False)

    @classmethod
    def clear_expired(cls) -> None:
        """Leave it to the table's TTL."""


def end_all(user_id: str) -> int:
    """End every session of somebody, and return how many: 1 write unit each. A session holds no longer than it says."""
    ended = 0
    for item in Item.lists.query(keys.admin_sessions_of(user_id, "-").pk):
        AdminSession(pk=item.pk, sk=item.sk).delete(add_version_condition=False)
        ended += 1
    return ended


def _hash(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()


def _row(session_key: str, user_id: str | None) -> AdminSession:
    key = keys.admin_session(_hash(session_key))
    listed = keys.admin_sessions_of(user_id, _hash(session_key)) if user_id else None
    return AdminSession(pk=key.pk, sk=key.sk, user_id=user_id, version=0, **derived_keys(gsi2=listed))


def _read(session_key: str) -> AdminSession | None:
    row = AdminSession.read(keys.admin_session(_hash(session_key)))
    return None if row is None or row.has_ended(clock.now()) else row
