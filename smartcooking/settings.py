"""Settings of the service; every value that differs between environments comes from the environment."""

from pathlib import Path

from smartcooking import env
from smartcooking.queues import QUEUES

BASE_DIR = Path(__file__).resolve().parent.parent

ENVIRONMENT = env.string("ENVIRONMENT", "local")
VERSION = env.string("VERSION", "dev")
DEBUG = False
SECRET_KEY = env.string("SECRET_KEY")
ALLOWED_HOSTS = env.strings("ALLOWED_HOSTS", "127.0.0.1,localhost")
LOG_LEVEL = env.string("LOG_LEVEL", "INFO")

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "apps.core",
    "apps.users",
    "apps.ingredients",
    "apps.recipes",
    "apps.search",
    "apps.suggestions",
    "apps.cooking",
    "apps.health",
]
MIDDLEWARE = ["apps.core.middleware.RequestContext"]
ROOT_URLCONF = "smartcooking.urls"
WSGI_APPLICATION = "smartcooking.wsgi.application"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {}}]
# There is no relational database: rows live in DynamoDB, people in Cognito.
DATABASES: dict[str, object] = {}
MIGRATION_MODULES: dict[str, None] = {}

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = env.integer("MAX_BODY_BYTES", 1024 * 1024)
LOGGING_CONFIG = None

# --- AWS -------------------------------------------------------------------------------------------------------
AWS_REGION = env.string("AWS_REGION", "ap-southeast-1")
# Empty: the endpoints of AWS itself. The local stack sets its own address.
AWS_ENDPOINT_URL = env.string("AWS_ENDPOINT_URL", "")
AWS_CONNECT_TIMEOUT = env.number("AWS_CONNECT_TIMEOUT", 1.0)
AWS_READ_TIMEOUT = env.number("AWS_READ_TIMEOUT", 3.0)
TABLE_NAME = env.string("TABLE_NAME")
IMAGES_BUCKET = env.string("IMAGES_BUCKET")
SNAPSHOTS_BUCKET = env.string("SNAPSHOTS_BUCKET")
COGNITO_POOL_ID = env.string("COGNITO_POOL_ID")
COGNITO_CLIENT_ID = env.string("COGNITO_CLIENT_ID")
COGNITO_ISSUER = env.string("COGNITO_ISSUER")
COGNITO_JWKS_URL = env.string("COGNITO_JWKS_URL")
QUEUE_URLS = {queue.name: env.string(f"QUEUE_URL_{queue.name.upper()}") for queue in QUEUES}
