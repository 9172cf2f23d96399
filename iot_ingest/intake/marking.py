"""The second half of the quality gate: readings that are stored, but with a mark."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from iot_ingest.devices.service import Contact
from iot_ingest.readings.habits import Habit, Habits, Noted, habits_from_json, habits_to_json
from iot_ingest.readings.quality import Drop, GoodReading
from iot_ingest.readings.service import Mark

MOST_METRICS = 100
"""Of one device; further ones are stored, but nobody learns what is usual of them."""


@dataclass(slots=True)
class Marking:
    """What a batch says about sensors. The caller holds the devices' contacts locked."""

    contacts: Mapping[UUID, Contact]
    habits: dict[UUID, Habits] = field(default_factory=dict)
    begun: list[Mark] = field(default_factory=list)
    ended: list[tuple[UUID, str, datetime]] = field(default_factory=list)
    """Stuck sensors (device, metric) that move again, and since when."""

    def take(self, device_id: UUID, reading: GoodReading) -> Noted | None:
        """Learn from one reading, in order of time; what is remarkable about it."""
        metric, at = reading.metric, reading.ts.timestamp()
        habits = self._habits_of(device_id)
        habit = habits.get(metric)
        if habit is None:
            if len(habits) < MOST_METRICS:
                habits[metric] = Habit.of(at, reading.value)
            return None
        noted = habit.take(metric, at, reading.value)
        if noted is not None:
            self._note(device_id, reading, noted)
        return noted

    def to_json(self) -> dict[UUID, str]:
        """What is remembered of each device from now on."""
        return {device_id: habits_to_json(habits) for device_id, habits in self.habits.items()}

    def _habits_of(self, device_id: UUID) -> Habits:
        found = self.habits.get(device_id)
        if found is None:
            contact = self.contacts.get(device_id)
            found = habits_from_json(contact.habits if contact else None)
            self.habits[device_id] = found
        return found

    def _note(self, device_id: UUID, reading: GoodReading, noted: Noted) -> None:
        if noted.moves:
            self.ended.append((device_id, reading.metric, reading.ts))
        if noted.begins and noted.stuck_since is not None:
            since = datetime.fromtimestamp(noted.stuck_since, UTC)
            self.begun.append(Mark(device_id, reading.metric, Drop.STUCK_SENSOR, since))
        if noted.fell_by is not None:
            self.begun.append(
                Mark(device_id, reading.metric, Drop.COUNTER_RESET, reading.ts, noted.fell_by)
            )


def reasons_of(noted: Noted) -> Iterable[Drop]:
    """What the reading is counted under."""
    if noted.stuck_since is not None:
        yield Drop.STUCK_SENSOR
    if noted.fell_by is not None:
        yield Drop.COUNTER_RESET
