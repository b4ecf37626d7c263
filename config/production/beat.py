"""The schedules' process: any number may run, one of them works, the others stand by."""

import signal
import sys
import time

import structlog
from celery import Celery
from django.db import DatabaseError, InterfaceError, close_old_connections

from config.celery import app
from config.embedded.services import MAX_TICK_S, SYNC_EVERY_S
from config.production.broker import retry_soon
from config.production.heartbeat import beat_heart
from config.production.one_at_a_time import Turn, TurnLost, make_turn
from config.scheduler import SteadyScheduler

log = structlog.get_logger(__name__)


def serve_beat() -> None:
    """Send what is due until SIGTERM; whatever is away is waited for."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    turn = make_turn("beat")
    while True:
        try:
            if turn.take():
                _work(app, turn)
        except (DatabaseError, InterfaceError, TurnLost) as error:
            log.warning("beat.interrupted", error=str(error), retry_in_s=MAX_TICK_S)
        beat_heart()
        close_old_connections()
        time.sleep(MAX_TICK_S)


def _work(app: Celery, turn: Turn) -> None:
    """Send what is due for as long as it is our turn. Raises TurnLost, DatabaseError."""
    log.info("beat.started")
    scheduler = SteadyScheduler(app=app, max_interval=MAX_TICK_S)
    scheduler.sync_every = SYNC_EVERY_S
    retry_soon(scheduler.connection)
    try:
        while True:
            turn.keep()
            pause_s = scheduler.tick()
            if scheduler.should_sync():
                scheduler.sync()
            beat_heart()
            time.sleep(max(0.0, min(pause_s, MAX_TICK_S)))
    finally:
        scheduler.close()
        turn.give_back()
