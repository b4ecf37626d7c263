"""sentry-sdk as its users set it up: the issue's page says what crashed, where, and for whom."""

import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.sdk.processes import keep_running, run_app, serve_app
from tests.sdk.reading import Page, Visitor
from tests.server import Site

pytestmark = pytest.mark.sdk

# What a request carries that nobody may read later.
SECRET_HEADERS = {
    "Authorization": "Bearer s3cret-bearer",
    "Cookie": "sessionid=feedbeef; theme=dark",
}
SECRETS = ("s3cret-bearer", "feedbeef", "hunter2", "4111 1111")


def test_script_that_crashes_becomes_an_issue(site: Site, visitor: Visitor) -> None:
    dsn = site.create_project("report")

    errors = run_app(sys.executable, "script.py", settings={"SENTRY_DSN": dsn})

    assert "ZeroDivisionError: float division by zero" in errors
    page = visitor.open_issue("report", "ZeroDivisionError")
    page.assert_says(
        "Error ZeroDivisionError: float division by zero",
        "__main__ in add_up",
        "script.py add_up line 12 in app",
        "12 return rounded / people",
        "job read three invoices",
    )
    assert page.values_of("rounded") == {"118.5"}
    assert_says_who_and_where(
        page, release="report@2.0.1", environment="staging", user="42", tag="region eu-west"
    )
    page.assert_says("server_name worker-7", "ana@example.com")


@pytest.fixture(scope="module")
def shop_page(site: Site, visitor: Visitor) -> Page:
    """The issue of a FastAPI request that crashed."""
    dsn = site.create_project("shop")
    server = (sys.executable, "-m", "uvicorn", "fastapi_app:app", "--port", "{port}")
    with serve_app(*server, settings={"SENTRY_DSN": dsn}) as client:
        answer = client.post(
            "/orders/981/pay?table=4",
            json={"password": "hunter2", "card": "4111 1111 1111 1111"},
            headers={**SECRET_HEADERS, "Host": "shop.example"},
        )
        assert answer.status_code == 500
        return visitor.open_issue("shop", "ZeroDivisionError")


def test_fastapi_request_that_crashes_becomes_an_issue(shop_page: Page, visitor: Visitor) -> None:
    shop_page.assert_says(
        "Error ZeroDivisionError: division by zero",
        "fastapi_app in split_bill",
        "fastapi_app.py split_bill line 36 in app",
        "36 return rounded_total / people",
        "frames of libraries",
        "cart cart was opened",
        "POST http://shop.example/orders/981/pay?table=4",
    )
    assert shop_page.values_of("total") == {"118.5"}
    assert shop_page.values_of("order_id") == {"981"}
    assert_says_who_and_where(
        shop_page, release="shop@1.4.2", environment="staging", user="42", tag="region eu-west"
    )
    assert visitor.list_says("shop", "/orders/{order_id}/pay")


def test_what_a_fastapi_request_keeps_secret_is_filtered(shop_page: Page, visitor: Visitor) -> None:
    assert shop_page.values_of("authorization") == {"[Filtered]"}
    assert shop_page.values_of("sessionid") == {"[Filtered]"}
    assert shop_page.values_of("theme") == {"dark"}
    # The local variable, and the field of the body that was sent.
    assert shop_page.values_of("password") == {"[Filtered]"}
    shop_page.assert_says('{"password": "[Filtered]", "card": "[Filtered]"}')
    raw_url = next(link for link in shop_page.links if link.endswith("/raw/"))
    event_url = raw_url.removesuffix("raw/")
    for url in (shop_page.url, *(event_url + part for part in ("json/", "markdown/", "envelope/"))):
        text = visitor.http.get(url).raise_for_status().text
        assert "ZeroDivisionError" in text
        assert not [secret for secret in SECRETS if secret in text], url


def test_django_view_that_crashes_becomes_an_issue(site: Site, visitor: Visitor) -> None:
    dsn = site.create_project("books")
    server = (sys.executable, "django_app.py", "runserver", "--noreload", "127.0.0.1:{port}")

    with serve_app(*server, settings={"SENTRY_DSN": dsn, "SECRET_KEY": "of-books"}) as client:
        answer = client.get("/books/31/lend?desk=2", headers=SECRET_HEADERS)
        page = visitor.open_issue("books", "LookupError")

    assert answer.status_code == 500
    page.assert_says(
        "Error LookupError: book 31 stands nowhere",
        "__main__ in lend",
        'raise LookupError(f"book {book_id} stands nowhere") from error',
        "caused by ValueError",
        "31 is not in list",
        'position = shelf["known"].index(book_id)',
        "desk card was read",
        f"GET {answer.url}",
    )
    assert page.values_of("book_id") == {"31"}
    assert page.values_of("Authorization") == {"[Filtered]"}
    assert page.values_of("sessionid") == {"[Filtered]"}
    assert_says_who_and_where(
        page, release="books@3.1", environment="production", user="7", tag="shelf b-12"
    )


def test_celery_task_that_fails_becomes_an_issue(
    site: Site, visitor: Visitor, tmp_path: Path
) -> None:
    dsn = site.create_project("shop-worker")
    settings = {"SENTRY_DSN": dsn, "QUEUE_DIR": str(tmp_path)}
    run_app(sys.executable, "celery_app.py", settings=settings)
    worker = (sys.executable, "-m", "celery", "-A", "celery_app", "worker", "--pool", "solo")

    with keep_running(*worker, settings=settings):
        page = visitor.open_issue("shop-worker", "KeyError")

    page.assert_says(
        "Error KeyError: 'accepted 1250'",
        "celery_app in charge",
        'return answers[f"accepted {cents}"]',
        "payment gateway was asked",
        "shop.charge",
    )
    assert page.values_of("cents") == {"1250"}
    assert_says_who_and_where(
        page, release="shop-worker@0.9", environment="production", user="anna", tag="gateway north"
    )


def assert_says_who_and_where(
    page: Page, *, release: str, environment: str, user: str, tag: str
) -> None:
    """What every application tells about itself and its user, and the SDK about itself."""
    page.assert_says(f"release {release}", f"environment {environment}", tag)
    assert user in page.values_of("id")
    page.assert_says("sentry.python", f" {version('sentry-sdk')}")
