"""Typed access to the environment: every variable is read here, under its name or an old one."""

import re
import sqlite3
from contextlib import closing
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from redis import ConnectionPool

from common.secret_texts import MAX_LENGTH, is_sendable

BASE_DIR = Path(__file__).resolve().parent.parent.parent

# NAME_FILE holds the value of NAME: secrets come from files in containers.
environment = environ.FileAwareEnv()

# Names that the replaced systems used; two that disagree stop the start.
ALIASES = {"SITE_URL": ("BASE_URL",), "DEFAULT_FROM_EMAIL": ("POSTMARK_FROM_EMAIL",)}

# Old names that have no use yet: what they turned on there is not here.
WITHOUT_USE = (
    "ALERT_EMAILS",
    "TELEGRAM_TOKEN",
    "RETENTION_RAW",
    "RETENTION_MINUTE",
    "RETENTION_HOURLY",
    "AGGREGATION_INTERVAL",
    "CONTAINERS",
    "LOG_SOURCES",
    "MAX_ENTRIES",
    "POLL_INTERVAL",
    "TAIL_BUFFER",
)

REDIS_SCHEMES = ("redis", "rediss")

# Every variable that was read, with its default: docs/settings.md is tested against it.
DEFAULTS: dict[str, object] = {}


def read_text(name: str, default: str = "") -> str:
    """The variable's value without surrounding space; an empty one counts as absent."""
    DEFAULTS.setdefault(name, default)
    return _read(name) or default


def names_without_use() -> list[str]:
    """The old variables that are set and change nothing."""
    return [name for name in WITHOUT_USE if _read(name)]


def read_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """The variable, which must be one of a few words; case does not matter."""
    DEFAULTS.setdefault(name, default)
    value = _read(name) or default
    for choice in choices:
        if value.lower() == choice.lower():
            return choice
    raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")


def read_int(name: str, default: int, *, minimum: int = 0, maximum: int | None = None) -> int:
    """The variable as a whole number within its bounds; stops the start otherwise."""
    DEFAULTS.setdefault(name, default)
    text = _read(name)
    if not text:
        return default
    try:
        value = int(text)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {text!r}.") from error
    if value < minimum:
        raise ImproperlyConfigured(f"{name} must be at least {minimum}, not {value}.")
    if maximum is not None and value > maximum:
        raise ImproperlyConfigured(f"{name} must be at most {maximum}, not {value}.")
    return value


def read_bool(name: str, default: bool) -> bool:
    """The variable as a switch: 1, true, yes, on against 0, false, no, off."""
    DEFAULTS.setdefault(name, default)
    text = _read(name).lower()
    if not text:
        return default
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be on or off, not {text!r}.")


def read_networks(name: str) -> list[str]:
    """The variable as addresses and CIDR blocks, split at commas."""
    parts = [part.strip() for part in read_text(name).split(",") if part.strip()]
    for part in parts:
        try:
            ip_network(part)
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{name} must list addresses or blocks like 10.0.0.0/8; {part!r} is none."
            ) from error
    return parts


def read_server(name: str, schemes: tuple[str, ...]) -> str:
    """The address of a server beside the site, which begins with one of the schemes.

    Raises ImproperlyConfigured, without the address: it may hold a password.
    """
    url = read_text(name)
    wrong = ImproperlyConfigured(
        f"{name} must be like {schemes[0]}://host:port, a password in it percent-encoded."
    )
    try:
        parts = urlsplit(url)
        has_port = parts.port is None or parts.port > 0
    except ValueError as error:
        raise wrong from error
    if url and not (parts.scheme in schemes and parts.hostname and has_port):
        raise wrong
    return url


def read_redis(name: str) -> str:
    """As read_server, for Redis: its database is a number, and its client knows every option."""
    url = read_server(name, REDIS_SCHEMES)
    number = urlsplit(url).path.removeprefix("/")
    try:
        ConnectionPool.from_url(url or "redis://").make_connection()
    except (TypeError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} has options that Redis's client refuses.") from error
    if number and not number.isdecimal():
        raise ImproperlyConfigured(f"{name} must end with the database's number, like /0.")
    return url


# What no host's name holds; addresses in brackets are IPv6.
_IN_NO_HOST = re.compile(r"[^\w.:\[\]-]")


def read_site_url(default: str) -> str:
    """The address users type, without a trailing slash. Raises ImproperlyConfigured."""
    url = read_text("SITE_URL", default).rstrip("/")
    wrong = ImproperlyConfigured(f"SITE_URL must be like https://errors.example.com, not {url!r}.")
    try:
        parts = urlsplit(url)
        has_port = parts.port is None or parts.port > 0
    except ValueError as error:
        raise wrong from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or not has_port:
        raise wrong
    if (
        parts.query
        or parts.fragment
        or parts.username is not None
        or _IN_NO_HOST.search(parts.netloc)
    ):
        raise wrong
    return url


def read_database(data_dir: Path) -> dict[str, Any]:
    """Django's settings for DATABASE_URL, the old parts of it, or SQLite in the data folder."""
    url = read_text("DATABASE_URL") or _database_url_from_parts()
    if not url:
        url = f"sqlite:///{data_dir / 'catchall.sqlite3'}"
    # First: of a scheme that it does not know, the library warns with the whole URL.
    if url.partition("://")[0] not in ("sqlite", *_SERVERS):
        raise ImproperlyConfigured("DATABASE_URL must start with postgres:// or sqlite:///.")
    return _parse_database("DATABASE_URL", url)


def read_replica() -> dict[str, Any] | None:
    """Django's settings for DATABASE_REPLICA_URL, what it names; None without. As above."""
    url = read_text("DATABASE_REPLICA_URL")
    if url and url.partition("://")[0] not in _SERVERS:
        raise ImproperlyConfigured("DATABASE_REPLICA_URL must start with postgres://.")
    return _parse_database("DATABASE_REPLICA_URL", url) if url else None


_SERVERS = ("postgres", "postgresql", "psql", "pgsql")


def _parse_database(name: str, url: str) -> dict[str, Any]:
    try:
        database = dict(environment.db_url_config(url))
    except (ValueError, ImproperlyConfigured) as error:
        # The error itself may quote a piece of the password.
        raise ImproperlyConfigured(
            f"{name} cannot be read: percent-encode special characters in its password."
        ) from error
    if not database["NAME"]:
        raise ImproperlyConfigured(f"{name} must name a database, as in postgres://host/catchall.")
    return database


def prepare_sqlite_file(name: str) -> None:
    """Make the database's file when it is absent, with what counts only before its first page.

    8 KB pages hold seven payloads without waste, and vacuum gives deleted space back.
    Raises: ImproperlyConfigured.
    """
    if name == ":memory:" or Path(name).exists():
        return
    try:
        with closing(sqlite3.connect(name)) as connection:
            connection.executescript(
                "PRAGMA page_size=8192; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;"
            )
    except sqlite3.Error as error:
        raise ImproperlyConfigured(f"The database {name} cannot be made: {error}.") from error


def _database_url_from_parts() -> str:
    host = read_text("DATABASE_HOST")
    user = quote(read_text("DATABASE_USER", "postgres"), safe="")
    password = quote(read_text("DATABASE_PASSWORD"), safe="")
    port = read_int("DATABASE_PORT", 5432, minimum=1, maximum=65535)
    name = quote(read_text("DATABASE_NAME", "catchall"), safe="")
    return f"postgres://{user}:{password}@{host}:{port}/{name}" if host else ""


def read_api_key(name: str) -> str:
    """The variable as a key that clients can send. Raises ImproperlyConfigured, without it."""
    text = read_text(name)
    if text and not is_sendable(text):
        raise ImproperlyConfigured(
            f"{name} must be 1 to {MAX_LENGTH} letters, digits and signs of ASCII, without spaces."
        )
    return text


def read_email_url() -> str:
    """EMAIL_URL, or what POSTMARK_API_TOKEN stands for. Raises ImproperlyConfigured for both."""
    url, token = read_text("EMAIL_URL"), read_text("POSTMARK_API_TOKEN")
    if url and token:
        raise ImproperlyConfigured(
            "EMAIL_URL and POSTMARK_API_TOKEN both say how mail is sent: leave one of them out."
        )
    secret = quote(token, safe="")
    return f"smtp+tls://{secret}:{secret}@smtp.postmarkapp.com:587" if token else url


def read_email(url: str) -> dict[str, Any]:
    """The parts of EMAIL_URL under the names of Django's settings. Raises ImproperlyConfigured."""
    try:
        return dict(environment.email_url_config(url))
    except (ValueError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(
            "EMAIL_URL must be like smtp+tls://user:password@mail.example.com:587."
        ) from error


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
    except OSError as error:
        raise ImproperlyConfigured(f"DATA_DIR: {path} cannot be read: {error.strerror}.") from error


def _make_secret_key(path: Path) -> str:
    try:
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key())
    except OSError as error:
        raise ImproperlyConfigured(
            f"DATA_DIR {path.parent} cannot be written: {error.strerror}."
        ) from error
    return path.read_text().strip()


def read_data_dir() -> Path:
    """The one folder that holds everything; made when absent. Raises ImproperlyConfigured."""
    path = Path(read_text("DATA_DIR", str(BASE_DIR / "data"))).expanduser().resolve()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"DATA_DIR {path} cannot be made: {error.strerror}.") from error
    return path


def _read(name: str) -> str:
    names = (name, *ALIASES.get(name, ()))
    given = {each: value for each in names if (value := _read_one(each))}
    if len({value.rstrip("/") for value in given.values()}) > 1:
        raise ImproperlyConfigured(f"{' and '.join(given)} disagree: leave one of them out.")
    return next(iter(given.values()), "")


def _read_one(name: str) -> str:
    try:
        # Not environment.str(): it takes a password that begins with $ for another name.
        return str(environment.ENVIRON.get(name, "")).strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error.strerror}.") from error
