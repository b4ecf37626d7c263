"""The three services of the demo: what they run on, and when their releases went out."""

from dataclasses import dataclass

from config.demo.library_frames import CELERY, FASTAPI
from config.demo.stories_billing_closing import STORIES as CLOSING
from config.demo.stories_billing_ledger import STORIES as LEDGER
from config.demo.stories_billing_payments import STORIES as BILLING_PAYMENTS
from config.demo.stories_shop_accounts import STORIES as ACCOUNTS
from config.demo.stories_shop_carts import STORIES as CARTS
from config.demo.stories_shop_catalogue import STORIES as CATALOGUE
from config.demo.stories_shop_checkout import STORIES as CHECKOUT
from config.demo.stories_shop_payments import STORIES as SHOP_PAYMENTS
from config.demo.stories_web_catalogue import STORIES as WEB_CATALOGUE
from config.demo.stories_web_checkout import STORIES as WEB_CHECKOUT
from config.demo.stories_web_site import STORIES as WEB_SITE
from config.demo.story import Story

# A release is tried out on staging this long before it goes out.
STAGING_LEAD_H = 2.0


@dataclass(frozen=True, slots=True)
class Deploy:
    """A release, and how many hours ago it went to production."""

    version: str
    hours_ago: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One project: its name and prefix, releases from the oldest on, hosts, and stories.

    platform: of `projects.models.PLATFORMS`.
    code:     which files of `code/` are its own; "" in the browser.
    entry:    the library frames before its own.
    """

    name: str
    prefix: str
    platform: str
    deploys: tuple[Deploy, ...]
    stories: tuple[Story, ...]
    code: str = ""
    hosts: tuple[str, ...] = ()
    entry: tuple[str, ...] = ()
    modules: dict[str, str]
    integrations: tuple[str, ...]
    mechanism: str

    def release_at(self, hours_ago: float, *, staging: bool, is_stale: bool) -> str:
        """The version that ran then; for a stale page the one before it."""
        lead = STAGING_LEAD_H if staging else 0.0
        current = sum(deploy.hours_ago + lead >= hours_ago for deploy in self.deploys) - 1
        return self.deploys[max(0, current - is_stale)].version


SHOP_API = Service(
    name="shop-api",
    prefix="SHOP",
    platform="python-fastapi",
    deploys=(
        Deploy("5.17.4", 290),
        Deploy("5.18.0", 122.2),
        Deploy("5.18.1", 72.3),
        Deploy("5.19.0", 5.5),
    ),
    stories=(*CARTS, *CHECKOUT, *SHOP_PAYMENTS, *CATALOGUE, *ACCOUNTS),
    code="shop_api",
    hosts=("api-1", "api-2", "api-3", "api-4"),
    entry=FASTAPI,
    modules={
        "fastapi": "0.121.2",
        "starlette": "0.49.3",
        "pydantic": "2.12.4",
        "sqlalchemy": "2.0.44",
        "asyncpg": "0.30.0",
        "redis": "7.0.1",
        "httpx": "0.28.1",
        "uvicorn": "0.38.0",
        "pyjwt": "2.10.1",
        "pillow": "12.0.0",
        "orjson": "3.11.4",
        "sentry-sdk": "2.75.0",
    },
    integrations=("asyncio", "fastapi", "httpx", "logging", "redis", "sqlalchemy", "starlette"),
    mechanism="starlette",
)
SHOP_WEB = Service(
    name="shop-web",
    prefix="WEB",
    platform="javascript",
    deploys=(
        Deploy("3.40.1", 284),
        Deploy("3.41.0", 98.3),
        Deploy("3.42.0", 52.4),
        Deploy("3.43.0", 6.2),
    ),
    stories=(*WEB_CHECKOUT, *WEB_CATALOGUE, *WEB_SITE),
    modules={},
    integrations=(
        "InboundFilters",
        "FunctionToString",
        "BrowserApiErrors",
        "Breadcrumbs",
        "GlobalHandlers",
        "LinkedErrors",
        "Dedupe",
        "HttpContext",
        "BrowserSession",
    ),
    mechanism="auto.browser.global_handlers.onerror",
)
BILLING_WORKER = Service(
    name="billing-worker",
    prefix="BILL",
    platform="python",
    deploys=(
        Deploy("1.9.4", 310),
        Deploy("1.9.5", 102.4),
        Deploy("1.10.0", 29.4),
        Deploy("1.10.1", 7.4),
    ),
    stories=(*BILLING_PAYMENTS, *LEDGER, *CLOSING),
    code="billing_worker",
    hosts=("worker-1", "worker-2"),
    entry=CELERY,
    modules={
        "celery": "5.5.3",
        "billiard": "4.2.2",
        "kombu": "5.5.4",
        "psycopg": "3.2.12",
        "psycopg-pool": "3.2.7",
        "redis": "7.0.1",
        "requests": "2.32.5",
        "urllib3": "2.5.0",
        "boto3": "1.40.76",
        "weasyprint": "66.0",
        "pydantic": "2.12.4",
        "sentry-sdk": "2.75.0",
    },
    integrations=("celery", "logging", "modules", "redis", "stdlib", "threading"),
    mechanism="celery",
)
SERVICES = (SHOP_API, SHOP_WEB, BILLING_WORKER)
