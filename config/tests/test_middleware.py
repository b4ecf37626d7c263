"""What every answer carries: the request's id, which the logs have too, and the policy."""

import logging

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_answers_id_is_in_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        answer = client.get("/accounts/login/")
    (finished,) = (
        record.msg
        for record in caplog.records
        if isinstance(record.msg, dict) and record.msg.get("event") == "request_finished"
    )
    assert finished["request_id"] == answer.headers["X-Request-ID"]


def test_a_proxys_id_is_kept(client: Client) -> None:
    answer = client.get("/accounts/login/", headers={"X-Request-ID": "edge-7.f00"})
    assert answer.headers["X-Request-ID"] == "edge-7.f00"


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "a\nb", "ü"])
def test_an_id_that_is_no_id_is_replaced(client: Client, given: str) -> None:
    answer = client.get("/accounts/login/", headers={"X-Request-ID": given})
    assert len(answer.headers["X-Request-ID"]) == 32


@pytest.mark.parametrize(
    ("path", "cookie"),
    [
        ("/issues/", r'sessionid="aaaaaaaaaaaa\000aaaa"'),
        ("/issues/?query=%00", ""),
    ],
)
def test_a_nul_that_no_database_looks_up_is_refused(client: Client, path: str, cookie: str) -> None:
    assert client.get(path, headers={"Cookie": cookie}).status_code == 400


def test_pages_carry_the_content_security_policy(client: Client) -> None:
    policy = client.get("/accounts/login/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_no_log_holds_a_key_of_an_address(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for path in ("/accounts/login/", "/nothing-here", "/api/1/envelope/"):
            client.get(f"{path}?api_key=cak_s3cret&limit=5", headers={"X-API-Key": "cak_h3ader"})
    logged = " ".join(str(record.msg) + record.getMessage() for record in caplog.records)
    assert "limit=5" in logged
    assert "s3cret" not in logged
    assert "h3ader" not in logged
