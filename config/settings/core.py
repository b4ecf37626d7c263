"""Where the site lives, what it is made of, and where it keeps its data."""

from urllib.parse import urlsplit

from config.settings.environment import (
    BASE_DIR,
    prepare_sqlite_file,
    read_bool,
    read_choice,
    read_data_dir,
    read_database,
    read_int,
    read_secret_key,
    read_site_url,
    read_text,
)
from config.settings.postgresql import postgresql_settings

DATA_DIR = read_data_dir()
ENV = read_choice("ENV", "production", ("production", "development"))
DEBUG = read_bool("DEBUG", ENV == "development")
HOST = read_text("HOST", "127.0.0.1")
PORT = read_int("PORT", 8000, minimum=1, maximum=65535)
SITE_URL = read_site_url(f"http://127.0.0.1:{PORT}")
SECRET_KEY = read_secret_key(DATA_DIR)

INSTALLED_APPS = [
    "config.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_celery_beat",
    "django_structlog",
    "channels",
    "allauth",
    "allauth.account",
    "accounts",
    "projects",
    "errors",
    "ingest",
    "config.apps.SiteConfig",
]

MIDDLEWARE = [
    "config.middleware.RequestIdMiddleware",
    "config.middleware.HealthMiddleware",
    "config.middleware.NulMiddleware",
    "projects.middleware.QueryKeyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.TimeZoneMiddleware",
    "accounts.middleware.PasswordChangeMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context_processors.site_frame",
            ],
        },
    }
]

DATABASE_POOL_SIZE = read_int("DATABASE_POOL_SIZE", 10, maximum=1_000)
DATABASE_BEHIND_POOLER = read_bool("DATABASE_BEHIND_POOLER", False)
DATABASES = {"default": read_database(DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
IS_SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
if IS_SQLITE:
    prepare_sqlite_file(DATABASES["default"]["NAME"])
    DATABASES["default"]["OPTIONS"] = {
        # Writers queue at BEGIN instead of failing half-way; readers never wait (WAL).
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: a commit that was answered survives a power cut. Nothing here may write: whoever
        # connects would wait for writers.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;"
            "PRAGMA journal_size_limit=16777216;"
        ),
    }
    # Threads are few and stay, so connections may, with their caches.
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    DATABASES["default"] |= postgresql_settings(
        DATABASES["default"].get("OPTIONS", {}),
        pool_size=DATABASE_POOL_SIZE,
        is_behind_pooler=DATABASE_BEHIND_POOLER,
    )

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
FORMAT_MODULE_PATH = "config.formats"
USE_TZ = True

STATIC_URL = f"{urlsplit(SITE_URL).path}/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.static_storage.SiteStaticFilesStorage"
    },
}

SITE_HOST = urlsplit(SITE_URL).hostname or "127.0.0.1"
