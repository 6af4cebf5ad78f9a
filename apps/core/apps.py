"""The app that all others stand on."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "apps.core"

    def ready(self) -> None:
        """Make the Celery application the current one, so that services can send tasks."""
        from smartcooking import celery  # noqa: F401, PLC0415  it needs the settings, which are ready only now
