"""What @sentry/browser would have sent from the shop's pages."""

import random
import re
from typing import Any
from urllib.parse import urlsplit

from config.demo.breadcrumbs import lay_trail
from config.demo.browsers import Browser, choose_browser
from config.demo.story import Failure
from config.demo.trails import PAGE_TRAILS
from config.demo.visit import Visit

SHOP = "https://shop.example.com"
SDK_VERSION = "10.25.0"
FRAME = re.compile(r"^(?P<path>\S+):(?P<line>\d+):(?P<column>\d+) (?P<function>.+)$")
# Visitors who have not signed in are known by their address alone.
ANONYMOUS_SHARE = 0.35


def make_browser_event(visit: Visit, rng: random.Random) -> dict[str, Any]:
    """One event of a page, as the browser of this visit words it."""
    story = visit.story
    browser = choose_browser(rng, story.browsers)
    site = SHOP if visit.environment == "production" else "https://staging.shop.example.com"
    page = site + visit.fill(story.place)
    trail = (*PAGE_TRAILS[story.trail], *story.steps)
    return {
        "event_id": f"{rng.getrandbits(128):032x}",
        "timestamp": visit.at,
        "platform": "javascript",
        "level": story.level,
        "release": visit.release,
        "environment": visit.environment,
        **_what_happened(visit, browser, site, page),
        "request": {
            "url": page,
            "headers": {"User-Agent": browser.user_agent, "Referer": f"{site}/"},
        },
        "user": _user(visit, rng),
        "tags": {
            "market": rng.choices(("eu", "uk", "us"), (7, 2, 1))[0],
            "checkout.variant": rng.choice(("one-page", "classic")),
            **story.tags,
        },
        "breadcrumbs": lay_trail(trail, visit.facts, rng, visit.at, pause_s=4.0),
        "contexts": _contexts(browser, rng),
        "transaction": urlsplit(visit.story.place.replace("$slug", ":slug")).path,
        "sdk": {
            "name": "sentry.javascript.browser",
            "version": SDK_VERSION,
            "packages": [{"name": "npm:@sentry/browser", "version": SDK_VERSION}],
            "integrations": list(visit.service.integrations),
        },
    }


def _what_happened(visit: Visit, browser: Browser, site: str, page: str) -> dict[str, Any]:
    story = visit.story
    if not story.failures:
        return {"message": story.message}
    mechanism = {"type": story.mechanism or visit.service.mechanism, "handled": story.is_handled}
    return {
        "exception": {
            "values": [
                _exception(failure, visit, browser, site, page) | {"mechanism": mechanism}
                for failure in story.failures
            ]
        }
    }


def _exception(
    failure: Failure, visit: Visit, browser: Browser, site: str, page: str
) -> dict[str, Any]:
    value = failure.elsewhere.get(browser.name, failure.value)
    shown: dict[str, Any] = {"type": failure.type, "value": visit.fill(value)}
    if failure.frames:
        document = {"filename": page, "function": "HTMLDocument.<anonymous>", "in_app": True}
        frames = [_frame(reference, site) for reference in failure.frames]
        shown["stacktrace"] = {"frames": [document | {"lineno": 1, "colno": 1}, *frames]}
    return shown


def _frame(reference: str, site: str) -> dict[str, Any]:
    found = FRAME.match(reference)
    assert found, reference
    return {
        "filename": f"{site}/assets/{found['path']}",
        "function": found["function"],
        "lineno": int(found["line"]),
        "colno": int(found["column"]),
        "in_app": True,
    }


def _user(visit: Visit, rng: random.Random) -> dict[str, Any]:
    customer = visit.customer
    if rng.random() < ANONYMOUS_SHARE:
        return {"ip_address": customer.ip_address}
    return {
        "id": str(customer.id),
        "email": customer.email,
        "ip_address": customer.ip_address,
    }


def _contexts(browser: Browser, rng: random.Random) -> dict[str, Any]:
    zone, locale = rng.choice(CULTURES)
    contexts = {
        "browser": {"name": browser.name, "version": browser.version},
        "os": {"name": browser.os, "version": browser.os_version},
        "culture": {"timezone": zone, "locale": locale, "calendar": "gregory"},
        "trace": {
            "trace_id": f"{rng.getrandbits(128):032x}",
            "span_id": f"{rng.getrandbits(64):016x}",
        },
    }
    if browser.device:
        contexts["device"] = {"family": browser.device, "model": browser.device}
    return contexts


CULTURES = (
    ("Europe/Amsterdam", "nl-NL"),
    ("Europe/Berlin", "de-DE"),
    ("Europe/Paris", "fr-FR"),
    ("Europe/London", "en-GB"),
    ("America/New_York", "en-US"),
)
