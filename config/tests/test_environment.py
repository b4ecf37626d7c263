"""Reading the environment: types, bounds, files, old names."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.settings import environment as env


@pytest.fixture
def setenv(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment that forgets what files said before."""
    monkeypatch.setattr(env, "environment", type(env.environment)())
    monkeypatch.setattr(env.environment, "ENVIRON", type(env.environment.ENVIRON)(cache=False))
    for name in ("SITE_URL", "SECRET_KEY", "DATABASE_URL", "DATA_DIR", "EMAIL_URL"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_an_empty_value_counts_as_absent(setenv: pytest.MonkeyPatch) -> None:
    setenv.setenv("PORT", "  ")
    assert env.read_int("PORT", 8000) == 8000


@pytest.mark.parametrize("text", ["eighty", "0", "70000"])
def test_a_bad_number_names_its_variable(setenv: pytest.MonkeyPatch, text: str) -> None:
    setenv.setenv("PORT", text)
    with pytest.raises(ImproperlyConfigured, match="PORT must be"):
        env.read_int("PORT", 8000, minimum=1, maximum=65535)


@pytest.mark.parametrize(("text", "value"), [("on", True), ("TRUE", True), ("0", False)])
def test_switches_take_the_usual_words(setenv: pytest.MonkeyPatch, text: str, value: bool) -> None:
    setenv.setenv("DEBUG", text)
    assert env.read_bool("DEBUG", not value) is value


def test_an_unclear_switch_names_its_variable(setenv: pytest.MonkeyPatch) -> None:
    setenv.setenv("DEBUG", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="DEBUG must be on or off"):
        env.read_bool("DEBUG", False)


def test_choices_ignore_case(setenv: pytest.MonkeyPatch) -> None:
    setenv.setenv("LOG_LEVEL", "debug")
    assert env.read_choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO")) == "DEBUG"
    setenv.setenv("LOG_LEVEL", "loud")
    with pytest.raises(ImproperlyConfigured, match="LOG_LEVEL must be one of DEBUG, INFO"):
        env.read_choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO"))


def test_a_secret_comes_from_a_file(setenv: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("from the file\n")
    setenv.setenv("ADMIN_PASSWORD_FILE", str(secret))
    assert env.read_text("ADMIN_PASSWORD") == "from the file"


def test_a_missing_secret_file_names_its_variable(
    setenv: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    setenv.setenv("ADMIN_PASSWORD_FILE", str(tmp_path / "absent"))
    with pytest.raises(ImproperlyConfigured, match="ADMIN_PASSWORD_FILE cannot be read"):
        env.read_text("ADMIN_PASSWORD")


def test_a_value_may_begin_with_a_dollar_sign(setenv: pytest.MonkeyPatch) -> None:
    setenv.setenv("ADMIN_PASSWORD", "$ecret")
    assert env.read_text("ADMIN_PASSWORD") == "$ecret"


def test_an_old_name_works(setenv: pytest.MonkeyPatch) -> None:
    setenv.setenv("BASE_URL", "https://old.example.com/")
    assert env.read_site_url("") == "https://old.example.com"


def test_two_names_may_say_the_same(setenv: pytest.MonkeyPatch) -> None:
    setenv.setenv("BASE_URL", "https://old.example.com/")
    setenv.setenv("SITE_URL", "https://old.example.com")
    assert env.read_site_url("") == "https://old.example.com"


@pytest.mark.parametrize(
    ("name", "old_name"),
    [("SITE_URL", "BASE_URL"), ("DEFAULT_FROM_EMAIL", "POSTMARK_FROM_EMAIL")],
)
def test_two_names_that_disagree_stop_the_start(
    setenv: pytest.MonkeyPatch, name: str, old_name: str
) -> None:
    setenv.setenv(name, "https://new.example.com")
    setenv.setenv(old_name, "https://old.example.com")
    with pytest.raises(ImproperlyConfigured, match=f"{name} and {old_name} disagree"):
        env.read_text(name)


def test_postmarks_token_says_how_mail_is_sent(setenv: pytest.MonkeyPatch) -> None:
    setenv.setenv("POSTMARK_API_TOKEN", "7a/b")
    email = env.read_email(env.read_email_url())
    assert (email["EMAIL_HOST"], email["EMAIL_PORT"]) == ("smtp.postmarkapp.com", 587)
    assert (email["EMAIL_HOST_USER"], email["EMAIL_HOST_PASSWORD"]) == ("7a/b", "7a/b")
    assert email["EMAIL_USE_TLS"]
    setenv.setenv("EMAIL_URL", "smtp://mail.example.com")
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL and POSTMARK_API_TOKEN") as caught:
        env.read_email_url()
    assert "7a/b" not in str(caught.value)


@pytest.mark.parametrize("text", ["two words", "schlüssel", "x" * 257])
def test_a_key_that_no_client_can_send_stops_the_start(
    setenv: pytest.MonkeyPatch, text: str
) -> None:
    setenv.setenv("LOG_VIEWER_API_KEY", text)
    with pytest.raises(ImproperlyConfigured, match="LOG_VIEWER_API_KEY must be") as caught:
        env.read_api_key("LOG_VIEWER_API_KEY")
    assert text not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["errors.example.com", "ftp://a.example", "https://", "https://a:b@c.example", "http://a/?b",
     "http://a:port", "https://a b"],
)  # fmt: skip
def test_a_bad_site_address_is_refused(setenv: pytest.MonkeyPatch, url: str) -> None:
    setenv.setenv("SITE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="SITE_URL must be like"):
        env.read_site_url("")


@pytest.mark.parametrize(
    "url", ["redi://:hunter2@cache", "cache:6379", "redis://", "redis://:hunter2/x@cache:1"]
)
def test_a_bad_address_of_a_server_names_its_variable_without_the_password(
    setenv: pytest.MonkeyPatch, url: str
) -> None:
    setenv.setenv("REDIS_URL", url)
    with pytest.raises(ImproperlyConfigured, match="REDIS_URL must be like redis://") as caught:
        env.read_server("REDIS_URL", ("redis", "rediss"))
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("url", ["", "rediss://:secret@cache.example:6380/1"])
def test_the_address_of_a_server_is_taken_as_it_is(setenv: pytest.MonkeyPatch, url: str) -> None:
    setenv.setenv("REDIS_URL", url)
    assert env.read_server("REDIS_URL", ("redis", "rediss")) == url


@pytest.mark.parametrize("rest", ["?no_such_option=1", "/first", "/0?socket_timeout=soon"])
def test_what_the_client_of_redis_refuses_stops_the_start(
    setenv: pytest.MonkeyPatch, rest: str
) -> None:
    setenv.setenv("REDIS_URL", f"redis://:hunter2@cache{rest}")
    with pytest.raises(ImproperlyConfigured, match="REDIS_URL ") as caught:
        env.read_redis("REDIS_URL")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("url", ["", "rediss://:p%23@[::1]:6380/1?ssl_cert_reqs=none"])
def test_an_address_of_redis_is_taken_as_it_is(setenv: pytest.MonkeyPatch, url: str) -> None:
    setenv.setenv("REDIS_URL", url)
    assert env.read_redis("REDIS_URL") == url


def test_proxies_are_addresses_or_blocks(setenv: pytest.MonkeyPatch) -> None:
    setenv.setenv("TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.1,,::1")
    assert env.read_networks("TRUSTED_PROXIES") == ["10.0.0.0/8", "127.0.0.1", "::1"]
    setenv.setenv("TRUSTED_PROXIES", "proxy.example")
    with pytest.raises(ImproperlyConfigured, match=r"TRUSTED_PROXIES .*'proxy.example'"):
        env.read_networks("TRUSTED_PROXIES")


def test_the_database_is_sqlite_in_the_data_folder(
    setenv: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = env.read_database(tmp_path)
    assert config["ENGINE"] == "django.db.backends.sqlite3"
    assert config["NAME"] == str(tmp_path / "catchall.sqlite3")


def test_the_database_comes_from_its_old_parts(setenv: pytest.MonkeyPatch, tmp_path: Path) -> None:
    setenv.setenv("DATABASE_HOST", "db.example")
    setenv.setenv("DATABASE_PASSWORD", "p@ss/#word")
    config = env.read_database(tmp_path)
    assert config["ENGINE"] == "django.db.backends.postgresql"
    assert (config["HOST"], config["PORT"], config["NAME"]) == ("db.example", 5432, "catchall")
    assert config["PASSWORD"] == "p@ss/#word"


@pytest.mark.parametrize("url", ["postgres://", "postgres://user:hunter2@host/"])
def test_a_database_without_a_name_is_refused(setenv: pytest.MonkeyPatch, url: str) -> None:
    setenv.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL must name a database"):
        env.read_database(Path("/data"))


@pytest.mark.parametrize("scheme", ["mysql", "postgress"])
def test_an_unknown_database_is_refused_without_its_password(
    setenv: pytest.MonkeyPatch, tmp_path: Path, scheme: str
) -> None:
    setenv.setenv("DATABASE_URL", f"{scheme}://root:hunter2@db.example/catchall")
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL must start") as caught:
        env.read_database(tmp_path)
    assert "hunter2" not in str(caught.value)


def test_the_secret_key_is_made_once_and_private(
    setenv: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key = env.read_secret_key(tmp_path)
    assert len(key) >= 50
    assert env.read_secret_key(tmp_path) == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_data_folder_that_cannot_be_made_names_its_variable(
    setenv: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    setenv.setenv("DATA_DIR", str(tmp_path / "file" / "data"))
    with pytest.raises(ImproperlyConfigured, match=r"DATA_DIR .* cannot be made"):
        env.read_data_dir()


def test_a_replica_on_sqlite_stops_the_start(setenv: pytest.MonkeyPatch) -> None:
    setenv.setenv("DATABASE_REPLICA_URL", "sqlite:////tmp/copy.sqlite3")
    with pytest.raises(ImproperlyConfigured, match="DATABASE_REPLICA_URL must start with"):
        env.read_replica()
