"""Which signs of an asset corroborate each other."""

from datetime import UTC, datetime, timedelta

from iot_ingest.detectors.signs import Sign, SignKind, corroborating, evidence_of, window_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def sign(kind: SignKind, hours: float, metric: str = "error_code") -> Sign:
    return Sign(kind, metric, NOON + hours * HOUR, 41.0)


class TestCorroborating:
    drift = Sign(SignKind.DRIFT, "flow", NOON)
    anomaly = Sign(SignKind.ANOMALY, "flow", NOON)

    def test_a_drift_and_an_error_within_a_day_either_way_the_nearest_first(self) -> None:
        errors = [sign(SignKind.ERROR, at) for at in (-25, -23, 5, 25)]
        assert corroborating(self.drift, errors) == [errors[2], errors[1]]
        assert corroborating(errors[1], [self.drift]) == [self.drift]

    def test_two_metrics_within_two_hours(self) -> None:
        others = [sign(SignKind.ANOMALY, 1, "heat"), sign(SignKind.ANOMALY, 3, "noise")]
        assert corroborating(self.anomaly, others) == others[:1]

    def test_a_metric_does_not_confirm_itself_and_other_pairs_say_nothing(self) -> None:
        same = sign(SignKind.ANOMALY, 1, "flow")
        assert corroborating(self.anomaly, [same, sign(SignKind.ERROR, 0)]) == []


def test_the_window_is_that_of_the_list() -> None:
    assert window_of(SignKind.ANOMALY) == 2 * HOUR
    assert window_of(SignKind.ERROR) == 24 * HOUR


def test_the_evidence_counts_the_alerts_own_sign() -> None:
    told = evidence_of([sign(SignKind.ERROR, 1)])
    assert told["signs"] == 2
    assert told["corroborated_by"][0]["value"] == 41.0
