"""The wire format of imports."""

from typing import Any

from rest_framework import serializers

from apps.core import clock, fields
from apps.core.errors import FieldError, ValidationFailed
from apps.core.language import Text
from apps.imports.models import DraftRow, ImportKind, ImportRow, ImportStatus
from apps.imports.services import ImportView
from apps.recipes.serializers import LANGUAGES, OriginOut, RecipeIn, RecipeOut

KINDS = [kind.value for kind in ImportKind]
STATUSES = [status.value for status in ImportStatus]
_ONE = Text("Cần đúng một trong url, text, upload_id.", "Exactly one of url, text, upload_id is needed.")


class ImportIn(fields.Strict):
    """The source of an import: exactly one of `url`, `text` and `upload_id`."""

    url = serializers.CharField(required=False, max_length=2000)
    text = fields.TextField(required=False, max_length=20_000)
    upload_id = fields.Id(required=False)
    language = fields.Choice(LANGUAGES, required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(name in attrs for name in ("url", "text", "upload_id")) != 1:
            raise ValidationFailed(errors=(FieldError("url", "exactly_one", str(_ONE)),))
        return attrs


class AcceptedDraftIn(fields.Strict):
    """A draft to accept, as it is or with the changes in `recipe`."""

    draft_id = serializers.RegexField(r"^\d{3}\Z")
    recipe = RecipeIn(required=False)


class ImportAcceptanceIn(fields.Strict):
    recipes = fields.BoundedList(child=AcceptedDraftIn(), min_length=1, max_length=50)


class ImportLineOut(serializers.Serializer[Any]):
    text = serializers.CharField()
    name = serializers.CharField()
    ingredient_id = fields.Id(allow_null=True)
    quantity = serializers.FloatField(allow_null=True)
    unit = serializers.CharField(allow_null=True)
    preparation = serializers.CharField(allow_null=True)
    optional = serializers.BooleanField()
    confidence = serializers.FloatField()
    needs_review = serializers.BooleanField()


class DraftOut(serializers.Serializer[Any]):
    """A draft. `recipe` has the format of `POST /v1/recipes`; `lines` say how each ingredient was matched."""

    draft_id = serializers.CharField()
    recipe = serializers.JSONField()
    lines = ImportLineOut(many=True)
    missing = serializers.ListField(child=serializers.CharField())
    duplicates = serializers.ListField(child=fields.Id())
    source = OriginOut(allow_null=True)  # type: ignore[assignment]  # DRF takes it off
    has_picture = serializers.BooleanField(
        help_text="There is a picture. The recipe gets it soon after the draft is accepted."
    )
    recipe_id = fields.Id(allow_null=True)


class ImportBriefOut(serializers.Serializer[Any]):
    id = fields.Id()
    kind = serializers.ChoiceField(KINDS)
    status = serializers.ChoiceField(STATUSES)
    url = serializers.CharField(allow_null=True)
    count = serializers.IntegerField()
    left_out = serializers.IntegerField(help_text="Recipes in the file beyond the limit of 500 per import.")
    created_at = serializers.DateTimeField()


class ImportOut(ImportBriefOut):
    recipes = DraftOut(many=True)


class AcceptedOut(serializers.Serializer[Any]):
    recipes = RecipeOut(many=True)


def render_brief(row: ImportRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.import_kind,
        "status": row.status,
        "url": row.url,
        "count": int(row.drafts),
        "left_out": int(row.left_out or 0),
        "created_at": clock.iso(row.created_at),
    }


def render(view: ImportView) -> dict[str, Any]:
    return {**render_brief(view.row), "recipes": [_render_draft(draft) for draft in view.drafts]}


def _render_draft(row: DraftRow) -> dict[str, Any]:
    return {
        "draft_id": row.id,
        "recipe": row.body,
        "lines": row.lines,
        "missing": row.missing,
        "duplicates": row.duplicates,
        "source": row.origin,
        "has_picture": row.picture is not None,
        "recipe_id": row.recipe_id,
    }


def recipe_of(row: DraftRow) -> dict[str, Any]:
    """Validate a draft like `POST /v1/recipes`. ValidationFailed names what its owner has to change."""
    whole = {name: value for name, value in row.body.items() if value is not None}
    serializer = RecipeIn(data=whole)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
