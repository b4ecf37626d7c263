"""The statistics of a project: page, REST and admin."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.api_token_services import create_api_token
from projects.models import OutcomeCount, Project
from projects.statistics import Counted, add_outcomes, hour_at
from projects.statistics.chart import HEIGHT_PX, SPANS, draw_chart, first_hour
from projects.statistics.read import InHour
from projects.tests.team import Team, make_team

PAGE = "/projects/shop/statistics/"


@pytest.fixture
def hour() -> int:
    return hour_at(timezone.now().timestamp())


@pytest.fixture
def counted(team: Team, hour: int) -> Team:
    """A project with a bit of everything, and another one beside it."""
    project_id = team.project.pk
    other = Project.objects.create(name="Other", slug="other", short_prefix="O")
    add_outcomes(
        {
            Counted(project_id, hour, "accepted", "error", ""): 1234,
            Counted(project_id, hour - 30, "accepted", "session", ""): 20,
            Counted(project_id, hour, "limited", "error", "project"): 7,
            Counted(project_id, hour, "client_discard", "transaction", "sample_rate"): 90,
            Counted(project_id, hour, "accepted", "attachment", ""): 4096,
            Counted(project_id, 0, "accepted", "error", ""): 999_999,
            Counted(other.pk, hour, "accepted", "error", ""): 55_555,
            Counted(0, hour, "invalid", "default", "no_key"): 44_444,
        }
    )
    return team


def texts(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_everybody_in_the_project_sees_its_statistics(
    counted: Team, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = counted.client("viewer")
    client.get(PAGE)

    with django_assert_num_queries(6):
        page = texts(client.get(PAGE))

    assert 'title="1,254"' in page
    assert "sampled out" in page
    assert "the project&#x27;s rate limit" in page
    assert "4 KB" in page
    assert "999,999" not in page
    assert "55,555" not in page
    assert "44,444" not in page


def test_a_category_is_shown_alone(counted: Team) -> None:
    page = texts(counted.client("viewer").get(f"{PAGE}?range=24h&category=transaction"))

    assert "sampled out" in page
    assert "1,234" not in page


def test_whatever_the_address_says_a_page_answers(counted: Team) -> None:
    client = counted.client("viewer")
    for query in ("?range=nonsense&category=%20", "?category=<script>", "?range=90d"):
        answer = client.get(PAGE + query)
        assert answer.status_code == 200
        assert "<script>" not in texts(answer).replace("<script ", "")


def test_a_project_that_got_nothing_says_what_would_be_here(team: Team) -> None:
    assert "Nothing was sent in this time" in texts(team.client("viewer").get(PAGE))


@pytest.mark.parametrize("who", ["stranger", "nobody"])
def test_strangers_see_no_statistics(counted: Team, who: str) -> None:
    assert counted.client(who).get(PAGE).status_code in {302, 404}


def test_rest_tells_the_same_numbers(counted: Team, hour: int) -> None:
    path = f"/api/projects/{counted.project.pk}/statistics"
    answer = counted.client("viewer").get(path).json()

    assert answer["project"] == counted.project.pk
    assert len(answer["intervals"]) in {24, 25}
    assert answer["intervals"][-1]["outcomes"] == {
        "accepted": {"attachment": 4096, "error": 1234},
        "client_discard": {"transaction": 90},
        "limited": {"error": 7},
    }
    assert {"outcome": "limited", "category": "error", "reason": "project", "quantity": 7} in (
        answer["totals"]
    )
    days = counted.client("viewer").get(path, {"interval": "day", "since": "2026-01-01T00:00:00Z"})
    assert days.json()["intervals"][0]["start"] == "2026-01-01T00:00:00Z"
    sums = [
        each["outcomes"].get("accepted", {}).get("session", 0) for each in days.json()["intervals"]
    ]
    assert sum(sums) == 20


def test_rest_takes_a_token_with_the_scope_alone(counted: Team) -> None:
    path = f"/api/projects/{counted.project.pk}/statistics/"
    statuses = []
    for scopes in (["errors:read"], ["projects:read"]):
        token = create_api_token(user=counted.people["viewer"], label="x", scopes=scopes)
        headers = {"Authorization": f"Bearer {token[1]}"}
        statuses.append(Client().get(path, headers=headers).status_code)

    assert statuses == [200, 403]
    assert Client().get(path).status_code == 401
    assert counted.client("stranger").get(path).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        {"since": "soon"},
        {"interval": "minute"},
        {"since": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"},
        {"since": "1970-01-01T00:00:00Z"},
        {"since": "0001-01-01T00:00:00+14:00", "until": "9999-12-31T23:59:59-14:00"},
        {"until": "0001-01-01T00:00:00Z"},
    ],
)
def test_rest_refuses_spans_that_are_none(counted: Team, query: dict[str, str]) -> None:
    path = f"/api/projects/{counted.project.pk}/statistics"

    assert counted.client("viewer").get(path, query).status_code == 422


@pytest.mark.django_db
def test_the_admin_lists_numbers_of_ones_own_projects() -> None:
    team = make_team(is_staff=True)
    hour = hour_at(timezone.now().timestamp())
    for number, project_id in enumerate((team.project.pk, 0, 999), 1):
        add_outcomes({Counted(project_id, hour, "invalid", "error", "malformed"): 1110 + number})

    page = "/admin/projects/outcomecount/"
    assert "1111" in texts(team.client("viewer").get(page))
    assert "1112" not in texts(team.client("viewer").get(page))
    superuser = texts(team.client("superuser").get(page))
    assert all(number in superuser for number in ("1111", "1112", "1113"))
    filtered = texts(team.client("superuser").get(page, {"project": "0", "outcome": "invalid"}))
    assert "1112" in filtered
    assert "1111" not in filtered
    row = OutcomeCount.objects.first()
    assert row is not None
    assert team.client("superuser").post(f"{page}{row.pk}/delete/").status_code == 403


NOW = datetime(2026, 11, 20, 14, 30, tzinfo=ZoneInfo("Asia/Kolkata"))


@pytest.mark.parametrize("span", SPANS.values(), ids=lambda span: span.name)
def test_a_chart_stacks_what_is_in_its_span(span: Any) -> None:
    first = first_hour(span, NOW)
    last = int(NOW.timestamp()) // 3600
    hours = [
        InHour(last, "accepted", "error", 30),
        InHour(last, "invalid", "error", 10),
        InHour(last, "accepted", "session", 10),
        InHour(first - 30, "filtered", "error", 1000),
    ]

    chart = draw_chart(hours, span, now=NOW)

    assert len(chart.bars) == span.bars
    assert chart.outcomes == [("accepted", "Accepted"), ("invalid", "Invalid")]
    assert (chart.peak, chart.bars[-1].counts) == (50, [40, 10])
    low, high = chart.bars[-1].layers
    assert (low.y + low.height, high.y + high.height) == (HEIGHT_PX, low.y)
    assert low.height + high.height == HEIGHT_PX


def test_bars_begin_with_the_readers_days() -> None:
    hours = [InHour(int(datetime(2026, 11, 19, 18, 30, tzinfo=UTC).timestamp()) // 3600 + 1,
                    "accepted", "error", 5)]  # fmt: skip

    chart = draw_chart(hours, SPANS["30d"], now=NOW)

    assert [bar.label for bar in chart.bars if any(bar.counts)] == ["20 Nov"]


def test_a_chart_of_nothing_has_no_layers() -> None:
    chart = draw_chart([], SPANS["7d"], now=NOW + timedelta(days=3))

    assert not any(bar.layers for bar in chart.bars)
