"""The WSGI application that gunicorn serves."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartcooking.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from smartcooking import logging

application = get_wsgi_application()
logging.configure(settings.LOG_LEVEL)
