"""HTTP resources of the feed."""

from functools import partial

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import api
from apps.core.api import Endpoint
from apps.feed import serializers, services
from apps.feed.services import Scope
from apps.posts.serializers import PostList, render_post


class Feed(Endpoint):
    @extend_schema(parameters=[serializers.FeedQuery], responses=PostList)
    def get(self, request: Request) -> Response:
        """List your own, your friends' and public posts of the last 30 days, newest first."""
        page, query = api.read_page(request, "feed", serializers.FeedQuery)
        scope = Scope(query.get("scope", Scope.ALL))
        return api.page_of(page, partial(services.read_feed_page, actor=self.actor, scope=scope), render_post)
