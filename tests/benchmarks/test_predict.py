"""The scorer of NAB on files small enough to score by hand, and how a threshold is chosen."""

from pathlib import Path

import pytest

from benchmarks.predict import assets, floors, nab, page
from benchmarks.predict.anomalies import choose
from benchmarks.predict.data import NotRunError
from benchmarks.predict.nab import PROFILES, Series, normalized, raw_score
from iot_ingest.detectors import corroboration
from iot_ingest.detectors.streaming import FORM, Form

STANDARD = PROFILES["standard"]


def told(folder: str, found: int, false_alerts: int) -> dict[str, object]:
    return {"folder": folder, "found": found, "false_alerts": false_alerts}


def series(points: int = 1000, *windows: tuple[int, int]) -> Series:
    return Series("folder/file.csv", [300.0 * at for at in range(points)], [0.0] * points, windows)


class TestRawScore:
    def test_the_first_point_of_a_window_earns_one(self) -> None:
        assert raw_score(series(1000, (500, 599)), [500], STANDARD) == pytest.approx(1)

    def test_the_last_point_earns_little(self) -> None:
        earned = raw_score(series(1000, (500, 599)), [599], STANDARD)
        assert earned == pytest.approx(0.02534, abs=1e-4)

    def test_a_window_counts_once_with_its_earliest_alert(self) -> None:
        file = series(1000, (500, 599))
        assert raw_score(file, [520, 540, 560], STANDARD) == raw_score(file, [520], STANDARD)

    def test_a_missed_window_costs_the_miss(self) -> None:
        assert raw_score(series(1000, (500, 599)), [], PROFILES["low_fn"]) == -2

    def test_an_alert_before_every_window_costs_all(self) -> None:
        found = raw_score(series(1000, (500, 599)), [300, 500], STANDARD)
        assert found == pytest.approx(1 - 0.11)

    def test_an_alert_just_behind_a_window_costs_less(self) -> None:
        found = raw_score(series(1000, (500, 599)), [500, 604], STANDARD)
        assert 1 - 0.11 / 4 < found < 1

    def test_probation_is_not_judged(self) -> None:
        assert raw_score(series(1000), [149], STANDARD) == 0
        assert raw_score(series(1000), [150], STANDARD) == pytest.approx(-0.11)
        assert raw_score(series(10_000), [749], STANDARD) == 0


class TestNormalized:
    def test_silence_is_0_and_perfection_100(self) -> None:
        files = [series(1000, (300, 399)), series(1000, (500, 599), (700, 799))]
        for profile in PROFILES.values():
            silent = sum(raw_score(one, [], profile) for one in files)
            perfect = sum(raw_score(one, [w[0] for w in one.windows], profile) for one in files)
            assert normalized(silent, files, profile) == pytest.approx(0)
            assert normalized(perfect, files, profile) == pytest.approx(100)


class TestChoose:
    def test_a_single_peak_does_not_decide(self) -> None:
        curve = [0.0] * 71
        curve[10] = 3.0
        curve[40:47] = [2.0] * 7
        assert choose({FORM: [curve]}) == (FORM, 43)

    def test_another_form_has_to_be_better(self) -> None:
        wide = Form(40, 5)
        flat, better = [1.0] * 71, [1.5] * 71
        assert choose({FORM: [flat], wide: [flat]}) == (FORM, 0)
        assert choose({FORM: [flat], wide: [better]}) == (wide, 0)


class TestChooseForAssets:
    def test_the_folder_judged_has_no_say(self) -> None:
        plain, other = corroboration.Form(), corroboration.Form(0.2, 5.0)
        rows = {
            plain: [told("a", 3, 1), told("b", 0, 5)],
            other: [told("a", 3, 2), told("b", 5, 0)],
        }
        assert assets.choose(rows) is other
        assert assets.choose(rows, but="b") is plain


class TestFloors:
    def test_names_what_is_beyond_its_floor(self) -> None:
        summary = {"nab_standard": 60, "coverage90": 0.99, "pdm_recall": 0.95, "detector_us": 30}
        found = floors.broken(summary, is_development=True)
        assert found == ["nab_standard", "coverage90", "detector_us"]

    def test_few_cases_break_a_floor_only_when_they_surely_do(self) -> None:
        few = {"coverage90": 1.0, "coverage90_cases": 12, "pdm_recall": 0.8, "pdm_failures": 10}
        assert not floors.broken(few, is_development=False)
        many = {"coverage90": 1.0, "coverage90_cases": 400, "pdm_recall": 0.8, "pdm_failures": 400}
        assert floors.broken(many, is_development=False) == ["coverage90", "pdm_recall"]

    def test_unseen_files_have_a_floor_of_their_own(self) -> None:
        assert not floors.broken({"nab_standard": 60}, is_development=False)


class TestRead:
    def test_says_what_is_missing(self, tmp_path: Path) -> None:
        with pytest.raises(NotRunError, match=r"nab/windows\.json"):
            nab.read(tmp_path)

    def test_reads_values_and_windows(self, tmp_path: Path) -> None:
        folder = tmp_path / "nab" / "data" / "one"
        folder.mkdir(parents=True)
        lines = [f"2014-01-01 00:{minute:02}:00,{minute}" for minute in range(10)]
        (folder / "a.csv").write_text("\n".join(["timestamp,value", *lines]) + "\n")
        window = '["2014-01-01 00:03:00.000000", "2014-01-01 00:05:00.000000"]'
        (tmp_path / "nab" / "windows.json").write_text('{"one/a.csv": [' + window + "]}")
        (found,) = nab.read(tmp_path)
        assert (found.name, found.group, found.windows) == ("one/a.csv", "one", ((3, 5),))
        assert found.values[:3] == [0.0, 1.0, 2.0]

    def test_a_window_between_two_times_is_found(self, tmp_path: Path) -> None:
        folder = tmp_path / "nab" / "data" / "one"
        folder.mkdir(parents=True)
        lines = [f"2014-01-01 00:{minute:02}:00,{minute}" for minute in range(10)]
        (folder / "a.csv").write_text("\n".join(["timestamp,value", *lines]) + "\n")
        inside = '["2014-01-01 00:03:30", "2014-01-01 00:05:30"]'
        outside = '["2015-01-01 00:03:30", "2015-01-01 00:05:30"]'
        (tmp_path / "nab" / "windows.json").write_text(
            '{"one/a.csv": [' + inside + ", " + outside + "]}"
        )
        (found,) = nab.read(tmp_path)
        assert found.windows == ((4, 5),)


class TestPage:
    def test_says_what_was_measured_and_what_was_not(self) -> None:
        result = {"machine": "a machine", "summary": {"nab_standard": 61.0}, "rows": []}
        lines = list(page.page(result))
        assert any("| >= 62 | >= 70 | 61.0 | **no** |" in line for line in lines)
        assert any("| not measured |" in line for line in lines)
