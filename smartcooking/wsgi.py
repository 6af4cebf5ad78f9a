"""The WSGI application that gunicorn serves."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartcooking.settings")

from django.conf import settings  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402

from smartcooking import logging  # noqa: E402

application = get_wsgi_application()
logging.configure(settings.LOG_LEVEL)
