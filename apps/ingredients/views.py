"""HTTP resources of ingredients."""

from functools import partial

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import api
from apps.core.api import Endpoint
from apps.core.schema import list_of
from apps.ingredients import serializers, services
from apps.ingredients.entry import Category

IngredientList = list_of(serializers.IngredientOut)


class Validation(Endpoint):
    # Only asks, although it is a POST. Unknown names are reported to moderators by the service that matches them.
    open_to_suspended = True
    budget = "validations"

    @extend_schema(request=serializers.ValidateIn, responses=serializers.ValidateOut)
    def post(self, request: Request) -> Response:
        """Match names of ingredients. Results are in input order."""
        names = api.read_body(request, serializers.ValidateIn)["ingredients"]
        matches = services.validate(names, actor=self.actor)
        results = [serializers.render_match(name, match) for name, match in zip(names, matches, strict=True)]
        return Response({"results": results})


class Completion(Endpoint):
    @extend_schema(parameters=[serializers.CompletionQuery], responses=IngredientList)
    def get(self, request: Request) -> Response:
        """Autocomplete names of ingredients: first by prefix, then by any part of a name, then by similar spelling."""
        page, query = api.read_page(request, "ingredients", serializers.CompletionQuery)
        category = Category(query["category"]) if "category" in query else None
        read = partial(services.complete, query["q"], category=category)
        return api.page_of(page, read, serializers.render)


class IngredientDetail(Endpoint):
    @extend_schema(responses=serializers.IngredientOut)
    def get(self, request: Request, ingredient_id: str) -> Response:
        """Read an ingredient of the master list."""
        return Response(serializers.render(services.get(ingredient_id)))
