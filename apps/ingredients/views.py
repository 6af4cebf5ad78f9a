"""HTTP resources of ingredients and pantries."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import api, fields
from apps.core.api import Endpoint
from apps.core.schema import list_of
from apps.ingredients import serializers, services
from apps.ingredients.entry import Category

IngredientList = list_of(serializers.IngredientOut)
PantryList = list_of(serializers.PantryItemOut)


class Validation(Endpoint):
    # A question, though it is a POST: what it reports is decided where that is written.
    open_to_suspended = True

    @extend_schema(request=serializers.ValidateIn, responses=serializers.ValidateOut)
    def post(self, request: Request) -> Response:
        """Say what each name means, in input order."""
        names = api.read_body(request, serializers.ValidateIn)["ingredients"]
        matches = services.validate(names, actor=self.actor)
        results = [serializers.render_match(name, match) for name, match in zip(names, matches, strict=True)]
        return Response({"results": results})


class Completion(Endpoint):
    @extend_schema(parameters=[serializers.CompletionQuery], responses=IngredientList)
    def get(self, request: Request) -> Response:
        """Complete what was typed: names that start so first, then those that hold it, then near ones."""
        page, query = api.read_page(request, "ingredients", serializers.CompletionQuery)
        category = Category(query["category"]) if "category" in query else None
        skip = page.position or 0
        found, more = services.complete(query["q"], category=category, limit=page.limit, skip=skip)
        return api.page_of(page, found, skip + page.limit if more else None, serializers.render)


class IngredientDetail(Endpoint):
    @extend_schema(responses=serializers.IngredientOut)
    def get(self, request: Request, ingredient_id: str) -> Response:
        """Read an ingredient of the master list."""
        return Response(serializers.render(services.get(ingredient_id)))


class Pantry(Endpoint):
    @extend_schema(parameters=[fields.PageQuery], responses=PantryList)
    def get(self, request: Request) -> Response:
        """List what the caller has at home."""
        page, _ = api.read_page(request, "pantry")
        found = services.list_pantry(actor=self.actor, limit=page.limit, after=page.position)
        items = [(services.find(row.ingredient_id), row) for row in found.items]
        rendered = [serializers.render_pantry_item(ingredient, row) for ingredient, row in items if ingredient]
        return Response({"items": rendered, "next": page.cursor(found.next)})


class PantryItem(Endpoint):
    @extend_schema(request=serializers.PantryIn, responses=serializers.PantryItemOut)
    def put(self, request: Request, ingredient_id: str) -> Response:
        """Have an ingredient at home, in this amount and until this day."""
        body = api.read_body(request, serializers.PantryIn)
        expires_on = body.get("expires_on")
        item = services.put_in_pantry(
            ingredient_id,
            actor=self.actor,
            quantity=body.get("quantity"),
            unit=body.get("unit"),
            expires_on=expires_on.isoformat() if expires_on else None,
        )
        return Response(serializers.render_pantry_item(item.ingredient, item.row))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, ingredient_id: str) -> Response:
        """Take an ingredient out of one's pantry."""
        services.take_from_pantry(ingredient_id, actor=self.actor)
        return Response(status=204)
