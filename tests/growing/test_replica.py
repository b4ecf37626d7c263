"""Pages are read from a streaming replica, and never miss what their reader just did."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import httpx
import pytest

from tests.growing.pages import sign_in, submit
from tests.growing.pair import OwnReplica, primary_and_replica
from tests.server import Site, start_site, wait_until
from tests.servers import OwnPostgres

pytestmark = pytest.mark.growing

# A page must come sooner after what it is not to show.
MAX_LAG_S = 6


@dataclass(frozen=True, slots=True)
class Stage:
    """A site whose pages may read from the replica, and a person signed in a while ago."""

    site: Site
    primary: OwnPostgres
    replica: OwnReplica
    reader: httpx.Client

    def shows(self, name: str, reader: httpx.Client | None = None) -> bool:
        """Whether the list of projects has this one."""
        page = (reader or self.reader).get("/projects/")
        assert page.status_code == 200
        return name in page.text


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The replica replays; each test leaves it so."""
    with primary_and_replica() as (primary, replica):
        settings = {
            "DATABASE_URL": primary.url("catchall"),
            "DATABASE_REPLICA_URL": replica.url("catchall"),
            "DATABASE_REPLICA_MAX_LAG_S": str(MAX_LAG_S),
        }
        site = start_site(tmp_path_factory.mktemp("replica") / "data", settings=settings)
        site.create_project("Shop")
        reader = sign_in(site)
        wait_until(lambda: forget_writing(reader), "the session to be an old one")
        yield Stage(site, primary, replica, reader)
        reader.close()
        assert site.stop() == 0


def forget_writing(client: httpx.Client) -> bool:
    """Whether the cookie of a session that wrote has run out."""
    client.cookies.jar.clear_expired_cookies()
    return "wrote" not in client.cookies


@pytest.fixture(autouse=True)
def replay_goes_on(stage: Stage) -> Iterator[None]:
    """Whatever a test did to the replica."""
    wait_until(lambda: is_used(stage), "pages to be read from the replica", timeout_s=60)
    yield
    stage.replica.query("SELECT pg_wal_replay_resume()")


def is_used(stage: Stage) -> bool:
    stage.shows("")
    said = stage.site.log_path.read_text()
    return said.rfind("replica.used") > said.rfind("replica.left_alone")


def stop_replay(stage: Stage) -> None:
    stage.replica.query("SELECT pg_wal_replay_pause()")


def rename_project(stage: Stage, name: str) -> None:
    """What somebody else does, on the primary."""
    stage.primary.query(f"UPDATE projects_project SET name = '{name}'")


def test_a_page_is_read_from_the_replica(stage: Stage) -> None:
    stop_replay(stage)
    rename_project(stage, "Seen late")
    assert not stage.shows("Seen late")
    stage.replica.query("SELECT pg_wal_replay_resume()")
    wait_until(lambda: stage.shows("Seen late"), "the replica to show the project")


def test_who_just_wrote_reads_it_at_once(stage: Stage) -> None:
    with closing(sign_in(stage.site)) as writer:
        wait_until(lambda: forget_writing(writer), "the session to be an old one")
        stop_replay(stage)
        submit(writer, "/projects/new/", name="Mine at once", platform="python")
        assert stage.shows("Mine at once", writer)
    assert not stage.shows("Mine at once")


def test_a_replica_too_far_behind_is_left_alone(stage: Stage) -> None:
    stop_replay(stage)
    rename_project(stage, "Behind")
    wait_until(lambda: stage.shows("Behind"), "pages to be read from the primary")
    assert "the replica is too far behind" in stage.site.log_path.read_text()


def test_no_page_fails_while_the_replica_is_away(stage: Stage) -> None:
    stage.replica.kill()
    try:
        for _ in range(20):
            assert stage.shows("")
            time.sleep(0.1)
        assert not is_used(stage)
    finally:
        stage.replica.start()


def test_a_replica_that_hangs_is_left_alone(stage: Stage) -> None:
    rename_project(stage, "While it hangs")
    stage.replica.pause()
    try:
        # Pages that had asked the replica already wait for it.
        wait_until(lambda: shows_in_time(stage, "While it hangs"), "the primary to be asked")
    finally:
        stage.replica.resume()


def shows_in_time(stage: Stage, name: str) -> bool:
    try:
        return name in stage.reader.get("/projects/", timeout=5).text and not is_used(stage)
    except httpx.ReadTimeout:
        return False
