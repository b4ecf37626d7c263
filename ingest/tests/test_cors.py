"""Browsers: what they may send, and that they can read every answer."""

from types import SimpleNamespace

import pytest

from ingest.protocol.cors import is_allowed
from ingest.tests.conftest import ReadableInbox, Shop
from ingest.tests.sending import Send, event_envelope

SHOP = "https://shop.example"
REQUEST_HEADERS = (
    "x-sentry-auth x-requested-with x-forwarded-for origin referer accept content-type "
    "authentication authorization content-encoding transfer-encoding baggage sentry-trace"
)


def test_any_origin_may_send_by_default(send: Send, shop: Shop) -> None:
    answer = send(f"{shop.envelope}?sentry_key={shop.key}", event_envelope(), {"Origin": SHOP})

    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    exposed = answer.headers["access-control-expose-headers"]
    assert exposed == "x-sentry-error, x-sentry-rate-limits, retry-after"


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("{envelope}", b"", {}, 401),
        ("{envelope}?sentry_key=00000000000000000000000000000000", b"", {}, 403),
        ("{envelope}?sentry_key={key}", b"", {}, 400),
        ("{envelope}?sentry_key={key}", b"", {"Content-Encoding": "x"}, 415),
        ("{envelope}?sentry_key={key}", b"x" * 2000, {}, 413),
        ("/api/shop/envelope/?sentry_key={key}", b"", {}, 400),
        ("{store}?sentry_key={key}", b"[]", {}, 400),
    ],
)
def test_a_browser_can_read_every_refusal(
    send: Send,
    shop: Shop,
    settings: SimpleNamespace,
    path: str,
    body: bytes,
    headers: dict[str, str],
    status: int,
) -> None:
    settings.MAX_BODY_BYTES = 1024

    answer = send(path.format(**vars(shop)), body, {"Origin": SHOP, **headers})

    assert answer.status == status
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "x-sentry-error" in answer.headers["access-control-expose-headers"]
    assert answer.headers["x-sentry-error"] == answer.json["detail"]


@pytest.mark.parametrize(("endpoint", "methods"), [("envelope", "POST"), ("store", "GET, POST")])
def test_a_preflight_is_answered(send: Send, shop: Shop, endpoint: str, methods: str) -> None:
    headers = {
        "Origin": SHOP,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-sentry-auth,content-type",
    }

    answer = send(getattr(shop, endpoint), b"", headers, method="OPTIONS")

    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == f"{methods}, OPTIONS"
    assert answer.headers["access-control-allow-headers"].replace(",", "") == REQUEST_HEADERS
    assert answer.headers["access-control-max-age"] == "3600"


def test_a_project_may_name_its_origins(send: Send, shop: Shop, inbox: ReadableInbox) -> None:
    shop.change(allowed_origins=(SHOP, "*.shop.example"))
    path = f"{shop.envelope}?sentry_key={shop.key}"

    allowed = send(path, event_envelope(), {"Origin": SHOP})
    refused = send(path, event_envelope(), {"Origin": "https://thief.example"})
    server = send(path, event_envelope())

    assert allowed.status == 200
    assert allowed.headers["access-control-allow-origin"] == SHOP
    assert "origin" in allowed.headers["vary"].lower()
    assert refused.status == 403
    assert refused.json["detail"] == "The project does not take events from this origin."
    assert "access-control-allow-origin" not in refused.headers
    assert server.status == 200
    assert inbox.depth() == 2


def test_a_preflight_knows_the_projects_origins_by_the_key(send: Send, shop: Shop) -> None:
    shop.change(allowed_origins=(SHOP,))
    path = f"{shop.envelope}?sentry_key={shop.key}"

    def allowed_origin(origin: str) -> str | None:
        answer = send(path, b"", {"Origin": origin}, method="OPTIONS")
        return answer.headers.get("access-control-allow-origin")

    assert allowed_origin(SHOP) == SHOP
    assert allowed_origin("https://thief.example") is None


@pytest.mark.parametrize(
    ("origin", "entry", "expected"),
    [
        ("https://a.example", "*", True),
        ("https://a.example", "https://a.example", True),
        ("https://A.example", "https://a.example/", True),
        ("http://a.example", "https://a.example", False),
        ("https://a.example:8443", "https://a.example", False),
        ("https://a.example:8443", "a.example", True),
        ("https://b.a.example", "a.example", False),
        ("https://b.a.example", "*.a.example", True),
        ("https://a.example", "*.a.example", False),
        ("https://evila.example", "*.a.example", False),
        ("https://a.example.evil", "https://a.example", False),
        ("null", "a.example", False),
        ("https://[", "a.example", False),
    ],
)
def test_origins_are_matched_whole(origin: str, entry: str, expected: bool) -> None:
    assert is_allowed(origin, ["https://other.example", entry]) is expected
