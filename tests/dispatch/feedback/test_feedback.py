"""Rating a visit."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.customers import queries as customers
from dispatch.feedback import queries, service
from dispatch.feedback.models import Rating
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel.errors import Conflict, Invalid, NotFound
from kernel.events import EventRow
from tests.client import ApiClient
from tests.factories.customers import make_customer
from tests.factories.work_orders import make_visit
from tests.principals import customer_principal, dispatcher

Clients = Callable[..., ApiClient]


def rate(session: Session, visit: Visit, **over: Any) -> Rating:
    values = {"csat": 5, "effort": 2, "solved_first_time": True, "comment": "Quick!"}
    return service.rate(session, visit.id, visit.customer_id, **{**values, **over})


class TestRate:
    def test_keeps_what_the_customer_says_and_tells_it(self, session: Session) -> None:
        visit = make_visit(session, status=VisitStatus.COMPLETED)
        rating = rate(session, visit)
        assert (rating.csat, rating.effort, rating.comment) == (5, 2, "Quick!")
        (fact,) = session.scalars(
            select(EventRow).where(EventRow.name == "dispatch.VisitRated")
        ).all()
        assert fact.payload["visit_id"] == str(visit.id)
        assert "Quick" not in str(fact.payload)

    def test_the_same_again_is_fine(self, session: Session) -> None:
        visit = make_visit(session, status=VisitStatus.COMPLETED)
        assert rate(session, visit) == rate(session, visit)

    def test_another_opinion_is_refused(self, session: Session) -> None:
        visit = make_visit(session, status=VisitStatus.COMPLETED)
        rate(session, visit)
        with pytest.raises(Conflict) as refusal:
            rate(session, visit, csat=1)
        assert refusal.value.code == "already_rated"

    @pytest.mark.parametrize(
        "status", [status for status in VisitStatus if status not in ("completed", "paused")]
    )
    def test_only_a_completed_visit_is_rated(self, session: Session, status: VisitStatus) -> None:
        visit = make_visit(session, status=status)
        with pytest.raises(Conflict) as refusal:
            rate(session, visit)
        assert refusal.value.code == "visit_not_completed"

    def test_another_customers_visit_does_not_exist(self, session: Session) -> None:
        visit = make_visit(session, status=VisitStatus.COMPLETED)
        with pytest.raises(NotFound):
            service.rate(session, visit.id, make_customer(session).id, 5)

    @pytest.mark.parametrize("marks", [{"csat": 0}, {"csat": 6}, {"effort": 0}, {"effort": 9}])
    def test_marks_go_from_one_to_five(self, session: Session, marks: dict[str, int]) -> None:
        visit = make_visit(session, status=VisitStatus.COMPLETED)
        with pytest.raises(Invalid):
            rate(session, visit, **marks)


class TestTimeline:
    def test_shows_the_rating(self, session: Session) -> None:
        visit = make_visit(session, status=VisitStatus.COMPLETED)
        rate(session, visit)
        (entry,) = queries.timeline(session, visit.customer_id, 10)
        assert (entry.kind, entry.record_id, entry.status) == ("rating", visit.id, "5 of 5")
        kinds = {entry.kind for entry in customers.timeline(session, visit.customer_id)}
        assert {"customer", "rating"} <= kinds


class TestApi:
    def test_the_office_reads_ratings(self, session: Session, client: Clients) -> None:
        visit = make_visit(session, status=VisitStatus.COMPLETED)
        rate(session, visit)
        listed = client(dispatcher()).get("/api/ratings", params={"visit_id": str(visit.id)})
        assert [rating["csat"] for rating in listed.json()["items"]] == [5]
        other = client(customer_principal(make_customer(session)))
        assert other.get("/api/ratings").status_code == 403
