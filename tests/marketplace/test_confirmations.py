"""The question of the evening before: who is asked when, and what follows without an answer."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.staffing import service as staffing
from kernel import clock
from kernel.errors import Conflict, NotFound
from marketplace.confirmations import queries, service
from marketplace.confirmations.lifecycle import RULES, ConfirmationStatus
from marketplace.confirmations.models import Confirmation
from marketplace.offers import service as offers
from marketplace.offers.lifecycle import OPEN
from marketplace.offers.models import Offer
from tests import principals
from tests.client import ApiClient
from tests.factories.marketplace import make_freelancer, make_offer

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EVENING = datetime(2026, 3, 2, 18, 0, tzinfo=BERLIN)
S = ConfirmationStatus
RunJobs = Callable[[], int]
Client = Callable[..., ApiClient]


@pytest.fixture
def agreed(session: Session) -> Offer:
    """On Sunday somebody agreed to a job on Tuesday at ten."""
    clock.freeze(session, MONDAY - timedelta(days=1))
    starts_at = datetime(2026, 3, 3, 10, 0, tzinfo=BERLIN)
    made = make_offer(session, starts_at=starts_at)
    return offers.accept(session, made.id, made.technician_id)


def asked_of(session: Session, offer: Offer) -> Confirmation:
    clock.freeze(session, EVENING)
    service.ask_due(session)
    return session.scalars(
        select(Confirmation).where(Confirmation.visit_id == offer.visit_id)
    ).one()


class TestDeadline:
    @pytest.mark.parametrize(
        ("at", "agreed_hours_ago", "by"),
        [
            (time(17, 59), 24, None),
            (time(18, 0), 24, time(20, 30)),
            (time(20, 0), 24, time(20, 45)),
            (time(18, 0), 11, None),
        ],
    )
    def test_is_half_past_eight_of_the_evening_before(
        self, at: time, agreed_hours_ago: int, by: time | None
    ) -> None:
        now = datetime.combine(EVENING.date(), at, BERLIN)
        starts_at = now.replace(hour=9) + timedelta(days=1)
        found = RULES.deadline(now, starts_at, now - timedelta(hours=agreed_hours_ago))
        assert (found and found.time()) == by

    def test_of_another_day_is_none(self) -> None:
        week_ago = EVENING - timedelta(days=7)
        for days in (0, 2):
            starts_at = EVENING.replace(hour=22) + timedelta(days=days)
            assert RULES.deadline(EVENING, starts_at, week_ago) is None


class TestAskDue:
    def test_asks_once(self, session: Session, agreed: Offer) -> None:
        asked = asked_of(session, agreed)
        assert service.ask_due(session) == 0
        assert asked.answer_by == EVENING.replace(hour=20, minute=30)
        assert asked.technician_id == agreed.technician_id

    def test_leaves_alone_what_the_office_planned(self, session: Session) -> None:
        clock.freeze(session, MONDAY - timedelta(days=1))
        offer = make_offer(session)
        starts_at = datetime(2026, 3, 3, 10, 0, tzinfo=BERLIN)
        staffing.assign(
            session, offer.visit_id, [offer.technician_id], starts_at, source="dispatcher"
        )
        clock.freeze(session, EVENING)
        assert service.ask_due(session) == 0


class TestAnswer:
    def test_a_yes_ends_it(self, session: Session, agreed: Offer) -> None:
        asked = asked_of(session, agreed)
        service.confirm(session, asked.id, agreed.technician_id)
        service.confirm(session, asked.id, agreed.technician_id)
        clock.freeze(session, EVENING + timedelta(hours=6))
        assert service.follow_up(session) == 0
        assert asked.status is S.CONFIRMED

    def test_a_no_gives_the_visit_back_and_others_are_asked(
        self, session: Session, agreed: Offer, run_jobs: RunJobs
    ) -> None:
        other = make_freelancer(session)
        asked = asked_of(session, agreed)
        service.decline(session, asked.id, agreed.technician_id, "ill")
        run_jobs()
        open_to = session.scalars(select(Offer.technician_id).where(Offer.status.in_(OPEN)))
        assert (asked.status, list(open_to)) == (S.DECLINED, [other.id])

    def test_somebody_elses_does_not_exist(self, session: Session, agreed: Offer) -> None:
        asked = asked_of(session, agreed)
        with pytest.raises(NotFound):
            service.confirm(session, asked.id, make_freelancer(session).id)

    def test_comes_too_late_for_a_visit_that_went_another_way(
        self, session: Session, agreed: Offer
    ) -> None:
        asked = asked_of(session, agreed)
        staffing.unassign(session, agreed.visit_id, "other")
        with pytest.raises(Conflict, match="any more"):
            service.confirm(session, asked.id, agreed.technician_id)
        assert service.follow_up(session) == 1
        assert asked.status is S.VOID


class TestFollowUp:
    def test_silence_is_told_and_then_others_are_asked(
        self, session: Session, agreed: Offer, run_jobs: RunJobs
    ) -> None:
        other = make_freelancer(session)
        asked = asked_of(session, agreed)
        clock.freeze(session, asked.answer_by)
        assert (service.follow_up(session), service.follow_up(session)) == (1, 0)
        assert asked.status is S.UNANSWERED
        clock.freeze(session, asked.answer_by + RULES.release_after)
        assert service.follow_up(session) == 1
        run_jobs()
        assignment = session.get_one(Assignment, agreed.assignment_id)
        session.refresh(assignment)
        assert (asked.status, assignment.status) == (S.RELEASED, AssignmentStatus.BACKED_OUT)
        open_to = session.scalars(select(Offer.technician_id).where(Offer.status.in_(OPEN)))
        assert list(open_to) == [other.id]

    def test_a_late_yes_counts(self, session: Session, agreed: Offer) -> None:
        asked = asked_of(session, agreed)
        clock.freeze(session, asked.answer_by)
        service.follow_up(session)
        assert service.confirm(session, asked.id, agreed.technician_id).status is S.CONFIRMED


class TestHttp:
    def test_the_phone_asks_and_answers(
        self, session: Session, client: Client, agreed: Offer
    ) -> None:
        asked_of(session, agreed)
        phone = client(principals.principal("freelancer", subject_id=agreed.technician_id))
        [card] = phone.get("/api/technician/confirmations").json()
        assert card["visit_id"] == str(agreed.visit_id)
        url = f"/api/technician/confirmations/{card['id']}/confirm"
        assert phone.post(url).json()["status"] == "confirmed"
        assert phone.get("/api/technician/confirmations").json() == []
        desk = client(principals.dispatcher())
        listed = desk.get("/api/confirmations", params={"status": "confirmed"}).json()["items"]
        assert [one["id"] for one in listed] == [card["id"]]

    def test_an_answer_can_wait_for_a_network(
        self, session: Session, client: Client, agreed: Offer
    ) -> None:
        asked = asked_of(session, agreed)
        phone = client(principals.principal("freelancer", subject_id=agreed.technician_id))
        command = {
            "seq": 1,
            "id": "one",
            "kind": "confirmation",
            "payload": {"confirmation_id": str(asked.id), "coming": True},
        }
        body = {"device_id": str(agreed.technician_id), "commands": [command]}
        [result] = phone.post("/api/technician/commands", json=body).json()["results"]
        assert result["status"] == "applied"
        assert queries.list_open_of(session, agreed.technician_id) == []
