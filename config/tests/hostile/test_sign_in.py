"""Ended sessions, one-time passwords, reset links: who is out stays out, at every address."""

from typing import Any

import pytest
from celery import current_app as app
from django.core import mail
from django.test import Client

from accounts.models import User
from accounts.services import make_reset_link
from config.tests.hostile.addresses import every_address
from config.tests.hostile.probe import MARK
from config.tests.hostile.scene import PASSWORD, Scene, harmed, snapshot

pytestmark = pytest.mark.django_db

RESET = "/accounts/password/reset/"
NEW_PASSWORD = "another fine password"


@pytest.mark.parametrize("change", [{"is_active": False}, {"must_change_password": True}])
def test_people_who_are_not_in_yet_or_no_longer_see_nothing(
    scene: Scene, change: dict[str, Any]
) -> None:
    """Whoever was invited by a one-time password and never came is no member at work either."""
    client = scene.client("owner")
    User.objects.filter(pk=scene.owner.pk).update(**change)
    before = snapshot(scene)
    _sees_nothing(scene, client)
    assert not harmed(scene, before)


def test_a_member_who_was_taken_out_sees_nothing(scene: Scene) -> None:
    client = scene.client("owner")
    scene.project.memberships.all().delete()
    for address in every_address():
        if "slug" in address.parameters:
            assert client.get(address.path(scene.value_of)).status_code in {404, 405}


def test_a_session_ends_with_its_password(scene: Scene) -> None:
    client = scene.client("owner")
    scene.owner.set_password(NEW_PASSWORD)
    scene.owner.save()
    _sees_nothing(scene, client)


def test_a_session_that_was_signed_out_of_is_worth_nothing(scene: Scene) -> None:
    client = scene.client("owner")
    stolen = Client()
    stolen.cookies["sessionid"] = client.cookies["sessionid"].value
    assert stolen.get("/projects/").status_code == 200
    client.post("/accounts/logout/")
    _sees_nothing(scene, stolen)


def test_signing_in_gives_a_session_that_nobody_could_know_before(scene: Scene) -> None:
    client = Client()
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = str(planted)
    client.post("/accounts/login/", {"login": "owner", "password": PASSWORD})
    assert client.session.session_key != planted


def test_a_reset_link_works_once_and_no_other_lives_on(scene: Scene) -> None:
    first, second = make_reset_link(scene.owner), make_reset_link(scene.owner)
    assert _use(first)
    assert not _use(first)
    assert not _use(second)


def test_a_reset_link_of_somebody_else_is_none(scene: Scene) -> None:
    link = make_reset_link(scene.stranger)
    forged = link.replace(
        f"/key/{_base36(scene.stranger.pk)}-", f"/key/{_base36(scene.superuser.pk)}-"
    )
    assert forged != link
    assert not _use(forged)


def test_reset_links_are_not_sent_without_end(scene: Scene, settings: Any) -> None:
    settings.HAS_EMAIL = True
    app.conf.task_always_eager = True
    try:
        for _ in range(60):
            Client().post(RESET, {"email": "owner@example.com"})
    finally:
        app.conf.task_always_eager = False
    assert 0 < len(mail.outbox) <= 20


def _sees_nothing(scene: Scene, client: Client) -> None:
    for address in every_address():
        if "logout" in address.name:
            continue
        for method in (client.get, client.post):
            answer = method(address.path(scene.value_of))
            content = b"".join(answer) if answer.streaming else answer.content
            assert MARK.encode() not in content, address


def _use(link: str) -> bool:
    """Whether the link leads to a form that takes a new password."""
    client = Client()
    page = client.get(link, follow=True)
    address = page.redirect_chain[-1][0] if page.redirect_chain else link
    data = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    return b"Your password is set" in client.post(address, data, follow=True).content


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return digits[number] if number < 36 else _base36(number // 36) + digits[number % 36]
