"""PAYLOAD_STORAGE: what it may say, and what stops the start."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.settings.payloads import read_payload_storage


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PAYLOAD_STORAGE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)


def options_of(monkeypatch: pytest.MonkeyPatch, url: str) -> dict[str, object]:
    monkeypatch.setenv("PAYLOAD_STORAGE", url)
    storage = read_payload_storage()
    assert storage is not None
    return dict(storage["OPTIONS"])


def test_without_the_setting_there_is_no_storage() -> None:
    assert read_payload_storage() is None


def test_a_bucket_with_a_prefix_on_a_server_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "s3://events/shop/packs?endpoint_url=http%3A%2F%2Fs3:9000&addressing_style=path"
    assert options_of(monkeypatch, url) == {
        "bucket_name": "events",
        "location": "shop/packs",
        "endpoint_url": "http://s3:9000",
        "addressing_style": "path",
    }


def test_keys_reach_the_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    options = options_of(monkeypatch, "s3://events")
    assert (options["access_key"], options["secret_key"]) == ("key", "secret")


def test_a_shared_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    assert str(options_of(monkeypatch, "file:///srv/packs")["location"]) == "/srv/packs"


@pytest.mark.parametrize(
    "url",
    [
        "events",
        "s3:///prefix",
        "s3://key:secret@events",
        "https://s3.example.com/events",
        "file:///",
        "file://srv/packs",
        "s3://events?regoin_name=eu",
    ],
)
def test_what_cannot_be_used_names_the_variable(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("PAYLOAD_STORAGE", url)
    with pytest.raises(ImproperlyConfigured, match="PAYLOAD_STORAGE") as caught:
        read_payload_storage()
    assert "secret" not in str(caught.value)
