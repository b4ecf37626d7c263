"""@sentry/node's attachments and feedback, where people see them."""

from pathlib import Path

import pytest

from tests.sdk.processes import NODE_APPS, run_app
from tests.sdk.reading import Page, Visitor
from tests.server import Site, wait_until

pytestmark = [pytest.mark.sdk, pytest.mark.node]


def test_what_a_customer_wrote_and_its_file_stand_with_the_crash(
    node: Path, site: Site, visitor: Visitor
) -> None:
    dsn = site.create_project("scales")

    run_app(
        *(node, "--import", "./instrument.mjs", "feedback.mjs"),
        folder=NODE_APPS,
        settings={"SENTRY_DSN": dsn},
    )

    def listing() -> Page:
        return visitor.open("/projects/scales/feedback/")

    wait_until(lambda: "I paid for five pears." in listing().text, "what the customer wrote")
    listing().assert_says("I paid for five pears.", "cleo@example.com", "SCALES-1 TypeError")
    issue = visitor.open_issue("scales", "TypeError")
    issue.assert_says("receipt.txt", "I paid for five pears.")
