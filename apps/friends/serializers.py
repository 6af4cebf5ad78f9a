"""The wire format of friends, requests and blocks."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from apps.core import clock, fields
from apps.friends.models import State
from apps.friends.services import FriendEntry
from apps.users.people import Person
from apps.users.serializers.people import CardOut, render_card

STATES = [state.value for state in State]
DIRECTIONS = [State.RECEIVED.value, State.SENT.value]


class FriendRequestIn(fields.Strict):
    user_id = fields.PersonId()
    message = fields.TextField(required=False, allow_null=True, allow_blank=True, max_length=300)


class FriendRequestQuery(fields.PageQuery):
    direction = fields.Choice(DIRECTIONS, required=False, default=State.RECEIVED.value)


class FriendOut(serializers.Serializer[Any]):
    """The relation to somebody: `friends`, or a request `sent` or `received`, with its message."""

    user = CardOut()
    state = serializers.ChoiceField(STATES)
    message = serializers.CharField(allow_null=True)
    since = serializers.DateTimeField()


class BlockedOut(serializers.Serializer[Any]):
    """Somebody whom the caller has blocked."""

    user = CardOut()
    since = serializers.DateTimeField()


def render(one: FriendEntry) -> dict[str, Any]:
    return {
        "user": render_card(one.user),
        "state": one.state.value,
        "message": one.message,
        "since": clock.iso(one.since),
    }


def render_blocked(entry: tuple[Person, datetime]) -> dict[str, Any]:
    user, since = entry
    return {"user": render_card(user), "since": clock.iso(since)}
