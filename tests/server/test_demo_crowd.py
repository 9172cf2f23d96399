"""What the demonstration tells of its freelancers."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.technicians.credential_kinds.service import describe_kind
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.qualifications.service import expire_credentials
from kernel import clock
from marketplace.offers.lifecycle import OfferStatus
from marketplace.offers.queries import list_of_visit
from marketplace.waves import service as waves
from server.demo import crowd
from tests.factories.accounts import make_account
from tests.factories.marketplace import make_freelancer
from tests.factories.technicians import make_credential
from tests.factories.work_orders import make_visit

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_of_nobody_there_is_nothing(session: Session) -> None:
    found = crowd.figures(session, NOW.date())
    assert found["offers by kind"] == {}
    assert found["equal shares"] == "nobody could be asked"
    assert set(found["proofs run out"].values()) == {0}


def test_an_insurance_that_ends_ends_the_offers(
    session: Session, run_jobs: Callable[[], int]
) -> None:
    clock.freeze(session, NOW)
    lapsing, other = make_freelancer(session), make_freelancer(session)
    make_account(session, roles=["freelancer"], subject_id=lapsing.id)
    make_credential(session, lapsing, kind="insurance", expires_at=NOW + 9 * HOUR)
    make_credential(session, other, kind="insurance")
    describe_kind(
        session, "insurance", name="I", required_of=[Employment.FREELANCE], remind_days=[]
    )
    visit = make_visit(session)
    waves.offer_visit(session, visit.id, technician_ids=[lapsing.id])
    clock.freeze(session, NOW + 9 * HOUR)
    expire_credentials(session)
    run_jobs()
    first, second = list_of_visit(session, visit.id)
    assert (first.status, second.technician_id) == (OfferStatus.WITHDRAWN, other.id)
    found = crowd.figures(session, NOW.date())
    assert found["offers by kind"] == {"direct": 1, "computed": 1}
    assert found["proofs run out"] == {
        "people": 1,
        "offers before": 1,
        "offers since": 0,
        "jobs for others": 0,
        "told": 1,
    }
