"""The accounts that checks from outside make."""

import boto3
from django.conf import settings


def usernames() -> list[str]:
    client = boto3.client("cognito-idp", region_name=settings.AWS_REGION, endpoint_url=settings.AWS_ENDPOINT_URL)
    pages = client.get_paginator("list_users").paginate(UserPoolId=settings.COGNITO_POOL_ID)
    return [user["Username"] for page in pages for user in page["Users"]]
