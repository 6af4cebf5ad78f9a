"""The moderators' admin."""

from django.apps import AppConfig

from apps.backoffice.wording import say
from apps.dynamo_admin.apps import DynamoAdminConfig


class BackofficeConfig(AppConfig):
    name = "apps.backoffice"
    verbose_name = say("Kiểm duyệt", "Moderation")


class ModerationAdminConfig(DynamoAdminConfig):
    """The admin with our site: sign-in by Cognito, the home page, the words of the audit log."""

    default_site = "apps.backoffice.sites.ModerationSite"
