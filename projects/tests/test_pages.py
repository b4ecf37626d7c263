"""The project pages as people use them."""

from typing import Any

import pytest
from django.utils import timezone

from common.sliding_window import Limit
from projects.models import Membership, Project
from projects.tests.team import Team


def texts(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_person_creates_a_project_and_connects_an_application(team: Team) -> None:
    client = team.client("stranger")
    assert "Your projects will be here" in texts(client.get("/projects/"))
    answer = client.post("/projects/new/", {"name": "Mail gateway", "platform": "go"})
    assert answer.headers["Location"] == "/projects/mail-gateway/setup/"
    project = Project.objects.get(slug="mail-gateway")
    assert project.memberships.get().user == team.people["stranger"]
    assert "you are owner" in texts(client.get("/projects/"))


def test_a_project_needs_a_name(team: Team) -> None:
    answer = team.client("member").post("/projects/new/", {"name": " ", "platform": "go"})
    assert "This field is required" in texts(answer)


def test_the_list_holds_ones_own_projects_only(team: Team) -> None:
    Project.objects.create(name="Foreign", slug="foreign", short_prefix="FOREIGN")
    assert "Foreign" not in texts(team.client("owner").get("/projects/"))
    assert "Foreign" in texts(team.client("superuser").get("/projects/"))


def test_a_project_that_began_without_a_dsn_waits_for_nothing(team: Team) -> None:
    """Errors of native clients and simple events use no key of a DSN."""
    assert "Waiting for the first event" in texts(team.client("owner").get("/projects/"))
    Project.objects.update(first_event_at=timezone.now())
    page = texts(team.client("owner").get("/projects/"))
    assert "first event" in page
    assert "Waiting for the first event" not in page


def test_settings_are_saved(team: Team) -> None:
    data = {
        "name": "Web shop",
        "platform": "ruby",
        "retention_days": "30",
        "max_events_per_issue": "",
        "allowed_origins": "https://Shop.example.com/\n\n*.example.com\n",
        "sensitive_fields": "iban\npin",
        "safe_fields": "",
        "drop_ip_addresses": "on",
    }
    client = team.client("manager")
    assert client.post("/projects/shop/settings/", data).status_code == 302
    project = Project.objects.get(pk=team.project.pk)
    assert (project.name, project.slug, project.retention_days) == ("Web shop", "shop", 30)
    assert project.allowed_origins == "https://shop.example.com\n*.example.com"
    assert project.drop_ip_addresses
    assert "The settings are saved." in texts(client.get("/projects/shop/settings/"))


def test_settings_out_of_bounds_are_refused(team: Team) -> None:
    data = {
        "name": "Renamed",
        "platform": "ruby",
        "retention_days": "0",
        "max_events_per_issue": "1",
        "allowed_origins": "https://shop.example.com/path",
    }
    answer = texts(team.client("manager").post("/projects/shop/settings/", data))
    assert "greater than or equal to 1" in answer
    assert "greater than or equal to 10" in answer
    assert "Write https://shop.example.com/path like" in answer
    # The frame still has the name that is kept.
    assert "<h1>Shop</h1>" in answer


def test_a_key_is_made_labelled_revoked_and_taken_back(team: Team) -> None:
    client = team.client("manager")
    client.post("/projects/shop/keys/", {"label": "Worker"})
    key = team.project.keys.get(label="Worker")
    client.post(f"/projects/shop/keys/{key.pk}/label/", {"label": "Cron"})
    client.post(f"/projects/shop/keys/{key.pk}/revoke/")
    page = texts(client.get("/projects/shop/keys/"))
    assert "Cron is revoked" in page
    assert key.dsn in page
    assert f"/projects/shop/keys/{key.pk}/restore/" in page
    client.post(f"/projects/shop/keys/{key.pk}/restore/")
    key.refresh_from_db()
    assert (key.label, key.is_active) == ("Cron", True)


def test_a_key_says_where_other_things_than_sdks_send(team: Team) -> None:
    key = team.project.keys.get()
    page = texts(team.client("manager").get("/projects/shop/keys/"))
    api = f"http://testserver/api/{team.project.pk}"
    assert f"{api}/security/?sentry_key={key.public_key}" in page
    assert f"{api}/minidump/?sentry_key={key.public_key}" in page
    assert f"{api}/cron/my-job/{key.public_key}/?status=ok" in page
    assert f"OTEL_EXPORTER_OTLP_ENDPOINT={api}/integration/otlp" in page


def test_a_key_needs_a_label(team: Team) -> None:
    key = team.project.keys.get()
    client = team.client("manager")
    client.post(f"/projects/shop/keys/{key.pk}/label/", {"label": " "})
    assert "A key needs a label" in texts(client.get("/projects/shop/keys/"))
    assert "This field is required" in texts(client.post("/projects/shop/keys/", {"label": ""}))


def test_members_come_change_and_go(team: Team) -> None:
    client = team.client("owner")
    client.post("/projects/shop/members/add/", {"login": "stranger", "role": "viewer"})
    membership = team.membership("stranger")
    client.post(f"/projects/shop/members/{membership.pk}/role/", {"role": "manager"})
    membership.refresh_from_db()
    assert membership.role == "manager"
    client.post(f"/projects/shop/members/{membership.pk}/remove/")
    assert "stranger is no longer in Shop" in texts(client.get("/projects/shop/members/"))
    assert not Membership.objects.filter(pk=membership.pk).exists()


def test_what_cannot_be_is_said(team: Team) -> None:
    client = team.client("owner")
    for data, cause in (
        ({"login": "bob", "role": "viewer"}, "Nobody here is called bob"),
        ({"login": "", "role": "viewer"}, "Name somebody who has an account"),
    ):
        client.post("/projects/shop/members/add/", data)
        assert cause in texts(client.get("/projects/shop/members/"))
    owner = team.membership("owner")
    client.post(f"/projects/shop/members/{owner.pk}/role/", {"role": "emperor"})
    assert "Choose one of the roles" in texts(client.get("/projects/shop/members/"))
    client.post(f"/projects/shop/members/{owner.pk}/remove/")
    assert "owner is the only owner" in texts(client.get("/projects/shop/members/"))
    client.post(f"/projects/shop/members/{owner.pk}/role/", {"role": "viewer"})
    assert "owner is the only owner" in texts(client.get("/projects/shop/members/"))


def test_a_manager_who_leaves_goes_to_the_list(team: Team) -> None:
    membership = team.membership("manager")
    answer = team.client("manager").post(f"/projects/shop/members/{membership.pk}/remove/")
    assert answer.headers["Location"] == "/projects/"


def test_viewers_see_no_controls(team: Team) -> None:
    page = texts(team.client("viewer").get("/projects/shop/members/"))
    assert "Manager" in page
    assert "/role/" not in page and "/remove/" not in page


def test_deleting_asks_for_the_name(team: Team) -> None:
    client = team.client("owner")
    assert "This is not its name" in texts(client.post("/projects/shop/delete/", {"name": "x"}))
    assert Project.objects.active().exists()
    answer = client.post("/projects/shop/delete/", {"name": "Shop"})
    assert answer.headers["Location"] == "/projects/"
    assert not Project.objects.active().exists()


def test_a_manager_cannot_delete(team: Team) -> None:
    client = team.client("manager")
    client.post("/projects/shop/delete/", {"name": "Shop"})
    assert Project.objects.active().exists()
    assert "Only an owner can delete" in texts(client.get("/projects/shop/settings/"))


def test_names_are_escaped(team: Team) -> None:
    Project.objects.update(name="<script>alert(1)</script>")
    team.project.keys.update(label="<script>alert(2)</script>")
    client = team.client("owner")
    for page in ("", "shop/settings/", "shop/keys/", "shop/members/", "shop/delete/"):
        assert "<script>alert" not in texts(client.get(f"/projects/{page}"))


def test_pages_ask_little_of_the_database(team: Team, django_assert_max_num_queries: Any) -> None:
    client = team.client("owner")
    # Session, person and the frame's projects are three of them.
    for page, limit in (
        ("", 5),
        ("new/", 3),
        ("shop/settings/", 7),
        ("shop/keys/", 7),
        ("shop/members/", 6),
        ("shop/delete/", 5),
    ):
        with django_assert_max_num_queries(limit):
            assert client.get(f"/projects/{page}").status_code == 200


def test_queries_do_not_grow_with_what_is_shown(
    team: Team, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        extra = Project.objects.create(
            name=f"P{number}", slug=f"p{number}", short_prefix=f"P{number}"
        )
        extra.memberships.create(user=team.people["owner"], role="viewer")
        team.project.keys.create(label=f"Key {number}")
    client = team.client("owner")
    for page, limit in (("", 5), ("shop/keys/", 7), ("shop/members/", 6)):
        with django_assert_max_num_queries(limit):
            client.get(f"/projects/{page}")


def test_a_projects_rate_limit_is_set_on_its_settings(team: Team) -> None:
    data = {"name": "Shop", "platform": "other", "rate_limit": "100", "rate_limit_window_s": ""}
    assert team.client("manager").post("/projects/shop/settings/", data).status_code == 302

    team.project.refresh_from_db()
    assert team.project.limit == Limit(100, 60)


def test_a_keys_rate_limit_is_set_and_taken_off_on_the_keys_page(team: Team) -> None:
    key = team.project.keys.get()
    client, path = team.client("manager"), f"/projects/shop/keys/{key.pk}/limit/"

    client.post(path, {"rate_limit": "50", "rate_limit_window_s": "10"})
    key.refresh_from_db()
    assert key.limit == Limit(50, 10)
    assert "at most 50 of each kind in 10 s" in texts(client.get("/projects/shop/keys/"))

    client.post(path, {"rate_limit": "0", "rate_limit_window_s": "10"})
    key.refresh_from_db()
    assert key.limit == Limit(50, 10)

    client.post(path, {"rate_limit": "", "rate_limit_window_s": ""})
    key.refresh_from_db()
    assert key.limit is None


@pytest.mark.parametrize("role", ["member", "viewer"])
def test_only_managers_set_a_keys_rate_limit(team: Team, role: str) -> None:
    key = team.project.keys.get()

    answer = team.client(role).post(f"/projects/shop/keys/{key.pk}/limit/", {"rate_limit": "5"})

    assert answer.status_code == 403
