"""Who may come in, from where, and what a browser may load."""

from urllib.parse import urlsplit

from config.settings.core import DEBUG, SITE_HOST, SITE_URL
from config.settings.environment import (
    names_without_use,
    read_api_key,
    read_choice,
    read_int,
    read_networks,
)

_IS_HTTPS = SITE_URL.startswith("https://")
_ORIGIN = urlsplit(SITE_URL)

# SITE_URL alone decides; the loopback names let health checks on the same host in.
ALLOWED_HOSTS = ["*"] if DEBUG else [SITE_HOST, "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"{_ORIGIN.scheme}://{_ORIGIN.netloc}"]
FORCE_SCRIPT_NAME = _ORIGIN.path or None

# Addresses whose X-Forwarded-* headers are believed. The server applies them (uvicorn), not
# SECURE_PROXY_SSL_HEADER, which would believe everyone.
TRUSTED_PROXIES = read_networks("TRUSTED_PROXIES")

SESSION_COOKIE_SECURE = _IS_HTTPS
CSRF_COOKIE_SECURE = _IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if _IS_HTTPS else 0
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # the domain's other names are not ours to decide about
    "security.W008",  # the proxy that holds the certificate redirects
    "security.W021",  # nor is the browsers' preload list
]
X_FRAME_OPTIONS = "DENY"

# Scripts, styles, fonts and connections of this origin only, none of them inline. The WebSocket
# is named: Safari before 15.4 does not count it as 'self'.
_SOCKETS = f"{'wss' if _IS_HTTPS else 'ws'}://{_ORIGIN.netloc}"
CONTENT_SECURITY_POLICY = (
    f"default-src 'self'; connect-src 'self' {_SOCKETS}; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.OneCheckBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PASSWORD_RESET_TIMEOUT = read_int("PASSWORD_RESET_TIMEOUT_S", 3600, minimum=60)

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "change_password": "accounts.forms.OwnPasswordForm",
    "reset_password": "accounts.forms.RequestResetForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordForm",
}
# Django's own covers the email too; allauth's keeps a second table of addresses, which go stale.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 (a class)
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "settings": "20/m/user",
}

# Pairs of tokens for the API (JSON Web Tokens), signed with SECRET_KEY.
ALGORITHM = read_choice("ALGORITHM", "HS256", ("HS256", "HS384", "HS512"))
ACCESS_TOKEN_EXPIRE_MINUTES = read_int("ACCESS_TOKEN_EXPIRE_MINUTES", 30, minimum=1)
REFRESH_TOKEN_EXPIRE_MINUTES = read_int("REFRESH_TOKEN_EXPIRE_MINUTES", 7 * 24 * 60, minimum=1)

# Told at the start, so that nobody waits for what does not come.
VARIABLES_WITHOUT_USE = names_without_use()

# Keys that native clients have: imported at the start as keys of the whole site, each for what its
# service was.
IMPORTED_API_KEYS = {
    name: read_api_key(name)
    for name in (
        "API_KEY",
        "ERROR_TRACKER_API_KEY",
        "LOG_VIEWER_API_KEY",
        "METRICS_COLLECTOR_API_KEY",
    )
}
