"""What some tests need beside Python: found on this machine, installed, or started for a while.

Each is a context manager that gives variables of the environment, or raises Missing.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest

NODE_DIR = Path(__file__).resolve().parent / "node"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
POSTGRES_SERVERS = (
    "postgres://postgres@127.0.0.1:5432",
    "postgres://postgres@%2Fvar%2Frun%2Fpostgresql",
    "postgres://%2Fvar%2Frun%2Fpostgresql",
)
START_TIMEOUT_S = 30


class Missing(Exception):
    """Something is not here and cannot be had; the text says what and how to get it."""


def leave_out(reason: str) -> NoReturn:
    """Skip the test, saying why; in CI nothing may be left out."""
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(f"Nothing is skipped in CI, but {reason}.")
    pytest.skip(reason)


@contextmanager
def chromium() -> Iterator[dict[str, str]]:
    """A browser: Debian's package, which apt-get brings where it may."""
    path = find_chromium() or (_install("chromium") and find_chromium())
    if not path:
        raise Missing("no Chromium: install the package chromium (as root it is done for you)")
    yield {"CHROMIUM": path}


def find_chromium() -> str | None:
    """The path of an installed Chromium, of the variable CHROMIUM first."""
    given = os.environ.get("CHROMIUM")
    return given or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def _install(package: str) -> bool:
    """Have Debian's package installed, as root only; whether it was tried."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"Installing {package} for the tests (apt-get)", flush=True)
    quiet = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update"], ["install", "-y", "--no-install-recommends", package]):
        subprocess.run([*quiet, *step], env=environment, stdout=subprocess.DEVNULL, check=False)
    return True


@contextmanager
def caddy() -> Iterator[dict[str, str]]:
    """The proxy: Debian's package, which apt-get brings where it may."""
    if not shutil.which("caddy") and not (_install("caddy") and shutil.which("caddy")):
        raise Missing("no Caddy: install the package caddy (as root it is done for you)")
    yield {}


@contextmanager
def postgres_programs() -> Iterator[dict[str, str]]:
    """The programs of PostgreSQL; each test run starts servers of its own."""
    postgres_binaries()
    yield {}


@contextmanager
def node_packages() -> Iterator[dict[str, str]]:
    """The packages of tests/node, as its lock file pins them."""
    npm = shutil.which("npm")
    if not npm:
        raise Missing("no npm: install Node.js 20.19 or later")
    lock = NODE_DIR / "package-lock.json"
    installed = NODE_DIR / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        print("Installing JavaScript packages for the tests (npm ci)", flush=True)
        done = subprocess.run([npm, "ci", "--loglevel=error", "--ignore-scripts"], cwd=NODE_DIR)
        if done.returncode:
            raise Missing("npm ci failed in tests/node (its words are above)")
        installed.touch()
    yield {}


@contextmanager
def redis() -> Iterator[dict[str, str]]:
    """The program redis-server; each test run starts servers of its own."""
    if not shutil.which("redis-server"):
        raise Missing("no Redis: install redis-server")
    yield {}


@contextmanager
def postgres() -> Iterator[dict[str, str]]:
    """A database of this run on a PostgreSQL server: a running one, else one of our own."""
    server = next(filter(_may_create_databases, POSTGRES_SERVERS), None)
    if server:
        yield {"DATABASE_URL": _database_on(server)}
        return
    with _own_server() as own:
        yield {"DATABASE_URL": _database_on(own)}


def _database_on(server: str) -> str:
    # pytest-django makes test_<name> and removes it.
    return f"{server}/catchall_{os.getpid()}"


def _may_create_databases(server: str) -> bool:
    query = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    try:
        with psycopg.connect(f"{server}/postgres", connect_timeout=3) as connection:
            row = connection.execute(query).fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


@contextmanager
def _own_server() -> Iterator[str]:
    """A server in a temporary folder, reached by its socket only."""
    binaries = postgres_binaries()
    # Sockets have short paths: not below a test run's own deep folders.
    with tempfile.TemporaryDirectory(prefix="catchall-pg-", dir="/tmp") as folder:
        user = unprivileged_user()
        os.chown(folder, user.pw_uid, user.pw_gid)

        def run(program: str, *arguments: str) -> None:
            # initdb refuses to run as root.
            done = subprocess.run(
                [str(binaries / program), *arguments],
                user=user.pw_uid,
                group=user.pw_gid,
                cwd=folder,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
                capture_output=True,
                text=True,
            )
            if done.returncode:
                raise Missing(f"PostgreSQL's {program} failed: {done.stderr.strip()[-300:]}")

        data, log = f"{folder}/data", f"{folder}/log"
        run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        run("pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")
        try:
            yield f"postgres://postgres@{folder.replace('/', '%2F')}"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def postgres_binaries() -> Path:
    """The folder of initdb, pg_ctl and their like. Raises Missing."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        raise Missing("no PostgreSQL: start one on 127.0.0.1:5432, or install postgresql")
    return (found[-1] if found else Path(str(on_path)).resolve()).parent


def unprivileged_user() -> pwd.struct_passwd:
    """Whom servers run as that refuse to run as root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
