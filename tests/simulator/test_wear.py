"""The truth about devices of the city, and the same city from the same seed."""

import random

from simulator.catalog import CLOGGING_MODEL, DEVICE_KINDS
from simulator.city import City, build
from simulator.wear import past_wear, progress, readings, wear_of


def small_city() -> City:
    return build(1, customers=60, failures=20, bookings=10, backlog=5)


class TestWear:
    def test_devices_degrade_slowly_then_faster_until_they_fail(self) -> None:
        city = small_city()
        for device in city.devices:
            wear = wear_of(city, device)
            assert (wear is None) == (device.fails_at is None)
            if wear is None:
                continue
            steps = [progress(wear, m) for m in range(wear.wears_from, wear.fails_at + 60, 10)]
            assert steps == sorted(steps)
            assert (steps[0], steps[-1]) == (0.0, 1.0)
            assert progress(wear, (wear.wears_from + wear.fails_at) / 2) < 0.3
            assert not (wear.is_false and wear.heeds_command)

    def test_a_heat_pump_measures_what_goes_with_it(self) -> None:
        pump = next(d for d in small_city().devices if d.kind == "heat-pump")
        well, failed = (dict(readings(pump, at, 0.0, random.Random(1))) for at in (0.0, 1.0))
        assert set(well) == {"compressor_c", "power_kw", "flow_l_min"}
        assert failed["compressor_c"] > well["compressor_c"]
        assert failed["flow_l_min"] < well["flow_l_min"]


class TestFilters:
    def test_have_a_past_that_ends_where_the_present_begins(self) -> None:
        city = build(1)
        clogging = [one for one in city.devices if one.model == CLOGGING_MODEL]
        assert len(clogging) >= 40
        for device in clogging:
            present = wear_of(city, device)
            assert present is not None
            assert not present.heeds_command
            first, second = past_wear(city, device, present)
            assert first[1] == second[0].wears_from
            assert second[1] == present.wears_from < -60
            for wear, mended_at in (first, second):
                assert 36 * 60 <= wear.fails_at - wear.wears_from < 72 * 60
                assert mended_at > wear.fails_at
            assert first[0].wears_from > -14 * 24 * 60


class TestOutage:
    def test_cuts_the_lines_of_neighbours(self) -> None:
        city = build(1)
        kinds = {d.external_id: d.kind for d in city.devices}
        assert {kinds[key] for key in city.outage.devices} == {"router"}
        assert len(city.outage.devices) == 6
        assert city.outage == build(1).outage != build(2).outage
        assert "router" in {kind for kind, *_ in DEVICE_KINDS}
