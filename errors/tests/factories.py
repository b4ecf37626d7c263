"""Rows for the tests of pages: written directly, as the digest would have left them."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.db.models import F
from django.utils import timezone

from accounts.models import User
from common import jsonio
from common.row_ids import row_id_at
from errors.feedback import Words
from errors.models import (
    Attachment,
    Environment,
    Event,
    EventPayload,
    Feedback,
    GroupingKey,
    HourlyCount,
    Issue,
    Release,
    SeenEvent,
    TagCount,
)
from errors.models.issue import Level
from errors.presenters.charts import hour_of
from errors.scrub import DEFAULT_POLICY
from errors.search import search_text_of
from errors.services.attachments import prepare_attachment, record_attachments
from errors.services.feedback import join_feedback, prepare_feedback, record_feedback
from errors.services.policies import ProjectPolicy
from errors.services.prepare_items import ItemSource
from errors.storage.codec import compress
from errors.tags import derive_tags
from projects.models import Membership, Project

_serial = count(1)


def make_project(name: str = "Shop", **fields: Any) -> Project:
    """A project whose slug and short prefix follow from its name."""
    defaults = {"slug": name.lower().replace(" ", "-"), "short_prefix": name.upper()[:16]}
    return Project.objects.create(name=name, **(defaults | fields))


def make_person(project: Project | None = None, role: str = "member", name: str = "") -> User:
    """A person, a member of the project if one is given."""
    user = User.objects.create_user(name or f"person-{next(_serial)}", password="unguessable")
    if project:
        Membership.objects.create(project=project, user=user, role=role)
    return user


def make_issue(project: Project, *, title: str = "ZeroDivisionError", **fields: Any) -> Issue:
    """An issue with one grouping key and no event."""
    now = timezone.now()
    serial = next(_serial)
    defaults = {
        "number": serial,
        "type": title,
        "value": "division by zero",
        "culprit": "checkout.services in pay",
        "event_count": 1,
        "status_changed_at": now - timedelta(days=3),
        "first_seen_at": now - timedelta(days=3),
        "last_seen_at": now - timedelta(minutes=2),
    }
    issue = Issue(project=project, title=title, **(defaults | fields))
    issue.search_text = search_text_of(issue.title, issue.value, issue.culprit)
    issue.save()
    GroupingKey.objects.create(
        project=project, issue=issue, hash=f"{serial:032x}", version=1, event_count=1
    )
    return issue


def make_event(
    issue: Issue, document: dict[str, Any] | None = None, *, at: datetime | None = None
) -> Event:
    """An event with its payload and counters; `document` as the digest stores it."""
    at = at or timezone.now() - timedelta(minutes=2)
    serial = next(_serial)
    document = document or make_document()
    event = document["event"]
    event.update(event_id=uuid4().hex, timestamp=at.timestamp())
    row_id = row_id_at(int(at.timestamp() * 1000)) + serial % 4096
    key = issue.keys.get()
    release, environment = _places(issue.project, event, at)
    EventPayload.objects.create(event_id=row_id, content=compress(jsonio.dumps(document), None))
    SeenEvent.objects.create(
        row_id=row_id, project_id=issue.project_id, event_id=UUID(event["event_id"])
    )
    _count(key.pk, hour_of(at), environment.pk, derive_tags(event))
    return Event.objects.create(
        id=row_id,
        project=issue.project,
        grouping_key=key,
        event_id=UUID(event["event_id"]),
        occurred_at=at,
        level=Level[event["level"].upper()],
        release_id=release.pk if release else None,
        environment_id=environment.pk,
    )


def make_attachment(
    project: Project,
    content: bytes = b"a,b\n",
    *,
    event: Event | None = None,
    own_id: UUID | None = None,
    at: datetime | None = None,
    **headers: Any,
) -> Attachment:
    """A file as the digest would have written it, of an event, of feedback or of nothing."""
    event_id = event.event_id if event else own_id
    row_id = row_id_at(int((at or timezone.now()).timestamp() * 1000)) + next(_serial) % 4096
    source = ItemSource(
        row_id=row_id,
        position=0,
        event_id=event_id.hex if event_id else "",
        headers={"type": "attachment", "filename": "orders.csv", **headers},
        payload=content,
    )
    record_attachments([prepare_attachment(source, ProjectPolicy(project.pk, DEFAULT_POLICY))])
    return Attachment.objects.get(envelope_id=row_id)


def make_feedback(
    project: Project,
    message: str,
    *,
    event: Event | None = None,
    name: str = "",
    email: str = "",
    url: str = "",
) -> Feedback:
    """A person's words as the digest would have written them, about an event or nothing."""
    row_id = row_id_at(int(timezone.now().timestamp() * 1000)) + next(_serial) % 4096
    about = event.event_id.hex if event else ""
    words = Words(message, name, email, url, own_id=uuid4().hex, event_id=about)
    source = ItemSource(row_id, 0, words.own_id, {"type": "feedback"}, b"")
    policy = ProjectPolicy(project.pk, DEFAULT_POLICY)
    record_feedback([prepare_feedback(words, Feedback.Source.FEEDBACK, source, policy)])
    join_feedback([about] if about else [])
    return Feedback.objects.get(envelope_id=row_id)


def _places(
    project: Project, event: dict[str, Any], at: datetime
) -> tuple[Release | None, Environment]:
    release = None
    if "release" in event:
        release, _ = Release.objects.get_or_create(
            project=project, version=event["release"], defaults={"first_seen_at": at}
        )
    environment, _ = Environment.objects.get_or_create(project=project, name=event["environment"])
    return release, environment


def _count(key_id: int, hour: int, environment_id: int, tags: list[tuple[str, str]]) -> None:
    place = {"grouping_key_id": key_id, "hour": hour, "environment_id": environment_id}
    counted = HourlyCount.objects.filter(**place).first()
    if counted:
        HourlyCount.objects.filter(**place).update(count=counted.count + 1)
    else:
        HourlyCount.objects.create(**place, count=1)
    for key, value in tags:
        TagCount.objects.update_or_create(
            grouping_key_id=key_id,
            key=key,
            value=value,
            defaults={"count": F("count") + 1},
            create_defaults={"count": 1},
        )


def make_document(**parts: Any) -> dict[str, Any]:
    """A stored document of a crash in a web shop; `parts` replace parts of its event."""
    event: dict[str, Any] = {
        "platform": "python",
        "level": "error",
        "environment": "production",
        "release": "v1.4.2",
        "exception": {"values": [_cause(), _crash()]},
        "breadcrumbs": {"values": _breadcrumbs()},
        "request": _request(),
        "user": {"id": "981", "email": "ana@example.com"},
        "tags": [["region", "eu"]],
        "contexts": {
            "trace": {"trace_id": "9c1e" * 8, "op": "http.server"},
            "runtime": {"name": "CPython", "version": "3.12.8"},
        },
        "extra": {"attempt": 2},
        "sdk": {"name": "sentry.python.django", "version": "2.75.0", "integrations": ["django"]},
        "modules": {"django": "5.2.19"},
    }
    grouping = {"strategy": "exception", "parts": [_explanation(0), _explanation(1)]}
    return {
        "event": event | parts,
        "envelope": {},
        "item": {"index": 0, "headers": {}},
        "problems": [],
        "grouping": grouping,
    }


def _frame(number: int, *, in_app: bool) -> dict[str, Any]:
    place = "checkout/services.py" if in_app else f"django/core/handlers/part_{number}.py"
    return {
        "filename": place,
        "abs_path": f"/srv/shop/{place}",
        "module": place.removesuffix(".py").replace("/", "."),
        "function": "pay" if in_app else f"inner_{number}",
        "lineno": 41,
        "pre_context": ["def pay(order):", '    total = order["total"]'],
        "context_line": '    return total / order["people"]',
        "post_context": ["", "# the end"],
        "in_app": in_app,
        "vars": {"order": {"people": "0"}, "total": "118.5"},
    }


def _crash() -> dict[str, Any]:
    frames = [_frame(number, in_app=False) for number in range(14)]
    return {
        "type": "ZeroDivisionError",
        "value": "division by zero",
        "module": "builtins",
        "mechanism": {"type": "django", "handled": False},
        "stacktrace": {"frames": [*frames, _frame(14, in_app=True)]},
    }


def _cause() -> dict[str, Any]:
    return {
        "type": "KeyError",
        "value": "'people'",
        "stacktrace": {"frames": [_frame(0, in_app=True)]},
    }


def _explanation(exception: int) -> dict[str, Any]:
    return {"exception": exception, "stack": {"frames": 15, "app": [14]}}


def _breadcrumbs() -> list[dict[str, Any]]:
    return [
        {
            "category": "query",
            "level": "info",
            "message": f"SELECT {number}",
            "data": {"ms": number},
        }
        for number in range(30)
    ]


def _request() -> dict[str, Any]:
    return {
        "method": "POST",
        "url": "https://shop.example.com/orders/981/pay",
        "query_string": [["page", "2"]],
        "headers": [["Content-Type", "application/json"], ["Authorization", "[Filtered]"]],
        "cookies": [["theme", "dark"]],
        "data": {"quantity": 3},
    }
