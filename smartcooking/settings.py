"""Settings of the service; every value that differs between environments comes from the environment.

One module on purpose: tests, the local stack and production run the same one, and `smartcooking/configuration.py` lists
its variables, in this order, in `.env.example` and docs/configuration.md.
"""

from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from smartcooking import env
from smartcooking.contract import ai_model, terms
from smartcooking.contract.queues import QUEUES

BASE_DIR = Path(__file__).resolve().parent.parent

env.section("Service")
ENVIRONMENT = env.string("ENVIRONMENT", "local", "name of the environment, shown by `/health` and in logs")
VERSION = env.string("VERSION", "dev", "release that runs, shown by `/health` and in logs")
DEBUG = False
SECRET_KEY = env.secret(
    "SECRET_KEY",
    # As long as SHA-256's output: a shorter key could be guessed from what it signs.
    at_least=32,
    meaning="key that signs cursors and hashes identifiers; at least 32 bytes, better 50 random characters",
    example="replace-by-50-or-more-random-characters",
)
ALLOWED_HOSTS = env.strings("ALLOWED_HOSTS", "127.0.0.1,localhost", "host names that the service accepts")
LOG_LEVEL = env.string("LOG_LEVEL", "INFO", "lowest level of the JSON log lines on standard output")
METRICS = env.choice(
    "METRICS", ("", "emf"), "", "`emf` writes metrics for CloudWatch to standard output; empty: no metrics"
)
OTEL_EXPORTER_OTLP_ENDPOINT = env.string(
    "OTEL_EXPORTER_OTLP_ENDPOINT", "", "URL of the OpenTelemetry collector (OTLP over HTTP); empty: no traces"
)
OTEL_TRACES_SAMPLER_ARG = env.number(
    "OTEL_TRACES_SAMPLER_ARG", 0.1, "share of requests and tasks that are traced, from 0 to 1"
)
TRACES_PER_SECOND = env.integer(
    "TRACES_PER_SECOND", 0, "requests and tasks per second that are always traced, before the share applies"
)

INSTALLED_APPS = [
    # Before the admin, some of whose templates it overrides.
    "apps.backoffice.apps.BackofficeConfig",
    "apps.dynamo_admin.apps.DynamoAdminFilesConfig",
    # django.contrib.admin with our site; it imports auth and contenttypes, whose tables are never read.
    "apps.backoffice.apps.ModerationAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "apps.core",
    "apps.media",
    "apps.jobs",
    "apps.users",
    "apps.notifications",
    "apps.friends",
    "apps.ingredients",
    "apps.households",
    "apps.pantry",
    "apps.recipes",
    "apps.suggestions",
    "apps.cooking",
    "apps.posts",
    "apps.feed",
    "apps.plans",
    "apps.imports",
    "apps.moderation",
    "apps.insights",
    "apps.rights",
    "apps.health",
    "apps.web",
    # Development tools, next to the service and not in its image.
    *(["devtools"] if find_spec("devtools") else []),
]
MIDDLEWARE = [
    "apps.core.telemetry.requests.RequestTraces",
    "apps.core.telemetry.requests.RequestMetrics",
    "apps.core.middleware.RequestContext",
    "smartcooking.compression.Compression",
    "apps.core.middleware.KnownHosts",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # For the admin's pages only.
    "apps.backoffice.middleware.AdminPages",
    "apps.backoffice.middleware.AdminSessions",
    "apps.backoffice.middleware.AdminCsrf",
    "apps.backoffice.middleware.AdminUser",
    "apps.backoffice.middleware.AdminMessages",
]
SILENCED_SYSTEM_CHECKS = [
    # `AdminCsrf` is that middleware, for the admin only: the API reads nothing from cookies.
    "security.W003",
    # CloudFront enforces HTTPS, for a year; only the load balancer speaks HTTP with the service.
    "security.W004",
    "security.W008",
]
ROOT_URLCONF = "smartcooking.urls"
WSGI_APPLICATION = "smartcooking.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
# There is no relational database: rows live in DynamoDB, people in Cognito.
DATABASES: dict[str, object] = {}
MIGRATION_MODULES: dict[str, None] = {}

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
FORMAT_MODULE_PATH = ["apps.backoffice.formats"]
# The scripts of /docs are served from their package: there is nothing to collect.
WHITENOISE_USE_FINDERS = True
# The built client; if it exists, its hashed files are served by the service too.
WEB_ROOT = BASE_DIR / "web" / "dist"
WHITENOISE_ROOT = WEB_ROOT if WEB_ROOT.is_dir() else None
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/assets/.+-[\w-]{8}\.\w+$"
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- The moderators' admin -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "backoffice.Moderator"
# Lets nobody in: `apps.backoffice.signin` signs people in.
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.BaseBackend"]
SESSION_ENGINE = "apps.dynamo_admin.sessions"
SESSION_COOKIE_NAME = "admin_session"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/admin/"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# Browsers also accept these from 127.0.0.1, which they trust without HTTPS.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 1800
CSRF_COOKIE_NAME = "admin_csrf"
# HTTPS ends at CloudFront: the origin of a form, as browsers see it, has another scheme than requests to the service.
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = env.integer(
    "MAX_BODY_BYTES", 256 * 1024, "bytes of the largest request body; larger ones get 413"
)
# Smaller limits by the start of the path; the first that matches applies.
BODY_LIMITS = (
    ("/v1/auth/", 16 * 1024),
    ("/v1/session", 16 * 1024),
    ("/v1/recipes", 64 * 1024),
)
LOGGING_CONFIG = None

# --- AWS -------------------------------------------------------------------------------------------------------
env.section("AWS")
AWS_REGION = env.string("AWS_REGION", "ap-southeast-1", "AWS region")
AWS_ENDPOINT_URL = env.string("AWS_ENDPOINT_URL", "", "endpoint of all AWS services; empty: AWS itself")
DYNAMODB_ENDPOINT_URL = env.string(
    "DYNAMODB_ENDPOINT_URL", AWS_ENDPOINT_URL, "endpoint of DynamoDB, where it differs", default_text="AWS_ENDPOINT_URL"
)
AWS_CONNECT_TIMEOUT = env.number("AWS_CONNECT_TIMEOUT", 1.0, "seconds to connect to AWS")
AWS_READ_TIMEOUT = env.number("AWS_READ_TIMEOUT", 3.0, "seconds to wait for a response from AWS")
REQUEST_RETRY_SECONDS = env.number(
    "REQUEST_RETRY_SECONDS",
    5.0,
    "seconds for which a request retries AWS's throttling, failures and conflicts before it answers 503",
)
TABLE_NAME = env.string("TABLE_NAME", meaning="the DynamoDB table, from the data stack", example="smart-cooking-local")
IMAGES_BUCKET = env.string(
    "IMAGES_BUCKET", meaning="bucket of pictures, from the storage stack", example="smart-cooking-local-images"
)
SNAPSHOTS_BUCKET = env.string(
    "SNAPSHOTS_BUCKET",
    meaning="bucket of the catalogue's snapshots, from the storage stack",
    example="smart-cooking-local-snapshots",
)
COGNITO_POOL_ID = env.string(
    "COGNITO_POOL_ID", meaning="user pool, from the identity stack", example="ap-southeast-1_example"
)
COGNITO_CLIENT_ID = env.string("COGNITO_CLIENT_ID", meaning="client of the user pool", example="example")
COGNITO_CLIENT_SECRET = env.string(
    "COGNITO_CLIENT_SECRET", meaning="secret of the client, without which its id is useless", example="example"
)
COGNITO_ISSUER = env.string(
    "COGNITO_ISSUER",
    meaning="issuer that access tokens must name",
    example="https://cognito-idp.ap-southeast-1.amazonaws.com/ap-southeast-1_example",
)
COGNITO_JWKS_URL = env.string(
    "COGNITO_JWKS_URL",
    meaning="address of the pool's public keys",
    example="https://cognito-idp.ap-southeast-1.amazonaws.com/ap-southeast-1_example/.well-known/jwks.json",
)
QUEUE_URLS = {
    queue.name: env.string(
        f"QUEUE_URL_{queue.name.upper()}",
        meaning=f"address of the queue `{queue.name}`",
        example=f"https://sqs.ap-southeast-1.amazonaws.com/1/{queue.name}",
    )
    for queue in QUEUES
}

# --- HTTP ------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["apps.core.authentication.CognitoAccessToken"],
    "DEFAULT_PERMISSION_CLASSES": ["apps.core.permissions.IsActor", "apps.users.permissions.MayWrite"],
    "DEFAULT_PARSER_CLASSES": ["apps.core.http.JsonParser"],
    "DEFAULT_RENDERER_CLASSES": ["apps.core.http.JsonRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "apps.core.http.Negotiation",
    "DEFAULT_SCHEMA_CLASS": "apps.core.schema.Schema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "apps.core.problems.handle",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
    # A negotiated `?format=` would be a parameter that lists don't know.
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
    # Enumerations that appear under several names, or share a name with another one.
    "ENUM_NAME_OVERRIDES": {
        "AllergenEnum": "apps.core.food.ALLERGENS",
        "AudienceEnum": "apps.users.serializers.people.AUDIENCES",
        "DietEnum": "apps.core.food.DIETS",
        "HealthStatusEnum": "apps.health.services.STATUSES",
        "HouseholdRoleEnum": "apps.households.serializers.ROLES",
        "ImportKindEnum": "apps.imports.serializers.KINDS",
        "ImportStatusEnum": "apps.imports.serializers.STATUSES",
        "JobKindEnum": "apps.jobs.serializers.KINDS",
        "JobStateEnum": "apps.jobs.serializers.STATES",
        "MatchStatusEnum": "apps.ingredients.serializers.STATUSES",
        "ReportReasonEnum": "apps.moderation.serializers.REASONS",
        "ReportTargetEnum": "apps.moderation.serializers.TARGETS",
        "KitchenEnum": "apps.plans.serializers.KITCHENS",
        "ClimateEnum": "apps.plans.serializers.CLIMATES",
        "PlanMealEnum": "apps.plans.serializers.MEALS",
        "PlanStatusEnum": "apps.plans.serializers.STATUSES",
        "AisleEnum": "apps.plans.aisles.AISLES",
        "PlaceEnum": "apps.pantry.serializers.PLACES",
        "ReactionEnum": "apps.posts.serializers.REACTIONS",
        "FeedScopeEnum": "apps.feed.serializers.SCOPES",
        "MealEnum": "apps.recipes.serializers.MEALS",
        "MethodEnum": "apps.recipes.serializers.METHODS",
        "NotificationKindEnum": "apps.notifications.serializers.KINDS",
        "NotificationTargetEnum": "apps.notifications.serializers.TARGETS",
        "RecipeSourceEnum": "apps.recipes.serializers.SOURCES",
        "SessionStatusEnum": "apps.cooking.serializers.STATUSES",
        "SuggestionSourceEnum": "apps.suggestions.serializers.SOURCES",
        "SuggestionStatusEnum": "apps.suggestions.serializers.STATUSES",
        "TagKindEnum": "apps.recipes.serializers.TAG_KINDS",
        "UploadStatusEnum": "apps.media.serializers.STATUSES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "apps.core.schema.strict_bodies",
        "apps.core.schema_examples.describe_operations",
    ],
}

# --- Rules of the product --------------------------------------------------------------------------------------
env.section("Rules of the product")
MAX_FRIENDS = env.integer("MAX_FRIENDS", 1000, "friends that one person may have")
UNKNOWN_REPORTERS = env.integer(
    "UNKNOWN_REPORTERS",
    5,
    "distinct people who must report an unknown ingredient before it enters the moderators' queue",
)
REPORTS_TO_HIDE = env.integer(
    "REPORTS_TO_HIDE", 3, "distinct people whose reports hide something until a moderator decides"
)
YOUNG_ACCOUNT_HOURS = env.integer("YOUNG_ACCOUNT_HOURS", 24, "hours for which new accounts together count as one voice")
SAME_ADDRESS_SECONDS = env.integer(
    "SAME_ADDRESS_SECONDS", 3600, "seconds within which accounts behind one address count as one voice"
)
APPROVE_RATINGS = env.integer("APPROVE_RATINGS", 3, "ratings a recipe needs to be approved")
APPROVE_AVERAGE = env.number("APPROVE_AVERAGE", 4.0, "average of these ratings a recipe needs to be approved")
REVOKE_RATINGS = env.integer("REVOKE_RATINGS", 5, "ratings from which a recipe can lose its approval")
REVOKE_AVERAGE = env.number("REVOKE_AVERAGE", 3.5, "average below which it loses its approval")
SNAPSHOT_FROM = env.integer(
    "SNAPSHOT_FROM",
    10_000,
    "recipes from which on a process starts from a snapshot in S3 instead of reading the whole feed",
)

# --- Suggestions -----------------------------------------------------------------------------------------------
env.section("Suggestions")
AI_PROVIDERS = env.strings(
    "AI_PROVIDERS",
    "rules",
    "providers of generated recipes, in the order of use: `bedrock`, `ollama`, `rules`",
)
AI_DEADLINE = env.number("AI_DEADLINE", 8.0, "seconds for all generated recipes of a suggestion together")
AI_DAILY_QUOTA = env.integer("AI_DAILY_QUOTA", 20, "generated recipes per person and day (UTC)")
AI_TAGS_DAILY_QUOTA = env.integer(
    "AI_TAGS_DAILY_QUOTA", 30, "recipes per person and day (UTC) for which a model suggests tags"
)
AI_MONTHLY_BUDGET_USD = env.number(
    "AI_MONTHLY_BUDGET_USD", 100.0, "US dollars that generation may cost per month (UTC), for all people together"
)
AI_BREAKER_FAILURES = env.integer("AI_BREAKER_FAILURES", 3, "consecutive failures after which a provider is skipped")
AI_BREAKER_SECONDS = env.integer("AI_BREAKER_SECONDS", 60, "seconds for which it is skipped")
AI_CACHE_SECONDS = env.integer(
    "AI_CACHE_SECONDS", 3600, "seconds for which the same question gets the same generated recipes"
)
# 900 tokens in and 700 out at the default model's list price of $0.25 and $1.25 per million.
AI_RECIPE_COST_USD = env.number(
    "AI_RECIPE_COST_USD",
    ai_model.RECIPE_USD,
    "US dollars that a generated recipe costs on average; only the `cost_saved_usd` figure uses it",
)
BEDROCK_MODEL_ID = env.string(
    "BEDROCK_MODEL_ID",
    ai_model.PROFILE,
    "model, inference profile (`apac.…`, `global.…`) or ARN",
)
AI_BEDROCK_REGION = env.string(
    "AI_BEDROCK_REGION", AWS_REGION, "region in which Bedrock is called", default_text="AWS_REGION"
)
AI_BEDROCK_ENDPOINT = env.string(
    "AI_BEDROCK_ENDPOINT", "", "endpoint of Bedrock; empty: AWS itself, even if `AWS_ENDPOINT_URL` is set"
)
AI_BEDROCK_GUARDRAIL_ID = env.string(
    "AI_BEDROCK_GUARDRAIL_ID", "", "Bedrock guardrail that checks prompts and responses; empty: none"
)
AI_BEDROCK_GUARDRAIL_VERSION = env.string("AI_BEDROCK_GUARDRAIL_VERSION", "DRAFT", "version of the guardrail")
OLLAMA_HOST = env.string("OLLAMA_HOST", "http://127.0.0.1:11434", "address of Ollama")
OLLAMA_MODEL = env.string("OLLAMA_MODEL", "llama3.1:8b", "model that Ollama has pulled")
MIN_COVERAGE = env.number("MIN_COVERAGE", 0.5, "share of a recipe's ingredients that must be at hand, from 0 to 1")
RECENT_DAYS = env.integer("RECENT_DAYS", 7, "days for which a cooked recipe is not suggested again")
REJECTED_DAYS = env.integer("REJECTED_DAYS", 30, "days for which a rejected recipe is not suggested again")
MAX_WAITERS = env.integer(
    "MAX_WAITERS", 6, "threads of a process that may wait for suggestions at once; further callers are told to retry"
)

# --- Pictures --------------------------------------------------------------------------------------------------
env.section("Pictures")
MEDIA_URL_SECONDS = env.integer("MEDIA_URL_SECONDS", 900, "seconds for which a signed link to a picture works")
MEDIA_BASE_URL = env.string(
    "MEDIA_BASE_URL",
    "",
    "address of the CDN for public pictures; empty: signed links for these as well",
).rstrip("/")
MAX_UNUSED_UPLOADS = env.integer(
    "MAX_UNUSED_UPLOADS", 30, "unattached uploads that a person may have in a day, including rejected ones"
)

# --- Notifications ---------------------------------------------------------------------------------------------
env.section("Notifications")
EMAIL_FROM = env.string(
    "EMAIL_FROM",
    meaning="sender of mails, an identity verified with SES",
    example="Smart Cooking <no-reply@smart-cooking-local.example.com>",
)
FRONTEND_URL = env.string(
    "FRONTEND_URL",
    "http://127.0.0.1:8000",
    "address of the client: links in mails start with it, and in browsers only its pages may call the API",
).rstrip("/")
MAILS_PER_HOUR = env.integer(
    "MAILS_PER_HOUR",
    20,
    "mails per hour that other people can cause for one person; as many more may be about the account",
)
MAILS_CAUSED_PER_HOUR = env.integer("MAILS_CAUSED_PER_HOUR", 20, "mails per hour that a person can cause for others")
SUGGESTION_READY_AFTER = env.integer(
    "SUGGESTION_READY_AFTER",
    15,
    "seconds after which a person is notified of a finished suggestion that they have not read",
)

# --- Rate limits -----------------------------------------------------------------------------------------------
env.section("Rate limits")
# Requests per minute and person; the last three limits are per address. As many may come at once.
RATE_LIMITS = {
    "reads": 1200,
    "writes": 300,
    "validations": 120,
    "suggestions": 60,
    "uploads": 60,
    # What notifies others: posts, comments, reactions, requests, invitations.
    "messages": 60,
    "schema": 60,
    "sign_in": 120,
    "unauthenticated": 300,
}
RATE_LIMIT_SCALE = env.number("RATE_LIMIT_SCALE", 1.0, "factor for all rate limits; 0: no rate limits")
VALKEY_URL = env.string(
    "VALKEY_URL",
    "",
    "Valkey in which processes share rate limits, `valkeys://host:port` with TLS; empty: each process has its own",
)
IN_FLIGHT_PER_PERSON = env.integer(
    "IN_FLIGHT_PER_PERSON",
    8,
    "concurrent requests per person (per address, for strangers) in a process; further ones get 429",
)
SENDER_CPU_SHARE = env.number(
    "SENDER_CPU_SHARE",
    0.1,
    "seconds of processor time per second that a process gives to one person, or one address of strangers, once"
    " they have used up their burst; 0: unlimited",
)

# --- Browsers --------------------------------------------------------------------------------------------------
# The client has another host than the API: its pages, and no others, may read the responses.
CORS_ALLOWED_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(FRONTEND_URL))]
CORS_URLS_REGEX = r"^/v1/"
CORS_ALLOW_METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")
CORS_ALLOW_HEADERS = (
    "accept-language", "authorization", "content-type", "idempotency-key", "if-match", "if-none-match", "x-request-id",
)  # fmt: skip
CORS_EXPOSE_HEADERS = ("ETag", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id")
# Seconds for which a browser caches a preflight response; Chromium caches it no longer.
CORS_PREFLIGHT_MAX_AGE = 7200


# --- Accounts --------------------------------------------------------------------------------------------------
env.section("Accounts")
TERMS_VERSION = env.string(
    "TERMS_VERSION",
    terms.VERSION,
    meaning="version of the terms and the privacy notice; people who accepted another one are asked again",
)
LOGIN_SECONDS = env.number(
    "LOGIN_SECONDS",
    0.5,
    "minimum seconds of a failing login, so that its duration does not reveal why; longer than Cognito needs",
)
THROTTLE_SECONDS = env.integer(
    "THROTTLE_SECONDS", 900, "seconds of the windows in which failed logins and wrong codes are counted"
)
THROTTLE_PER_USER = env.integer("THROTTLE_PER_USER", 10, "failures per person in a window")
THROTTLE_PER_ADDRESS = env.integer("THROTTLE_PER_ADDRESS", 50, "failures per address in a window")
THROTTLE_CODES_PER_DAY = env.integer(
    "THROTTLE_CODES_PER_DAY",
    50,
    "wrong codes per person and day (UTC), from each address that they signed in from and from all others together",
)
TRUSTED_PROXIES = env.integer(
    "TRUSTED_PROXIES", 0, "our own proxies that append to X-Forwarded-For; 0: the header is ignored"
)
