"""`manage.py up` as an operator meets it: starts, stops, refuses, speaks plainly."""

import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import httpx
import pytest
from websockets import ConnectionClosed, InvalidStatus, Origin
from websockets.sync.client import connect

from tests.server import ROOT, Site, child_environment, free_port, start_site

pytestmark = pytest.mark.started


def run_up(data_dir: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `up` where it is expected to refuse, and return what it said."""
    return subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env=child_environment(DATA_DIR=str(data_dir), **settings),
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_health_answers_without_a_redirect_and_with_an_id(site: Site) -> None:
    answer = httpx.get(f"{site.base_url}/health", headers={"X-Request-ID": "from-the-proxy.1"})
    assert (answer.status_code, answer.text) == (200, '{"status":"ok"}')
    assert answer.headers["X-Request-ID"] == "from-the-proxy.1"


def test_health_answers_under_any_host_name(site: Site) -> None:
    answer = httpx.get(f"{site.base_url}/health", headers={"Host": "10.1.2.3"})
    assert answer.status_code == 200


def test_every_answer_has_an_id_of_its_own(site: Site) -> None:
    paths = ("/accounts/login/", "/nothing-here", "/api/1/envelope/", "/static/nothing.css")
    ids = {httpx.get(f"{site.base_url}{path}").headers["X-Request-ID"] for path in paths}
    assert len(ids) == len(paths)


def test_an_id_that_could_break_a_log_line_is_replaced(site: Site) -> None:
    answer = httpx.get(f"{site.base_url}/health", headers={"X-Request-ID": "a b\tc"})
    assert len(answer.headers["X-Request-ID"]) == 32


def test_static_files_are_hashed_compressed_and_kept_by_browsers(site: Site) -> None:
    page = httpx.get(f"{site.base_url}/accounts/login/").text
    path = next(part for part in page.split('"') if part.startswith("/static/css/"))
    answer = httpx.get(f"{site.base_url}{path}", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]


def test_endless_headers_are_refused(site: Site) -> None:
    host, _, port = site.base_url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as endless:
        endless.sendall(b"GET / HTTP/1.1\r\nX-Endless: ")
        with suppress(ConnectionError):
            for _ in range(1000):
                endless.sendall(b"x" * 65_536)
        assert endless.recv(100).startswith(b"HTTP/1.1 400 ")


def test_a_second_start_changes_nothing_and_a_stop_is_clean(tmp_path: Path) -> None:
    first = start_site(tmp_path / "data")
    assert first.stop() == 0
    second = start_site(tmp_path / "data")
    started = time.time()
    assert second.stop() == 0
    said = second.log_path.read_text()
    assert said.count("Made the first administrator") == 1
    assert said.count("Brought the database up to date.") == 1
    assert said.count("Gathered the static files.") == 1
    assert said.count("Stopped.") == 2
    assert "Traceback" not in said
    assert max(path.stat().st_mtime for path in (tmp_path / "data" / "static").rglob("*")) < started


def test_ctrl_c_stops_it_cleanly(tmp_path: Path) -> None:
    site = start_site(tmp_path / "data")
    site.process.send_signal(signal.SIGINT)
    assert site.process.wait(20) == 0
    assert "Traceback" not in site.log_path.read_text()


def test_a_one_time_password_is_printed_once(tmp_path: Path) -> None:
    without = {"ADMIN_EMAIL": "", "ADMIN_PASSWORD": ""}
    for _ in range(2):
        assert start_site(tmp_path / "data", settings=without).stop() == 0
    said = (tmp_path / "data.log").read_text()
    assert said.count("one-time password: ") == 1


def test_a_port_in_use_is_named(site: Site, tmp_path: Path) -> None:
    port = site.base_url.rpartition(":")[2]
    refused = run_up(tmp_path / "other", PORT=port)
    assert refused.returncode == 1
    assert refused.stderr.strip() == (
        f"CommandError: Port {port} is in use. Stop what listens there, or set PORT to another."
    )


def test_a_database_that_does_not_answer_is_named(tmp_path: Path) -> None:
    url = f"postgres://catchall:hunter2@127.0.0.1:{free_port()}/catchall"
    refused = run_up(tmp_path / "data", PORT=str(free_port()), DATABASE_URL=url)
    assert refused.returncode == 1
    said = refused.stderr.strip()
    assert said.startswith("CommandError: The database of DATABASE_URL cannot be used:")
    assert "Traceback" not in said
    assert "hunter2" not in said


def test_a_data_folder_in_use_is_named(site: Site) -> None:
    refused = run_up(site.data_dir, PORT=str(free_port()))
    assert refused.returncode == 1
    assert "runs on this data folder already" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_bad_setting_is_one_line_that_names_it(tmp_path: Path) -> None:
    refused = run_up(tmp_path / "data", PORT="eighty")
    assert refused.returncode == 1
    assert refused.stderr == "Cannot start: PORT must be a whole number, not 'eighty'.\n"


def close_code(site: Site, path: str) -> int | None:
    """With which code the site ends a stranger's WebSocket; None where it refuses one at all."""
    address = site.base_url.replace("http", "ws", 1) + path
    try:
        with connect(address, origin=Origin(site.base_url)) as opened, suppress(ConnectionClosed):
            opened.recv(timeout=10)
    except InvalidStatus:
        return None
    return opened.close_code


def test_strangers_hear_nothing_over_websockets(site: Site) -> None:
    assert close_code(site, "/ws/issues/") == 4403
    assert close_code(site, "/ws/nothing/") is None
    assert "Traceback" not in site.log_path.read_text()


def test_the_site_lives_below_a_path(tmp_path: Path) -> None:
    port = free_port()
    site = start_site(
        tmp_path / "data",
        port=port,
        settings={"SITE_URL": f"http://127.0.0.1:{port}/tracker"},
    )
    try:
        dsn = site.create_project("Below")
        assert f"@127.0.0.1:{port}/tracker/" in dsn
        page = httpx.get(f"{site.base_url}/tracker/accounts/login/")
        assert page.status_code == 200
        path = next(part for part in page.text.split('"') if "/static/css/" in part)
        assert path.startswith("/tracker/static/")
        assert httpx.get(f"{site.base_url}{path}").status_code == 200
        assert httpx.get(f"{site.base_url}/tracker/health").status_code == 200
        assert close_code(site, "/tracker/ws/issues/") == 4403
    finally:
        site.stop()


def test_a_clean_stop_loses_no_number(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    site = start_site(data_dir)
    for _ in range(3):
        assert httpx.post(f"{site.base_url}/api/1/envelope/", content=b"{}").status_code == 401

    assert site.stop() == 0

    with closing(sqlite3.connect(data_dir / "catchall.sqlite3")) as database:
        query = "SELECT quantity FROM projects_outcomecount WHERE reason = 'no_key'"
        assert database.execute(query).fetchall() == [(3,)]
