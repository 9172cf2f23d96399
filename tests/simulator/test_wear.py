"""The truth about devices of the city, and the same city from the same seed."""

import random

from simulator.catalog import DEVICE_KINDS
from simulator.city import City, build
from simulator.wear import progress, readings, wear_of


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


class TestOutage:
    def test_cuts_the_lines_of_neighbours(self) -> None:
        city = build(1)
        kinds = {d.external_id: d.kind for d in city.devices}
        assert {kinds[key] for key in city.outage.devices} == {"router"}
        assert len(city.outage.devices) == 6
        assert city.outage == build(1).outage != build(2).outage
        assert "router" in {kind for kind, *_ in DEVICE_KINDS}
