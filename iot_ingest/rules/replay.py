"""What a rule would have done: stored readings of one device played through a detector."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from iot_ingest.rules.detector import Detector, Measure, Signal, Watch, is_late, measured, step
from iot_ingest.rules.flapping import steady


@dataclass(frozen=True, slots=True)
class Episode:
    """From firing to clearing; `cleared_at` None: it still fires at the end of the history.
    `value` is what was compared with the limit when it fired."""

    fired_at: datetime
    cleared_at: datetime | None
    value: float | None


def episodes(
    detector: Detector,
    readings: Iterable[tuple[datetime, str, float]],
    until: datetime,
    restarts: Collection[datetime] = (),
) -> Iterator[Episode]:
    """The episodes of one device. Readings are (time, metric, value), in the order of their times;
    the history ends at `until`. At `restarts` the detector's own metric, a counter, began anew."""
    watch, begun = Watch(), None
    for ts, metric, value in readings:
        if is_late(watch, ts, metric):
            continue
        begun = begun or _silence_before(detector, watch, ts)
        if detector.measure is Measure.SILENCE and begun is not None:
            yield Episode(begun.fired_at, ts, begun.value)
            begun = None
        after, _ = step(detector, watch, ts, value, metric, ts in restarts)
        watch, signal = steady(watch, after)
        if signal is Signal.FIRED:
            begun = Episode(ts, None, measured(detector, watch))
        elif signal is Signal.CLEARED and begun is not None:
            yield Episode(begun.fired_at, ts, begun.value)
            begun = None
    begun = begun or _silence_before(detector, watch, until)
    if begun is not None:
        yield begun


def _silence_before(detector: Detector, watch: Watch, ts: datetime) -> Episode | None:
    """The silence that ended at `ts`, when it was longer than the limit."""
    if detector.measure is not Measure.SILENCE or watch.last_ts is None:
        return None
    silent = (ts - watch.last_ts).total_seconds()
    if not detector.threshold.is_beyond(silent):
        return None
    fired_at = watch.last_ts + timedelta(seconds=detector.threshold.limit)
    counted_from = detector.hours.first_in(fired_at, ts) if detector.hours else fired_at
    return Episode(counted_from, None, silent) if counted_from else None
