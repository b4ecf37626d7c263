"""Ways to ask at an address, each with the victims' ids wherever an id could be read."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.test import Client

from config.tests.hostile.addresses import Address
from config.tests.hostile.scene import Scene

Ask = Callable[[Client, str], Any]
# Answers that give nothing away: refused, not there, not in this way, and redirects elsewhere.
REFUSALS = {302, 400, 401, 403, 404, 405, 411, 413, 415, 422, 429}
# 503 until the site has a channel to alert: an answer, and no fault.
NO_CHANNEL = "/api/test-alert"


def ways(scene: Scene, address: Address) -> Iterator[Ask]:
    """Reading, and every way to change, as a form and, beside the admin, as JSON."""
    form = fields(scene)
    query = {name: value for name, value in form.items() if isinstance(value, str | int)}
    yield lambda client, path: client.get(path)
    yield lambda client, path: client.get(path, query)
    yield from changing_ways(scene, address)


def changing_ways(scene: Scene, address: Address) -> Iterator[Ask]:
    """Those alone that may change something; test_forged_requests.py reads."""
    form = fields(scene)
    yield lambda client, path: client.post(path, form)
    if address.is_admin:
        return
    yield lambda client, path: client.post(path, form, content_type="application/json")
    yield lambda client, path: client.put(path, form, content_type="application/json")
    yield lambda client, path: client.patch(path, form, content_type="application/json")
    yield lambda client, path: client.delete(path)


def fields(scene: Scene) -> dict[str, Any]:
    """Names that our forms, filters and bodies read, each with something of the victims."""
    project, issue = scene.project, scene.issue
    key = project.keys.all()[0]
    return {
        "issue": [issue.pk],
        "issues": [issue.pk],
        "ids": [issue.pk],
        "id": issue.pk,
        "action": "resolve",
        "status": "resolved",
        "project": project.slug,
        "project_id": project.pk,
        "event_id": scene.event.event_id.hex,
        "key": key.public_key,
        "sentry_key": key.public_key,
        "name": "taken over",
        "slug": "taken-over",
        "label": "taken over",
        "login": "stranger",
        "user": scene.stranger.pk,
        "role": "owner",
        "comments": "taken over",
        "message": "taken over",
        "exception_type": "taken over",
        "traceback": "taken over",
    }


def bulk_actions() -> Iterator[tuple[type[Any], str]]:
    """Each action of each list of the admin."""
    for model, model_admin in admin.site._registry.items():
        names = [*(model_admin.actions or ()), "delete_selected"]
        for one in names:
            yield model, one if isinstance(one, str) else getattr(one, "__name__", "")
