"""Differences between equally qualified people are bounded, reported, and told to each of them."""

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from kernel import clock
from marketplace.fairness import service
from marketplace.fairness.shares import Line, Taken, equal_pay
from marketplace.offers import service as offers
from marketplace.trust_terms.service import set_terms
from marketplace.waves import service as waves
from marketplace.waves.building import RULES, AskingRules, Prospect, Stake, Step, build
from marketplace.waves.fairness import Chance, gain
from tests import principals
from tests.client import ApiClient
from tests.factories.marketplace import make_freelancer
from tests.factories.work_orders import make_visit

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RunJobs = Callable[[], int]
Client = Callable[..., ApiClient]
A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)


class TestBoundedDifference:
    @settings(max_examples=30, deadline=None)
    @given(
        st.lists(st.integers(2_000, 15_000), min_size=2, max_size=6),
        st.lists(st.sets(st.integers(0, 5), min_size=1), min_size=1, max_size=60),
        st.floats(0.5, 4),
        st.floats(0, 60),
        st.integers(1, 4),
    )
    def test_nobody_too_far_ahead_is_asked_while_somebody_else_can_be(
        self,
        pays: list[int],
        pools: list[set[int]],
        most_ahead: float,
        most_ahead_pct: float,
        rounds: int,
    ) -> None:
        rules = replace(RULES, most_ahead=most_ahead, most_ahead_pct=most_ahead_pct)
        ahead: dict[UUID, float] = {}
        got: dict[UUID, int] = {}
        for pool in pools:
            able = [n for n in sorted(pool) if n < len(pays)]
            prospects = [_prospect(n, pays[n], ahead, got) for n in able]
            asked = {
                one.prospect.technician_id
                for one in build(prospects, Stake(rounds, 40_000), rules).asked
            }
            others = [one for one in prospects if not rules.is_too_far_ahead(one)]
            for one in prospects:
                if others and rules.is_too_far_ahead(one):
                    assert one.technician_id not in asked
            gain(ahead, Chance([one.technician_id for one in prospects], asked))
            for key in asked:
                got[key] = got.get(key, 0) + 1
        assert abs(sum(ahead.values())) < 1e-6

    @settings(max_examples=30, deadline=None)
    @given(
        st.lists(st.integers(2_000, 15_000), min_size=2, max_size=6),
        st.floats(0.5, 4),
        st.integers(20, 80),
    )
    def test_equals_never_differ_by_more_than_the_bound_and_one_offer(
        self, pays: list[int], most_ahead: float, many: int
    ) -> None:
        rules = replace(RULES, most_ahead=most_ahead, most_ahead_pct=0)
        ahead: dict[UUID, float] = {}
        got: dict[UUID, int] = {}
        for _ in range(many):
            prospects = [_prospect(n, pay, ahead, got) for n, pay in enumerate(pays)]
            asked = {
                one.prospect.technician_id
                for one in build(prospects, Stake(4, 40_000), rules).asked
            }
            gain(ahead, Chance([one.technician_id for one in prospects], asked))
            for key in asked:
                got[key] = got.get(key, 0) + 1
            assert max(ahead.values()) < most_ahead + 1


def _prospect(n: int, pay: int, ahead: dict[UUID, float], got: dict[UUID, int]) -> Prospect:
    key = UUID(int=n + 1)
    before = ahead.get(key, 0.0)
    return Prospect(key, (Step(pay, 0.4),), 0.95, ahead=before, share=got.get(key, 0) - before)


class TestShares:
    def test_of_agreed_pay_sum_to_it(self) -> None:
        equal = equal_pay(
            [
                Taken(A, 6_000, "EUR", [A, B, C]),
                Taken(B, 3_000, "EUR", [B]),
                Taken(A, 1_000, "EUR", []),
            ]
        )
        assert equal == {A: 3_000, B: 5_000, C: 2_000}

    def test_of_a_line(self) -> None:
        line = Line(A, 10, 4, 2, 1.5, 6_000, 3_000, {})
        assert (line.equal_share, line.ahead_pct) == (2.5, 60.0)
        assert line.is_within(1.0, 0)
        assert not line.is_within(0.5, 0)
        assert line.is_within(0.5, 30)


@pytest.fixture
def monday_morning(session: Session) -> None:
    clock.freeze(session, NOW)


@pytest.mark.usefixtures("monday_morning")
class TestReport:
    def test_says_who_got_what_and_why_not(self, session: Session, client: Client) -> None:
        near = make_freelancer(session, latitude=52.50, longitude=13.4)
        far = make_freelancer(session, latitude=52.60, longitude=13.5, name="=far")
        unable = make_freelancer(session, skills={})
        made = waves.offer_visit(session, make_visit(session).id)
        assert {offer.technician_id for offer in made} == {near.id}
        offers.accept(session, made[0].id, near.id)
        office = client(principals.dispatcher())
        shown = office.get("/api/fairness").json()
        lines = {line["technician_id"]: line for line in shown["lines"]}
        assert (lines[str(near.id)]["ahead"], lines[str(far.id)]["ahead"]) == (0.5, -0.5)
        assert lines[str(near.id)]["agreed_cents"] == made[0].pay_cents
        assert lines[str(far.id)]["equal_agreed_cents"] == round(made[0].pay_cents / 2)
        assert lines[str(far.id)]["reasons"] == {"later": 1}
        assert lines[str(unable.id)]["times_able"] == 0
        assert all(line["is_within_bound"] for line in shown["lines"])
        reply = office.get("/api/fairness.csv")
        assert reply.headers["content-type"].startswith("text/csv")
        rows = list(csv.DictReader(StringIO(reply.text)))
        assert {row["technician_id"]: row["not_asked_later"] for row in rows} == {
            str(near.id): "0",
            str(far.id): "1",
            str(unable.id): "0",
        }
        assert [row["name"] for row in rows if row["technician_id"] == str(far.id)] == ["'=far"]
        url = f"/api/fairness/{far.id}/considerations"
        [told] = office.get(url).json()
        assert (told["able"], told["asked_count"], told["could_have"]) == (2, 1, True)
        assert told["sentence"].startswith("Others were expected to do it")
        assert office.get(url, params={"before": told["id"]}).json() == []

    def test_a_freelancer_sees_their_own_and_asks_a_person_to_look(
        self, session: Session, client: Client
    ) -> None:
        make_freelancer(session, latitude=52.50, longitude=13.4)
        far = make_freelancer(session, latitude=52.60, longitude=13.5)
        waves.offer_visit(session, make_visit(session).id)
        phone = client(principals.technician_principal(far))
        shown = phone.get("/api/technician/fair-share").json()
        assert (shown["share"]["asked"], shown["share"]["ahead"]) == (0, -0.5)
        [told] = shown["considerations"]
        wanted = {"consideration_id": told["id"], "reason": "I was free and near."}
        assert phone.post("/api/technician/reviews", json=wanted).status_code == 201
        nobody = client(principals.technician_principal(make_freelancer(session)))
        assert nobody.get("/api/technician/fair-share").json()["share"] is None
        assert nobody.post("/api/technician/reviews", json=wanted).status_code == 404

    def test_waves_keep_to_the_bound_in_force(self, session: Session) -> None:
        near = make_freelancer(session, latitude=52.50, longitude=13.4)
        far = make_freelancer(session, latitude=52.60, longitude=13.5)
        waves.offer_visit(session, make_visit(session).id)
        set_terms(session, {"most_ahead": 0.4, "most_ahead_pct": 0})
        [offer] = waves.offer_visit(session, make_visit(session).id)
        assert offer.technician_id == far.id
        lines = {line.technician_id: line.ahead for line in service.report(session).lines}
        assert lines == {near.id: 0.0, far.id: 0.0}

    def test_forgets_what_is_older_than_the_window(self, session: Session) -> None:
        make_freelancer(session)
        waves.offer_visit(session, make_visit(session).id)
        clock.freeze(session, NOW + timedelta(days=29))
        assert service.report(session).lines == []
        assert AskingRules().window_days == 28
