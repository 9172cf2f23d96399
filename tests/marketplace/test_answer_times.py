"""How long offers stand: what is known of slow answers from offers that ended before them."""

import random
from datetime import UTC, datetime, timedelta
from math import exp, log

import pytest
from sqlalchemy.orm import Session

from kernel import clock
from marketplace.estimates.answer_times import FEWEST_ANSWERS, USUAL_ANSWER, usual_minutes
from marketplace.estimates.queries import list_yes_times
from marketplace.offers import service as offers
from tests.factories.marketplace import make_offer

NOW, HOUR = datetime(2026, 3, 2, 9, 0, tzinfo=UTC), timedelta(hours=1)


def answers(
    many: int, life: float, *, middle: float = 12.0, spread: float = 1.0
) -> list[tuple[float, float]]:
    """Yes answers that came within the life of their offers, of people with that law of times."""
    rng = random.Random(f"{many} {life} {middle} {spread}")
    times = (exp(rng.gauss(log(middle), spread)) for _ in range(1_000_000))
    return [(time, life) for time in times if time < life][:many]


class TestUsualMinutes:
    def test_is_what_is_believed_before_there_are_answers(self) -> None:
        assert usual_minutes([]) == USUAL_ANSWER
        assert usual_minutes(answers(FEWEST_ANSWERS - 1, 20)) == USUAL_ANSWER

    @pytest.mark.parametrize("life", [15, 40, 120])
    @pytest.mark.parametrize(("middle", "spread"), [(12, 1.0), (6, 0.8), (25, 0.9)])
    def test_counts_those_who_would_have_answered_later(
        self, life: float, middle: float, spread: float
    ) -> None:
        true = middle * exp(1.2816 * spread)
        found = usual_minutes(answers(3_000, life, middle=middle, spread=spread))
        assert found == pytest.approx(true, rel=0.3)

    def test_offers_do_not_grow_shorter_from_night_to_night(self) -> None:
        life, known = USUAL_ANSWER, list[tuple[float, float]]()
        for _ in range(10):
            known += answers(300, life)
            life = usual_minutes(known)
        assert life == pytest.approx(12 * exp(1.2816), rel=0.2)


class TestListYesTimes:
    def test_knows_how_long_each_could_have_answered(self, session: Session) -> None:
        clock.freeze(session, NOW)
        made = [make_offer(session), make_offer(session, expires_at=NOW + 3 * HOUR)]
        clock.freeze(session, NOW + HOUR / 6)
        for one in made:
            offers.accept(session, one.id, one.technician_id)
        assert list_yes_times(session, NOW + HOUR) == [(10.0, 30.0)]
