"""App configurations of the library: its own, and the admin's in place of django.contrib.admin's."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class DynamoAdminFilesConfig(AppConfig):
    """The templates of the library, and the rows of its sessions."""

    name = "apps.dynamo_admin"


class DynamoAdminConfig(admin_apps.AdminConfig):
    """`django.contrib.admin` over items; a subclass names a site of its own as `default_site`."""

    default_site = "apps.dynamo_admin.sites.DynamoAdminSite"

    def ready(self) -> None:
        from apps.dynamo_admin import content_types  # noqa: PLC0415  models can be imported only now

        super().ready()
        content_types.seed()
