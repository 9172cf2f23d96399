"""Two ingest processes at work on the same devices and assets."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import func, select

from iot_ingest.alerts.models import Alert
from iot_ingest.intake.service import Incoming, ingest
from iot_ingest.readings.models import DeviceMessage, DeviceProgress, Reading
from iot_ingest.rules.models import RuleState
from kernel import clock, db
from tests.conftest import Database
from tests.factories.assets import make_asset
from tests.factories.iot_ingest import make_device, make_rule, make_run


def at_once(count: int, work: Callable[[int], None]) -> list[BaseException]:
    """Run `work(number)` in threads that start together; what they raised."""
    barrier, errors = threading.Barrier(count), list[BaseException]()

    def body(number: int) -> None:
        barrier.wait()
        try:
            work(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=body, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def send(database: Database, batches: list[list[Incoming]]) -> None:
    for batch in batches:
        with database.transaction("ingest") as session:
            ingest(session, batch)


class TestTwoProcesses:
    def test_the_same_messages_through_both_are_stored_once(self, database: Database) -> None:
        with database.transaction() as session:
            start = clock.now(session) - timedelta(hours=3)
            make_rule(session)
            devices = [make_device(session) for _ in range(4)]
            values = [60.0, *[90.0] * 9, 60.0, *[90.0] * 9]
            runs = [make_run(device, 0, start, values) for device in devices]
        batches = [[run[i] for run in runs] for i in range(20)]
        errors = at_once(2, lambda number: send(database, batches))
        assert errors == []
        with database.transaction() as session:
            assert session.scalar(select(func.count()).select_from(Reading)) == 80
            assert session.scalar(select(func.count()).select_from(DeviceMessage)) == 80
            assert set(session.scalars(select(DeviceProgress.seq))) == {19}
            alerts = session.scalars(select(Alert).order_by(Alert.asset_id, Alert.opened_at)).all()
            assert len(alerts) == 8
            assert {a.opened_at - start for a in alerts} == {
                timedelta(minutes=15),
                timedelta(minutes=65),
            }

    def test_shared_work_in_any_interleaving_loses_nothing(self, database: Database) -> None:
        with database.transaction() as session:
            start = clock.now(session) - timedelta(hours=3)
            devices = [make_device(session) for _ in range(6)]
            runs = [make_run(device, 0, start, [1.0] * 20) for device in devices]
        odd_even = [
            [[run[i] for run in runs[:: 1 if part else -1]] for i in range(part, 20, 2)]
            for part in (0, 1)
        ]
        assert at_once(2, lambda number: send(database, odd_even[number])) == []
        with database.transaction() as session:
            assert session.scalar(select(func.count()).select_from(Reading)) == 120
            assert set(session.scalars(select(DeviceProgress.seq))) == {19}

    def test_many_openers_on_one_asset_open_one_alert(self, database: Database) -> None:
        with database.transaction() as session:
            now = clock.now(session)
            make_rule(session, duration_seconds=0)
            assets = [make_asset(session) for _ in range(3)]
            devices = [[make_device(session, asset) for asset in assets] for _ in range(8)]
            batches = [[make_run(device, 0, now, [95.0])[0] for device in row] for row in devices]

        def open_all(number: int) -> None:
            send(database, [batches[number] if number % 2 else batches[number][::-1]])

        assert at_once(8, open_all) == []
        with database.transaction() as session:
            alerts = session.scalars(select(Alert)).all()
            assert len(alerts) == 3
            assert {alert.evidence["occurrences"] for alert in alerts} == {8}

    def test_a_restart_keeps_the_duration(self, database: Database) -> None:
        with database.transaction() as session:
            start: datetime = clock.now(session) - timedelta(hours=1)
            make_rule(session)
            run = make_run(make_device(session), 0, start, [90.0, 90.0, 90.0])
        send(database, [run[:1], run[1:2]])
        db.engine().dispose()  # what a new process would start with
        with database.transaction() as session:
            assert session.scalars(select(RuleState.since)).one() == start
        send(database, [run[2:]])
        with database.transaction() as session:
            assert session.scalars(select(Alert)).one().opened_at == start + timedelta(minutes=10)
