"""Finding customers while they are on the phone."""

import pytest
from sqlalchemy.orm import Session

from dispatch.customers import queries
from dispatch.customers.models import Customer
from kernel.errors import NotFound
from tests.factories.customers import make_customer, make_site


def found_by(session: Session, words: str | None) -> set[str]:
    customers = session.scalars(queries.customers_matching(words))
    return {customer.name for customer in customers}


class TestCustomersMatching:
    @pytest.fixture(autouse=True)
    def people(self, session: Session) -> None:
        ada = make_customer(
            session, name="Ada Lovelace", email="ada@engine.org", phone="+493012345678"
        )
        make_site(session, ada, address="Unter den Linden 77, 10117 Berlin")
        make_customer(session, name="Charles Babbage", email="cb@engine.org", phone=None)

    @pytest.mark.parametrize(
        "words",
        [
            "lovelace",
            "love ada",
            "ADA@engine",
            "linden 77",
            "ada 10117",
            "030 12345678",
            "+49 30 1234 5678",
            "12345678",
            "5678",
            "10117",
            "1234-5678",
        ],
    )
    def test_finds_by_parts_of_everything_one_would_say(self, session: Session, words: str) -> None:
        assert found_by(session, words) == {"Ada Lovelace"}

    def test_needs_every_word(self, session: Session) -> None:
        assert found_by(session, "engine") == {"Ada Lovelace", "Charles Babbage"}
        assert found_by(session, "engine charles") == {"Charles Babbage"}

    @pytest.mark.parametrize("words", ["%", "_", "nobody", "999999999"])
    def test_takes_wildcards_as_what_they_are(self, session: Session, words: str) -> None:
        assert found_by(session, words) == set()

    @pytest.mark.parametrize("words", [None, "", "  "])
    def test_finds_all_without_words(self, session: Session, words: str | None) -> None:
        assert found_by(session, words) == {"Ada Lovelace", "Charles Babbage"}


class TestGetSiteOf:
    def test_hides_another_customers_site(self, session: Session) -> None:
        site = make_site(session)
        assert queries.get_site_of(session, site.customer_id, site.id) == site
        with pytest.raises(NotFound):
            queries.get_site_of(session, make_customer(session).id, site.id)


class TestTimeline:
    def test_starts_with_the_customer(self, session: Session) -> None:
        customer = make_customer(session)
        assert [entry.kind for entry in queries.timeline(session, customer.id)] == ["customer"]

    def test_refuses_an_unknown_customer(self, session: Session) -> None:
        site = make_site(session)
        with pytest.raises(NotFound):
            queries.timeline(session, site.id)


def test_searching_uses_the_trigram_indexes() -> None:
    names = {index.name for index in Customer.__table__.indexes}
    assert {"ix_customers_name_trgm", "ix_customers_phone_trgm"} <= names
