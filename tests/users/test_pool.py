"""The Cognito pool accepts calls from the service only, and its data is validated like a registration."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from django.conf import settings

from apps.core import aws, keys
from apps.core.models import Item
from apps.users import name_claims, pool_attributes
from tests.support.accounts import PASSWORD, Applicant, fresh_name, log_in


def refused(operation: str, **parameters: Any) -> str:
    with pytest.raises(ClientError) as caught:
        getattr(aws.client("cognito-idp"), operation)(ClientId=settings.COGNITO_CLIENT_ID, **parameters)
    return str(caught.value.response["Error"]["Code"])


def test_the_client_id_alone_permits_neither_sign_ups_nor_logins(confirmed: Applicant) -> None:
    known = {"USERNAME": confirmed.username, "PASSWORD": PASSWORD}
    name = confirmed.username

    codes = {
        refused("sign_up", Username=fresh_name(), Password=PASSWORD),
        refused("initiate_auth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters=known),
        refused("forgot_password", Username=name),
        refused("confirm_sign_up", Username=name, ConfirmationCode="123456"),
        refused("confirm_forgot_password", Username=name, ConfirmationCode="654321", Password=PASSWORD),
        refused("resend_confirmation_code", Username=name),
        refused("initiate_auth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters={**known, "SECRET_HASH": "bm8="}),
    }

    assert codes == {"NotAuthorizedException"}


def test_a_refresh_token_is_refused_for_another_account(api: Any, confirmed: Applicant, ana: Any) -> None:
    token = log_in(api, confirmed.username).json()["refresh_token"]
    account, _, secret = token.partition(":")
    assert account == confirmed.username

    for forged in (secret, f"{ana.username}:{secret}", f":{secret}", "x:" + secret, token + "x"):
        answer = api.post("/v1/auth/refresh", json={"refresh_token": forged})
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_refresh_token"), forged


@pytest.mark.parametrize(
    ("held", "email", "name"),
    [
        ({"email": "Lan@Example.com", "email_verified": "true", "name": " Lan\u200b \x07"}, "lan@example.com", "Lan"),
        ({"email": "lan@example.com", "email_verified": "false", "name": "x" * 101}, "", ""),
        ({"email": "lan@example.com", "name": ""}, "", ""),
        ({"email": "<b>lan", "email_verified": "true"}, "", ""),
        ({"email": "a" * 130 + "@example.com", "email_verified": "true"}, "", ""),
    ],
)
def test_the_pools_attributes_are_validated_like_a_registration(held: dict[str, str], email: str, name: str) -> None:
    assert (pool_attributes.email_of(held), pool_attributes.name_of(held)) == (email, name)


def test_a_restored_profile_ignores_an_unverified_address(api: Any, confirmed: Applicant) -> None:
    user_id = name_claims.find_claimant(confirmed.username)
    assert user_id is not None
    changed = [{"Name": "email", "Value": "ana@example.org"}, {"Name": "email_verified", "Value": "false"}]
    aws.client("cognito-idp").admin_update_user_attributes(
        UserPoolId=settings.COGNITO_POOL_ID, Username=confirmed.username, UserAttributes=changed
    )
    for key in (keys.user(user_id), keys.username(confirmed.username)):
        Item(pk=key.pk, sk=key.sk).delete(add_version_condition=False)

    token = log_in(api, confirmed.username).json()["access_token"]

    assert api.get("/v1/users/me", token=token).json()["email"] == ""


def test_two_changes_in_one_session_need_one_login(api: Any, ana: Any) -> None:
    first = {"username": fresh_name(), "password": ana.password}
    assert api.post("/v1/auth/change-username", json=first, token=ana.token).status_code == 204

    second = {"old_password": ana.password, "new_password": "Anders-456!"}
    assert api.post("/v1/auth/change-password", json=second, token=ana.token).status_code == 204
    assert log_in(api, first["username"], "Anders-456!").status_code == 200
