"""Freelancers see how we keep what we promise."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from kernel import clock
from marketplace.payouts import service as payouts
from marketplace.reviews import service as reviews
from tests import principals
from tests.client import ApiClient
from tests.factories.marketplace import make_freelancer
from tests.factories.payouts import make_payout

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
Client = Callable[..., ApiClient]


def test_tells_what_was_done_beside_what_was_promised(session: Session, client: Client) -> None:
    clock.freeze(session, NOW)
    person = make_freelancer(session)
    phone = client(principals.technician_principal(person))
    assert phone.get("/api/buyer-quality").json()["reply_hours"] is None
    review = reviews.ask(session, person.id, "Why was I not asked?")
    paid, refused = make_payout(session, person), make_payout(session, person)
    clock.freeze(session, NOW + timedelta(hours=30))
    reviews.answer(session, review.id, principals.dispatcher(), granted=False, answer="You were.")
    payouts.approve(session, paid.id)
    payouts.reverse(session, refused.id, "by mistake")
    shown = phone.get("/api/buyer-quality").json()
    assert (shown["reply_hours"], shown["reply_hours_promised"]) == (30, 24)
    assert (shown["approve_hours"], shown["refused_pct"]) == (30, 50)
    assert shown["cancelled_pct"] is None
