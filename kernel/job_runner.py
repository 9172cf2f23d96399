"""Claims a job in one transaction and does it in the next, so that its effect happens once."""

import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from kernel import log
from kernel.db import act_as, new_session, transaction
from kernel.events import EventRow, from_payload
from kernel.failpoints import failpoint
from kernel.jobs import Handler, Job, handler
from kernel.metrics import JOB_SECONDS, JOBS

LEASE = timedelta(seconds=10)
FIRST_BACKOFF_SECONDS, LONGEST_BACKOFF_SECONDS = 1, 300

logger = log.get_logger(__name__)

CLAIM = text(
    """
    UPDATE job SET status = 'running', attempts = attempts + 1, claim = :claim,
                   lease_until = clock_timestamp() + :lease
     WHERE id = :id AND status = 'waiting'
    RETURNING attempts
    """
)
FINISH = text(
    "UPDATE job SET status = 'done', finished_at = clock_timestamp(), last_error = NULL"
    " WHERE id = :id AND status = 'running' AND claim = :claim RETURNING id"
)
FAIL = text(
    """
    UPDATE job SET status = CASE WHEN attempts >= :most THEN 'dead' ELSE 'waiting' END,
                   last_error = :error, sends = 0,
                   send_at = clock_timestamp()
                             + make_interval(secs => least(:longest, :first * 2 ^ (attempts - 1)))
     WHERE id = :id AND status = 'running' AND claim = :claim
    RETURNING status
    """
)


class ClaimLostError(Exception):
    """Somebody else took the job over while it ran."""


def run(job_id: int) -> str:
    """Do one job if it is still to be done; gives done, waiting, dead or skipped."""
    claim = uuid4().hex
    failpoint("worker.after_receive")
    with new_session() as session:
        attempts = session.execute(
            CLAIM, {"id": job_id, "claim": claim, "lease": LEASE}
        ).scalar_one_or_none()
        if attempts is None:
            return "skipped"
        job = session.get_one(Job, job_id)
        chosen = handler(job.handler)
        subject = _subject(session, job)
    failpoint("worker.after_claim")
    log.bind(job_id=job_id, handler=chosen.name)
    started = time.monotonic()
    try:
        _perform(chosen, job_id, claim, subject)
        outcome = "done"
    except ClaimLostError:
        outcome = "skipped"
    except Exception as error:
        logger.warning("job failed", attempt=attempts, error=repr(error))
        outcome = _fail(chosen, job_id, claim)
    finally:
        log.unbind("job_id", "handler")
    JOBS.labels(chosen.name, outcome).inc()
    JOB_SECONDS.labels(chosen.name).observe(time.monotonic() - started)
    return outcome


def _subject(session: Session, job: Job) -> object:
    if job.event_id is None:
        return job.tick_at
    row = session.scalars(select(EventRow).where(EventRow.id == job.event_id)).one()
    return from_payload(row.name, row.payload)


def _perform(chosen: Handler, job_id: int, claim: str, subject: object) -> None:
    if chosen.outside:
        with _heartbeat(job_id, claim):
            chosen.run(subject, f"job:{job_id}")
        failpoint("worker.after_outside")
        with new_session() as session:
            _finish(session, job_id, claim)
        return
    with transaction(f"job:{chosen.name}") as session:
        # The row lock tells the relay that this worker is alive.
        session.execute(
            text("SELECT 1 FROM job WHERE id = :id AND claim = :claim FOR UPDATE"),
            {"id": job_id, "claim": claim},
        )
        chosen.run(session, subject)
        session.flush()
        failpoint("worker.after_effect")
        _finish(session, job_id, claim)


def _finish(session: Session, job_id: int, claim: str) -> None:
    if session.execute(FINISH, {"id": job_id, "claim": claim}).first() is None:
        raise ClaimLostError


def _fail(chosen: Handler, job_id: int, claim: str) -> str:
    values = {
        "id": job_id,
        "claim": claim,
        "most": chosen.retries,
        "error": traceback.format_exc()[-4000:],
        "first": FIRST_BACKOFF_SECONDS,
        "longest": LONGEST_BACKOFF_SECONDS,
    }
    with new_session() as session:
        return str(session.execute(FAIL, values).scalar_one_or_none() or "skipped")


@contextmanager
def _heartbeat(job_id: int, claim: str) -> Iterator[None]:
    """Renew the lease while a handler works outside a transaction."""
    stopped = threading.Event()

    def beat() -> None:
        while not stopped.wait(LEASE.total_seconds() / 3):
            with new_session(aside=True) as session:
                session.execute(
                    text(
                        "UPDATE job SET lease_until = clock_timestamp() + :lease"
                        " WHERE id = :id AND claim = :claim"
                    ),
                    {"id": job_id, "claim": claim, "lease": LEASE},
                )

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def drain(session: Session, *, limit: int = 1000) -> int:
    """Run every due job inside this session, in order (tests); a failing handler raises."""
    done = 0
    while done < limit:
        session.flush()
        job = session.scalars(
            select(Job)
            .where(
                Job.status == "waiting",
                text("(job.due_at IS NULL OR job.due_at <= (SELECT app_now()))"),
            )
            .order_by(Job.id)
            .limit(1)
        ).first()
        if job is None:
            return done
        chosen, subject = handler(job.handler), _subject(session, job)
        job.status, job.attempts = "done", job.attempts + 1
        session.flush()
        if chosen.outside:
            chosen.run(subject, f"job:{job.id}")
            session.expire_all()
        else:
            act_as(session, f"job:{chosen.name}")
            chosen.run(session, subject)
        done += 1
    raise RuntimeError(f"jobs keep making jobs: more than {limit} ran")
