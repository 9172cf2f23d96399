"""What becomes of a candidate: by its card, by the comparison, by who may put it to work."""

from typing import Any

import pytest

from iot_ingest.trainings.lifecycle import (
    TRAINING,
    Outcome,
    Promotion,
    TrainingStatus,
    outcome_of,
    told,
)
from kernel.errors import Conflict

GOOD = {"passes": True, "floors": {"rmse": True}}
AUTOMATIC = Promotion.AUTOMATIC


def beside(now: dict[str, float | None], before: dict[str, float | None]) -> dict[str, Any]:
    return {**GOOD, "comparison": {"later": {"candidate": now, "live": before}}}


class TestOutcomeOf:
    def test_a_card_that_fails_names_the_floors_it_misses(self) -> None:
        card = {"passes": False, "floors": {"rmse": False, "machines": True}}
        found = outcome_of(card, has_live=False, promotion=AUTOMATIC)
        assert found == (Outcome.CARD_FAILS, ["rmse"])

    def test_the_first_goes_to_work_only_where_nobody_needs_to_agree(self) -> None:
        assert outcome_of(GOOD, has_live=False, promotion=AUTOMATIC)[0] is Outcome.PROMOTED
        by_person = outcome_of(GOOD, has_live=False, promotion=Promotion.BY_PERSON)
        assert by_person[0] is Outcome.WAITS

    def test_what_cannot_be_compared_does_not_go_by_itself(self) -> None:
        found = outcome_of({**GOOD, "comparison": {}}, has_live=True, promotion=AUTOMATIC)
        assert found[0] is Outcome.NOT_COMPARED

    @pytest.mark.parametrize(
        ("figure", "now", "before", "outcome"),
        [
            ("rmse", 10.1, 10.0, Outcome.PROMOTED),
            ("rmse", 10.3, 10.0, Outcome.WORSE),
            ("coverage90", 0.95, 0.89, Outcome.WORSE),
            ("coverage90", 0.91, 0.80, Outcome.PROMOTED),
            ("recall", 0.80, 0.90, Outcome.WORSE),
            ("precision", 0.90, 0.91, Outcome.PROMOTED),
            ("false_rolls", 0.30, 0.20, Outcome.WORSE),
            ("false_rolls", None, 0.20, Outcome.PROMOTED),
        ],
    )
    def test_no_figure_may_be_worse_by_more_than_noise(
        self, figure: str, now: float | None, before: float, outcome: Outcome
    ) -> None:
        card = beside({figure: now}, {figure: before})
        found, against = outcome_of(card, has_live=True, promotion=AUTOMATIC)
        assert found is outcome
        assert against == ([f"{figure} (later)"] if outcome is Outcome.WORSE else [])


class TestTold:
    @pytest.mark.parametrize("outcome", Outcome)
    def test_has_a_sentence_in_both_languages(self, outcome: Outcome) -> None:
        words = told(outcome, ["rmse (later)"], "Too few.")["words"]
        assert words["en"] != words["de"]
        assert "{" not in words["en"] + words["de"]


class TestTraining:
    def test_what_has_ended_stays_so(self) -> None:
        with pytest.raises(Conflict):
            TRAINING.check(TrainingStatus.CANCELLED, TrainingStatus.DONE)
