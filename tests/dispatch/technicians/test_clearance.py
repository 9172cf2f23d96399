"""Who may be given work: kinds that everybody needs, their ends, and who is reminded of them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.events import CredentialEnded, CredentialEnding
from dispatch.messaging.field_notices import tasks as notices
from dispatch.messaging.models import Message
from dispatch.scheduling.checks.rules import ViolationCode
from dispatch.scheduling.checks.service import violations
from dispatch.scheduling.plans import releases
from dispatch.scheduling.problems.shifts import pieces
from dispatch.scheduling.staffing import service as staffing
from dispatch.technicians.clearance.queries import get_clearance
from dispatch.technicians.clearance.rules import lacking
from dispatch.technicians.credential_kinds.service import describe_kind, remind_of_ending
from dispatch.technicians.lifecycle import CredentialStatus, Employment
from dispatch.technicians.models import Credential
from dispatch.technicians.qualifications import service
from dispatch.technicians.queries import list_credentials, list_for_planning
from dispatch.work_orders.lifecycle import VisitStatus
from kernel import clock
from kernel.events import EventRow
from tests.client import ApiClient
from tests.factories.technicians import make_credential, make_shift, make_technician
from tests.factories.work_orders import make_visit
from tests.principals import principal

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Client = Callable[..., ApiClient]


@pytest.fixture(autouse=True)
def monday_morning(session: Session) -> None:
    clock.freeze(session, NOW)
    describe_kind(
        session,
        "insurance",
        name="Liability insurance",
        required_of=[Employment.PARTNER],
        remind_days=[30, 7],
    )


def facts(session: Session, event: type[CredentialEnded | CredentialEnding]) -> list[EventRow]:
    rows = session.scalars(select(EventRow).where(EventRow.name == event.name))
    return list(rows.all())


class TestClearance:
    def test_is_whole_where_nothing_is_required(self, session: Session) -> None:
        assert get_clearance(session, make_technician(session).id).covers(NOW + 999 * DAY)

    def test_is_none_without_what_everybody_needs(self, session: Session) -> None:
        partner = make_technician(session, employment=Employment.PARTNER)
        make_credential(session, partner, kind="insurance", status=CredentialStatus.PENDING)
        found = get_clearance(session, partner.id)
        assert (found.covers(NOW), found.code) == (False, "proof_missing")
        assert lacking(list_credentials(session, partner.id), ["insurance"], NOW) == ["insurance"]

    def test_ends_with_the_longest_proof(self, session: Session) -> None:
        partner = make_technician(session, employment=Employment.PARTNER)
        for days in (1, 3):
            make_credential(session, partner, kind="insurance", expires_at=NOW + days * DAY)
        found = get_clearance(session, partner.id)
        assert found.covers(NOW + 3 * DAY)
        assert not found.covers(NOW + 3 * DAY + HOUR)

    def test_bounds_what_is_planned_and_checked(self, session: Session) -> None:
        partner = make_technician(session, employment=Employment.PARTNER, skills={"boiler": 3})
        make_shift(session, partner, NOW)
        make_credential(session, partner, kind="insurance", expires_at=NOW + 2 * HOUR)
        [known] = list_for_planning(session, None, NOW, NOW + DAY, technician_ids=[partner.id])
        [piece] = pieces(known)
        assert (piece.starts_at, piece.ends_at) == (NOW, NOW + 2 * HOUR)
        visit = make_visit(session)
        late = violations(session, visit.id, partner.id, NOW + 2 * HOUR)
        assert ViolationCode.NOT_CLEARED in {one.code for one in late}
        early = violations(session, visit.id, partner.id, NOW + HOUR)
        assert ViolationCode.NOT_CLEARED not in {one.code for one in early}


class TestExpiry:
    def test_takes_work_that_needs_it_and_no_other(self, session: Session) -> None:
        person = make_technician(session, skills={"boiler": 3})
        make_shift(session, person, NOW)
        make_credential(session, person, kind="gas", expires_at=NOW + HOUR)
        needing, other = make_visit(session, credentials=["gas"]), make_visit(session)
        for visit, hours in ((needing, 2), (other, 5)):
            start = NOW + hours * HOUR
            staffing.assign(session, visit.id, [person.id], start, source="dispatcher")
        clock.freeze(session, NOW + HOUR)
        assert service.expire_credentials(session) == 1
        [fact] = facts(session, CredentialEnded)
        assert fact.payload["kind"] == "gas"
        assert releases.release_unproven(session, person.id, "gas") == [needing.id]
        session.refresh(other)
        assert (needing.status, other.status) == (VisitStatus.UNSCHEDULED, VisitStatus.SCHEDULED)

    def test_takes_all_work_of_who_needs_it_at_all(self, session: Session) -> None:
        partner = make_technician(session, employment=Employment.PARTNER, skills={"boiler": 3})
        make_shift(session, partner, NOW)
        make_credential(session, partner, kind="insurance", expires_at=NOW + HOUR)
        visit = make_visit(session)
        start = NOW + 2 * HOUR
        staffing.assign(session, visit.id, [partner.id], start, source="dispatcher")
        clock.freeze(session, NOW + HOUR)
        service.expire_credentials(session)
        assert releases.release_unproven(session, partner.id, "insurance") == [visit.id]

    def test_says_nothing_where_another_proves_the_same(self, session: Session) -> None:
        person = make_technician(session)
        make_credential(session, person, kind="gas", expires_at=NOW + HOUR)
        make_credential(session, person, kind="gas", expires_at=NOW + 400 * DAY)
        clock.freeze(session, NOW + HOUR)
        assert service.expire_credentials(session) == 1
        assert facts(session, CredentialEnded) == []


class TestReminders:
    def test_go_out_once_for_each_step(self, session: Session) -> None:
        person = make_technician(session)
        make_credential(session, person, kind="insurance", expires_at=NOW + 31 * DAY)
        assert remind_of_ending(session) == 0
        for days, sent in ((1, 1), (2, 0), (25, 1), (30, 0)):
            clock.freeze(session, NOW + days * DAY)
            assert remind_of_ending(session) == sent, days
        assert [row.payload["days"] for row in facts(session, CredentialEnding)] == [30, 6]

    def test_do_not_trouble_who_has_a_newer_one(self, session: Session) -> None:
        person = make_technician(session)
        make_credential(session, person, kind="insurance", expires_at=NOW + 5 * DAY)
        make_credential(session, person, kind="insurance", expires_at=NOW + 500 * DAY)
        assert remind_of_ending(session) == 0

    def test_reach_the_person_in_words(self, session: Session) -> None:
        person = make_technician(session, email="mara@example.com")
        ending = make_credential(session, person, kind="insurance", expires_at=NOW + 5 * DAY)
        event = CredentialEnding(technician_id=person.id, credential_id=ending.id, days=5)
        notices.remind_of_credential(session, event)
        [message] = session.scalars(select(Message)).all()
        assert message.address == "mara@example.com"
        assert "Liability insurance" in message.text
        assert "5 day" in message.text


class TestApi:
    def test_kinds_come_described_and_supervisors_change_them(
        self, session: Session, client: Client
    ) -> None:
        http = client(principal("supervisor"))
        kinds = {one["kind"] for one in http.get("/api/credential-kinds").json()}
        assert kinds >= {"insurance", "tax", "right_to_work", "background_check"}
        body = {"name": "Tax", "required_of": ["freelance"], "remind_days": [7, 30, 7]}
        put = http.put("/api/credential-kinds/tax", json=body)
        assert put.json()["remind_days"] == [30, 7]
        stale = http.put("/api/credential-kinds/tax", json=body, headers={"If-Match": '"0"'})
        assert stale.status_code == 412
        seen = {"If-Match": put.headers["ETag"]}
        again = http.put("/api/credential-kinds/tax", json={**body, "name": "T"}, headers=seen)
        assert (again.status_code, again.json()["name"]) == (200, "T")
        assert session.scalar(select(Credential)) is None
        for bad in ("Tax!", "x" * 80):
            assert http.put(f"/api/credential-kinds/{bad}", json=body).status_code == 422
