"""The admin's app configuration, in the place of django.contrib.admin's."""

from django.contrib.admin.apps import AdminConfig

from apps.dynamo_admin import content_types


class DynamoAdminConfig(AdminConfig):
    """`django.contrib.admin` whose default site is named by the setting `DYNAMO_ADMIN_SITE`."""

    default_site = "apps.dynamo_admin.sites.DynamoAdminSite"

    def ready(self) -> None:
        super().ready()
        content_types.seed()
