"""What stands in the log as it is written."""

import logging
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from structlog.stdlib import ProcessorFormatter

from accounts.models import User
from accounts.services import make_reset_link


@pytest.mark.django_db
def test_no_line_holds_a_link_that_resets_a_password(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    link = make_reset_link(User.objects.create_user("ana", password="before"))
    token = link.rstrip("/").rpartition("/")[2]
    logging_settings: Any = settings.LOGGING
    described = dict(logging_settings["formatters"]["structured"])
    assert described.pop("()") is ProcessorFormatter
    formatter = ProcessorFormatter(**described)
    with caplog.at_level(logging.DEBUG):
        client.get(link)
        client.get(f"{link}nothing-here/")
    lines = [formatter.format(record) for record in caplog.records]
    assert any("/password/reset/key/hidden/" in line for line in lines)
    assert not [line for line in lines if token in line]
