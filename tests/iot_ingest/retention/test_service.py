"""Partitions made ahead, rows that were there before, and what is forgotten."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from iot_ingest.intake.service import ingest
from iot_ingest.readings.models import DeviceMessage, Reading
from iot_ingest.retention import service
from iot_ingest.retention.queries import partition_names
from iot_ingest.rollups.levels import KEEP_DAYS, Level
from kernel import clock
from tests.factories.iot_ingest import make_device, make_run

NOON = datetime(2031, 3, 1, 12, tzinfo=UTC)


def partition_of(session: Session) -> list[str]:
    return list(
        session.scalars(text("SELECT DISTINCT tableoid::regclass::text FROM readings ORDER BY 1"))
    )


class TestMakePartitions:
    def test_makes_room_from_yesterday_to_a_week_ahead_once(self, session: Session) -> None:
        clock.freeze(session, NOON)
        made = service.make_partitions(session)
        days = [name for name in made if name.startswith("readings_d")]
        assert (days[0], days[-1], len(days)) == ("readings_d20310228", "readings_d20310308", 9)
        assert {"readings_by_minute_m203103", "readings_by_hour_m203103"} < set(made)
        assert service.make_partitions(session) == []
        assert "readings_default" in partition_names(session, "readings")

    def test_nothing_is_refused_before_and_rows_move_over(self, session: Session) -> None:
        clock.freeze(session, NOON)
        device = make_device(session)
        ingest(session, make_run(device, 0, NOON, [1.0, 2.0]))
        assert partition_of(session) == ["readings_default"]
        service.make_partitions(session)
        assert partition_of(session) == ["readings_d20310301"]
        ingest(session, make_run(device, 2, NOON + timedelta(minutes=-30), [3.0]))
        assert session.scalar(select(func.count()).select_from(Reading)) == 3
        assert partition_of(session) == ["readings_d20310301"]


class TestForgetOld:
    def test_drops_whole_days_and_old_message_identities(self, session: Session) -> None:
        clock.freeze(session, NOON)
        service.make_partitions(session)
        ingest(session, make_run(make_device(session), 0, NOON, [1.0, 2.0]))
        session.execute(
            text(
                "UPDATE device_messages SET received_at = received_at - interval '15 days'"
                " WHERE seq = 0"
            )
        )
        clock.freeze(session, NOON + timedelta(days=KEEP_DAYS[Level.READINGS] + 1))
        service.forget_old(session)
        names = partition_names(session, "readings")
        assert "readings_d20310301" not in names
        assert "readings_d20310302" in names
        assert list(session.scalars(select(DeviceMessage.seq))) == [1]
