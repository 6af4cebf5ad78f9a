"""The library is self-contained: its imports, its Vietnamese texts, and its use of Django's internals."""

import ast
import re
import sys
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.base import UpdateError
from django.core.management import call_command
from django.utils.translation import gettext, override

from apps.backoffice.models import Recipe
from apps.core import ids
from apps.dynamo_admin import sessions
from apps.dynamo_admin.models import AdminSession
from apps.dynamo_admin.sessions import SessionStore

LIBRARY = Path(sessions.__file__).parent
ALLOWED = {"django", "pynamodb", "apps.core", "apps.dynamo_admin"}
# Texts of the library's own, as they stand in templates and code.
TEXTS = re.compile(r"""translate ["']([^"']+)["']|{% blocktranslate[^%]*%}(.*?){%|\b_\("([^"]+)"\)""", re.DOTALL)


def imported(module: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found.add(str(node.module))
        elif isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
    return found


def test_it_knows_django_and_core_and_no_other_app() -> None:
    names = {name for module in LIBRARY.rglob("*.py") for name in imported(module)}
    packages = {".".join(name.split(".")[: 2 if name.startswith("apps.") else 1]) for name in names}

    assert packages - set(sys.stdlib_module_names) == ALLOWED


def test_everything_that_it_says_is_said_in_vietnamese() -> None:
    written = [file.read_text("utf-8") for file in LIBRARY.rglob("*.*") if file.suffix in {".html", ".py"}]
    texts = {next(filter(None, found)).strip() for text in written for found in TEXTS.findall(text)}
    texts = {re.sub(r"{{ (\w+) }}", r"%(\1)s", text) for text in texts}

    with override("vi"):
        assert {text for text in texts if gettext(text) == text} == set()


def test_compiled_translations_are_those_of_the_source() -> None:
    source = (LIBRARY / "locale/vi/LC_MESSAGES/django.po").read_text("utf-8")
    pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', source, re.MULTILINE)

    with override("vi"):
        assert {msgid: gettext(msgid) for msgid, _ in pairs} == dict(pairs)


def test_content_types_are_known_without_a_table_and_the_same_in_every_process() -> None:
    first = ContentType.objects.get_for_model(Recipe)

    assert (first.app_label, first.model) == ("backoffice", "recipe")
    assert first.id == ContentType.objects.get_for_model(Recipe).id


@pytest.mark.usefixtures("needs_aws")
def test_a_session_that_was_ended_is_not_revived_by_a_request_under_way() -> None:
    user_id = ids.new_id()
    session = SessionStore()
    session[sessions.USER_ID] = user_id
    session.create()
    late = SessionStore(session.session_key)
    late["seen"] = 1

    assert sessions.end_all(user_id) == 1

    with pytest.raises(UpdateError):
        late.save()
    assert SessionStore(session.session_key).load() == {}


@pytest.mark.usefixtures("needs_aws")
def test_a_session_is_found_by_the_hash_of_its_cookie_alone() -> None:
    session = SessionStore()
    session["secret"] = "thịt kho"
    session.create()
    key = str(session.session_key)

    assert key not in {row.pk for row in AdminSession.query(f"ADMINSESSION#{key}")}
    assert SessionStore(key)["secret"] == "thịt kho"


def test_the_checks_of_django_have_nothing_to_say(settings: object) -> None:
    call_command("check", "--fail-level", "WARNING")
