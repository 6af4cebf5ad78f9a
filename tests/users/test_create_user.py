"""`manage.py create_user`, for seeding and for the first moderators."""

import subprocess
import sys
from io import StringIO
from typing import Any

import jwt
import pytest
from django.core.management import CommandError, call_command

from apps.users import name_claims
from tests.support.accounts import PASSWORD, fresh_name, log_in


def create_user(name: str, *options: str, password: str = PASSWORD) -> str:
    out = StringIO()
    arguments = ["--username", name, "--email", f"{name}@example.com", "--password", password, *options]
    call_command("create_user", *arguments, stdout=out)
    return out.getvalue()


def groups(token: str) -> list[str]:
    return list(jwt.decode(token, options={"verify_signature": False}).get("cognito:groups", []))


def test_an_account_created_by_operators_can_log_in_at_once(api: Any) -> None:
    name = fresh_name()

    assert create_user(name, "--full-name", "Lan Nguyễn") == f"{name} created\n"

    tokens = log_in(api, f"{name}@example.com").json()
    me = api.get("/v1/users/me", token=tokens["access_token"]).json()
    assert (me["username"], me["full_name"]) == (name, "Lan Nguyễn")
    assert name_claims.find_claimant(name) == me["id"]
    assert groups(tokens["access_token"]) == []


def test_creating_an_existing_account_sets_only_its_password_and_group(api: Any) -> None:
    name = fresh_name()
    create_user(name, "--full-name", "Lan")

    said = create_user(name, "--full-name", "Other", "--group", "moderators", password="Anders-456!")

    assert said == f"{name} exists: its password and group are set\n"
    assert log_in(api, name).status_code == 401
    token = log_in(api, name, "Anders-456!").json()["access_token"]
    assert groups(token) == ["moderators"]
    assert api.get("/v1/users/me", token=token).json()["full_name"] == "Lan"


def test_terms_are_accepted_only_with_the_option(api: Any) -> None:
    asked, accepted = fresh_name(), fresh_name()
    create_user(asked)
    create_user(accepted, "--accept-terms")
    create_user(accepted, "--accept-terms")

    tokens = [log_in(api, name).json()["access_token"] for name in (asked, accepted)]

    assert [api.get("/v1/users/me/consent", token=token).json()["required"] for token in tokens] == [True, False]


@pytest.mark.usefixtures("needs_aws")
@pytest.mark.parametrize(
    ("name", "options", "password"),
    [
        ("Nope", (), PASSWORD),
        ("n#pe", (), PASSWORD),
        ("weak_password", (), "schwach"),
        ("unknown_group", ("--group", "kings"), PASSWORD),
    ],
)
def test_invalid_arguments_give_an_error_message(name: str, options: tuple[str, ...], password: str) -> None:
    with pytest.raises(CommandError) as refusal:
        create_user(name, *options, password=password)

    assert str(refusal.value)
    assert PASSWORD not in str(refusal.value)


def test_help_shows_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("create_user", "--help")

    assert "--group moderators" in capsys.readouterr().out


@pytest.mark.usefixtures("needs_aws")
def test_without_a_password_or_a_terminal_the_command_names_the_missing_option() -> None:
    name = fresh_name()

    run = subprocess.run(
        [sys.executable, "manage.py", "create_user", "--username", name, "--email", f"{name}@example.com"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )

    assert (run.returncode, "Traceback" in run.stderr) == (1, False), run.stderr
    assert "--password" in run.stderr
    assert name_claims.find_claimant(name) is None
