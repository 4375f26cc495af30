"""Settings of both profiles: embedded (SQLite, own broker) by default, production by DATABASE_URL and REDIS_URL."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import quote

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from pmo.env import (
    database_from_url,
    env_bool,
    env_choice,
    env_hosts,
    env_int,
    env_list,
    env_ports,
    env_text,
    networks,
    public_url,
    with_password,
)
from pmo.sign_in_env import sign_in_from_env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env_text("BELLWETHER_VAR", str(BASE_DIR / "var")))
TESTING = "pytest" in sys.modules

PROFILE = env_choice("BELLWETHER_PROFILE", ("embedded", "production"), default="embedded")
PRODUCTION = PROFILE == "production"
DEBUG = env_bool("DEBUG", default=False)
if DEBUG and PRODUCTION:
    raise ImproperlyConfigured("DEBUG=1 is refused in the production profile.")


def _secret_key() -> str:
    """The key from SECRET_KEY; the embedded profile makes one on first start and keeps it in its data folder."""
    key = env_text("SECRET_KEY")
    if key:
        if PRODUCTION and len(key) < 50:
            raise ImproperlyConfigured("SECRET_KEY is shorter than 50 characters.")
        return key
    if PRODUCTION:
        raise ImproperlyConfigured("SECRET_KEY is not set; the production profile needs one of 50 characters or more.")
    if TESTING:
        return "a-key-for-tests-only-" + "x" * 40
    from django.core.management.utils import get_random_secret_key

    path = VAR_DIR / "secret_key"
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key(), encoding="utf-8")
    return path.read_text(encoding="utf-8")


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1],testserver")
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is empty; name the hosts that the browser uses, separated by commas.")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "csp",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "pmo.core",
    "projects",
    "resources",
    "risks",
    "knowledge",
    "portfolio",
    "office",
]

MIDDLEWARE = [
    "pmo.core.web.request_id.RequestIdMiddleware",
    "pmo.core.web.access_log.AccessLogMiddleware",
    "pmo.core.ops.metrics.middleware.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pmo.core.web.middleware.KeepMiddleware",
    "pmo.core.web.middleware.UserPreferencesMiddleware",
    "pmo.core.sign_in.middleware.SignInMiddleware",
]

ROOT_URLCONF = "pmo.urls"
WSGI_APPLICATION = "pmo.wsgi.application"
ASGI_APPLICATION = "pmo.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "pmo.core.web.context.shell",
            ],
            "libraries": {"bw": "pmo.core.web.templatetags.bw"},
            "loaders": [("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])],
        },
    }
]

# Quoted: the folder may be called anything, "#" and "?" included.
DATABASE_URL = env_text("DATABASE_URL", f"sqlite://{quote(str(VAR_DIR.absolute() / 'bellwether.sqlite3'))}")
DATABASES = {"default": database_from_url(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "core.User"

REDIS_URL = with_password(env_text("REDIS_URL", "redis://127.0.0.1:16379/0"), env_text("REDIS_PASSWORD"))
if PRODUCTION:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTHENTICATION_BACKENDS = ["pmo.core.people.backend.PersonBackend", "pmo.core.sign_in.ldap.LdapBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "pmo.core.sign_in.passwords.NotOneOfTheLast"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
# A catalogue a room, one for its templates where they say much, and one for the other templates.
_SPEAKING = ("pmo", "pmo/core", "projects", "resources", "risks", "knowledge", "portfolio", "office")
_TEMPLATES = ("templates/portfolio", "templates/projects", "templates")
LOCALE_PATHS = [BASE_DIR / room / "locale" for room in (*_SPEAKING, *_TEMPLATES)]
LANGUAGE_COOKIE_NAME = "bw_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env_text("STATIC_ROOT", str(VAR_DIR / "static")))
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "pmo.core.charts.finders.PlotlyFinder",
]
STATICFILES_STORAGE_BACKEND = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if TESTING or DEBUG
    else "pmo.core.web.storage.LeanStaticFilesStorage"
)
MEDIA_ROOT = Path(env_text("MEDIA_ROOT", str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATICFILES_STORAGE_BACKEND},
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG
# Looked for when asked for: every browser of a test would otherwise look through all of them first.
WHITENOISE_AUTOREFRESH = TESTING or DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
IMPORT_MAX_UPLOAD_BYTES = env_int("IMPORT_MAX_UPLOAD_MB", default=50, minimum=1, maximum=1024) * 1024 * 1024

SECURE_HTTPS = env_bool("SECURE_HTTPS", default=PRODUCTION)
SECURE_SSL_REDIRECT = SECURE_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = env_int(
    "SECURE_HSTS_SECONDS", default=31536000 if SECURE_HTTPS else 0, minimum=0, maximum=63072000
)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_SECONDS > 0
SECURE_HSTS_PRELOAD = SECURE_HSTS_SECONDS > 0
BEHIND_PROXY = env_bool("BEHIND_PROXY", default=PRODUCTION)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = SECURE_HTTPS
CSRF_COOKIE_SECURE = SECURE_HTTPS
SESSION_COOKIE_NAME = "__Host-bw_session" if SECURE_HTTPS else "bw_session"
CSRF_COOKIE_NAME = "__Host-bw_csrf" if SECURE_HTTPS else "bw_csrf"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_ENGINE = "pmo.core.sign_in.store"
SIGN_IN = sign_in_from_env(behind_proxy=BEHIND_PROXY)
PASSWORD_RESET_TIMEOUT = SIGN_IN.reset_minutes * 60
# The protocols are django-allauth's; pages, accounts and the decision who gets in are ours (pmo.core.sign_in).
SOCIALACCOUNT_ADAPTER = "pmo.core.sign_in.single_sign_on.Adapter"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_VERIFICATION = ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "pmo.core.sign_in.factors.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A device that does not ask who holds it proves too little, as a second step too.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Bellwether"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "pmo.core.web.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        # Plotly positions its labels with style attributes; rules and scripts stay on files.
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ALWAYS_EAGER = TESTING
CELERY_TASK_EAGER_PROPAGATES = TESTING
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 3600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A stopped worker gives its running job this long, then hands it back to the queue.
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = env_int("WORKER_STOP_SECONDS", default=15, minimum=0, maximum=3600)
# The beat has one entry and the tables say what has been done: nothing to keep in a file that a crash could spoil.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 2 * 3600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 10,
    "socket_keepalive": True,
    "health_check_interval": 10,
}
CELERY_TIMEZONE = "UTC"
JOB_RETRY_SECONDS = env_int("JOB_RETRY_SECONDS", default=10, minimum=1, maximum=3600)
JOB_REDELIVER_SECONDS = env_int("JOB_REDELIVER_SECONDS", default=60, minimum=1, maximum=3600)
JOB_LOST_SECONDS = env_int("JOB_LOST_SECONDS", default=30, minimum=2, maximum=3600)
BEAT_TICK_SECONDS = env_int("BEAT_TICK_SECONDS", default=20, minimum=1, maximum=600)
BEAT_LATE_SECONDS = env_int("BEAT_LATE_SECONDS", default=180, minimum=5, maximum=86400)

# Where links in mails, chat groups and calendars lead.
PUBLIC_URL = public_url(env_text("PUBLIC_URL"), ALLOWED_HOSTS, https=SECURE_HTTPS, port=env_text("PORT", "8000"))
EMAIL_HOST = env_text("EMAIL_HOST")
EMAIL_BACKEND = env_text(
    "EMAIL_BACKEND", f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
)
EMAIL_USE_SSL = env_bool("EMAIL_USE_SSL", default=False)
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", default=bool(EMAIL_HOST) and not EMAIL_USE_SSL)
if EMAIL_USE_SSL and EMAIL_USE_TLS:
    raise ImproperlyConfigured("Set EMAIL_USE_TLS (STARTTLS, port 587) or EMAIL_USE_SSL (port 465), not both.")
EMAIL_PORT = env_int("EMAIL_PORT", default=587 if not EMAIL_USE_SSL else 465, minimum=1, maximum=65535)
EMAIL_HOST_USER = env_text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env_text("EMAIL_HOST_PASSWORD")
EMAIL_TIMEOUT = env_int("EMAIL_TIMEOUT", default=20, minimum=1, maximum=120)
EMAIL_FILE_PATH = env_text("EMAIL_FILE_PATH", str(VAR_DIR / "mail"))
DEFAULT_FROM_EMAIL = env_text("DEFAULT_FROM_EMAIL", "bellwether@localhost")
# Webhooks reach public addresses; names and ranges of the own network are let through here.
OUTBOUND_ALLOW: list[str] = env_hosts("OUTBOUND_ALLOW")
OUTBOUND_PORTS: list[int] = env_ports("OUTBOUND_PORTS", "80,443")
WEBHOOK_MAX_FAILURES = env_int("WEBHOOK_MAX_FAILURES", default=20, minimum=1, maximum=1000)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "pmo.core.registers.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "pmo.core.registers.api.problems.problem_handler",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Bellwether API",
    "DESCRIPTION": "Registers of the portfolio office. Errors follow RFC 9457 (application/problem+json).",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "DEFAULT_GENERATOR_CLASS": "pmo.core.registers.api.schema.RegisterSchemaGenerator",
    # Choices stand with their fields: many registers have a status of their own.
    "POSTPROCESSING_HOOKS": [],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

# /metrics answers whoever brings the token, or connects directly from one of the networks; off where both are empty.
METRICS_TOKEN = env_text("METRICS_TOKEN")
METRICS_NETWORKS = networks("METRICS_NETWORKS", env_list("METRICS_NETWORKS"))
# Faults are told to this collector, without personal data; nothing is loaded where it is empty.
SENTRY_DSN = env_text("SENTRY_DSN")
if SENTRY_DSN:
    from pmo.core.ops import error_reports

    error_reports.start(SENTRY_DSN, environment=PROFILE)

LOG_LEVEL = env_choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "pmo.core.web.request_id.RequestIdFilter"},
        "refusals": {"()": "pmo.core.web.request_id.RefusalFilter"},
    },
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
        "json": {"()": "pmo.core.web.request_id.JsonFormatter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json" if PRODUCTION else "plain",
            "filters": ["request_id"],
        }
    },
    "loggers": {"django.request": {"filters": ["refusals"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING" if TESTING else LOG_LEVEL},
}
