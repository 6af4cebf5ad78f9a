"""The moderators' admin."""

from django.apps import AppConfig

from apps.backoffice.wording import say
from apps.dynamo_admin.apps import DynamoAdminConfig


class BackofficeConfig(AppConfig):
    name = "apps.backoffice"
    verbose_name = say("Kiểm duyệt", "Moderation")


class ModerationAdminConfig(DynamoAdminConfig):
    """The admin with our own site: sign-in with Cognito, the home page, and the texts of the audit log."""

    default_site = "apps.backoffice.sites.ModerationSite"
