"""What is counted of an event."""

from typing import Any

import pytest

from errors.normalize import normalize_event
from errors.tags import derive_tags, user_hash
from errors.user_agent import parse_user_agent

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0"


def tags_of(**raw: Any) -> dict[str, str]:
    normalized = normalize_event(
        raw, event_id="a" * 32, received_at=1.7e9, sent_at=None, client_ip=None
    )
    return dict(derive_tags(normalized.event))


def test_bare_event_counts_its_level_and_environment() -> None:
    assert tags_of() == {"level": "error", "environment": "production"}


def test_tags_are_derived_from_all_over_the_event() -> None:
    mechanism = {"type": "django", "handled": False}
    assert tags_of(
        level="fatal",
        release="1.2",
        dist="7",
        logger="shop",
        server_name="web-1",
        environment="test",
        exception={"type": "E", "mechanism": mechanism},
        contexts={
            "runtime": {"name": "CPython", "version": "3.12.8"},
            "os": {"name": "iOS", "version": "18.1"},
            "browser": {"name": "Safari"},
            "device": {"model": "iPhone15,2", "family": "iPhone"},
        },
        tags={"region": "eu"},
    ) == {
        "level": "fatal",
        "environment": "test",
        "release": "1.2",
        "dist": "7",
        "logger": "shop",
        "server_name": "web-1",
        "handled": "no",
        "mechanism": "django",
        "browser": "Safari",
        "browser.name": "Safari",
        "os": "iOS 18.1",
        "os.name": "iOS",
        "runtime": "CPython 3.12.8",
        "runtime.name": "CPython",
        "device": "iPhone15,2",
        "region": "eu",
    }


def test_browser_and_system_come_from_the_request_where_no_context_says() -> None:
    tags = tags_of(request={"headers": {"user-agent": FIREFOX}})
    assert tags["browser"] == "Firefox 141"
    assert tags["browser.name"] == "Firefox"
    assert tags["os"] == tags["os.name"] == "Linux"


def test_context_wins_over_the_request() -> None:
    headers = {"headers": {"User-Agent": FIREFOX}}
    tags = tags_of(request=headers, contexts={"os": {"name": "Windows", "version": "11"}})
    assert tags["os"] == "Windows 11"
    assert tags["browser"] == "Firefox 141"


def test_own_tag_never_overrides_a_derived_one() -> None:
    assert tags_of(level="info", tags={"level": "mine", "handled": "maybe"}) == {
        "level": "info",
        "environment": "production",
        "handled": "maybe",
    }


def test_addresses_and_users_are_never_counted() -> None:
    tags = {"url": "https://x.org/1", "user.email": "a@x.org", "ip_address": "10.0.0.1", "a": "1"}
    counted = tags_of(
        tags=tags, user={"id": "5", "ip_address": "10.0.0.1"}, request={"url": "https://x.org/1"}
    )
    assert counted == {"level": "error", "environment": "production", "a": "1"}


def test_tags_are_few_and_short() -> None:
    tags = tags_of(tags={f"t{n}": "x" for n in range(80)}, server_name="s" * 250)
    assert len(tags) == 50
    assert tags["server_name"] == "s" * 199 + "…"


@pytest.mark.parametrize("odd", [["x"], {"a": 1}, None, "", True])
def test_odd_context_is_no_tag_and_no_error(odd: Any) -> None:
    assert "os.name" not in tags_of(contexts={"os": {"name": odd}})


@pytest.mark.parametrize(
    ("header", "browser", "system"),
    [
        (FIREFOX, "Firefox 141", "Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/139.0.0.0 Safari/537.36",
            "Chrome 139",
            "Windows 10",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0",
            "Edge 139",
            "Windows 10",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like "
            "Gecko) Version/18.5 Safari/605.1.15",
            "Safari 18.5",
            "macOS 10.15",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
            "like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
            "Safari 18.5",
            "iOS 18.5",
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
            "Gecko) CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1",
            "Chrome 126",
            "iOS 17.4",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/139.0.0.0 Mobile Safari/537.36",
            "Chrome 139",
            "Android 14",
        ),
        (
            "Mozilla/5.0 (Windows NT 6.1; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/109.0.0.0 Safari/537.36 OPR/95.0.0.0",
            "Opera 95",
            "Windows 7",
        ),
        ("curl/8.5.0", "", ""),
        ("", "", ""),
    ],
)
def test_user_agent_is_read_for_the_common_browsers(header: str, browser: str, system: str) -> None:
    found = parse_user_agent(header)
    assert " ".join(found.get("browser", ())).strip() == browser
    assert " ".join(found.get("os", ())).strip() == system


def test_user_is_known_by_id_else_name_else_mail_else_address() -> None:
    user = {"id": "1", "username": "ana", "email": "a@x.org", "ip_address": "10.0.0.1"}
    hashes = []
    for key in ("id", "username", "email", "ip_address"):
        hashes.append(user_hash(1, user))
        assert hashes[-1] == user_hash(1, {key: user[key], "data": {"plan": "pro"}})
        del user[key]
    assert len(set(hashes)) == 4
    assert user_hash(1, user) is None


def test_user_hash_is_a_signed_64_bit_number_of_one_project() -> None:
    hashes = [user_hash(project, {"id": str(n)}) for project in (1, 2) for n in range(100)]
    assert len(set(hashes)) == 200
    assert all(number is not None and -(2**63) <= number < 2**63 for number in hashes)
    assert user_hash(1, {"id": "1"}) == -3196571095259532505


def test_filtered_user_is_nobody() -> None:
    assert user_hash(1, {"email": "[Filtered]"}) is None
    assert user_hash(1, {"id": "[Filtered]", "username": "ana"}) == user_hash(
        1, {"username": "ana"}
    )
