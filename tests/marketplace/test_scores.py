"""Facts are taken from what verifiably happened, and a score says why it changed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from dispatch.feedback import service as feedback
from dispatch.scheduling import service as scheduling
from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.staffing import service as staffing
from dispatch.technicians.models import Technician
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel import clock
from kernel.db import get
from kernel.errors import Conflict, NotFound
from kernel.events import EventRow
from marketplace.back_outs.service import back_out
from marketplace.events import ReviewOverdue
from marketplace.offers import service as offers
from marketplace.offers.models import Offer
from marketplace.payouts import service as payouts
from marketplace.payouts.queries import select_payouts
from marketplace.reviews import service as reviews
from marketplace.reviews.lifecycle import ReviewStatus
from marketplace.reviews.models import Review
from marketplace.scores import queries, service
from marketplace.scores.lifecycle import ChangeCause, Dropped, FactKind
from marketplace.scores.models import ScoreChange, ScoreFact
from tests import principals
from tests.client import ApiClient
from tests.factories.marketplace import make_freelancer, make_offer
from tests.factories.work_orders import make_visit

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RunJobs = Callable[[], int]
Client = Callable[..., ApiClient]
K, V = FactKind, VisitStatus


@pytest.fixture(autouse=True)
def monday_morning(session: Session) -> None:
    clock.freeze(session, NOW)


def accepted(session: Session, person: Technician, **over: object) -> Offer:
    offer = make_offer(session, technician=person, **over)  # type: ignore[arg-type]  # as it comes
    return offers.accept(session, offer.id, person.id)


def work(
    session: Session, offer: Offer, arrives_at: datetime, end: VisitStatus = V.COMPLETED
) -> None:
    clock.freeze(session, arrives_at)
    for status in (V.EN_ROUTE, V.ON_SITE, V.IN_PROGRESS, end):
        scheduling.move(
            session, offer.visit_id, status, reason="other" if end is V.INCOMPLETE else None
        )


def facts(session: Session, person: Technician) -> list[tuple[FactKind, int | None]]:
    return [
        (fact.kind, fact.value)
        for fact in reversed(queries.list_facts(session, person.id))
        if fact.dropped is None
    ]


def changes(session: Session, person: Technician) -> list[ScoreChange]:
    return queries.list_changes(session, person.id)[::-1]


class TestFacts:
    def test_coming_in_time(self, session: Session, run_jobs: RunJobs) -> None:
        person = make_freelancer(session)
        offer = accepted(session, person)
        work(session, offer, offer.starts_at + timedelta(minutes=15))
        run_jobs()
        assert facts(session, person) == [(K.ON_TIME, None)]
        [change] = changes(session, person)
        assert (change.before, change.after, change.cause) == (80, 83, ChangeCause.ADDED)
        assert change.sentence == "You came in time. Your score went from 80 to 83."

    def test_coming_late(self, session: Session, run_jobs: RunJobs) -> None:
        person = make_freelancer(session)
        offer = accepted(session, person)
        work(session, offer, offer.starts_at + timedelta(minutes=40))
        run_jobs()
        assert facts(session, person) == [(K.LATE, 40)]
        assert changes(session, person)[0].after == 73

    @pytest.mark.parametrize(
        ("hours", "kind"), [(30, K.BACK_OUT_EARLY), (24, K.BACK_OUT_EARLY), (23, K.BACK_OUT_LATE)]
    )
    def test_giving_back(
        self, session: Session, run_jobs: RunJobs, hours: int, kind: FactKind
    ) -> None:
        person = make_freelancer(session)
        offer = accepted(session, person, starts_at=NOW + timedelta(hours=hours))
        back_out(session, offer.visit_id, person.id, "ill")
        run_jobs()
        assert facts(session, person) == [(kind, hours)]

    def test_not_coming(self, session: Session, run_jobs: RunJobs) -> None:
        person = make_freelancer(session)
        offer = accepted(session, person)
        staffing.unassign(
            session,
            offer.visit_id,
            "did not come",
            ended=AssignmentStatus.TECHNICIAN_NO_SHOW,
            because_of=person.id,
        )
        run_jobs()
        assert facts(session, person) == [(K.NO_SHOW, None)]
        assert changes(session, person)[0].after == 50

    def test_approved_work_and_a_rating(self, session: Session, run_jobs: RunJobs) -> None:
        person = make_freelancer(session)
        offer = accepted(session, person)
        work(session, offer, offer.starts_at)
        run_jobs()
        visit = get(session, Visit, offer.visit_id)
        feedback.rate(session, visit.id, visit.customer_id, 4)
        [payout] = session.scalars(select_payouts(visit_id=visit.id)).all()
        payouts.approve(session, payout.id)
        run_jobs()
        assert sorted(facts(session, person), key=str) == [
            (K.APPROVED, None),
            (K.ON_TIME, None),
            (K.RATED, 4),
        ]

    def test_a_mistake_is_undone_and_told(self, session: Session, run_jobs: RunJobs) -> None:
        person = make_freelancer(session)
        offer = accepted(session, person)
        work(session, offer, offer.starts_at + timedelta(hours=1))
        run_jobs()
        scheduling.move(session, offer.visit_id, V.IN_PROGRESS, reason="mis-tap")
        run_jobs()
        assert facts(session, person) == []
        assert [(c.cause, c.after) for c in changes(session, person)] == [
            (ChangeCause.ADDED, 73),
            (ChangeCause.UNDONE, 80),
        ]

    def test_is_taken_once_however_often_it_is_told(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        person = make_freelancer(session)
        offer = accepted(session, person)
        work(session, offer, offer.starts_at)
        run_jobs()
        service.observe(session, offer.visit_id)
        assert len(changes(session, person)) == 1

    def test_staff_have_no_score(self, session: Session, run_jobs: RunJobs) -> None:
        visit = make_visit(session)
        service.observe(session, visit.id)
        assert queries.list_facts_of_visit(session, visit.id) == []

    def test_what_was_changed_stays_written(self, session: Session, run_jobs: RunJobs) -> None:
        person = make_freelancer(session)
        work(session, accepted(session, person), NOW)
        run_jobs()
        changes(session, person)[0].after = 100
        with pytest.raises(DBAPIError, match="append"):
            session.flush()


class TestDeclining:
    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.sampled_from(["decline", "expire", "view", "withdraw"]), max_size=5))
    def test_never_changes_a_score(
        self, session: Session, run_jobs: RunJobs, answers: list[str]
    ) -> None:
        person = make_freelancer(session)
        for answer in answers:
            offer = make_offer(session, technician=person)
            match answer:
                case "decline":
                    offers.decline(session, offer.id, person.id, "no time")
                case "view":
                    offers.mark_viewed(session, offer.id, person.id)
                case "withdraw":
                    offers.withdraw(session, offer.id)
                case "expire":
                    clock.freeze(session, clock.now(session) + timedelta(hours=1))
                    offers.expire_due(session)
            run_jobs()
        assert changes(session, person) == []
        assert service.points_of(session, person.id) == 80


def scored(session: Session, run_jobs: RunJobs) -> tuple[Technician, ScoreFact]:
    """Somebody who came an hour late."""
    person = make_freelancer(session)
    offer = accepted(session, person)
    work(session, offer, offer.starts_at + timedelta(hours=1))
    run_jobs()
    [fact] = queries.list_facts(session, person.id)
    return person, fact


class TestReviews:
    def test_a_granted_one_changes_the_score(self, session: Session, run_jobs: RunJobs) -> None:
        person, fact = scored(session, run_jobs)
        asked = reviews.ask(session, person.id, "The lift was stuck.", fact_id=fact.id)
        assert asked.answer_by == clock.now(session) + timedelta(days=5)
        reviews.answer(session, asked.id, principals.dispatcher(), granted=True, answer="It was.")
        assert service.points_of(session, person.id) == 80
        assert fact.dropped is Dropped.GRANTED
        assert changes(session, person)[-1].sentence == (
            "You came 60 minutes after the promised time. Somebody looked again and agreed with"
            " you: it does not count any more. Your score went from 73 to 80."
        )
        service.observe(session, fact.visit_id)
        assert service.points_of(session, person.id) == 80

    def test_a_refused_one_is_told_too(self, session: Session, run_jobs: RunJobs) -> None:
        person, fact = scored(session, run_jobs)
        asked = reviews.ask(session, person.id, "The lift was stuck.", fact_id=fact.id)
        judge = principals.dispatcher()
        reviews.answer(session, asked.id, judge, granted=False, answer="It was not.")
        again = reviews.answer(session, asked.id, judge, granted=False, answer="It was not.")
        assert again.status is ReviewStatus.REFUSED
        assert [c.cause for c in changes(session, person)] == [
            ChangeCause.ADDED,
            ChangeCause.REFUSED,
        ]
        with pytest.raises(Conflict) as refusal:
            reviews.answer(session, asked.id, judge, granted=True, answer="It was.")
        assert refusal.value.code == "review_answered"

    def test_an_unanswered_one_raises_the_alarm_once(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        person, fact = scored(session, run_jobs)
        asked = reviews.ask(session, person.id, "The lift was stuck.", fact_id=fact.id)
        run_jobs()
        assert session.scalar(select(Review.is_overdue)) is False
        clock.freeze(session, asked.answer_by)
        run_jobs()
        reviews.remind(session, asked.id)
        assert session.scalar(select(Review.is_overdue)) is True
        alarms = select(func.count()).where(EventRow.name == ReviewOverdue.name)
        assert session.scalar(alarms) == 1

    def test_only_of_oneself_and_once(self, session: Session, run_jobs: RunJobs) -> None:
        person, fact = scored(session, run_jobs)
        with pytest.raises(NotFound):
            reviews.ask(session, make_freelancer(session).id, "Not mine.", fact_id=fact.id)
        with pytest.raises(NotFound):
            reviews.ask(session, person.id, "Not mine.", consideration_id=1)
        first = reviews.ask(session, person.id, "Why?", fact_id=fact.id)
        assert reviews.ask(session, person.id, "Why?", fact_id=fact.id).id == first.id


class TestOverHttp:
    def test_a_freelancer_reads_the_reasons_and_contests(
        self, session: Session, client: Client, run_jobs: RunJobs
    ) -> None:
        person, fact = scored(session, run_jobs)
        phone = client(principals.technician_principal(person))
        shown = phone.get("/api/technician/score").json()
        assert (shown["points"], shown["facts"][0]["kind"]) == (73, "late")
        wanted = {"fact_id": str(fact.id), "reason": "The lift was stuck."}
        reply = phone.post("/api/technician/reviews", json=wanted)
        assert (reply.status_code, reply.json()["status"]) == (201, "open")
        office = client(principals.dispatcher())
        [row] = office.get("/api/reviews", params={"status": "open"}).json()["items"]
        answer = {"granted": True, "answer": "We checked."}
        assert office.post(f"/api/reviews/{row['id']}/answer", json=answer).status_code == 200
        assert phone.get("/api/technician/score").json()["points"] == 80
        assert phone.get("/api/technician/reviews").json()[0]["answer"] == "We checked."

    def test_everybody_reads_the_rules_and_managers_set_them(
        self, session: Session, client: Client
    ) -> None:
        person = make_freelancer(session)
        phone = client(principals.technician_principal(person))
        assert len(phone.get("/api/trust-terms").json()["in_words"]) >= 10
        assert phone.post("/api/trust-terms", json={}).status_code == 403
        managers = client(principals.admin())
        told = managers.post("/api/trust-terms", json={"no_show_weight": 5}).json()
        assert any("counts 5 times" in rule["sentence"] for rule in told["in_words"])
        assert managers.post("/api/trust-terms", json={"late_points": 101}).status_code == 422
        scores = managers.get("/api/scores").json()["items"]
        assert [(row["technician_id"], row["points"]) for row in scores] == [(str(person.id), 80)]
