"""Payloads come back as they went in, small, and nobody's data lives on in a dictionary."""

import copy
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.events import make_event
from common import jsonio
from errors.models import EventPayload, GroupingKey, PayloadDictionary
from errors.normalize.parse import ParsedEvent
from errors.scrub import DEFAULT_POLICY
from errors.services import learning
from errors.services.learning import RECENT_HOURS, forget_unused, learn, note_events
from errors.services.policies import ProjectPolicy
from errors.services.prepare import EventSource, PreparedEvent, prepare_event
from errors.storage import dictionaries, load_document, pack_document, training
from errors.storage.codec import compress, decompress, make_dictionary
from errors.storage.dictionaries import notice_dictionaries
from errors.storage.documents import DictionaryMissingError, open_payload
from errors.storage.patterns import fill, make_pattern
from errors.storage.times import fold_times, unfold_times
from errors.tests.prepared import NOON, make_prepared, make_project, store_events
from projects.models import Project

NOW = datetime.fromtimestamp(NOON, UTC)


def prepare(project: Project, serial: int, **changes: Any) -> PreparedEvent:
    """A realistic event of one group, as 40 KB of JSON."""
    raw = {**make_event(3, serial, at=NOON), **changes}
    source = EventSource(
        row_id=serial,
        event_id=raw["event_id"],
        received_at=NOON,
        sent_at=None,
        client_ip=None,
        envelope_headers={"event_id": raw["event_id"]},
        item_index=0,
        item_headers={"type": "event"},
    )
    return prepare_event(ParsedEvent(raw), source, ProjectPolicy(project.pk, DEFAULT_POLICY))


def contents() -> dict[str, bytes]:
    """The dictionaries' bytes by kind."""
    return {
        "group" if row.grouping_key_id else "platform": decompress(bytes(row.content), None)
        for row in PayloadDictionary.objects.order_by("pk")
    }


@given(st.binary(max_size=5000), st.binary(min_size=8, max_size=2000))
def test_what_is_compressed_opens_with_the_same_dictionary(data: bytes, content: bytes) -> None:
    dictionary = make_dictionary(1, content)
    assert decompress(compress(data, dictionary), dictionary) == data
    assert decompress(compress(data, None), None) == data


TIMES = st.none() | st.floats(1e9, 2e9).map(lambda value: round(value, 3))


@given(st.lists(TIMES), st.floats(1e9, 2e9))
def test_folded_times_come_back_to_the_millisecond(times: list[float | None], at: float) -> None:
    crumbs = [{"message": "x"} | ({} if one is None else {"timestamp": one}) for one in times]
    event = {"timestamp": at, "breadcrumbs": {"values": copy.deepcopy(crumbs)}}
    fold_times(event)
    unfold_times(event)
    assert event["breadcrumbs"] == {"values": crumbs}


def test_an_event_without_breadcrumbs_has_no_times_to_fold() -> None:
    event: dict[str, Any] = {"timestamp": 1.0}
    fold_times(event)
    unfold_times(event)
    assert event == {"timestamp": 1.0}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-999, 999) | st.floats(-9, 9) | st.text(max_size=6),
    lambda part: (
        st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=3), part, max_size=3)
    ),
    max_leaves=12,
)


@given(JSON)
def test_filler_keeps_the_shape_and_no_letter(value: Any) -> None:
    filled = fill(value)
    if isinstance(value, str):
        assert filled == "0" * len(value)
    if isinstance(value, list | dict):
        assert len(filled) == len(value)
    assert jsonio.dumps(filled)


@given(st.lists(JSON, min_size=2, max_size=4))
def test_a_pattern_of_anything_is_json_and_of_equal_documents_the_document(
    parts: list[Any],
) -> None:
    documents = [{"event": {"extra": part}} for part in parts]
    assert jsonio.dumps(make_pattern(documents, is_one_person=False))
    same = [documents[0]] * 3
    assert make_pattern(same, is_one_person=False) == documents[0]


def test_a_pattern_keeps_what_all_samples_share_and_fills_the_rest() -> None:
    documents = [
        {
            "event": {
                "extra": {"a": f"order {n} paid", "b": "same", "c": [1, n]},
                "user": {"id": "u"},
            }
        }
        for n in (123, 145, 166)
    ]
    pattern = make_pattern(documents, is_one_person=False)
    assert pattern["event"] == {
        "extra": {"a": "order 100 paid", "b": "same", "c": [1, 111]},
        "user": {"id": "0"},
    }


def test_a_pattern_of_one_persons_events_keeps_no_request_and_no_locals() -> None:
    frames = {"values": [{"stacktrace": {"frames": [{"function": "pay", "vars": {"o": "Ana"}}]}}]}
    event = {"exception": frames, "request": {"url": "/ana"}, "user": {"id": "7"}}
    documents = [{"event": copy.deepcopy(event)} for _ in range(4)]
    pattern = make_pattern(documents, is_one_person=True)
    assert b"ana" not in jsonio.dumps(pattern).lower()
    assert b"pay" in jsonio.dumps(pattern)


@pytest.mark.django_db
def test_a_document_without_any_dictionary_comes_back_whole() -> None:
    project = make_project()
    store_events([prepare(project, 1)], now=NOON)
    document = load_document(1)
    assert document is not None
    assert document["event"]["breadcrumbs"]["values"][0]["timestamp"] > NOON - 70
    assert EventPayload.objects.get().dictionary_id is None


@pytest.mark.django_db
def test_five_events_make_a_groups_pattern_and_are_packed_anew() -> None:
    project = make_project()
    store_events([prepare(project, serial) for serial in range(1, 6)], now=NOON)
    before = [load_document(serial) for serial in range(1, 6)]
    assert learn(now=NOW) == 1
    row = PayloadDictionary.objects.get()
    assert (row.version, row.sample_count) == (1, 5)
    assert row.grouping_key == GroupingKey.objects.get(event_count=5)
    assert [load_document(serial) for serial in range(1, 6)] == before
    assert set(EventPayload.objects.values_list("dictionary_id", flat=True)) == {row.pk}
    packed = prepare(project, 11).payload
    assert packed.dictionary_id == row.pk
    assert len(packed.content) < 2000
    assert learn(now=NOW) == 0


@pytest.mark.django_db
def test_groups_that_are_quiet_by_now_are_left_to_the_look_at_all_of_them() -> None:
    project = make_project()
    store_events([prepare(project, serial) for serial in range(1, 6)], now=NOON)
    later = NOW + timedelta(hours=RECENT_HOURS + 1)
    assert learn(now=later, recent_hours=RECENT_HOURS) == 0
    assert learn(now=NOW, recent_hours=RECENT_HOURS) == 1
    assert learn(now=later) == 0


@pytest.mark.django_db
def test_a_hundred_events_train_the_platforms_dictionary() -> None:
    project = make_project()
    store_events([prepare(project, serial) for serial in range(1, 101)], now=NOON)
    assert learn(now=NOW) == 2
    platform = PayloadDictionary.objects.get(grouping_key=None)
    assert (platform.platform, platform.version, platform.sample_count) == ("python", 1, 100)
    other = {"type": "OtherError", "value": "another group"}
    packed = prepare(project, 101, exception={"values": [other]}).payload
    assert packed.dictionary_id == platform.pk
    row = store_events([prepare(project, 102)], now=NOON)[0]
    assert load_document(row.row_id) is not None


@pytest.mark.django_db
def test_nobodys_data_lives_on_in_a_dictionary() -> None:
    project = make_project()
    events = [prepare(project, serial) for serial in range(1, 121)]
    store_events(events, now=NOON)
    document = load_document(60)
    learn(now=NOW)
    assert document is not None
    event = document["event"]
    for kind, content in contents().items():
        for secret in (event["user"]["email"], event["user"]["id"], event["request"]["url"]):
            assert secret.encode() not in content, kind


@pytest.mark.django_db
@pytest.mark.parametrize("user", [None, {"id": "7"}])
def test_locals_stay_out_where_nobody_tells_people_apart(user: dict[str, str] | None) -> None:
    project = make_project()
    frame = {"function": "pay", "module": "shop", "vars": {"holder": "Jane Unique"}}
    crash = {"values": [{"type": "E", "value": "v", "stacktrace": {"frames": [frame]}}]}
    store_events([prepare(project, s, exception=crash, user=user) for s in range(1, 121)], now=NOON)
    learn(now=NOW)
    assert set(contents()) == {"group", "platform"}
    for kind, content in contents().items():
        assert b"Jane Unique" not in content, kind


@pytest.mark.django_db
def test_a_pattern_is_made_anew_when_its_samples_are_beyond_retention() -> None:
    project = make_project()
    store_events([prepare(project, serial) for serial in range(1, 6)], now=NOON)
    learn(now=NOW)
    later = NOW + timedelta(days=91)
    assert learn(now=later) == 0
    GroupingKey.objects.update(last_seen_at=later)
    assert learn(now=later) == 1
    assert sorted(PayloadDictionary.objects.values_list("version", flat=True)) == [1, 2]
    assert forget_unused(now=later + timedelta(days=2)) == 1
    assert PayloadDictionary.objects.get().version == 2
    assert load_document(5) is not None


@pytest.mark.django_db
def test_a_replaced_dictionary_stays_while_a_payload_needs_it() -> None:
    project = make_project()
    store_events([prepare(project, serial) for serial in range(1, 6)], now=NOON)
    learn(now=NOW)
    first = PayloadDictionary.objects.get()
    PayloadDictionary.objects.create(
        project=project,
        platform="python",
        grouping_key=first.grouping_key,
        version=2,
        sample_count=10,
        content=first.content,
        created_at=NOW,
    )
    assert forget_unused(now=NOW + timedelta(days=2)) == 0
    assert load_document(5) is not None


@pytest.mark.django_db
def test_a_payload_whose_dictionary_is_gone_says_so() -> None:
    with pytest.raises(DictionaryMissingError):
        open_payload(b"", 999)


@pytest.mark.django_db
def test_a_dictionary_that_another_process_made_is_used_from_the_next_batch_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dictionaries, "LOOK_EVERY_S", 0.0)
    project = make_project()
    notice_dictionaries()
    store_events([prepare(project, serial) for serial in range(1, 6)], now=NOON)
    # Elsewhere: this process goes on with what it has chosen.
    monkeypatch.setattr(training, "use_dictionary", lambda *_, **__: None)
    learn(now=NOW)
    assert prepare(project, 6).payload.dictionary_id is None
    notice_dictionaries()
    made = PayloadDictionary.objects.get()
    assert prepare(project, 6).payload.dictionary_id == made.pk


@pytest.mark.django_db
def test_two_projects_share_no_dictionary() -> None:
    shop, blog = make_project(), make_project("blog", "BLOG")
    store_events([prepare(shop, serial) for serial in range(1, 6)], now=NOON)
    learn(now=NOW)
    assert prepare(blog, 50).payload.dictionary_id is None


@pytest.mark.django_db
def test_the_digest_is_told_when_a_group_or_a_platform_has_grown_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Other tests' projects have the same ids.
    monkeypatch.setattr(learning, "_recorded", Counter())
    project = make_project()
    events = [make_prepared(project, str(number)) for number in range(100)]
    assert not note_events(events[:99])
    assert note_events(events[99:])
    assert not note_events(events[:1] * 3)
    assert note_events(events[:1])


@pytest.mark.django_db
def test_packing_uses_the_text_that_reading_gives_back() -> None:
    project = make_project()
    packed = pack_document(
        {"event": {"timestamp": 1.0, "extra": {"ü": "\u2028"}}},
        project_id=project.pk,
        platform="p",
        hash_="0" * 32,
    )
    assert (
        open_payload(packed.content, None).decode()
        == '{"event":{"timestamp":1.0,"extra":{"ü":"\u2028"}}}'
    )
