"""Calendars, agreements and entitlements."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from dispatch.sla import service
from kernel.errors import Conflict, Invalid, NotFound
from tests.factories.assets import make_asset
from tests.factories.customers import make_customer, make_site
from tests.factories.sla import OFFICE_WEEK, make_agreement, make_policy

LATE = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # already the second of March in Berlin


def entitlement(session: Session, **over: object) -> service.Entitlement:
    values: dict[str, object] = {
        "asset_id": None,
        "work_type_code": "repair",
        "price_cents": 12050,
        "currency": "EUR",
        "at": LATE,
        "time_zone": "Europe/Berlin",
    }
    return service.entitlement(session, **{**values, **over})  # type: ignore[arg-type]  # values are mixed


class TestCreateCalendar:
    def test_keeps_the_hours(self, session: Session) -> None:
        calendar = service.create_calendar(
            session, name="Office", time_zone="Europe/Berlin", weekly=OFFICE_WEEK, region="DE-BE"
        )
        assert calendar.weekly == OFFICE_WEEK

    @pytest.mark.parametrize(
        "wrong",
        [
            {"time_zone": "Europe/Atlantis"},
            {"time_zone": "Europe"},
            {"weekly": [[]] * 7},
            {"region": "XX"},
        ],
    )
    def test_says_which_rule_is_broken(self, session: Session, wrong: dict[str, object]) -> None:
        values = {"name": "x", "time_zone": "Europe/Berlin", "weekly": OFFICE_WEEK, **wrong}
        with pytest.raises(Invalid) as refused:
            service.create_calendar(session, **values)  # type: ignore[arg-type]  # values are mixed
        assert refused.value.code == "calendar_invalid"


class TestCreateAgreement:
    def test_refuses_an_end_before_the_start(self, session: Session) -> None:
        with pytest.raises(Invalid):
            service.create_agreement(
                session,
                customer_id=make_customer(session).id,
                name="x",
                covers=[],
                starts_on=date(2026, 2, 1),
                ends_on=date(2026, 1, 1),
            )

    def test_refuses_an_unknown_customer(self, session: Session) -> None:
        with pytest.raises(NotFound):
            service.create_agreement(
                session,
                customer_id=make_policy(session).id,
                name="x",
                covers=[],
                starts_on=date(2026, 1, 1),
                ends_on=date(2026, 2, 1),
            )


class TestEntitlement:
    def test_is_given_by_the_warranty_to_its_last_local_day(self, session: Session) -> None:
        site = make_site(session)
        for day, covered in ((date(2026, 3, 2), True), (date(2026, 3, 1), False)):
            asset = make_asset(session, site, warranty_until=day)
            found = entitlement(session, customer_id=site.customer_id, asset_id=asset.id)
            assert found.entitled is covered
            assert (found.by == "warranty") is covered

    def test_is_given_by_an_agreement_that_covers_the_work(self, session: Session) -> None:
        customer = make_customer(session)
        agreement = make_agreement(
            session, customer, name="Gold", covers=["repair"], visits_left=2,
            ends_on=date(2026, 12, 31),
        )  # fmt: skip
        found = entitlement(session, customer_id=customer.id)
        assert (found.by, found.agreement_id, found.price_cents) == (
            "agreement", agreement.id, 0,
        )  # fmt: skip
        assert found.sentence == (
            "The agreement Gold covers this until 2026-12-31 (2 visits left)."
        )

    def test_is_not_given_by_an_agreement_that_is_used_up(self, session: Session) -> None:
        customer = make_customer(session)
        policy = make_policy(session)
        make_agreement(session, customer, covers=["repair"], visits_left=0, sla_policy_id=policy.id)
        found = entitlement(session, customer_id=customer.id)
        assert not found.entitled
        assert found.sla_policy_id == policy.id
        assert "no visits left. The price is 120.50 EUR." in found.sentence

    @pytest.mark.parametrize(
        "over",
        [
            {"covers": ["other"]},
            {"covers": ["repair"], "ends_on": date(2026, 3, 1)},
            {"covers": ["repair"], "starts_on": date(2026, 3, 3)},
        ],
    )
    def test_needs_an_agreement_in_force_for_this_work(
        self, session: Session, over: dict[str, object]
    ) -> None:
        customer = make_customer(session)
        make_agreement(session, customer, **over)
        found = entitlement(session, customer_id=customer.id)
        assert (found.entitled, found.price_cents) == (False, 12050)


class TestUseVisit:
    def test_counts_down_and_back(self, session: Session) -> None:
        agreement = make_agreement(session, visits_left=1)
        service.use_visit(session, agreement.id)
        assert agreement.visits_left == 0
        with pytest.raises(Conflict):
            service.use_visit(session, agreement.id)
        service.give_back_visit(session, agreement.id)
        assert agreement.visits_left == 1

    def test_never_ends_without_a_limit(self, session: Session) -> None:
        agreement = make_agreement(session)
        service.use_visit(session, agreement.id)
        assert agreement.visits_left is None
