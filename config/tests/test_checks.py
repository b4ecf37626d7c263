"""Deploy mistakes are named by their ids."""

from pytest_django import Settings

from config.checks import check_site_url


def ids_of(settings: Settings, url: str, proxies: list[str]) -> list[str | None]:
    settings.SITE_URL = url
    settings.SITE_HOST = url.split("//")[1]
    settings.TRUSTED_PROXIES = proxies
    return [message.id for message in check_site_url(None)]


def test_a_site_behind_a_trusted_proxy_is_fine(settings: Settings) -> None:
    assert ids_of(settings, "https://errors.example.com", ["10.0.0.1"]) == []


def test_a_site_that_only_this_machine_reaches_is_named(settings: Settings) -> None:
    assert ids_of(settings, "http://127.0.0.1", []) == ["config.W001"]
    assert ids_of(settings, "http://localhost", []) == ["config.W001"]


def test_https_without_a_trusted_proxy_is_named(settings: Settings) -> None:
    assert ids_of(settings, "https://errors.example.com", []) == ["config.W002"]
