"""Customers, sites, keys and the directory behind sign-in."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from dispatch.accounts.addresses import parse_address
from dispatch.customers import queries, service
from dispatch.customers.lifecycle import PreferredChannel
from dispatch.customers.models import Customer
from kernel import clock
from kernel.audit import history
from kernel.errors import Invalid, NotFound
from tests.factories.customers import make_customer, make_site, make_site_key
from tests.factories.territories import make_territory
from tests.principals import dispatcher

HAMBURG = {"latitude": 53.55, "longitude": 9.99}


class TestCreateCustomer:
    def test_writes_addresses_in_one_form(self, session: Session) -> None:
        customer = service.create_customer(
            session, name=" Ada ", email="Ada@Example.com", phone="030 555 12345"
        )
        assert (customer.name, customer.email, customer.phone) == (
            "Ada",
            "ada@example.com",
            "+493055512345",
        )

    @pytest.mark.parametrize(
        ("phone", "channel"), [("030 555 12345", PreferredChannel.SMS), (None, "email")]
    )
    def test_prefers_what_can_reach_the_customer(
        self, session: Session, phone: str | None, channel: str
    ) -> None:
        customer = service.create_customer(
            session, name="Ada", email="ada@example.com", phone=phone
        )
        assert customer.channel == channel

    def test_refuses_a_blank_name(self, session: Session) -> None:
        with pytest.raises(Invalid):
            service.create_customer(session, name="  ")


class TestUpdateCustomer:
    def test_brings_a_new_phone_number_into_one_form(self, session: Session) -> None:
        customer = make_customer(session)
        service.update_customer(session, customer, {"phone": "030 555 99999"})
        assert customer.phone == "+493055599999"

    @pytest.mark.parametrize("nothing", [None, ""])
    def test_can_empty_an_address(self, session: Session, nothing: str | None) -> None:
        customer = make_customer(session)
        service.update_customer(session, customer, {"email": nothing})
        assert customer.email is None


class TestCreateSite:
    def test_takes_territory_and_time_zone_from_the_position(self, session: Session) -> None:
        make_territory(session)
        hamburg = make_territory(session, **HAMBURG, time_zone="Europe/Vienna")
        site = service.create_site(
            session, customer_id=make_customer(session).id, address="Reeperbahn 1", **HAMBURG
        )
        assert (site.territory_id, site.time_zone) == (hamburg.id, "Europe/Vienna")

    def test_asks_for_a_time_zone_where_there_is_no_territory(self, session: Session) -> None:
        customer = make_customer(session)
        with pytest.raises(Invalid) as refusal:
            service.create_site(session, customer_id=customer.id, address="Here 1", **HAMBURG)
        assert refusal.value.code == "time_zone_missing"

    @pytest.mark.parametrize("zone", ["Europe/Atlantis", "../etc", "Europe", "a\0b"])
    def test_refuses_what_is_no_time_zone(self, session: Session, zone: str) -> None:
        make_territory(session, **HAMBURG)
        customer = make_customer(session)
        with pytest.raises(Invalid):
            service.create_site(
                session, customer_id=customer.id, address="Here 1", time_zone=zone, **HAMBURG
            )

    def test_refuses_an_unknown_customer(self, session: Session) -> None:
        site = make_site(session)
        with pytest.raises(NotFound):
            service.create_site(session, customer_id=site.id, address="Here 1", **HAMBURG)


class TestUpdateSite:
    def test_moves_to_the_territory_of_the_new_position(self, session: Session) -> None:
        site = make_site(session)
        hamburg = make_territory(session, **HAMBURG)
        service.update_site(session, site, HAMBURG)
        assert site.territory_id == hamburg.id

    def test_keeps_the_territory_when_only_notes_change(self, session: Session) -> None:
        site = make_site(session)
        before = site.territory_id
        service.update_site(session, site, {"access_notes": "Ring twice"})
        assert site.territory_id == before


class TestViewKeys:
    def test_shows_a_valid_key_and_records_who_looked(self, session: Session) -> None:
        site = make_site(session)
        key = make_site_key(session, site)
        viewer = dispatcher()
        assert [shown.secret for shown in service.view_keys(session, site.id, viewer)] == ["4711"]
        (view,) = queries.list_key_views(session, site.id)
        assert (view.site_key_id, view.viewer) == (key.id, viewer.actor)
        assert view.account_id == viewer.account_id

    @pytest.mark.parametrize(("starts", "ends"), [(1, 2), (-2, 0), (-2, -1)])
    def test_hides_a_key_outside_its_time(self, session: Session, starts: int, ends: int) -> None:
        clock.freeze(session, clock.now(session))
        at = clock.now(session)
        site = make_site(session)
        make_site_key(
            session,
            site,
            valid_from=at + timedelta(hours=starts),
            valid_until=at + timedelta(hours=ends),
        )
        assert [shown.secret for shown in service.view_keys(session, site.id, dispatcher())] == [
            None
        ]
        assert queries.list_key_views(session, site.id) == []

    def test_keeps_secrets_out_of_the_audit(self, session: Session) -> None:
        key = make_site_key(session, make_site(session), secret="very secret")
        assert "very secret" not in str([entry.changes for entry in history(session, key.id)])


class TestAddKey:
    def test_refuses_an_empty_validity(self, session: Session) -> None:
        site, at = make_site(session), clock.now(session)
        with pytest.raises(Invalid):
            service.add_key(
                session, site.id, label="Door", secret="1", valid_from=at, valid_until=at
            )


class TestCustomerDirectory:
    def test_finds_the_oldest_customer_at_an_address(self, session: Session) -> None:
        first = make_customer(session, phone="+493055512345")
        make_customer(session, phone="+493055512345")
        found = service.CustomerDirectory().customer_for(
            session, parse_address("030 55512345"), None, "de"
        )
        assert found == first.id

    def test_creates_a_customer_for_a_new_address(self, session: Session) -> None:
        made = service.CustomerDirectory().customer_for(
            session, parse_address("new@example.com"), None, "de"
        )
        customer = session.get(Customer, made)
        assert customer is not None
        assert (customer.name, customer.email, customer.locale) == (
            "new@example.com",
            "new@example.com",
            "de",
        )
