"""The command: what people read, and what scripts can trust."""

import json
import stat
import sys
from pathlib import Path

import pytest
from conftest import Run
from contract import KEY, Site


@pytest.fixture
def signed_in(run: Run, address: str) -> None:
    assert run("--url", address, "login", "ana", typed="secret\n").code == 0


@pytest.mark.parametrize("words", [("--url", "", "health"), ("health", "--url", "")])
def test_health_of_a_site_that_works_is_zero(run: Run, address: str, words: tuple[str]) -> None:
    ended = run(*(word or address for word in words))
    assert (ended.code, ended.out) == (0, "OK\n")


def test_a_site_that_is_away_is_three(run: Run) -> None:
    ended = run("health", "--url", "http://127.0.0.1:9")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("catchall: http://127.0.0.1:9 does not answer")


def test_a_site_that_fails_is_three(run: Run, site: Site, address: str) -> None:
    site.instead = (503, b'{"detail":"The database is away."}')
    ended = run("health", "--url", address)
    assert ended.code == 3
    assert "The database is away." in ended.err


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("user",),
        ("user", "fly"),
        ("user", "get-user", "bob"),
        ("health", "--url", "gopher://x"),
        ("project", "update", "1"),
        ("user", "update-user", "1"),
    ],
)
def test_a_wrong_command_line_is_two(run: Run, words: tuple[str, ...]) -> None:
    ended = run(*words)
    assert ended.code == 2
    assert ended.err


def test_without_a_sign_in_it_is_four(run: Run, address: str) -> None:
    ended = run("project", "list", "--url", address)
    assert ended.code == 4
    assert "catchall login" in ended.err


def test_a_wrong_password_is_four_and_keeps_nothing(
    run: Run, address: str, token_path: Path
) -> None:
    ended = run("login", "ana", "--url", address, typed="guess\n")
    assert ended.code == 4
    assert "wrong login/password" in ended.err
    assert not token_path.exists()


def test_no_password_at_all_is_two(run: Run, address: str) -> None:
    assert run("login", "ana", "--url", address).code == 2


def test_what_does_not_exist_is_one(run: Run, signed_in: None) -> None:
    for words in (
        ("user", "get-user", "7"),
        ("project", "get", "7"),
        ("project", "get", "nothing"),
        ("events", "list", "7"),
    ):
        assert run(*words).code == 1


def test_tokens_lie_in_a_file_that_only_its_owner_reads(
    run: Run, signed_in: None, token_path: Path
) -> None:
    assert stat.S_IMODE(token_path.stat().st_mode) == 0o600
    assert stat.S_IMODE(token_path.parent.stat().st_mode) == 0o700
    assert [path.name for path in token_path.parent.iterdir()] == ["tokens.json"]


def test_the_site_signed_in_to_last_is_meant(run: Run, signed_in: None, address: str) -> None:
    assert run("project", "list").code == 0
    assert run("project", "list", "--url", f"{address}/").code == 0


def test_catchall_url_names_the_site(
    run: Run, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CATCHALL_URL", address)
    assert run("health").code == 0
    assert run("health", "--url", "http://127.0.0.1:9").code == 3


def test_an_api_token_needs_no_sign_in(
    run: Run, site: Site, address: str, token_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.valid_access.add("cat_made")
    monkeypatch.setenv("CATCHALL_URL", f"{address}/")
    monkeypatch.setenv("CATCHALL_TOKEN", "cat_made")
    assert run("project", "list").code == 0
    assert not token_path.exists()
    site.expire()
    ended = run("project", "list")
    assert ended.code == 4
    assert "CATCHALL_TOKEN" in ended.err.splitlines()[-1]


def test_an_api_token_goes_to_its_own_site_only(
    run: Run, site: Site, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CATCHALL_URL", "https://errors.example.com")
    monkeypatch.setenv("CATCHALL_TOKEN", "cat_made")
    assert run("project", "list", "--url", address).code == 4
    assert site.asked == []


def test_tokens_of_one_site_are_never_sent_to_another(
    run: Run, signed_in: None, site: Site, address: str
) -> None:
    asked = len(site.asked)
    assert run("project", "list", "--url", f"{address}/other").code == 4
    assert len(site.asked) == asked


def test_an_expired_token_is_renewed_in_the_file(
    run: Run, signed_in: None, site: Site, token_path: Path
) -> None:
    site.expire()
    assert run("project", "list").code == 0
    assert "refresh-2" in token_path.read_text()
    assert run("project", "list").code == 0
    assert site.pairs == 2


def test_logout_forgets_the_tokens(run: Run, signed_in: None, token_path: Path) -> None:
    assert run("logout").code == 0
    assert "access" not in token_path.read_text()
    assert run("project", "list").code == 4


@pytest.mark.parametrize("content", ["", "{", "[]", '{"tokens":[]}', '{"tokens":{"x":1}}'])
def test_a_spoilt_token_file_means_signed_out(
    run: Run, address: str, token_path: Path, content: str
) -> None:
    token_path.parent.mkdir()
    token_path.write_text(content)
    assert run("project", "list", "--url", address).code == 4
    assert run("login", "ana", "--url", address, typed="secret\n").code == 0


def test_tables_have_tabs_where_no_terminal_reads(run: Run, signed_in: None) -> None:
    assert run("project", "create", "shop", "--lang", "python").code == 0
    assert run("project", "list").out == f"id\tname\tlang\tkey\n1\tshop\tpython\t{KEY}\n"


def test_tables_are_aligned_on_a_terminal(
    run: Run, signed_in: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("project", "create", "shop", "--lang", "python")
    run("project", "create", "x")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert run("project", "list").out.splitlines() == [
        "ID  NAME  LANG    KEY",
        f"1   shop  python  {KEY}",
        f"2   x             {KEY}",
    ]


def test_a_list_of_nothing_is_the_head_alone(run: Run, signed_in: None) -> None:
    ended = run("user", "list")
    assert (ended.code, ended.out) == (0, "id\tname\ttelegram_chat_id\n")


def test_json_is_what_the_site_answered(run: Run, signed_in: None, site: Site) -> None:
    run("project", "create", "käse")
    assert json.loads(run("--json", "project", "list").out) == list(site.projects.values())
    assert json.loads(run("project", "get", "1", "--json").out) == site.projects[1]
    assert "käse" in run("project", "get", "1", "--json").out


def test_names_cannot_move_the_cursor_of_a_terminal(run: Run, signed_in: None, site: Site) -> None:
    site.projects[1] = {"id": 1, "name": "a\x1b[2J\tb\nc\x9b1m", "lang": "", "key": KEY}
    line = run("project", "list").out.splitlines()[1]
    assert line.split("\t")[1] == "a\ufffd[2J\ufffdb\ufffdc\ufffd1m"


def test_refusals_cannot_move_the_cursor_either(run: Run, site: Site, address: str) -> None:
    site.instead = (400, b'{"detail":"\\u001b]0;owned\\u0007"}')
    ended = run("health", "--url", address)
    assert ended.code == 1
    assert "\x1b" not in ended.err


def test_people_by_the_old_subcommands(run: Run, signed_in: None, site: Site) -> None:
    assert run("user", "create-user", "bob", typed="her own\n").code == 0
    assert site.asked[-1][2] == {"name": "bob", "password": "her own"}
    assert run("user", "get-user", "1").out.splitlines()[1].startswith("1\tbob")
    assert run("user", "update-user", "1", "--telegram-chat-id", "42").code == 0
    assert run("user", "update-user", "1", "--ask-password", typed="new one\n").code == 0
    assert site.asked[-1][2] == {"password": "new one"}
    assert run("user", "delete", "1").out == "User deleted successfully\n"
    # The contract's: a deletion answers the same for what was not there.
    assert run("user", "delete", "1").code == 0


def test_projects_by_the_old_subcommands(run: Run, signed_in: None, site: Site) -> None:
    run("project", "create", "shop")
    assert run("project", "update", "shop", "--name", "store").code == 0
    assert run("project", "get", "store").code == 0
    assert run("project", "delete-project", "store").out == "Project deleted successfully\n"
    assert site.projects == {}


def test_a_name_that_two_projects_have_must_be_an_id(run: Run, signed_in: None) -> None:
    run("project", "create", "shop")
    run("project", "create", "shop")
    ended = run("project", "delete-project", "shop")
    assert ended.code == 2
    assert "1 or 2" in ended.err


def test_events_are_listed_by_a_projects_name(run: Run, signed_in: None, site: Site) -> None:
    run("project", "create", "shop")
    site.envelopes = [
        {"id": 9, "project_id": 1, "event_id": "e", "sent_at": None, "items": [{}, {}]}
    ]
    assert run("events", "list", "shop").out == "id\tevent_id\tsent_at\titems\n9\te\t-\t2\n"


def test_help_tells_the_exit_codes(run: Run) -> None:
    ended = run("--help")
    assert ended.code == 0
    assert "exit codes:" in ended.out
