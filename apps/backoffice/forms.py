"""Forms of actions and of ingredients."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import orjson
from django import forms
from django.urls import reverse

from apps.backoffice.models import Ingredient
from apps.backoffice.wording import ALLERGENS, DIETS, counted, say, words
from apps.core import clock, text
from apps.core.errors import DomainError
from apps.dynamo_admin.options import reason_of
from apps.ingredients import editing
from apps.ingredients import services as ingredients
from apps.ingredients.entry import Category
from apps.moderation import master_list, meanings
from apps.recipes.content import RecipeContent
from apps.recipes.rederivation import Effect

_LOGGED = say("Ghi vào nhật ký.", "Goes into the audit log.")
_LANGUAGES = (("vi", "Tiếng Việt"), ("en", "English"))


class Reason(forms.Form):
    """A reason, which the person concerned is told."""

    reason = forms.CharField(
        label=say("Lý do", "Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=say("Người liên quan sẽ đọc lý do này.", "The person concerned will read it."),
    )  # fmt: skip


class OptionalReason(Reason):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].required = False


class Note(Reason):
    """A reason for actions about which nobody is notified."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].help_text = _LOGGED


class OptionalNote(Note, OptionalReason):
    pass


class Suspension(Reason):
    """The end of a suspension and a reason."""

    term = forms.TypedChoiceField(
        label=say("Thời hạn", "For"), coerce=int,
        choices=[
            (1, say("1 giờ", "1 hour")), (24, say("1 ngày", "1 day")), (72, say("3 ngày", "3 days")),
            (168, say("1 tuần", "1 week")), (720, say("30 ngày", "30 days")),
        ],
    )  # fmt: skip
    field_order = ("term", "reason")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "term" in cleaned:
            cleaned["until"] = clock.now() + timedelta(hours=cleaned.pop("term"))
        return cleaned


class IngredientInput(forms.TextInput):
    """A text field for an ingredient's name, with autocompletion if scripts are on."""

    class Media:
        js = ("backoffice/ingredient-names.js",)

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> dict[str, Any]:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return {**attrs, "autocomplete": "off", "data-names-url": reverse("admin:backoffice_ingredient_names")}


class IngredientName(forms.CharField):
    """The exact name of an ingredient. The cleaned value is its id."""

    widget = IngredientInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", say("Nguyên liệu", "Ingredient"))
        options.setdefault("max_length", 100)
        options.setdefault("help_text", say("Tên chính xác, ví dụ: cà chua", "The exact name, for example: tomato"))
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        name = super().clean(value)
        if not name:
            return ""
        found = ingredients.resolve(name)
        if found is None:
            matches = ingredients.match([name])[0]
            near = ", ".join(one.vi for one in matches.suggestions)
            raise forms.ValidationError(f"{say('Không có nguyên liệu này.', 'There is no such ingredient.')} {near}")
        return found.id


class NameMapping(forms.Form):
    ingredient_id = IngredientName()
    language = forms.ChoiceField(label=say("Ngôn ngữ của tên", "Language of the name"), choices=_LANGUAGES)


class Meaning(forms.Form):
    """A line of a recipe (`fit`) and its meaning. A meaning that its name doesn't have needs confirmation."""

    line = forms.TypedChoiceField(label=say("Dòng", "Line"), coerce=int)
    ingredient_id = IngredientName(
        required=False,
        help_text=say(
            "Tên chính xác, ví dụ: cà chua. Để trống thì hiểu theo tên trong công thức.",
            "The exact name, for example: tomato. Empty: what the name in the recipe says.",
        ),
    )
    reason = forms.CharField(
        label=say("Lý do", "Reason"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_LOGGED,
    )  # fmt: skip
    effect = forms.CharField(required=False, widget=forms.HiddenInput)

    def fit(self, content: RecipeContent, lines: Sequence[str]) -> None:
        """Offer these lines as choices. Values count from 0 like the service, labels from 1."""
        self._content = content
        field: Any = self.fields["line"]
        field.choices = [(number, f"{number + 1}. {line}") for number, line in enumerate(lines)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["ingredient_id"] = cleaned.get("ingredient_id") or None
        cleaned["confirmed"] = not self.errors and self._is_confirmed(cleaned)
        cleaned.pop("effect", None)
        return cleaned

    def _is_confirmed(self, cleaned: dict[str, Any]) -> bool:
        """Refuse a meaning that the line's name doesn't have until the moderator has seen exactly its effect."""
        line, ingredient_id = cleaned["line"], cleaned["ingredient_id"]
        effect = meanings.effect_of(self._content, line=line, ingredient_id=ingredient_id)
        if not effect.is_beyond_name:
            return False
        lines = meaning_lines(effect)
        token = hashlib.sha256(orjson.dumps([line, ingredient_id, lines])).hexdigest()
        if cleaned.get("effect") != token:
            self.data = {**dict(self.data.items()), "effect": token}
            ask = say(
                "Nguyên liệu này không có tên như vậy. Kiểm tra tác động rồi xác nhận lần nữa.",
                "The ingredient has no such name. Check the effect, then confirm again.",
            )
            raise forms.ValidationError([str(ask), *lines])
        return True


class Merging(OptionalReason):
    into = forms.RegexField(
        r"^[0-7][0-9A-HJKMNP-TV-Z]{25}\Z", label=say("Mã công thức được giữ", "Id of the recipe that stays")
    )
    field_order = ("into", "reason")


class IngredientForm(forms.ModelForm):  # type: ignore[type-arg]
    """An ingredient. The first submission shows the effect on the catalogue; the second one saves."""

    aliases_vi = forms.CharField(
        label=say("Tên khác (tiếng Việt)", "Other names (Vietnamese)"), required=False,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=say("Mỗi dòng một tên.", "One name a line."),
    )  # fmt: skip
    aliases_en = forms.CharField(
        label=say("Tên khác (tiếng Anh)", "Other names (English)"), required=False,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=say("Mỗi dòng một tên.", "One name a line."),
    )  # fmt: skip
    allergens = forms.MultipleChoiceField(
        label=say("Chất gây dị ứng", "Allergens"), required=False, choices=list(ALLERGENS.items()),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    may_contain = forms.MultipleChoiceField(
        label=say("Có thể chứa", "May contain"), required=False, choices=list(ALLERGENS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=say(
            "Tùy nhà sản xuất; với người dị ứng thì coi như có chứa.",
            "In some makers' products; for people with the allergy it counts as contained.",
        ),
    )  # fmt: skip
    breaks = forms.MultipleChoiceField(
        label=say("Không hợp với chế độ ăn", "Diets that it breaks"), required=False, choices=list(DIETS.items()),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    kind_of = IngredientName(
        label=say("Là một loại của", "Is a kind of"),
        required=False,
        help_text=say("Để trống nếu không.", "Or nothing."),
    )
    staple = forms.BooleanField(label=say("Luôn có sẵn trong bếp", "Always at hand"), required=False)

    class Meta:
        model = Ingredient
        fields = ("vi", "en", "category")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.effect_token = ""
        entry = self.instance.record
        if entry is not None:
            parent = ingredients.find(entry.kind_of) if entry.kind_of else None
            self.initial = {
                **self.initial,
                "aliases_vi": "\n".join(entry.aliases.get("vi", ())),
                "aliases_en": "\n".join(entry.aliases.get("en", ())),
                "allergens": sorted(entry.allergens), "may_contain": sorted(entry.may_contain),
                "breaks": sorted(entry.breaks), "staple": entry.staple,
                "kind_of": parent.vi if parent else "",
            }  # fmt: skip

    def validate_unique(self) -> None:
        """Skip: the service checks the names against those of all ingredients."""

    def changes(self) -> dict[str, Any]:
        """Return the input in the format of the service."""
        given = self.cleaned_data
        aliases = {
            language: [name for line in given[f"aliases_{language}"].splitlines() if (name := text.clean(line))]
            for language in ("vi", "en")
        }
        return {
            "vi": given["vi"], "en": given["en"], "category": given["category"], "aliases": aliases,
            "allergens": given["allergens"], "may_contain": given["may_contain"],
            "breaks": given["breaks"], "staple": given["staple"],
            "kind_of": given["kind_of"] or None,
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            self._show_effect()
        return cleaned

    def _show_effect(self) -> None:
        """Refuse to save until the moderator has seen the effect of exactly this change."""
        before = self.instance.record
        changes = self.changes()
        try:
            base = before or editing.build_entry(
                vi=changes["vi"], en=changes["en"], category=Category(changes["category"])
            )
            entry = master_list.changed_entry(base, changes)
            master_list.require_free_names(entry, before)
            effect = master_list.preview(entry, before)
        except DomainError as refusal:
            raise forms.ValidationError(reason_of(refusal)) from refusal
        lines = effect_lines(effect)
        self.effect_token = hashlib.sha256(orjson.dumps([changes, lines])).hexdigest()
        if lines and self.data.get("_effect") != self.effect_token:
            ask = say("Kiểm tra tác động rồi lưu lại lần nữa.", "Check the effect, then save again.")
            raise forms.ValidationError([str(ask), *lines])


def effect_lines(effect: Effect) -> list[str]:
    """Describe the effect of a change: "17 recipes gain the allergen fish"."""
    gained = [
        counted(
            count, "{n} công thức thêm chất gây dị ứng: {what}", "{n} recipe gains the allergen {what}",
            "{n} recipes gain the allergen {what}", what=words([name], ALLERGENS),
        )
        for name, count in sorted(effect.gained.items())
    ]  # fmt: skip
    lost = [
        counted(
            count, "{n} công thức không còn chất gây dị ứng: {what}", "{n} recipe loses the allergen {what}",
            "{n} recipes lose the allergen {what}", what=words([name], ALLERGENS),
        )
        for name, count in sorted(effect.lost.items())
    ]  # fmt: skip
    diets_lost = [
        counted(
            count, "{n} công thức không còn hợp chế độ: {what}", "{n} recipe is no longer {what}",
            "{n} recipes are no longer {what}", what=words([name], DIETS),
        )
        for name, count in sorted(effect.diets_lost.items())
    ]  # fmt: skip
    return gained + lost + diets_lost


def meaning_lines(effect: meanings.Effect) -> list[str]:
    """Describe the effect of another meaning of an ingredient on its recipe."""
    told = (
        (say("Thêm chất gây dị ứng", "Gains the allergen"), effect.allergens_gained, ALLERGENS),
        (say("Không còn chất gây dị ứng", "Loses the allergen"), effect.allergens_lost, ALLERGENS),
        (say("Hợp thêm chế độ ăn", "Now suits the diets"), effect.diets_gained, DIETS),
        (say("Không còn hợp chế độ ăn", "No longer suits the diets"), effect.diets_lost, DIETS),
    )
    lines = [f"{label}: {words(names, known)}" for label, names, known in told if names]
    if not effect.allergens_complete:
        lines.append(str(say("Vẫn còn nguyên liệu chưa biết", "Other ingredients are still unknown")))
    return lines or [str(say("Chất gây dị ứng và chế độ ăn không đổi", "Allergens and diets stay as they are"))]
