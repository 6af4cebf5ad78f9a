"""Accounts in the pool of users, as operators confirm and remove them."""

import contextlib
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from deploy import aws, rollout
from deploy.rollout import Target


@dataclass(frozen=True)
class Pool:
    """The user pool of an environment."""

    client: Any
    id: str

    def confirm(self, username: str) -> None:
        self.client.admin_confirm_sign_up(UserPoolId=self.id, Username=username)

    def remove(self, username: str) -> None:
        with contextlib.suppress(ClientError):
            self.client.admin_delete_user(UserPoolId=self.id, Username=username)


def pool(target: Target) -> Pool:
    client = aws.client("cognito-idp", target.env, target.endpoint_url)
    return Pool(client, rollout.read(target, ["identity"])["CognitoPoolId"])
