"""What sentry-sdk would have sent from the two Python services."""

import random
from typing import Any

from config.demo.breadcrumbs import lay_trail
from config.demo.browsers import choose_browser
from config.demo.python_frames import make_exceptions
from config.demo.trails import API_TRAILS
from config.demo.visit import Visit

SHOP = "https://shop.example.com"


def make_python_event(visit: Visit, rng: random.Random) -> dict[str, Any]:
    """One event of an API's endpoint, a Celery task, or a process of its own."""
    story, service = visit.story, visit.service
    trail = (*API_TRAILS[story.trail], *story.steps)
    return {
        "event_id": f"{rng.getrandbits(128):032x}",
        "timestamp": visit.timestamp,
        "platform": "python",
        "level": story.level,
        "release": visit.release,
        "environment": visit.environment,
        "server_name": "staging-1" if visit.environment == "staging" else rng.choice(service.hosts),
        **_what_happened(visit),
        **_where(visit, rng),
        "breadcrumbs": {"values": lay_trail(trail, visit.facts, rng, visit.at, pause_s=0.03)},
        "modules": service.modules,
        "sdk": {
            "name": f"sentry.python.{service.platform.removeprefix('python-')}",
            "version": service.modules["sentry-sdk"],
            "packages": [{"name": "pypi:sentry-sdk", "version": service.modules["sentry-sdk"]}],
            "integrations": list(service.integrations),
        },
    }


def _what_happened(visit: Visit) -> dict[str, Any]:
    story = visit.story
    if story.failures:
        return {"exception": {"values": make_exceptions(visit)}}
    params = [visit.fill(param) for param in story.params]
    formatted = story.message.replace("%d", "%s") % tuple(params)
    entry = {"message": story.message, "params": params, "formatted": formatted}
    return {"logger": story.logger, "logentry": entry}


def _where(visit: Visit, rng: random.Random) -> dict[str, Any]:
    if visit.service.platform == "python-fastapi":
        return _in_request(visit, rng) if visit.story.place else _in_process(visit, rng)
    return _in_task(visit, rng)


def _in_request(visit: Visit, rng: random.Random) -> dict[str, Any]:
    """The request of an endpoint, and the customer who made it."""
    method, _, route = visit.story.place.partition(" ")
    path = visit.fill(route.replace("{", "${"))
    browser = choose_browser(rng)
    customer = visit.customer
    is_webhook = path.startswith("/webhooks")
    headers = {
        "host": "shop.example.com",
        "user-agent": "Payrail-Webhooks/3" if is_webhook else browser.user_agent,
        "accept": "application/json",
        "x-request-id": f"{rng.getrandbits(64):016x}",
        "x-forwarded-for": customer.ip_address,
    }
    if visit.story.has_user:
        headers |= {"authorization": "Bearer of-nobody", "referer": f"{SHOP}/"}
    request: dict[str, Any] = {
        "method": method,
        "url": f"{SHOP}/api{path}",
        "query_string": visit.fill(QUERIES.get(route, "")),
        "headers": headers,
        "env": {"SERVER_NAME": "shop.example.com", "SERVER_PORT": "8000"},
    }
    if visit.story.body:
        headers["content-type"] = "application/json"
        request["data"] = {key: visit.fill(text) for key, text in visit.story.body.items()}
    return {
        "transaction": f"/api{route}",
        "transaction_info": {"source": "route"},
        "request": request,
        "tags": {"market": rng.choices(("eu", "uk", "us"), (7, 2, 1))[0], **visit.story.tags},
        "contexts": _contexts(rng, "http.server"),
        **_user(visit),
    }


QUERIES = {
    "/search": "q=$query&facets=brand,colour",
    "/products": "category=$category&page=newest",
}


def _in_task(visit: Visit, rng: random.Random) -> dict[str, Any]:
    """The Celery task that ran, with its arguments."""
    job = {
        "task_name": visit.story.place,
        "args": [visit.facts["number"]],
        "kwargs": {},
    }
    queue = "ledger" if ".closing." in visit.story.place else "billing"
    return {
        "transaction": visit.story.place,
        "transaction_info": {"source": "task"},
        "extra": {"celery-job": job, "sys.argv": ["celery", "-A", "billing", "worker"]},
        "tags": {"queue": queue, **visit.story.tags},
        "contexts": _contexts(rng, "queue.task.celery"),
        **_user(visit),
    }


def _in_process(visit: Visit, rng: random.Random) -> dict[str, Any]:
    return {
        "extra": {"sys.argv": ["uvicorn", "shop.main:app", "--workers", "4"]},
        "tags": dict(visit.story.tags),
        "contexts": _contexts(rng, "function"),
    }


def _user(visit: Visit) -> dict[str, Any]:
    if not visit.story.has_user:
        return {}
    customer = visit.customer
    user = {"id": str(customer.id), "email": customer.email, "username": customer.username}
    if visit.service.platform == "python-fastapi":
        user["ip_address"] = customer.ip_address
    return {"user": user}


def _contexts(rng: random.Random, operation: str) -> dict[str, Any]:
    trace = {
        "trace_id": f"{rng.getrandbits(128):032x}",
        "span_id": f"{rng.getrandbits(64):016x}",
        "op": operation,
        "origin": "auto",
    }
    return {
        "trace": trace,
        "runtime": {"name": "CPython", "version": "3.13.9", "build": "3.13.9 (main) [GCC 14.2.0]"},
        "os": {"name": "Debian GNU/Linux", "version": "13", "kernel_version": "6.12.48"},
    }
