"""The relay: hands due jobs to the broker, makes timer ticks, numbers the events of the stream."""

import json
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import psycopg
from sqlalchemy import text

from kernel import log
from kernel.db import new_session
from kernel.failpoints import failpoint
from kernel.jobs import QUEUES, Handler, all_handlers
from kernel.metrics import JOBS_DEAD, JOBS_WAITING
from kernel.settings import settings

Send = Callable[[int, str], None]

UNCLAIMED_PER_QUEUE = 200
RESEND_SECONDS = 10
IDLE_SECONDS = 0.25
LONGEST_SEND_GAP_SECONDS = 640

logger = log.get_logger(__name__)

TAKE = text(
    """
    UPDATE job SET sends = sends + 1,
           send_at = clock_timestamp()
                     + make_interval(secs => least(:longest, :resend * 2 ^ least(sends, 6)))
     WHERE id IN (
        SELECT id FROM job
         WHERE status = 'waiting' AND queue = :queue AND send_at <= clock_timestamp()
           AND (due_at IS NULL OR due_at <= (SELECT app_now()))
         ORDER BY id LIMIT :room FOR UPDATE SKIP LOCKED)
    RETURNING id
    """
)
UNCLAIMED = text(
    "SELECT count(*) FROM job WHERE status = 'waiting' AND queue = :queue AND sends > 0"
    " AND send_at > clock_timestamp() AND (due_at IS NULL OR due_at <= (SELECT app_now()))"
    " AND attempts = 0"
)
# A worker in its second transaction holds the row lock: SKIP LOCKED leaves the living alone.
RECLAIM = text(
    """
    UPDATE job SET status = CASE WHEN attempts >= (cast(:most AS jsonb) ->> handler)::int
                                 THEN 'dead' ELSE 'waiting' END,
                   send_at = clock_timestamp(), sends = 0,
                   last_error = coalesce(last_error, 'the worker was lost')
     WHERE id IN (SELECT id FROM job WHERE status = 'running' AND lease_until < clock_timestamp()
                   FOR UPDATE SKIP LOCKED)
    RETURNING id
    """
)
ASK_AGAIN = text(
    "UPDATE job SET send_at = clock_timestamp(), sends = 0"
    " WHERE status = 'waiting' AND sends > 0 AND queue = ANY(:queues)"
)
# A tick that nobody has claimed stands for the ones after it, and keeps its place in the queue: a
# newer one in its stead would begin at the end again, and under load none would ever get its turn.
TICK = text(
    """
    INSERT INTO job (handler, queue, tick_at, due_at)
    SELECT :name, :queue, :tick_at, NULL
     WHERE NOT coalesce(
        (SELECT status = 'waiting' AND attempts = 0 FROM job
          WHERE handler = :name AND tick_at IS NOT NULL ORDER BY tick_at DESC LIMIT 1), false)
    ON CONFLICT (handler, tick_at) DO NOTHING
    """
)
SEQUENCE = text(
    """
    WITH fresh AS (
        SELECT id, row_number() OVER (ORDER BY id) AS place FROM event
         WHERE position IS NULL AND (due_at IS NULL OR due_at <= (SELECT app_now()))
         ORDER BY id LIMIT 1000)
    UPDATE event SET position = fresh.place + (SELECT coalesce(max(position), 0) FROM event)
      FROM fresh WHERE event.id = fresh.id
    RETURNING event.position
    """
)


def run(send: Send, *, stop: Callable[[], bool] = lambda: False) -> None:
    """Relay until stopped; survives the loss of the database and of the broker."""
    listener: psycopg.Connection | None = None
    while not stop():
        try:
            if listener is None or listener.closed:
                listener = _listen()
            busy = step(send)
            if not busy:
                for _ in listener.notifies(timeout=IDLE_SECONDS, stop_after=1):
                    pass
        except Exception as error:  # the relay outlives every fault around it
            logger.warning("relay step failed", error=repr(error))
            _close(listener)
            listener = None
            time.sleep(0.5)
    _close(listener)


def step(send: Send) -> bool:
    """One round; True when there may be more to do at once."""
    make_ticks()
    reclaim()
    sequence()
    return send_due(send)


def send_due(send: Send) -> bool:
    full = False
    for queue in QUEUES:
        with new_session() as session:
            unclaimed = int(session.execute(UNCLAIMED, {"queue": queue}).scalar_one())
            JOBS_WAITING.labels(queue).set(unclaimed)
            room = UNCLAIMED_PER_QUEUE - unclaimed
            if room <= 0:
                continue
            values = {
                "queue": queue,
                "room": room,
                "resend": RESEND_SECONDS,
                "longest": LONGEST_SEND_GAP_SECONDS,
            }
            ids = sorted(session.execute(TAKE, values).scalars())
        failpoint("relay.after_take")
        for job_id in ids:
            send(job_id, queue)
        failpoint("relay.after_send")
        full = full or len(ids) == room
    return full


def reclaim() -> int:
    """Give jobs of lost workers back; those out of tries are dead."""
    with new_session() as session:
        most = {h.name: h.retries for h in all_handlers()}
        found = len(session.execute(RECLAIM, {"most": json.dumps(most)}).all())
        dead = session.execute(text("SELECT count(*) FROM job WHERE status = 'dead'"))
        JOBS_DEAD.set(int(dead.scalar_one()))
    return found


def ask_again(queues: Iterable[str]) -> None:
    """Have jobs sent anew that nobody claimed: a worker that died may have taken their messages.

    A message too many does no harm, since only one worker can claim its job.
    """
    with new_session() as session:
        session.execute(ASK_AGAIN, {"queues": list(queues)})


def make_ticks() -> None:
    """Insert the latest tick of every timer that has none waiting; missed ones collapse into it.

    What is left out is not lost: whoever claims the waiting tick does so after its time.
    """
    timers = [h for h in all_handlers() if h.interval is not None]
    with new_session() as session:
        business, real = session.execute(text("SELECT app_now(), clock_timestamp()")).one()
        for timer in timers:
            tick_at = _last_multiple(business if timer.time == "business" else real, timer)
            session.execute(TICK, {"name": timer.name, "queue": timer.queue, "tick_at": tick_at})


def _last_multiple(now: datetime, timer: Handler) -> datetime:
    assert timer.interval is not None
    epoch = datetime(2000, 1, 1, tzinfo=UTC)
    return now - ((now - epoch) % timer.interval)


def sequence() -> int:
    """Number the committed events that have no position; one process at a time does it."""
    with new_session() as session:
        mine = session.execute(
            text("SELECT pg_try_advisory_xact_lock(hashtext('firstfix.sequencer'))")
        ).scalar_one()
        if not mine:
            return 0
        numbered = len(session.execute(SEQUENCE).all())
        if numbered:
            session.execute(text("SELECT pg_notify('firstfix_events', '')"))
    return numbered


def _close(listener: psycopg.Connection | None) -> None:
    if listener is not None:
        listener.close()


def _listen() -> psycopg.Connection:
    url = settings().database_url.replace("postgresql+psycopg://", "postgresql://")
    connection = psycopg.connect(url, autocommit=True, connect_timeout=3)
    connection.execute("LISTEN firstfix_jobs")
    return connection
