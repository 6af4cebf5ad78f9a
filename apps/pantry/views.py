"""HTTP resources of pantries."""

from functools import partial

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import api
from apps.core.api import Endpoint
from apps.core.idempotency import idempotent
from apps.core.schema import list_of
from apps.pantry import adding_text, serializers, services, statistics, using
from apps.pantry.models import Reason

PantryList = list_of(serializers.PantryItemOut)


class Pantry(Endpoint):
    @extend_schema(parameters=[serializers.PantryQuery], responses=PantryList)
    def get(self, request: Request) -> Response:
        """List what you, or your household, have at home."""
        page, query = api.read_page(request, "pantry", serializers.PantryQuery)
        read = partial(services.list_items, actor=self.actor, by_expiry=query.get("sort") == "expires")
        return api.page_of(page, read, serializers.render)

    @extend_schema(request=serializers.PantryTextIn, responses={201: serializers.PantryEntriesOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Add what a text lists ("2 hộp sữa chua hết hạn thứ 6, ngăn mát"). Unclear entries are not added."""
        text = api.read_body(request, serializers.PantryTextIn)["text"]
        results = adding_text.add_text(text, actor=self.actor)
        return Response({"results": [serializers.render_entry(one) for one in results]}, status=201)


class PantryItem(Endpoint):
    @extend_schema(request=serializers.PantryIn, responses=serializers.PantryItemOut)
    def put(self, request: Request, ingredient_id: str) -> Response:
        """Set the amount of an ingredient, in a single lot. A quantity of 0 means that it is not at hand."""
        lot = serializers.to_lot(api.read_body(request, serializers.PantryIn))
        return Response(serializers.render(services.put_item(ingredient_id, actor=self.actor, lot=lot)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, ingredient_id: str) -> Response:
        """Delete an ingredient with all its lots."""
        services.remove_item(ingredient_id, actor=self.actor)
        return Response(status=204)


class PantryLots(Endpoint):
    @extend_schema(request=serializers.PantryIn, responses={201: serializers.PantryItemOut})
    @idempotent
    def post(self, request: Request, ingredient_id: str) -> Response:
        """Add a lot. It is merged with a lot of the same unit, date and place."""
        lot = serializers.to_lot(api.read_body(request, serializers.PantryIn))
        return Response(serializers.render(services.add_lot(ingredient_id, actor=self.actor, lot=lot)), status=201)


class PantryLot(Endpoint):
    @extend_schema(request=serializers.PantryIn, responses=serializers.PantryItemOut)
    def patch(self, request: Request, ingredient_id: str, lot_id: str) -> Response:
        """Change the given fields of a lot."""
        changes = serializers.to_lot(api.read_body(request, serializers.PantryIn))
        return Response(
            serializers.render(services.change_lot(ingredient_id, lot_id, actor=self.actor, changes=changes))
        )

    @extend_schema(parameters=[serializers.LotRemovalQuery], responses={204: None})
    def delete(self, request: Request, ingredient_id: str, lot_id: str) -> Response:
        """Remove a lot. `reason` says whether it was used or wasted, for the month's statistics."""
        reason = Reason(api.read_query(request, serializers.LotRemovalQuery)["reason"])
        services.remove_lot(ingredient_id, lot_id, actor=self.actor, reason=reason)
        return Response(status=204)


class PantryUseFirst(Endpoint):
    @extend_schema(responses=serializers.PantryItemsOut)
    def get(self, request: Request) -> Response:
        """List what has expired or expires within three days, by date."""
        return Response({"items": [serializers.render(one) for one in services.use_first(actor=self.actor)]})


class PantryUse(Endpoint):
    @extend_schema(request=serializers.PantryUseIn, responses=serializers.PantryItemsOut)
    @idempotent
    def post(self, request: Request) -> Response:
        """Take amounts out of the pantry, from the lots that expire first. Returns what is left of each ingredient."""
        body = api.read_body(request, serializers.PantryUseIn)
        uses = serializers.to_uses(body["items"])
        items = using.use(uses, actor=self.actor, session_id=body.get("session_id"))
        return Response({"items": [serializers.render(one) for one in items]})


class PantryWaste(Endpoint):
    @extend_schema(parameters=[serializers.WasteQuery], responses=serializers.WasteOut)
    def get(self, request: Request) -> Response:
        """Read what was used, saved and wasted in a month."""
        month = api.read_query(request, serializers.WasteQuery).get("month")
        return Response(serializers.render_month(*statistics.month_figures(actor=self.actor, month=month)))
