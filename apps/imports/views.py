"""HTTP resources of imports."""

from functools import partial

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import api, fields
from apps.core.api import Endpoint
from apps.core.idempotency import idempotent
from apps.core.schema import list_of
from apps.imports import serializers, services
from apps.jobs.responses import accepted
from apps.jobs.serializers import JobOut
from apps.recipes.rendering import render_recipe
from apps.recipes.serializers import to_content

ImportList = list_of(serializers.ImportBriefOut)


class Imports(Endpoint):
    @extend_schema(request=serializers.ImportIn, responses={202: JobOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Import recipes from a web page, a text or caption, or an uploaded file. At most 20 imports an hour."""
        body = api.read_body(request, serializers.ImportIn)
        job = services.begin(
            import_id=request.new_id,  # type: ignore[attr-defined]
            actor=self.actor,
            url=body.get("url"),
            text=body.get("text"),
            upload_id=body.get("upload_id"),
            spoken=body.get("language"),
        )
        return accepted(job)

    @extend_schema(parameters=[fields.PageQuery], responses=ImportList)
    def get(self, request: Request) -> Response:
        """List your imports, newest first. They are kept for 30 days."""
        page, _ = api.read_page(request, "imports")
        return api.page_of(page, partial(services.list_imports, actor=self.actor), serializers.render_brief)


class ImportDetail(Endpoint):
    @extend_schema(responses=serializers.ImportOut)
    def get(self, request: Request, import_id: str) -> Response:
        """Read an import of yours: its drafts, and which of their lines need review."""
        return Response(serializers.render(services.get_import(import_id, actor=self.actor)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, import_id: str) -> Response:
        """Delete an import. Recipes that were created from it stay."""
        services.delete_import(import_id, actor=self.actor)
        return Response(status=204)


class ImportAcceptance(Endpoint):
    @extend_schema(request=serializers.ImportAcceptanceIn, responses={201: serializers.AcceptedOut})
    @idempotent
    def post(self, request: Request, import_id: str) -> Response:
        """Accept drafts, with or without changes. They become private recipes."""
        chosen = []
        for one in api.read_body(request, serializers.ImportAcceptanceIn)["recipes"]:
            draft = services.draft_of(import_id, one["draft_id"], actor=self.actor)
            if "recipe" not in one:
                services.require_complete(draft)
            values = one.get("recipe") or serializers.recipe_of(draft)
            content = to_content(values, language=draft.body["language"])
            chosen.append(services.Chosen(draft, content, values.get("image")))
        made = services.accept(import_id, chosen, actor=self.actor)
        return Response({"recipes": [render_recipe(recipe) for recipe in made]}, status=201)
