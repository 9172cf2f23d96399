"""Instances survive their files and the arrays; drawn ones are what was asked for."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.plan import files, vrptw
from benchmarks.plan.arrays import from_arrays, to_arrays
from benchmarks.plan.generator import make
from benchmarks.plan.geometry import REGIONS
from benchmarks.plan.instance import Instance
from benchmarks.plan.problem import to_problem
from tests.benchmarks.plan_instances import make_job, make_line

SOLOMON = """SMALL

VEHICLE
NUMBER     CAPACITY
  3         200

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE TIME

    0      0         0          0          0       1236          0
    1      3         4         10        912        967         90
    2      1         1         30        825        870         90
"""


def are_equal(one: Instance, other: Instance) -> bool:
    same = (one.technicians, one.jobs, one.name) == (other.technicians, other.jobs, other.name)
    return same and np.array_equal(one.travel, other.travel)


class TestFiles:
    def test_gives_back_what_was_written(self, tmp_path: Path) -> None:
        instance = make("city", 4, 20)
        files.write(instance, tmp_path / "city.json")
        assert are_equal(files.read(tmp_path / "city.json"), instance)

    def test_reads_travel_as_rows_and_fills_in_ids(self) -> None:
        value = files.to_json(make_line(make_job(1)))
        value["travel_seconds"] = [[0, 600], [600, 0]]
        del value["jobs"][0]["id"]
        found = files.from_json(value)
        assert found.jobs[0].id == 0
        assert found.travel.tolist() == [[0, 600], [600, 0]]

    def test_refuses_another_format(self) -> None:
        with pytest.raises(ValueError, match="format"):
            files.from_json({"format": "other"})

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ('{"jobs": ', "line 1 column 10"),
            ('{"format": "firstfix-technician/1"}', "there is no 'technicians'"),
            ('{"format": "firstfix-technician/1", "technicians": [{"speed": 1}]}', "'speed'"),
            ('{"format": "firstfix-technician/1", "technicians": 3}', "not iterable"),
        ],
    )
    def test_names_the_file_that_it_cannot_read(self, tmp_path: Path, text: str, why: str) -> None:
        (tmp_path / "one.json").write_text(text)
        with pytest.raises(files.UnreadableError, match=why) as refusal:
            files.read_folder(tmp_path, to_problem)
        assert str(refusal.value).startswith(f"{tmp_path}/one.json cannot be read: ")

    @pytest.mark.parametrize(
        ("spoilt", "why"),
        [
            ({"duration_seconds": float("nan")}, "job 101: duration_seconds is a whole number"),
            ({"duration_seconds": 10**18}, "job 101: duration_seconds is a whole number"),
            ({"place": 0.5}, "job 101: place is a whole number"),
            ({"weight": True}, "job 101: weight is a whole number"),
            ({"weight": -5}, "negative|at least|not below"),
            ({"earliest": 7200, "latest": 3600}, "A window ends after its start"),
            ({"skill": "gas", "level": 9}, "the level is between 1 and 5"),
        ],
    )
    def test_blames_the_file_for_a_job_that_cannot_be(
        self, tmp_path: Path, spoilt: dict[str, object], why: str
    ) -> None:
        value = files.to_json(make_line(make_job(1)))
        value["jobs"][0].update(spoilt)
        (tmp_path / "one.json").write_text(json.dumps(value))
        with pytest.raises(files.UnreadableError, match=why):
            files.read_folder(tmp_path, to_problem)

    @pytest.mark.parametrize(
        ("spoilt", "why"),
        [
            ({"name": 5}, "is no text"),
            ({"units_per_second": 0}, "one unit or more"),
            ({"cents_per_weight": 0.5}, "cents_per_weight is a whole number"),
            ({"travel_seconds": [[0, 600.7], [600, 0]]}, "travel seconds are whole"),
            ({"travel_seconds": [[0, 2**40], [600, 0]]}, "travel seconds are whole"),
        ],
    )
    def test_refuses_what_no_solver_can_take(self, spoilt: dict[str, object], why: str) -> None:
        with pytest.raises(ValueError, match=why):
            files.from_json({**files.to_json(make_line(make_job(1))), **spoilt})

    def test_refuses_what_takes_less_than_no_time(self) -> None:
        with pytest.raises(ValueError, match="less than no time"):
            make_line(make_job(1, duration_seconds=-1))

    def test_reads_a_folder_with_its_values(self, tmp_path: Path) -> None:
        files.write(make_line(make_job(1)), tmp_path / "one.json")
        (tmp_path / "values.json").write_text('{"line": 12.5}')
        instances, known = files.read_folder(tmp_path, to_problem)
        assert [one.name for one in instances] == ["line"]
        assert known == {"line": 12.5}


class TestArrays:
    def test_keep_who_can_do_what_and_when(self) -> None:
        instance = make("radial", 5, 25)
        again = from_arrays(to_arrays(instance))
        assert np.array_equal(again.able, instance.able)
        first, second = to_arrays(instance), to_arrays(again)
        for name, column in first.items():
            assert np.array_equal(column, second[name]), name

    def test_refuse_loads(self) -> None:
        with pytest.raises(ValueError, match="loads"):
            to_arrays(make_line(make_job(1, load=1)))


class TestMake:
    @pytest.mark.parametrize("region", sorted(REGIONS))
    @pytest.mark.parametrize("load", [0.7, 1.2])
    def test_asks_for_the_load(self, region: str, load: float) -> None:
        instance = make(region, 20, 150, load=load)
        asked = sum(job.duration_seconds for job in instance.jobs)
        there = sum(one.end - one.start for one in instance.technicians)
        there -= sum(p.duration_seconds for one in instance.technicians for p in one.breaks)
        assert asked / there == pytest.approx(load * 0.82, rel=0.15)
        assert instance.able.any(axis=1).all()

    def test_is_the_same_for_a_seed_and_another_for_another(self) -> None:
        assert are_equal(make("city", 4, 20), make("city", 4, 20))
        assert not are_equal(make("city", 4, 20), make("city", 4, 20, seed=2))

    def test_leaves_out_the_breaks(self) -> None:
        assert make("city", 20, 50).has_breaks
        assert not make("city", 20, 50, breaks=False).has_breaks


class TestVrptw:
    def test_truncates_distances_to_tenths(self, tmp_path: Path) -> None:
        path = tmp_path / "SMALL.txt"
        path.write_text(SOLOMON)
        instance = vrptw.read(path)
        assert instance.travel[0].tolist() == [0, 50, 14]
        assert len(instance.technicians) == 3
        assert instance.technicians[0].capacity == 200
        assert (instance.jobs[0].id, instance.jobs[0].earliest) == (1, 9120)

    def test_refuses_another_format(self, tmp_path: Path) -> None:
        path = tmp_path / "other.txt"
        path.write_text("nothing")
        with pytest.raises(ValueError, match="Solomon"):
            vrptw.read(path)
