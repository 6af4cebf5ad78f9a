"""HTTP resources of plans and shopping lists."""

from functools import partial
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import api, fields, http
from apps.core.api import Endpoint
from apps.core.idempotency import idempotent
from apps.core.schema import IF_MATCH, list_of
from apps.plans import calendar_urls, calendars, list_serializers, list_texts, serializers, services, shopping
from apps.plans.reading import PlanView
from apps.plans.shopping import ListView

PlanList = list_of(serializers.PlanBriefOut)
ShoppingListList = list_of(list_serializers.ListBriefOut)
TEXT = "text/plain; charset=utf-8"


class Plans(Endpoint):
    @extend_schema(request=serializers.PlanIn, responses={201: serializers.PlanOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Plan meals from the catalogue. A job fills the remaining slots (`status: filling`)."""
        brief = serializers.to_brief(api.read_body(request, serializers.PlanIn))
        view = services.create(plan_id=request.new_id, brief=brief, actor=self.actor)  # type: ignore[attr-defined]
        return _respond(view, status=201)

    @extend_schema(parameters=[fields.PageQuery], responses=PlanList)
    def get(self, request: Request) -> Response:
        """List your or your household's plans, newest first."""
        page, _ = api.read_page(request, "plans")
        return api.page_of(page, partial(services.list_plans, actor=self.actor), serializers.render_brief)


class PlanDetail(Endpoint):
    @extend_schema(responses=serializers.PlanOut)
    def get(self, request: Request, plan_id: str) -> Response:
        """Read a plan. Its dishes are checked again against the current allergies and diets of everybody who eats."""
        return _respond(services.get_plan(plan_id, actor=self.actor))

    @extend_schema(request=serializers.PlanChangeIn, responses=serializers.PlanOut, parameters=[IF_MATCH])
    def patch(self, request: Request, plan_id: str) -> Response:
        """Swap, choose, lock, move or clear meals, change servings, plan leftovers, or exchange two days."""
        body = api.read_body(request, serializers.PlanChangeIn)
        view = services.change(
            plan_id,
            actor=self.actor,
            changes=serializers.to_changes(body),
            exchange=serializers.to_exchange(body),
            check=http.version_check(request),
        )
        return _respond(view)

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: Request, plan_id: str) -> Response:
        """Delete a plan."""
        services.delete_plan(plan_id, actor=self.actor, check=http.version_check(request))
        return Response(status=204)


class PlanCopy(Endpoint):
    @extend_schema(request=serializers.PlanCopyIn, responses={201: serializers.PlanOut})
    @idempotent
    def post(self, request: Request, plan_id: str) -> Response:
        """Copy a plan to another start date."""
        start = api.read_body(request, serializers.PlanCopyIn)["start"].isoformat()
        new_id: str = request.new_id  # type: ignore[attr-defined]
        return _respond(services.copy(plan_id, new_id=new_id, start=start, actor=self.actor), status=201)


class PlanCalendar(Endpoint):
    @extend_schema(request=None, responses=serializers.PlanOut)
    def post(self, request: Request, plan_id: str) -> Response:
        """Create a new secret URL for the calendar. The old one stops working at once."""
        return _respond(calendar_urls.change_calendar_address(plan_id, actor=self.actor))


class AnyMediaType(BaseContentNegotiation):
    """Accepts any media type, since calendar clients ask for all kinds of types."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class PlanFeed(Endpoint):
    public = True
    content_negotiation_class = AnyMediaType

    @extend_schema(
        parameters=[serializers.CalendarQuery],
        responses={(200, "text/calendar"): OpenApiResponse(str), 404: OpenApiResponse(description="A wrong address")},
        auth=[],
    )
    def get(self, request: Request, plan_id: str) -> HttpResponse:
        """Read a plan as iCalendar, by its secret URL."""
        key = api.read_query(request, serializers.CalendarQuery)["key"]
        content = calendars.write(calendar_urls.open_calendar(plan_id, key))
        return HttpResponse(
            content, content_type=calendars.MEDIA_TYPE, headers={"Cache-Control": "private, max-age=900"}
        )


class PlanShoppingList(Endpoint):
    @extend_schema(request=None, responses={201: list_serializers.ShoppingListOut})
    @idempotent
    def post(self, request: Request, plan_id: str) -> Response:
        """Create the shopping list of a plan, without what is at home."""
        list_id: str = request.new_id  # type: ignore[attr-defined]
        return _respond_list(shopping.create_of_plan(plan_id, list_id=list_id, actor=self.actor), status=201)


class ShoppingLists(Endpoint):
    @extend_schema(request=list_serializers.ListIn, responses={201: list_serializers.ShoppingListOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Create the shopping list of some recipes, without what is at home."""
        body = api.read_body(request, list_serializers.ListIn)
        recipes = [(one["recipe_id"], one["servings"]) for one in body["recipes"]]
        list_id: str = request.new_id  # type: ignore[attr-defined]
        view = shopping.create(recipes, list_id=list_id, name=body.get("name"), actor=self.actor)
        return _respond_list(view, status=201)

    @extend_schema(parameters=[fields.PageQuery], responses=ShoppingListList)
    def get(self, request: Request) -> Response:
        """List your or your household's shopping lists, newest first."""
        page, _ = api.read_page(request, "lists")
        return api.page_of(page, partial(shopping.list_lists, actor=self.actor), list_serializers.render_brief)


class ShoppingListDetail(Endpoint):
    @extend_schema(
        parameters=[list_serializers.ListQuery],
        responses={200: list_serializers.ShoppingListOut, (200, "text/plain"): OpenApiResponse(str)},
    )
    def get(self, request: Request, list_id: str) -> Response | HttpResponse:
        """Read a shopping list as JSON, or as a text to print or send."""
        wanted = api.read_query(request, list_serializers.ListQuery)["format"]
        view = shopping.get_list(list_id, actor=self.actor)
        return (
            HttpResponse(list_texts.as_text(view.row, view.items), content_type=TEXT)
            if wanted == "text"
            else _respond_list(view)
        )

    @extend_schema(responses={204: None})
    def delete(self, request: Request, list_id: str) -> Response:
        """Delete a shopping list."""
        shopping.delete_list(list_id, actor=self.actor)
        return Response(status=204)


class ShoppingListItem(Endpoint):
    @extend_schema(request=list_serializers.ListItemIn, responses=list_serializers.ListItemOut)
    def put(self, request: Request, list_id: str, item_id: str) -> Response:
        """Check, annotate or change an item, or add one with a new id. The last write to each field wins."""
        values = list_serializers.to_values(api.read_body(request, list_serializers.ListItemIn))
        row = shopping.put_item(list_id, item_id, actor=self.actor, values=values)
        return Response(list_serializers.render_item(row))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, list_id: str, item_id: str) -> Response:
        """Remove an item from a shopping list."""
        shopping.remove_item(list_id, item_id, actor=self.actor)
        return Response(status=204)


class ShoppingListDone(Endpoint):
    @extend_schema(request=None, responses=list_serializers.ShoppingListOut)
    @idempotent
    def post(self, request: Request, list_id: str) -> Response:
        """Complete a shopping list: add its checked items to the pantry."""
        return _respond_list(shopping.finish(list_id, actor=self.actor))


def _respond(view: PlanView, status: int = 200) -> Response:
    response = Response(serializers.render(view), status=status, headers={"ETag": serializers.etag(view)})
    if status == HTTPStatus.CREATED:
        response["Location"] = f"/v1/plans/{view.row.id}"
    return response


def _respond_list(view: ListView, status: int = 200) -> Response:
    headers = {"Location": f"/v1/lists/{view.row.id}"} if status == HTTPStatus.CREATED else None
    return Response(list_serializers.render(view), status=status, headers=headers)
