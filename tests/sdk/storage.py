"""What a running site keeps of what was sent, read beside its server."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.server import Site

# One command for many projects: each takes seconds to start.
_CREATE = """
import json
from django.core.management import call_command
from projects.models import ProjectKey
for name in {names}:
    call_command("create_project", name, verbosity=0)
keys = ProjectKey.objects.filter(project__name__in={names}).select_related("project")
print(json.dumps({key.project.name: key.dsn for key in keys}))
"""
_READ = """
import json
from errors.models import Attachment, Feedback, StoredItem
from errors.storage.codec import decompress
def text(payload):
    return decompress(bytes(payload), None).decode("utf-8", "replace")
def of(model, name):
    return model.objects.filter(project__name=name).order_by("envelope_id", "position")
print(json.dumps({
    name: (
        [(one.type, one.headers, text(one.payload)) for one in of(StoredItem, name)],
        [(one.name, one.size_bytes) for one in of(Attachment, name)],
        [(one.message, one.name, one.email) for one in of(Feedback, name)],
    )
    for name in {names}
}))
"""


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item that is no event, scrubbed."""

    type: str
    headers: dict[str, Any]
    payload: str

    @property
    def json(self) -> Any:
        return json.loads(self.payload)


@dataclass(frozen=True, slots=True)
class Stored:
    """What a project keeps beside its events.

    files:    name and bytes of each attachment.
    feedback: message, name and email of each.
    """

    items: list[StoredItem]
    files: list[list[Any]]
    feedback: list[list[str]]

    def of_type(self, kind: str) -> list[StoredItem]:
        return [item for item in self.items if item.type == kind]

    def only(self, kind: str) -> StoredItem:
        """The one item of this type."""
        (item,) = self.of_type(kind)
        return item


def create_projects(site: Site, names: Iterable[str]) -> dict[str, str]:
    """Projects of these names, and the DSN of each."""
    return dict(_run(site, _CREATE, names))


def read_stored(site: Site, names: Iterable[str]) -> dict[str, Stored]:
    """All of it for each of these projects, as it is now."""
    return {
        name: Stored([StoredItem(*item) for item in items], files, feedback)
        for name, (items, files, feedback) in _run(site, _READ, names).items()
    }


def _run(site: Site, code: str, names: Iterable[str]) -> Any:
    """What the code prints last, as JSON."""
    code = code.replace("{names}", repr(list(names)))
    printed = site.run_command("shell", "--no-imports", "-c", code)
    return json.loads(printed.splitlines()[-1])
