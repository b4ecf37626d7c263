"""Typed access to the environment: every variable is read here, under its name or an old one."""

from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent.parent

# NAME_FILE holds the value of NAME: secrets come from files in containers.
environment = environ.FileAwareEnv()

# Names that the replaced systems used; the new name wins where both are set.
ALIASES = {"SITE_URL": ("BASE_URL",)}


def read_text(name: str, default: str = "") -> str:
    """The variable's value without surrounding space; an empty one counts as absent."""
    for candidate in (name, *ALIASES.get(name, ())):
        value = str(environment.str(candidate, default="")).strip()
        if value:
            return value
    return default


def read_int(name: str, default: int, *, minimum: int = 0) -> int:
    """The variable as a whole number of at least `minimum`; stops the start otherwise."""
    text = read_text(name)
    if not text:
        return default
    try:
        value = int(text)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {text!r}.") from error
    if value < minimum:
        raise ImproperlyConfigured(f"{name} must be at least {minimum}, not {value}.")
    return value


def read_bool(name: str, default: bool) -> bool:
    """The variable as a switch: 1, true, yes, on against 0, false, no, off."""
    text = read_text(name).lower()
    if not text:
        return default
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be on or off, not {text!r}.")


def read_list(name: str) -> list[str]:
    """The variable split at commas, without empty parts."""
    return [part.strip() for part in read_text(name).split(",") if part.strip()]


def read_site_url(default: str) -> str:
    """The address users type, without a trailing slash. Raises ImproperlyConfigured."""
    url = read_text("SITE_URL", default).rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ImproperlyConfigured(
            f"SITE_URL must be like https://errors.example.com, not {url!r}."
        )
    return url


def read_database(data_dir: Path) -> dict[str, Any]:
    """Django's settings for DATABASE_URL, the old parts of it, or SQLite in the data folder."""
    url = read_text("DATABASE_URL") or _database_url_from_parts()
    if not url:
        url = f"sqlite:///{data_dir / 'catchall.sqlite3'}"
    try:
        config = dict(environment.db_url_config(url))
    except (ValueError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {error}") from error
    if not config.get("ENGINE"):
        raise ImproperlyConfigured("DATABASE_URL must start with postgres:// or sqlite:///.")
    return config


def _database_url_from_parts() -> str:
    host = read_text("DATABASE_HOST")
    if not host:
        return ""
    user = quote(read_text("DATABASE_USER", "postgres"), safe="")
    password = quote(read_text("DATABASE_PASSWORD"), safe="")
    port = read_int("DATABASE_PORT", 5432, minimum=1)
    return f"postgres://{user}:{password}@{host}:{port}/{read_text('DATABASE_NAME', 'catchall')}"


def read_secret_key(data_dir: Path) -> str:
    """SECRET_KEY, else the one kept in the data folder, made at the first start (mode 0600)."""
    given = read_text("SECRET_KEY")
    if given:
        return given
    path = data_dir / "secret_key"
    try:
        return path.read_text().strip() or _make_secret_key(path)
    except FileNotFoundError:
        return _make_secret_key(path)


def _make_secret_key(path: Path) -> str:
    path.touch(mode=0o600)
    path.write_text(get_random_secret_key())
    return path.read_text().strip()


def read_data_dir() -> Path:
    """The one folder that holds everything; made when absent. Raises ImproperlyConfigured."""
    path = Path(read_text("DATA_DIR", str(BASE_DIR / "data"))).expanduser().resolve()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"DATA_DIR {path} cannot be made: {error.strerror}.") from error
    return path
