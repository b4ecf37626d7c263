"""The library against a site that speaks the contract."""

import pytest
from contract import KEY, Site

from catchall_client import Client, NotFound, NotSignedIn, Refused, Unreachable


def test_health_asks_with_the_slash(site: Site, address: str) -> None:
    assert Client(address).health()
    assert site.asked == [("GET", "/health/", None, "")]


def test_wrong_password_is_not_signed_in(address: str) -> None:
    with pytest.raises(NotSignedIn, match="wrong login/password"):
        Client(address).login("ana", "guess")


def test_calls_before_login_do_not_reach_the_site(site: Site, address: str) -> None:
    with pytest.raises(NotSignedIn):
        Client(address).users.list()
    assert site.asked == []


def test_people_are_made_read_changed_and_removed(site: Site, client: Client) -> None:
    made = client.users.create("bob", "hers", telegram_chat_id="42")
    assert client.users.get(made["id"])["name"] == "bob"
    client.users.update(made["id"], name="rob")
    assert [user["name"] for user in client.users.list()] == ["rob"]
    assert site.asked[-2][:3] == ("PUT", "/api/v1/users/1", {"name": "rob"})
    assert client.users.delete(made["id"]) == {"message": "User deleted successfully"}
    with pytest.raises(NotFound, match="User not found"):
        client.users.get(made["id"])


def test_projects_are_made_read_changed_and_removed(client: Client) -> None:
    made = client.projects.create("shop", lang="python")
    assert made["key"] == KEY
    client.projects.update(made["id"], lang="go")
    assert [project["lang"] for project in client.projects.list()] == ["go"]
    assert client.projects.delete(made["id"])["message"] == "Project deleted successfully"
    with pytest.raises(NotFound, match="Project not found"):
        client.projects.get(made["id"])


def test_events_are_listed_with_their_items(site: Site, client: Client) -> None:
    client.projects.create("shop")
    site.envelopes = [{"id": 7, "project_id": 1, "event_id": "e", "items": [{"payload": "{}"}]}]
    assert client.events.list(1)[0]["items"][0]["payload"] == "{}"
    with pytest.raises(NotFound):
        client.events.list(2)


def test_an_expired_token_is_renewed_and_the_call_repeated(site: Site, client: Client) -> None:
    site.expire()
    assert client.users.list() == []
    assert [path for _, path, _, _ in site.asked[1:]] == [
        "/api/v1/users/",
        "/api/v1/auth/refresh_token",
        "/api/v1/users/",
    ]
    assert client.users.list() == []
    assert site.pairs == 2


def test_a_dead_refresh_token_ends_the_sign_in(site: Site, client: Client) -> None:
    site.expire()
    site.valid_refresh.clear()
    with pytest.raises(NotSignedIn, match="has expired"):
        client.users.list()


def test_after_logout_nobody_is_signed_in(client: Client) -> None:
    client.logout()
    with pytest.raises(NotSignedIn):
        client.users.list()


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b'{"detail":"No."}', "No."),
        (b'{"detail":[{"loc":["body","name"],"msg":"Field required"}]}', "name: Field required"),
        (b'{"name":["Too long."]}', "name: Too long."),
        (b"<html>", "400 Bad Request"),
    ],
)
def test_a_refusal_says_why(site: Site, client: Client, content: bytes, text: str) -> None:
    site.instead = (400, content)
    with pytest.raises(Refused) as refused:
        client.users.list()
    assert (str(refused.value), refused.value.status) == (text, 400)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_failing_site_counts_as_unreachable(site: Site, client: Client, status: int) -> None:
    site.instead = (status, b"{}")
    with pytest.raises(Unreachable, match="cannot answer now"):
        client.users.list()


def test_another_program_on_the_port_is_named(site: Site, address: str) -> None:
    site.instead = (200, b"<html>Welcome to nginx")
    with pytest.raises(Unreachable, match="not as a Catchall site"):
        Client(address).health()


def test_a_port_where_nobody_listens_is_unreachable() -> None:
    with pytest.raises(Unreachable, match=r"http://127.0.0.1:9 does not answer"):
        Client("http://127.0.0.1:9").health()


def test_a_redirect_is_not_followed_with_the_token(site: Site, client: Client) -> None:
    site.instead = (302, b"/api/v1/users/elsewhere")
    with pytest.raises(Refused) as refused:
        client.users.list()
    assert refused.value.status == 302


@pytest.mark.parametrize(
    "wrong", ["errors.example.com", "ftp://a.example", "file:///etc/passwd", "http://a:b@c", ""]
)
def test_what_is_no_address_of_a_site_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="address"):
        Client(wrong)


def test_a_site_below_a_path_is_called_there(site: Site, address: str) -> None:
    with pytest.raises(NotFound):
        Client(f"{address}/tracker/").health()
    assert site.asked[0][1] == "/tracker/health/"
