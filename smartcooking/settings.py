"""Settings of the service; every value that differs between environments comes from the environment."""

from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from smartcooking import env
from smartcooking.contract import ai_model
from smartcooking.contract.queues import QUEUES

BASE_DIR = Path(__file__).resolve().parent.parent

ENVIRONMENT = env.string("ENVIRONMENT", "local")
VERSION = env.string("VERSION", "dev")
DEBUG = False
SECRET_KEY = env.string("SECRET_KEY")
ALLOWED_HOSTS = env.strings("ALLOWED_HOSTS", "127.0.0.1,localhost")
LOG_LEVEL = env.string("LOG_LEVEL", "INFO")
# "emf": metrics for CloudWatch as lines on standard output. Else there are none.
METRICS = env.choice("METRICS", ("", "emf"), "")
# Where OpenTelemetry's collector takes traces (OTLP over HTTP); empty: there are none. And the share that is kept.
OTEL_EXPORTER_OTLP_ENDPOINT = env.string("OTEL_EXPORTER_OTLP_ENDPOINT", "")
OTEL_TRACES_SAMPLER_ARG = env.number("OTEL_TRACES_SAMPLER_ARG", 0.1)
# So many are kept in each second before the share counts: where little is asked, there is something to see.
TRACES_PER_SECOND = env.integer("TRACES_PER_SECOND", 0)

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "corsheaders",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "apps.core",
    "apps.media",
    "apps.users",
    "apps.notifications",
    "apps.friends",
    "apps.ingredients",
    "apps.recipes",
    "apps.suggestions",
    "apps.cooking",
    "apps.posts",
    "apps.feed",
    "apps.moderation",
    "apps.insights",
    "apps.health",
    # Tools of development, beside the service and not in its image.
    *(["devtools"] if find_spec("devtools") else []),
]
MIDDLEWARE = [
    "apps.core.telemetry.requests.RequestTraces",
    "apps.core.telemetry.requests.RequestMetrics",
    "apps.core.middleware.RequestContext",
    "smartcooking.compression.Compression",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
]
SILENCED_SYSTEM_CHECKS = [
    # CSRF needs something that a browser sends by itself: nothing here is read from cookies.
    "security.W003",
    # CloudFront has browsers come by HTTPS, for a year; the service speaks HTTP with the load balancer alone.
    "security.W004",
    "security.W008",
]
ROOT_URLCONF = "smartcooking.urls"
WSGI_APPLICATION = "smartcooking.wsgi.application"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {}}]
# There is no relational database: rows live in DynamoDB, people in Cognito.
DATABASES: dict[str, object] = {}
MIGRATION_MODULES: dict[str, None] = {}

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
# The scripts of /docs come out of their package: nothing to collect.
WHITENOISE_USE_FINDERS = True
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = env.integer("MAX_BODY_BYTES", 1024 * 1024)
LOGGING_CONFIG = None

# --- AWS -------------------------------------------------------------------------------------------------------
AWS_REGION = env.string("AWS_REGION", "ap-southeast-1")
# Empty: the endpoints of AWS itself. The local stack sets its own address.
AWS_ENDPOINT_URL = env.string("AWS_ENDPOINT_URL", "")
DYNAMODB_ENDPOINT_URL = env.string("DYNAMODB_ENDPOINT_URL", AWS_ENDPOINT_URL)
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

# --- HTTP ------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["apps.core.authentication.CognitoAccessToken"],
    "DEFAULT_PERMISSION_CLASSES": ["apps.core.permissions.IsActor", "apps.users.permissions.MayWrite"],
    "DEFAULT_PARSER_CLASSES": ["apps.core.http.JsonParser"],
    "DEFAULT_RENDERER_CLASSES": ["apps.core.http.JsonRenderer"],
    "DEFAULT_SCHEMA_CLASS": "apps.core.schema.Schema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "apps.core.problems.handle",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
    # A negotiated `?format=` would be a parameter that no list knows.
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Smart Cooking",
    "DESCRIPTION": "Recipes for the ingredients that somebody has, from the community's catalogue first.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "DEFAULT_GENERATOR_CLASS": "apps.core.schema.Generator",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    # Sets of words that stand under several names, or share a name with another set.
    "ENUM_NAME_OVERRIDES": {
        "AllergenEnum": "apps.core.food.ALLERGENS",
        "AudienceEnum": "apps.users.serializers.people.AUDIENCES",
        "DietEnum": "apps.core.food.DIETS",
        "HealthStatusEnum": "apps.health.services.STATUSES",
        "MatchStatusEnum": "apps.ingredients.serializers.STATUSES",
        "ReportReasonEnum": "apps.moderation.serializers.REASONS",
        "ReportTargetEnum": "apps.moderation.serializers.TARGETS",
        "ReactionEnum": "apps.posts.serializers.REACTIONS",
        "FeedScopeEnum": "apps.feed.serializers.SCOPES",
        "MethodEnum": "apps.recipes.serializers.METHODS",
        "NotificationKindEnum": "apps.notifications.serializers.KINDS",
        "NotificationTargetEnum": "apps.notifications.serializers.TARGETS",
        "RecipeSourceEnum": "apps.recipes.serializers.SOURCES",
        "SessionStatusEnum": "apps.cooking.serializers.STATUSES",
        "SuggestionSourceEnum": "apps.suggestions.serializers.SOURCES",
        "SuggestionStatusEnum": "apps.suggestions.serializers.STATUSES",
        "UploadStatusEnum": "apps.media.serializers.STATUSES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "apps.core.schema.strict_bodies",
    ],
}

# --- Rules of the product --------------------------------------------------------------------------------------
# Friends that one person may have.
MAX_FRIENDS = env.integer("MAX_FRIENDS", 1000)
# Distinct people whose unknown ingredient enters the moderators' queue.
UNKNOWN_REPORTERS = env.integer("UNKNOWN_REPORTERS", 5)
# Distinct people whose reports hide a post, comment, recipe or profile until a moderator decides.
REPORTS_TO_HIDE = env.integer("REPORTS_TO_HIDE", 3)
# A recipe is approved from this many ratings and this average on, and goes back to the queue below the other pair.
APPROVE_RATINGS = env.integer("APPROVE_RATINGS", 3)
APPROVE_AVERAGE = env.number("APPROVE_AVERAGE", 4.0)
REVOKE_RATINGS = env.integer("REVOKE_RATINGS", 5)
REVOKE_AVERAGE = env.number("REVOKE_AVERAGE", 3.5)
# From this many recipes on a process starts from a snapshot in S3 instead of reading the whole feed.
SNAPSHOT_FROM = env.integer("SNAPSHOT_FROM", 10_000)

# --- Suggestions -----------------------------------------------------------------------------------------------
# Providers of generated recipes in the order in which they are tried.
AI_PROVIDERS = env.strings("AI_PROVIDERS", "rules")
# Seconds for all recipes of one suggestion together.
AI_DEADLINE = env.number("AI_DEADLINE", 8.0)
# Generated recipes per person and day (UTC).
AI_DAILY_QUOTA = env.integer("AI_DAILY_QUOTA", 20)
# US dollars that generation may cost in a month (UTC), all people together.
AI_MONTHLY_BUDGET_USD = env.number("AI_MONTHLY_BUDGET_USD", 100.0)
# Failures in a row after which a provider is left alone, and for how many seconds.
AI_BREAKER_FAILURES = env.integer("AI_BREAKER_FAILURES", 3)
AI_BREAKER_SECONDS = env.integer("AI_BREAKER_SECONDS", 60)
# Seconds for which the same question gets the same generated answer.
AI_CACHE_SECONDS = env.integer("AI_CACHE_SECONDS", 3600)
# What a generated recipe costs on average, in US dollars, at the default model's list price. Only the "saved" figure is
# made of it.
AI_RECIPE_COST_USD = env.number("AI_RECIPE_COST_USD", ai_model.RECIPE_USD)
# A model of Bedrock, an inference profile ("apac.anthropic.…") or an ARN of either, and where it is asked; an empty
# endpoint is that of AWS, whatever AWS_ENDPOINT_URL says.
BEDROCK_MODEL_ID = env.string("BEDROCK_MODEL_ID", ai_model.PROFILE)
AI_BEDROCK_REGION = env.string("AI_BEDROCK_REGION", AWS_REGION)
AI_BEDROCK_ENDPOINT = env.string("AI_BEDROCK_ENDPOINT", "")
# A guardrail of Bedrock's that reads along; none where the id is empty.
AI_BEDROCK_GUARDRAIL_ID = env.string("AI_BEDROCK_GUARDRAIL_ID", "")
AI_BEDROCK_GUARDRAIL_VERSION = env.string("AI_BEDROCK_GUARDRAIL_VERSION", "DRAFT")
OLLAMA_HOST = env.string("OLLAMA_HOST", "http://127.0.0.1:11434")
OLLAMA_MODEL = env.string("OLLAMA_MODEL", "llama3.1:8b")
MIN_COVERAGE = env.number("MIN_COVERAGE", 0.5)
RECENT_DAYS = env.integer("RECENT_DAYS", 7)
REJECTED_DAYS = env.integer("REJECTED_DAYS", 30)
# Threads of a process that may wait for a suggestion at once; the others are told to come again.
MAX_WAITERS = env.integer("MAX_WAITERS", 6)

# --- Pictures --------------------------------------------------------------------------------------------------
# Seconds for which a signed link to a picture works.
MEDIA_URL_SECONDS = env.integer("MEDIA_URL_SECONDS", 900)
# Where pictures that everybody may see are served from; empty: signed links for these as well.
MEDIA_BASE_URL = env.string("MEDIA_BASE_URL", "").rstrip("/")
# Uploads that one person may have while nothing uses them.
MAX_UNUSED_UPLOADS = env.integer("MAX_UNUSED_UPLOADS", 30)

# --- Notifications ---------------------------------------------------------------------------------------------
# The sender of mails, an identity that SES has verified.
EMAIL_FROM = env.string("EMAIL_FROM")
# Where people use the service: links in mails begin with it.
FRONTEND_URL = env.string("FRONTEND_URL", "http://127.0.0.1:8000").rstrip("/")

# --- Browsers --------------------------------------------------------------------------------------------------
# The client comes from another host than the interface: its pages may read answers, nobody else's may.
CORS_ALLOWED_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(FRONTEND_URL))]
CORS_URLS_REGEX = r"^/v1/"
CORS_ALLOW_METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")
CORS_ALLOW_HEADERS = (
    "accept-language", "authorization", "content-type", "idempotency-key", "if-match", "if-none-match", "x-request-id",
)  # fmt: skip
CORS_EXPOSE_HEADERS = ("ETag", "Location", "Retry-After", "X-Request-Id")
# Seconds for which a browser need not ask again; Chromium keeps it no longer.
CORS_PREFLIGHT_MAX_AGE = 7200
# Mails that others can cause one person in an hour; what happens to the account is not limited.
MAILS_PER_HOUR = env.integer("MAILS_PER_HOUR", 20)
# Seconds after which the asker of a completed suggestion, who has not looked at it, is notified.
SUGGESTION_READY_AFTER = env.integer("SUGGESTION_READY_AFTER", 15)

# --- Accounts --------------------------------------------------------------------------------------------------
# Seconds that a failing login takes at least, so that its time does not tell why it failed. Longer than Cognito needs.
LOGIN_SECONDS = env.number("LOGIN_SECONDS", 0.5)
# Failed logins (and wrong codes, counted apart) that one person and one address are allowed in a window of seconds.
THROTTLE_SECONDS = env.integer("THROTTLE_SECONDS", 900)
THROTTLE_PER_USER = env.integer("THROTTLE_PER_USER", 10)
THROTTLE_PER_ADDRESS = env.integer("THROTTLE_PER_ADDRESS", 50)
# Proxies of our own in front of the service that append to X-Forwarded-For; with none of them it is not believed.
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", 0)
