"""OpenTelemetry's exporters as their users set them up: what they send is kept, scrubbed."""

import sys
from typing import Any
from urllib.parse import urlsplit

import pytest

from projects.addresses import other_addresses
from tests.sdk.processes import run_app
from tests.sdk.storage import Stored, read_stored
from tests.server import Site, wait_until

pytestmark = pytest.mark.sdk


@pytest.fixture(scope="module")
def kept(site: Site) -> Stored:
    """What is kept of a job's traces and logs."""
    dsn = urlsplit(site.create_project("stock"))
    addresses = other_addresses(site.base_url, int(dsn.path.strip("/")), str(dsn.username))
    text = next(address.text for address in addresses if address.name == "OpenTelemetry")
    settings = dict(line.split("=", 1) for line in text.splitlines())

    errors = run_app(sys.executable, "opentelemetry_app.py", settings=settings)

    assert not errors, errors

    def look() -> Stored | None:
        stored = read_stored(site, ["stock"])["stock"]
        return stored if len(stored.items) == 2 else None

    return wait_until(look, "traces and logs")


def test_traces_are_kept_with_their_ids_in_hex(kept: Stored) -> None:
    item = kept.only("otlp_traces")

    (scope,) = item.json["resourceSpans"][0]["scopeSpans"]
    spans: dict[str, Any] = {span["name"]: span for span in scope["spans"]}
    assert item.headers["item_count"] == 2
    assert spans["weigh"]["parentSpanId"] == spans["count"]["spanId"]
    assert len(bytes.fromhex(spans["count"]["traceId"])) == 16


def test_attributes_are_scrubbed_by_their_names(kept: Stored) -> None:
    assert "hunter2" not in kept.only("otlp_traces").payload
    assert "db.password" in kept.only("otlp_traces").payload


def test_logs_are_kept(kept: Stored) -> None:
    (scope,) = kept.only("otlp_logs").json["resourceLogs"][0]["scopeLogs"]
    (record,) = scope["logRecords"]
    assert record["body"] == {"stringValue": "shelf 7 is empty"}
    assert record["severityNumber"] == 13
