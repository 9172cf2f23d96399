"""Surges: what comes at once is matched together, by worth and not by who came first."""

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.events import VisitUnserved
from dispatch.work_orders.models import Visit
from kernel import clock
from kernel.events import publish
from marketplace.batches import service
from marketplace.batches.models import MatchRequest
from marketplace.batches.service import SURGE, WINDOW
from marketplace.offers.models import Offer
from marketplace.waves.allotting import Worth, _best_pairs, allot
from marketplace.waves.models import Consideration
from tests.factories.marketplace import make_freelancer, make_offer
from tests.factories.work_orders import make_visit

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANNA, BEN, CARL = sorted(uuid4() for _ in range(3))
FIRST, SECOND = sorted(uuid4() for _ in range(2))
RunJobs = Callable[[], int]


def worth(cents: float, chance: float = 0.5) -> Worth:
    return Worth(chance, cents)


class TestAllot:
    def test_spends_nobody_who_is_needed_more_elsewhere(self) -> None:
        worths = {FIRST: {ANNA: worth(900), BEN: worth(800)}, SECOND: {ANNA: worth(1000)}}
        asked = allot(worths, at_once=1, attention_cents=100)
        assert asked == {FIRST: [BEN], SECOND: [ANNA]}

    def test_asks_nobody_for_two(self) -> None:
        worths = {key: {ANNA: worth(900), BEN: worth(800)} for key in (FIRST, SECOND)}
        asked = allot(worths, at_once=3, attention_cents=10)
        assert sorted(asked[FIRST] + asked[SECOND]) == [ANNA, BEN]

    def test_a_second_person_counts_as_far_as_the_first_says_no(self) -> None:
        worths = {FIRST: {ANNA: worth(1000, 0.95), BEN: worth(1000, 0.9)}}
        assert allot(worths, at_once=2, attention_cents=100) == {FIRST: [ANNA]}

    def test_asks_nobody_who_is_not_worth_the_asking(self) -> None:
        assert allot({FIRST: {ANNA: worth(100)}}, at_once=3, attention_cents=60) == {FIRST: []}

    @pytest.mark.parametrize("seed", range(40))
    def test_finds_the_best_pairs(self, seed: int) -> None:
        chance = random.Random(seed)
        rows, columns = chance.randint(1, 5), chance.randint(1, 5)
        values = [[chance.uniform(-5, 10) for _ in range(columns)] for _ in range(rows)]
        pairs = _best_pairs(values)
        assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
        found = sum(values[row][column] for row, column in pairs)
        assert found == pytest.approx(_by_trying_all(values))

    def test_beats_who_comes_first(self) -> None:
        better, worse = 0.0, 0.0
        for seed in range(30):
            worths = _surge(random.Random(seed))
            better += _total(worths, allot(worths, at_once=1, attention_cents=0))
            worse += _total(worths, _first_come(worths))
        assert better > 1.05 * worse


def _by_trying_all(values: list[list[float]]) -> float:
    columns = [*range(len(values[0])), *[None] * len(values)]
    return max(
        sum(max(values[row][c], 0.0) for row, c in enumerate(chosen) if c is not None)
        for chosen in permutations(columns, len(values))
    )


def _surge(chance: random.Random) -> dict[UUID, dict[UUID, Worth]]:
    """Twenty visits and fifteen people, half of whom can do each of them."""
    people = [UUID(int=chance.getrandbits(128)) for _ in range(15)]
    return {
        UUID(int=chance.getrandbits(128)): {
            person: Worth(chance.uniform(0.1, 0.8), chance.uniform(2_000, 30_000))
            for person in people
            if chance.random() < 0.5
        }
        for _ in range(20)
    }


def _first_come(worths: Mapping[UUID, Mapping[UUID, Worth]]) -> dict[UUID, list[UUID]]:
    taken: set[UUID] = set()
    found: dict[UUID, list[UUID]] = {}
    for visit, people in worths.items():
        free = {key: one for key, one in people.items() if key not in taken}
        best = max(free, key=lambda key: free[key].chance * free[key].saved_cents, default=None)
        found[visit] = [] if best is None else [best]
        taken.update(found[visit])
    return found


def _total(worths: Mapping[UUID, Mapping[UUID, Worth]], asked: Mapping[UUID, list[UUID]]) -> float:
    chosen = [worths[visit][person] for visit, people in asked.items() for person in people]
    return sum(one.chance * one.saved_cents for one in chosen)


@pytest.fixture
def monday_morning(session: Session) -> None:
    clock.freeze(session, NOW)


@pytest.mark.usefixtures("monday_morning")
class TestSurge:
    def unserved(self, session: Session, run_jobs: RunJobs, many: int) -> list[UUID]:
        keys = [make_visit(session).id for _ in range(many)]
        for key in keys:
            publish(session, VisitUnserved(visit_id=key, reason="no_place"))
        run_jobs()
        return keys

    def test_few_are_asked_about_at_once(self, session: Session, run_jobs: RunJobs) -> None:
        make_freelancer(session)
        keys = self.unserved(session, run_jobs, SURGE - 1)
        assert {row.visit_id for row in session.scalars(select(Offer))} == set(keys)

    def test_many_wait_for_each_other_and_share_the_people(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        people = {make_freelancer(session).id for _ in range(3)}
        keys = self.unserved(session, run_jobs, SURGE + 2)
        waiting = set(keys[SURGE - 1 :])
        offered = {row.visit_id for row in session.scalars(select(Offer))}
        assert offered.isdisjoint(waiting)
        assert service.match_waiting(session) == []
        clock.freeze(session, NOW + WINDOW)
        made = service.match_waiting(session)
        assert {offer.visit_id for offer in made} <= waiting
        assert len({offer.technician_id for offer in made}) == len(made) <= len(people)
        codes = session.scalars(
            select(Consideration.code).where(Consideration.visit_id.in_(waiting))
        )
        assert "asked_elsewhere" in set(codes)
        assert not list(
            session.scalars(select(MatchRequest).where(MatchRequest.matched_at.is_(None)))
        )

    def test_an_emergency_does_not_wait(self, session: Session, run_jobs: RunJobs) -> None:
        make_freelancer(session)
        self.unserved(session, run_jobs, SURGE + 1)
        urgent = make_visit(session, priority=5)
        assert service.request(session, urgent.id)

    def test_a_visit_waits_once(self, session: Session, run_jobs: RunJobs) -> None:
        keys = self.unserved(session, run_jobs, SURGE)
        assert service.request(session, keys[-1]) == []
        rows = select(MatchRequest).where(MatchRequest.visit_id == keys[-1])
        assert len(list(session.scalars(rows))) == 1

    def waiting(self, session: Session) -> tuple[Visit, Visit]:
        first, second = make_visit(session), make_visit(session)
        for visit in (first, second):
            session.add(MatchRequest(visit_id=visit.id, requested_at=NOW))
        clock.freeze(session, NOW + WINDOW)
        return first, second

    def test_nobody_is_kept_for_a_visit_that_somebody_is_asked_for(self, session: Session) -> None:
        asked_by_hand, other = self.waiting(session)
        person = make_freelancer(session)
        make_offer(session, asked_by_hand)
        made = service.match_waiting(session)
        assert {one.visit_id for one in made} == {other.id}
        assert person.id in {one.technician_id for one in made}

    def test_a_visit_that_nobody_is_left_for_goes_back_to_the_office(
        self, session: Session
    ) -> None:
        visits = self.waiting(session)
        make_freelancer(session)
        [made] = service.match_waiting(session)
        [left] = [visit for visit in visits if visit.id != made.visit_id]
        assert left.at_risk
        rows = select(Consideration.code).where(Consideration.visit_id == left.id)
        assert set(session.scalars(rows)) == {"asked_elsewhere"}
