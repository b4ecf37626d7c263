"""What stands above the list: tabs, headings that sort, filters that can be taken away."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from errors.models import Issue
from errors.queries.feedback import HANDLED, NEW, FeedbackFilter
from errors.queries.issues import DEFAULT_SORT, IssueFilter
from projects.paging import BoundedPaginator

HEADINGS = (
    ("events", "Events"),
    ("people", "People"),
    ("first_seen", "First seen"),
    ("last_seen", "Last seen"),
)


@dataclass(frozen=True, slots=True)
class Control:
    """A link that changes the list: its words, where it leads, and whether it is in force.

    is_cut: there may be more than `count`.
    """

    label: str
    href: str
    is_current: bool
    count: int | None = None
    name: str = ""
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Controls:
    """The list's tabs and sortable headings; `page_base` ends in "page="."""

    tabs: list[Control]
    headings: list[Control]
    # What the search form passes on: (name, value).
    kept: list[tuple[str, str]]
    reset_href: str
    page_base: str


def present_controls(chosen: IssueFilter, counts: Mapping[str, int], params: QueryDict) -> Controls:
    """Make the links; each keeps everything else that was asked for."""
    here = _href(params)
    return Controls(
        tabs=[_tab(status, chosen, counts, params) for status in Issue.Status],
        headings=[_heading(name, label, chosen, params) for name, label in HEADINGS],
        kept=[(name, str(params[name])) for name in ("status", "sort") if params.get(name)],
        reset_href=_href(params, q="", environment=""),
        page_base=here + ("page=" if here == "?" else "&page="),
    )


def present_feedback_tabs(
    chosen: FeedbackFilter, counts: Mapping[str, int], params: QueryDict
) -> Controls:
    """The same for feedback: its states are the tabs, and nothing sorts."""
    here = _href(params)
    tabs = [
        Control(
            label=label,
            href=_href(params, state="" if state == NEW else state),
            is_current=chosen.state == state,
            count=counts[state],
            is_cut=counts[state] >= BoundedPaginator.LIMIT,
        )
        for state, label in ((NEW, "New"), (HANDLED, "Handled"))
    ]
    kept = [("state", str(params["state"]))] if params.get("state") else []
    page_base = here + ("page=" if here == "?" else "&page=")
    return Controls(tabs, [], kept, _href(params, q=""), page_base)


def _tab(
    status: Issue.Status, chosen: IssueFilter, counts: Mapping[str, int], params: QueryDict
) -> Control:
    value = "" if status == Issue.Status.UNRESOLVED else status.value
    return Control(
        label=str(status.label),
        href=_href(params, status=value),
        is_current=chosen.status == status,
        count=counts[status.value],
        is_cut=counts[status.value] >= chosen.limit_of(status),
    )


def _heading(name: str, label: str, chosen: IssueFilter, params: QueryDict) -> Control:
    value = "" if name == DEFAULT_SORT else name
    return Control(label, _href(params, sort=value), chosen.sort == name, name=name)


def _href(params: QueryDict, **changes: str) -> str:
    """The query string with these parameters set, or dropped where empty, from page one."""
    kept: dict[str, Any] = {key: params[key] for key in params if key != "page"}
    merged = {**kept, **changes}
    query = QueryDict(mutable=True)
    query.update({key: value for key, value in merged.items() if value})
    return "?" + query.urlencode()
