"""The model of yes and no: what it believes, what it learns, and what it never looks at."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import exp, log
from uuid import UUID

import numpy as np

from marketplace.estimates.features import ACCEPT_PRIOR, EXCLUDED, SHOW_PRIOR, USED, Ask, features
from marketplace.estimates.learning import LEAST, MOST, Case, believed, gap, learn

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANNA, BEN = UUID(int=1), UUID(int=2)
ASK = Ask(
    technician_id=ANNA,
    pay_cents=6_000,
    hourly_cents=5_000,
    travel_seconds=900,
    minutes=60,
    asked_at=MONDAY,
    starts_at=MONDAY + timedelta(hours=5),
    life=timedelta(minutes=40),
)


def drawn(count: int, *, seed: int = 1) -> list[Case]:
    """Answers of ten people whose liking and sense of price are known."""
    rng = random.Random(seed)
    cases = []
    for number in range(count):
        who = rng.randrange(10)
        ask = replace(ASK, technician_id=UUID(int=who), pay_cents=rng.randrange(4_000, 9_000))
        logit = 3 * log(ask.pay_cents / 6_000) + (who - 5) * 0.4
        yes = rng.random() < 1 / (1 + exp(-logit))
        cases.append(Case(ask, yes, days_ago=30 - 30 * number / count))
    return cases


class TestFeatures:
    def test_one_for_each_that_is_listed_and_none_that_is_excluded(self) -> None:
        assert len(features(ASK)) == len(USED)
        assert set(ACCEPT_PRIOR) == set(SHOW_PRIOR) == {"base", *USED}
        assert not set(USED) & set(EXCLUDED)


class TestLearn:
    def test_without_records_everybody_is_like_everybody(self) -> None:
        model = learn([], ACCEPT_PRIOR)
        assert model == believed(ACCEPT_PRIOR)
        assert model.chance(ASK) == model.chance(replace(ASK, technician_id=BEN))
        assert 0.3 < model.chance(ASK) < 0.5
        assert 0.93 < believed(SHOW_PRIOR).chance(ASK) < 0.97

    def test_few_records_move_a_person_little(self) -> None:
        one_no = learn([Case(ASK, was_yes=False, days_ago=1)], ACCEPT_PRIOR)
        fell = believed(ACCEPT_PRIOR).chance(ASK) - one_no.chance(ASK)
        assert 0 < fell < 0.15

    def test_what_is_long_ago_counts_less(self) -> None:
        fresh = learn([Case(ASK, False, 1)] * 5, ACCEPT_PRIOR).chance(ASK)
        old = learn([Case(ASK, False, 170)] * 5, ACCEPT_PRIOR).chance(ASK)
        assert fresh < old < believed(ACCEPT_PRIOR).chance(ASK)

    def test_more_pay_is_never_less_likely(self) -> None:
        contrary = [
            Case(replace(ASK, pay_cents=cents), cents < 6_000, 1)
            for cents in range(4_000, 9_000, 50)
        ]
        model = learn(contrary, ACCEPT_PRIOR)
        pays = [4_000, 6_000, 9_000]
        assert model.chances(ASK, pays) == sorted(model.chances(ASK, pays))
        assert model.chances(ASK, [ASK.pay_cents]) == [model.chance(ASK)]

    def test_finds_people_and_prices_and_is_calibrated(self) -> None:
        model = learn(drawn(1_500), ACCEPT_PRIOR)
        assert model.people[UUID(int=9)] > model.people[UUID(int=0)] + 1
        assert model.card is not None
        assert model.card.brier < model.card.brier_of_rate
        later = drawn(1_500, seed=2)
        said = np.array([model.chance(case.ask) for case in later])
        assert gap(said, np.array([float(case.was_yes) for case in later])) < 0.06

    def test_chances_stay_between_their_bounds(self) -> None:
        always = learn([Case(ASK, True, 0)] * 500, ACCEPT_PRIOR).chance(ASK)
        never = learn([Case(ASK, False, 0)] * 500, ACCEPT_PRIOR).chance(ASK)
        assert LEAST <= never < 0.1 < 0.9 < always <= MOST
