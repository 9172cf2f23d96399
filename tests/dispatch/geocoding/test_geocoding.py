"""Addresses found by each geocoder's own answers over real HTTP; pins that people set stay."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from dispatch.customers import service as customers
from dispatch.customers.lifecycle import PositionBy
from dispatch.geocoding import providers, service
from dispatch.geocoding.models import GeocodedAddress
from dispatch.geocoding.ports import Found, Geocoder, GeocoderDown, geocoder
from kernel.errors import Conflict, DomainError, Invalid, Limited, Unavailable
from tests.answering import Answer, Question, answering
from tests.client import ApiClient
from tests.conftest import Database
from tests.factories.customers import make_customer, make_site
from tests.factories.territories import make_territory
from tests.principals import dispatcher, principal

MakeClient = Callable[..., ApiClient]
AGENT = "firstfix/0.1 (office@example.com)"
ADDRESS = "Torstraße 1, Berlin"
NOMINATIM = [
    {
        "place_id": 131,
        "licence": "Data © OpenStreetMap contributors",
        "osm_type": "node",
        "lat": "52.5277",
        "lon": "13.4103",
        "display_name": "1, Torstraße, Mitte, Berlin, 10119, Deutschland",
        "class": "place",
        "type": "house",
        "importance": 0.2,
    }
]
PHOTON = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [13.4103, 52.5277]},
            "properties": {
                "housenumber": "1",
                "street": "Torstraße",
                "city": "Berlin",
                "country": "Germany",
                "osm_value": "house",
            },
        }
    ],
}
PELIAS = {
    "geocoding": {"version": "0.2", "query": {"size": 10}},
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [13.4103, 52.5277]},
            "properties": {"name": "Torstraße 1", "layer": "address", "confidence": 1},
        }
    ],
}


def nominatim(url: str) -> Geocoder:
    return providers.nominatim(url, AGENT, 2, "DE")


def photon(url: str) -> Geocoder:
    return providers.photon(url, AGENT, 2)


def pelias(url: str) -> Geocoder:
    return providers.pelias(url, "secret", AGENT, 2, "DE")


Make = Callable[[str], Geocoder]
EVERY: Sequence[tuple[Make, Any, Any]] = [
    (nominatim, NOMINATIM, []),
    (photon, PHOTON, {"type": "FeatureCollection", "features": []}),
    (pelias, PELIAS, {"type": "FeatureCollection", "features": []}),
]


@pytest.mark.parametrize(("make", "body", "nothing"), EVERY)
class TestEveryGeocoder:
    def test_finds_an_address(self, make: Make, body: Any, nothing: Any) -> None:
        with answering(lambda question: Answer(body)) as server:
            [found] = make(server.url).find(ADDRESS)
            [question] = server.questions
        assert (found.latitude, found.longitude) == (52.5277, 13.4103)
        assert "Torstraße" in found.address
        assert question.headers["User-Agent"] == AGENT
        assert ADDRESS in str(parse_qs(urlsplit(question.path).query))

    def test_says_when_there_is_none(self, make: Make, body: Any, nothing: Any) -> None:
        with answering(lambda question: Answer(nothing)) as server:
            assert list(make(server.url).find("Nowhere 1")) == []

    def test_tells_when_to_ask_again(self, make: Make, body: Any, nothing: Any) -> None:
        limited = Answer({"message": "Too Many"}, 429, {"Retry-After": "60"})
        with (
            answering(lambda question: limited) as server,
            pytest.raises(GeocoderDown) as caught,
        ):
            make(server.url).find(ADDRESS)
        assert caught.value.retry_after == 60

    @pytest.mark.parametrize("status", [401, 403, 500, 502, 503])
    def test_is_down_when_it_fails(self, make: Make, body: Any, nothing: Any, status: int) -> None:
        with (
            answering(lambda question: Answer("<h1>No</h1>", status)) as server,
            pytest.raises(GeocoderDown),
        ):
            make(server.url).find(ADDRESS)

    def test_is_down_when_it_answers_something_else(
        self, make: Make, body: Any, nothing: Any
    ) -> None:
        for answer in ("<h1>Welcome</h1>", {"hello": 1}):
            given = Answer(answer)
            with (
                answering(lambda question, given=given: given) as server,
                pytest.raises(GeocoderDown),
            ):
                make(server.url).find(ADDRESS)

    def test_is_down_when_nobody_listens(self, make: Make, body: Any, nothing: Any) -> None:
        with answering(lambda question: Answer({})) as server:
            url = server.url
        with pytest.raises(GeocoderDown):
            make(url).find(ADDRESS)


class TestPace:
    def test_of_public_geocoders_is_one_question_a_second(self) -> None:
        assert providers.nominatim("", AGENT, 2, "DE").pause_seconds == 1
        assert providers.photon("", AGENT, 2).pause_seconds == 1
        assert nominatim("http://127.0.0.1:1").pause_seconds == 0


class Paper:
    """Knows what it is told; counts how often and when it is asked."""

    name = "paper"

    def __init__(self, *places: Found, pause_seconds: float = 0.0) -> None:
        self.places = list(places)
        self.pause_seconds = pause_seconds
        self.asked: list[float] = []
        self.down: GeocoderDown | None = None

    def find(self, address: str) -> Sequence[Found]:
        self.asked.append(time.monotonic())
        if self.down:
            raise self.down
        return self.places


HERE, NEXT_DOOR = Found("Torstraße 1", 52.5277, 13.4103), Found("Torstr. 1a", 52.5278, 13.4105)
ELSEWHERE = Found("Torstraße 1, Potsdam", 52.4, 13.05)


@contextmanager
def knowing(*places: Found, pause_seconds: float = 0.0) -> Iterator[Paper]:
    paper = Paper(*places, pause_seconds=pause_seconds)
    with geocoder.wired(paper):
        yield paper


class TestFind:
    def test_asks_once_and_remembers(self, session: Session) -> None:
        with knowing(HERE) as paper:
            assert service.find(ADDRESS) == [HERE]
            assert service.find("  torstraße 1,  BERLIN ") == [HERE]
        assert len(paper.asked) == 1

    def test_asks_sooner_again_for_what_nobody_knew(self, session: Session) -> None:
        two_days = text("clock_timestamp() - interval '2 days'")
        with knowing() as paper:
            service.find("New road 1")
            service.find("New road 1")
            assert len(paper.asked) == 1
            session.execute(update(GeocodedAddress).values(asked_at=two_days))
            service.find("New road 1")
            assert len(paper.asked) == 2
        with knowing(HERE) as paper:
            service.find(ADDRESS)
            session.execute(update(GeocodedAddress).values(asked_at=two_days))
            service.find(ADDRESS)
            assert len(paper.asked) == 1

    def test_says_when_the_geocoder_is_down_and_remembers_nothing(self, session: Session) -> None:
        with knowing(HERE) as paper:
            paper.down = GeocoderDown("gone", 30)
            with pytest.raises(Unavailable) as caught:
                service.find(ADDRESS)
            assert caught.value.code == "geocoder_down"
            paper.down = None
            assert service.find(ADDRESS) == [HERE]

    def test_is_off_by_default(self, session: Session) -> None:
        with pytest.raises(Conflict) as caught:
            service.find(ADDRESS)
        assert caught.value.code == "geocoder_off"

    def test_keeps_the_pace_over_all_processes(self, database: Database) -> None:
        with knowing(HERE, pause_seconds=0.3) as paper:
            threads = [
                threading.Thread(target=service.find, args=(f"Road {number}",))
                for number in range(3)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        first, second, third = sorted(paper.asked)
        assert second - first > 0.25
        assert third - second > 0.25

    def test_does_not_let_callers_wait_for_long(self, database: Database) -> None:
        with database.transaction() as session:
            lock = "SELECT pg_advisory_xact_lock(hashtextextended('geocoder:paper', 0))"
            session.execute(text(lock))
            with knowing(HERE, pause_seconds=0.1), pytest.raises(Limited) as caught:
                service.find(ADDRESS)
        assert caught.value.code == "geocoder_busy"


class TestSites:
    def test_are_placed_by_the_geocoder(self, session: Session) -> None:
        make_territory(session)
        customer = make_customer(session)
        with knowing(HERE, NEXT_DOOR):
            site = customers.create_site(session, customer_id=customer.id, address=ADDRESS)
        assert (site.latitude, site.longitude) == (HERE.latitude, HERE.longitude)
        assert site.position_by is PositionBy.GEOCODER

    @pytest.mark.parametrize(
        ("places", "code"), [((), "address_not_found"), ((HERE, ELSEWHERE), "address_ambiguous")]
    )
    def test_are_not_placed_by_guessing(
        self, session: Session, places: tuple[Found, ...], code: str
    ) -> None:
        make_territory(session)
        customer = make_customer(session)
        with knowing(*places), pytest.raises(Invalid) as caught:
            customers.create_site(session, customer_id=customer.id, address=ADDRESS)
        assert caught.value.code == code

    def test_need_a_pin_without_a_geocoder(self, session: Session) -> None:
        customer = make_customer(session)
        with pytest.raises(DomainError) as caught:
            customers.create_site(session, customer_id=customer.id, address=ADDRESS)
        assert caught.value.code == "position_missing"

    def test_with_a_pin_stay_when_the_address_changes(self, session: Session) -> None:
        site = make_site(session)
        before = (site.latitude, site.longitude)
        with knowing(ELSEWHERE) as paper:
            customers.update_site(session, site, {"address": "Another way 2"})
        assert (site.latitude, site.longitude) == before
        assert paper.asked == []

    def test_follow_their_address_until_somebody_moves_the_pin(self, session: Session) -> None:
        site = make_site(session, position_by=PositionBy.GEOCODER)
        with knowing(ELSEWHERE):
            customers.update_site(session, site, {"address": "Another way 2"})
            assert site.latitude == ELSEWHERE.latitude
            customers.update_site(session, site, {"latitude": 52.41, "longitude": 13.06})
            assert site.position_by is PositionBy.PERSON
            customers.update_site(session, site, {"address": "A third way 3"})
        assert site.latitude == 52.41

    def test_lose_nothing_when_the_new_address_is_not_found(self, session: Session) -> None:
        site = make_site(session, position_by=PositionBy.GEOCODER)
        address, latitude = site.address, site.latitude
        with knowing(), pytest.raises(Invalid):
            customers.update_site(session, site, {"address": "Nowhere 1", "name": "New"})
        assert (site.address, site.latitude, site.name) == (address, latitude, "")


class TestHttp:
    def test_finds_and_refuses(self, session: Session, client: MakeClient) -> None:
        office = client(dispatcher())
        customer = make_customer(session)
        make_territory(session)
        url = f"/api/customers/{customer.id}/sites"
        off = office.get("/api/geocode", params={"address": ADDRESS})
        assert (off.status_code, off.json()["code"]) == (409, "geocoder_off")
        with knowing(HERE):
            found = office.get("/api/geocode", params={"address": ADDRESS}).json()
            assert found == [{"address": "Torstraße 1", "latitude": 52.5277, "longitude": 13.4103}]
            made = office.post(url, json={"address": ADDRESS})
            assert made.json()["position_by"] == "geocoder"
        with knowing():
            refused = office.post(url, json={"address": "Nowhere 1"})
            assert (refused.status_code, refused.json()["code"]) == (422, "address_not_found")

    def test_a_customer_moves_the_pin_of_an_own_place(
        self, session: Session, client: MakeClient
    ) -> None:
        site = make_site(session, position_by=PositionBy.GEOCODER)
        pin = {"latitude": 52.53, "longitude": 13.42}
        own = client(principal("customer", subject_id=site.customer_id))
        url = f"/api/customer/sites/{site.id}/position"
        assert own.put(url, json=pin).status_code == 200
        session.refresh(site)
        assert (site.latitude, site.position_by) == (52.53, PositionBy.PERSON)
        other = client(principal("customer", subject_id=make_customer(session).id))
        assert other.put(url, json=pin).status_code == 404


def test_questions_say_the_country() -> None:
    def asked(make: Make, body: Any) -> Question:
        with answering(lambda question: Answer(body)) as server:
            make(server.url).find(ADDRESS)
            return server.questions[0]

    assert "countrycodes=de" in asked(nominatim, NOMINATIM).path
    assert "boundary.country=DE" in asked(pelias, PELIAS).path
    assert "api_key=secret" in asked(pelias, PELIAS).path
