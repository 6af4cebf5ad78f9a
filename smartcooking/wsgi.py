"""The WSGI application that gunicorn serves, with the catalogue in memory before its first request."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartcooking.settings")

import structlog
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from apps.core.telemetry import logging, tracing

application = get_wsgi_application()
logging.configure(settings.LOG_LEVEL)
tracing.start("api")

from apps.core import problems  # noqa: E402  the apps must be ready
from apps.recipes import catalogue  # noqa: E402
from apps.recipes import services as recipes  # noqa: E402
from apps.suggestions import services as suggestions  # noqa: E402

try:
    catalogue.live().load()
    recipes.prepare()
    suggestions.prepare()
except Exception as error:
    if not problems.is_outage(error):
        raise
    # The first request that needs it retries.
    structlog.get_logger().warning("catalogue_not_loaded", error=type(error).__name__)
