"""The demo's week before anything is written: stories, their code, and when they happen."""

from itertools import pairwise

import pytest

from config.demo.services import SERVICES, Service
from config.demo.source import find_place
from config.demo.story import OLD_H, Failure, Story
from config.demo.week import Moment, make_event, plan_deeds, plan_moments
from errors.grouping import group_event
from errors.normalize import normalize_event

NOW = 1_795_168_000.0
STORIES = [(service, story) for service in SERVICES for story in service.stories]
CHAINS = [
    pytest.param(service, failure, id=f"{story.name}-{failure.type}")
    for service, story in STORIES
    for failure in story.failures
    if service.code
]


@pytest.mark.parametrize(("service", "failure"), CHAINS)
def test_a_line_calls_the_function_of_the_next_frame(service: Service, failure: Failure) -> None:
    own = [reference for reference in failure.frames if ": " in reference]
    for caller, callee in pairwise(failure.frames):
        if caller in own and callee in own:
            assert callee.partition(": ")[0] in find_place(service.code, caller).context[1]


@pytest.mark.parametrize(
    ("service", "story"), [pytest.param(*pair, id=pair[1].name) for pair in STORIES]
)
def test_an_event_of_each_story_is_read_without_a_problem(service: Service, story: Story) -> None:
    raw = make_event(Moment(NOW - 3600, service, story, 0), NOW)
    read = normalize_event(
        raw, event_id=raw["event_id"], received_at=NOW, sent_at=None, client_ip=None
    )
    assert read.problems == []
    assert "$" not in str(read.event.get("exception", {}).get("values", [{}])[-1].get("value"))


def test_each_story_is_one_issue_of_its_own() -> None:
    hashes: dict[str, set[str]] = {}
    for service, story in STORIES:
        for number in range(6):
            raw = make_event(Moment(NOW - 3600, service, story, number), NOW)
            read = normalize_event(
                raw, event_id=raw["event_id"], received_at=NOW, sent_at=None, client_ip=None
            )
            hashes.setdefault(story.name, set()).add(group_event(read.event).primary)
    assert len(hashes) == len(STORIES)
    assert all(len(found) == 1 for found in hashes.values())
    assert len(set.union(*hashes.values())) == len(STORIES)


def test_the_week_is_in_order_and_ends_now() -> None:
    times = [moment.at for moment in plan_moments(NOW)]
    assert times == sorted(times)
    assert NOW - 3600 * OLD_H <= times[0] < times[-1] <= NOW


def test_the_same_moment_gives_the_same_week() -> None:
    first, second = plan_moments(NOW), plan_moments(NOW)
    assert first == second
    assert make_event(first[7], NOW) == make_event(second[7], NOW)


def test_people_act_only_on_what_has_happened() -> None:
    first_at: dict[str, float] = {}
    for moment in plan_moments(NOW):
        first_at.setdefault(moment.story.name, moment.at)
    assert all(first_at[deed.story.name] < deed.at < NOW for deed in plan_deeds(NOW))


def test_fewer_errors_at_night_than_by_day() -> None:
    rhythm = [
        moment
        for moment in plan_moments(NOW)
        if {wave.shape for wave in moment.story.waves} == {"rhythm"}
    ]
    hours_ago = [(NOW - moment.at) / 3600 % 24 for moment in rhythm]
    # Now is half past three in the afternoon: from two to five at night, and from noon to three.
    night = sum(10.5 < hour < 13.5 for hour in hours_ago)
    noon = sum(0.5 < hour < 3.5 for hour in hours_ago)
    assert noon > 3 * night
