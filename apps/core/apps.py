"""The Django app that all others depend on."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "apps.core"

    def ready(self) -> None:
        """Import all models, and set the Celery application, so that services can send tasks.

        PynamoDB reads a row by its kind only once the model's module is imported.
        """
        from apps.core import (  # noqa: F401, PLC0415  the settings are ready only now
            audit,
            idempotency,
            outbox,
            processed_events,
            tallies,
            validation_messages,
        )
        from smartcooking import celery  # noqa: F401, PLC0415

        validation_messages.install()
