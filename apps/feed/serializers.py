"""The wire format of the feed. Its posts have the format of the posts app."""

from apps.core import fields
from apps.feed.services import Scope

SCOPES = [Scope.FRIENDS.value, Scope.PUBLIC.value]


class FeedQuery(fields.PageQuery):
    scope = fields.Choice(SCOPES, required=False, help_text="Only friends' and own posts, or only public ones.")
