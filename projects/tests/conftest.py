"""What tests of projects share."""

import pytest

from projects.tests.team import Team, make_team


@pytest.fixture
def team(db: None) -> Team:
    """The project Shop and its people."""
    return make_team()
