"""People who joined before the search by name are found once `manage.py index_names` has run."""

import io
import string
from itertools import product
from typing import Any

import pytest
from django.core.management import call_command

from apps.core import keys
from apps.users import name_indexing, name_words
from apps.users.models import NameWord
from apps.users.people import USERNAME_START
from apps.users.repositories import stored_people
from tests.support.words import fresh_word


def rare() -> str:
    return fresh_word()


def named(api: Any, person: Any, name: str) -> str:
    assert api.patch("/v1/users/me", json={"full_name": name}, token=person.token).status_code == 200
    return name


def forget(user_id: str, name: str) -> None:
    """Restore somebody's rows to the state before words of names were indexed."""
    for word in name_words.words_of(name):
        place = keys.name_word(user_id, word)
        NameWord(pk=place.pk, sk=place.sk).delete(add_version_condition=False)


def found(api: Any, person: Any, query: str) -> list[str]:
    return [one["id"] for one in api.get(f"/v1/users?q={query}", token=person.token).json()["items"]]


def run(monkeypatch: pytest.MonkeyPatch, *people: Any, **options: Any) -> str:
    """Run the command for the people whose usernames have the same prefix."""
    monkeypatch.setattr(name_indexing, "STARTS", tuple({one.username[:2] for one in people}))
    written = io.StringIO()
    call_command("index_names", stdout=written, **options)
    return written.getvalue()


def test_after_the_command_everybody_is_found_by_full_name(
    api: Any, person: Any, ben: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, word = person(), rare()
    forget(old.id, named(api, old, f"Nguyễn {word} Ánh"))
    assert found(api, ben, word) == []

    run(monkeypatch, old, dry_run=True)
    assert found(api, ben, word) == []
    run(monkeypatch, old)

    assert found(api, ben, word) == [old.id]
    assert found(api, ben, f"anh {word}") == [old.id]


def test_running_again_indexes_nobody(api: Any, person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    one = person()
    forget(one.id, named(api, one, f"Trần {rare()}"))
    run(monkeypatch, one)

    assert run(monkeypatch, one).startswith("0 of ")


def test_a_person_renamed_meanwhile_is_found_only_by_the_new_name(
    api: Any, person: Any, ben: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, former, current = person(), rare(), rare()
    forget(one.id, named(api, one, former))
    are_stored = name_words.are_stored

    def rename_between(user_id: str, name: str) -> bool:
        monkeypatch.setattr(name_words, "are_stored", are_stored)
        stored = are_stored(user_id, name)
        named(api, one, current)
        return stored

    monkeypatch.setattr(name_words, "are_stored", rename_between)
    name_indexing.index_person(one.id)

    assert found(api, ben, former) == []
    assert found(api, ben, current) == [one.id]


@pytest.mark.usefixtures("needs_aws")
def test_deleted_people_are_not_indexed() -> None:
    assert stored_people.find_profile("gone") is None
    assert not name_indexing.index_person("gone")


def test_every_prefix_of_usernames_is_covered() -> None:
    letters = [char for char in string.printable if USERNAME_START.fullmatch(char * 2)]

    assert set(name_indexing.STARTS) == {"".join(pair) for pair in product(letters, repeat=2)}
