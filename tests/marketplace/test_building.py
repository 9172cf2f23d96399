"""Whom a wave asks, how many, and at what pay."""

from dataclasses import replace
from uuid import UUID

import pytest

from marketplace.waves.building import (
    LATER,
    OTHERS_BEHIND,
    PREFERRED_FIRST,
    RULES,
    TOO_DEAR,
    Prospect,
    Stake,
    Step,
    build,
)
from marketplace.waves.fairness import Chance, ahead, gain, gini, gini_of_groups

A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)


def who(key: UUID, *, pay: int = 6_000, accept: float = 0.4, show: float = 0.95) -> Prospect:
    steps = tuple(
        Step(pay * (100 + up) // 100, min(accept + up / 100, 0.98), up) for up in (0, 10, 20, 30)
    )
    return Prospect(key, steps, show)


def asked(
    *prospects: Prospect, rounds: int = 4, fallback: int = 20_000, wave: int = 1
) -> set[UUID]:
    built = build(prospects, Stake(rounds, fallback, wave))
    return {one.prospect.technician_id for one in built.asked}


class TestBuild:
    def test_with_time_the_cheapest_is_asked_alone(self) -> None:
        assert asked(who(A, pay=7_000), who(B), who(C, pay=8_000)) == {B}

    def test_without_time_several_are_asked_at_once(self) -> None:
        assert asked(who(A), who(B), who(C), rounds=1) == {A, B, C}

    def test_little_time_pays_more(self) -> None:
        [calm] = build([who(A)], Stake(4, 8_000, wave=3)).asked
        [pressed] = build([who(A)], Stake(1, 90_000, wave=3)).asked
        assert calm.step.uplift_pct < pressed.step.uplift_pct

    def test_never_more_than_the_rung_allows(self) -> None:
        many = [who(UUID(int=n), accept=0.1) for n in range(1, 12)]
        for wave in range(1, 7):
            built = build(many, Stake(4, 200_000, wave))
            rung = RULES.rung(wave)
            assert 1 <= len(built.asked) <= rung.most_at_once
            assert max(one.step.uplift_pct for one in built.asked) <= rung.most_uplift_pct

    def test_the_last_round_may_do_what_the_last_rung_may(self) -> None:
        many = [who(UUID(int=n), accept=0.1) for n in range(1, 12)]
        built = build(many, Stake(1, 200_000, wave=1))
        assert len(built.asked) == RULES.ladder[-1].most_at_once

    def test_who_cannot_be_asked_later_is_asked_now(self) -> None:
        soon_gone = [replace(who(key), rounds=1) for key in (B, C)]
        assert asked(who(A), who(B), who(C)) == {A}
        assert asked(who(A), *soon_gone) == {A, B, C}

    def test_where_all_are_soon_gone_this_is_the_last_round(self) -> None:
        soon_gone = [replace(who(key), rounds=1) for key in (A, B, C)]
        assert asked(*soon_gone) == {A, B, C}

    def test_nobody_is_asked_who_costs_more_than_nobody(self) -> None:
        built = build([who(A, pay=9_000)], Stake(3, 8_000))
        assert built.asked == ()
        assert built.passed_over == {A: TOO_DEAR}
        assert built.expected_cents == 8_000

    def test_who_does_not_come_costs_the_fallback(self) -> None:
        assert asked(who(A, show=0.5), who(B, pay=6_800)) == {B}

    def test_a_preferred_person_comes_first_once(self) -> None:
        friend = replace(who(A, pay=7_000), is_preferred=True)
        built = build([friend, who(B)], Stake(4, 20_000))
        assert [one.prospect.technician_id for one in built.asked] == [A]
        assert built.passed_over[B] == PREFERRED_FIRST
        assert asked(friend, who(B), wave=2) == {B}

    def test_who_is_too_far_ahead_waits(self) -> None:
        often = replace(who(A), ahead=RULES.most_ahead)
        built = build([often, who(B, pay=8_000)], Stake(4, 20_000))
        assert [one.prospect.technician_id for one in built.asked] == [B]
        assert built.passed_over[A] == OTHERS_BEHIND
        assert asked(often) == {A}

    def test_a_share_of_many_leaves_more_room(self) -> None:
        often = replace(who(A), ahead=RULES.most_ahead, share=20.0)
        assert asked(often, who(B, pay=8_000)) == {A}

    def test_a_plan_says_the_order(self) -> None:
        assert A in asked(replace(who(A, pay=7_000), rank=0), replace(who(B), rank=1))

    def test_expects_less_than_the_fallback_and_says_who_waits(self) -> None:
        built = build([who(A), who(B, pay=6_500)], Stake(4, 20_000))
        assert 6_000 < built.expected_cents < 20_000
        assert built.passed_over == {B: LATER}


class TestShares:
    def test_sum_to_zero(self) -> None:
        found = ahead([Chance([A, B, C], [A]), Chance([A, B], [A, B]), Chance([A, C], [C])])
        assert sum(found.values()) == pytest.approx(0)
        assert found[A] == pytest.approx(2 / 3 - 1 / 2)

    def test_what_is_over_is_forgotten(self) -> None:
        wave = Chance([A, B], [A])
        found = ahead([wave])
        gain(found, wave, sign=-1)
        assert found == {A: 0, B: 0}


class TestGini:
    @pytest.mark.parametrize(
        ("values", "expected"), [([5, 5, 5], 0), ([0, 0, 0, 8], 0.75), ([], 0), ([0, 0], 0)]
    )
    def test_measures_inequality(self, values: list[float], expected: float) -> None:
        assert gini(values) == pytest.approx(expected)

    def test_of_groups_weighs_by_people(self) -> None:
        groups = {"one": [1.0, 1.0], "two": [0.0, 0.0, 0.0, 8.0], "alone": [3.0]}
        assert gini_of_groups(groups) == pytest.approx(0.5)
