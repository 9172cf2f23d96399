"""Celery as the pool of worker processes; the jobs themselves live in the database."""

from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from kernel import job_runner
from kernel.db import forget_engines
from kernel.settings import settings

TASK = "firstfix.run"


def make_celery() -> Celery:
    app = Celery("firstfix", broker=settings().broker_url)
    app.conf.update(
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        broker_connection_retry_on_startup=True,
        worker_hijack_root_logger=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_transport_options={
            "visibility_timeout": 60,
            "unacked_restore_interval": 2,
            "unacked_restore_throttle": 1,
            "socket_timeout": 2,
            "socket_connect_timeout": 2,
            "max_retries": 1,
        },
    )
    app.task(name=TASK)(run)
    return app


def run(job_id: int) -> None:
    job_runner.run(job_id)


def send_with(app: Celery) -> Any:
    """The relay's `send`: one hint to the broker; a lost one is sent again later."""

    def send(job_id: int, queue: str) -> None:
        app.send_task(TASK, (job_id,), queue=queue, retry=False)

    return send


@worker_process_init.connect
def fresh_connections(**_: Any) -> None:
    forget_engines(close=False)
