"""What the proxy writes down of requests that reach nobody: no secret of theirs."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.server import ROOT, free_port, wait_until

pytestmark = pytest.mark.production

SECRETS = {
    "X-API-Key": "cak_0_header",
    "Authorization": "Bearer cat_0_bearer",
    "Cookie": "sessionid=cookie0secret",
    "Referer": "http://site/accounts/password/reset/key/1-referer0secret/",
}


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[str]:
    """The address of a proxy behind which nothing is."""
    port, nobody = free_port(), f"127.0.0.1:{free_port()}"
    config = (ROOT / "deploy" / "Caddyfile").read_text()
    # Nobody comes in these ten seconds, either.
    (tmp_path / "Caddyfile").write_text(config.replace("lb_try_duration 10s", ""))
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PROXY_ADDRESS": f"http://127.0.0.1:{port}",
        "PROXY_BIND": "127.0.0.1",
        "PROXY_TRUSTED": "",
        "PROXY_HOSTS": "alone",
        "INGEST_UPSTREAMS": nobody,
        "WEB_UPSTREAMS": nobody,
    }
    command = ["caddy", "run", "--config", "Caddyfile", "--adapter", "caddyfile"]
    with (tmp_path / "log").open("wb") as log:
        running = subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    yield f"http://127.0.0.1:{port}"
    running.terminate()
    running.wait(20)


def test_the_log_of_the_proxy_holds_no_secret(proxy: str, tmp_path: Path) -> None:
    def is_there() -> bool:
        try:
            return httpx.get(f"{proxy}/health").status_code == 502
        except httpx.TransportError:
            return False

    wait_until(is_there, "the proxy")
    for path in (
        "/api/errors?limit=5&api_key=cak_0_query&offset=5",
        "/api/browser/errors?key=0123456789abcdef",
        "/accounts/password/reset/key/1-path0secret/",
    ):
        assert httpx.get(proxy + path, headers=SECRETS).status_code == 502
    log = (tmp_path / "log").read_text()
    assert "/api/errors?limit=5&api_key=hidden&offset=5" in log
    for secret in ("cak_0", "cat_0", "0123456789abcdef", "0secret"):
        assert secret not in log
