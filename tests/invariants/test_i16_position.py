"""I16: a customer sees a technician's position only while that technician is en route to them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

import mobile_api.customer
from dispatch.customers.models import Customer
from dispatch.scheduling.moves import service as moves
from dispatch.scheduling.staffing import service as staffing
from dispatch.technicians import service as technicians
from dispatch.technicians.models import Technician
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel import clock
from kernel.geo import Point
from kernel.principal import Principal
from tests import principals
from tests.client import ApiClient
from tests.factories.customers import make_customer, make_site
from tests.factories.technicians import make_technician
from tests.factories.work_orders import make_visit

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HERE = Point(52.5001, 13.4001)
V = VisitStatus
Client = Callable[..., ApiClient]

WAY = (V.DISPATCHED, V.EN_ROUTE, V.ON_SITE, V.IN_PROGRESS, V.PAUSED)
ROADS: dict[V, tuple[V, ...]] = {
    V.SCHEDULED: (),
    V.DISPATCHED: WAY[:1],
    V.ACCEPTED: (V.DISPATCHED, V.ACCEPTED),
    V.EN_ROUTE: WAY[:2],
    V.ON_SITE: WAY[:3],
    V.IN_PROGRESS: WAY[:4],
    V.PAUSED: WAY,
    V.COMPLETED: (*WAY[:4], V.COMPLETED),
    V.INCOMPLETE: (*WAY[:3], V.INCOMPLETE),
    V.CANCELLED: (V.CANCELLED,),
    V.UNSCHEDULED: (V.UNSCHEDULED,),
}


class Scene:
    """One customer, one technician who reports a position all the time, and one visit."""

    def __init__(self, session: Session) -> None:
        clock.freeze(session, NOW)
        self.session = session
        self.customer: Customer = make_customer(session)
        self.technician: Technician = make_technician(session, skills={"boiler": 3})
        self.visit = self.planned(self.customer, hours=1)

    def planned(self, customer: Customer, *, hours: int) -> Visit:
        visit = make_visit(self.session, site=make_site(self.session, customer))
        starts_at = NOW + timedelta(hours=hours)
        staffing.assign(
            self.session, visit.id, [self.technician.id], starts_at, source="dispatcher"
        )
        return visit

    def bring_to(self, status: V, visit: Visit | None = None) -> None:
        for to in ROADS[status]:
            reason = "other" if to is V.INCOMPLETE else None
            moves.move(self.session, (visit or self.visit).id, to, reason=reason)
        self.report_position()

    def report_position(self) -> None:
        at = clock.now(self.session)
        technicians.record_position(self.session, self.technician.id, HERE, at)

    def link(self, record_id: Any) -> Principal:
        return Principal(
            subject_id=self.customer.id,
            roles=frozenset({"customer"}),
            name="link",
            only_record=record_id,
        )


@pytest.fixture
def scene(session: Session) -> Scene:
    return Scene(session)


def test_the_table_of_roads_has_every_state() -> None:
    assert set(ROADS) == set(V)


@pytest.mark.parametrize("status", list(V))
class TestEachState:
    def test_the_customer_sees_it_only_en_route(
        self, scene: Scene, client: Client, status: V
    ) -> None:
        scene.bring_to(status)
        page = client(principals.customer_principal(scene.customer))
        told = page.get(f"/api/customer/visits/{scene.visit.id}").json()
        assert (told["position"] is not None) == (status is V.EN_ROUTE)
        assert (told["eta"] is not None) == (status is V.EN_ROUTE)

    def test_a_link_sees_what_its_customer_sees(
        self, scene: Scene, client: Client, status: V
    ) -> None:
        scene.bring_to(status)
        page = client(scene.link(scene.visit.id))
        told = page.get(f"/api/customer/visits/{scene.visit.id}").json()
        assert (told["position"] is not None) == (status is V.EN_ROUTE)

    def test_nobody_else_sees_it_here(
        self, session: Session, scene: Scene, client: Client, status: V
    ) -> None:
        scene.bring_to(status)
        url = f"/api/customer/visits/{scene.visit.id}"
        stranger = principals.customer_principal(make_customer(session))
        assert client(stranger).get(url).status_code == 404
        assert client(scene.link(scene.customer.id)).get(url).status_code == 404
        assert client(principals.technician_principal(scene.technician)).get(url).status_code == 403
        assert client(principals.dispatcher()).get(url).status_code == 403
        assert client().get(url).status_code == 401

    def test_no_list_of_the_customer_carries_it(
        self, scene: Scene, client: Client, status: V
    ) -> None:
        scene.bring_to(status)
        page = client(principals.customer_principal(scene.customer))
        for url in ("/api/customer/visits", "/api/customer/me"):
            assert "13.4001" not in page.get(url).text


class TestEnRoute:
    def seen(self, scene: Scene, client: Client, visit: Visit | None = None) -> Any:
        page = client(principals.customer_principal(scene.customer))
        return page.get(f"/api/customer/visits/{(visit or scene.visit).id}").json()["position"]

    def test_not_to_another_visit_of_the_same_customer(self, scene: Scene, client: Client) -> None:
        later = scene.planned(scene.customer, hours=4)
        scene.bring_to(V.EN_ROUTE)
        assert self.seen(scene, client, later) is None

    def test_not_to_another_customer_before(
        self, session: Session, scene: Scene, client: Client
    ) -> None:
        other = scene.planned(make_customer(session), hours=4)
        scene.bring_to(V.EN_ROUTE, other)
        assert self.seen(scene, client) is None

    def test_not_from_before_setting_off(
        self, session: Session, scene: Scene, client: Client
    ) -> None:
        scene.report_position()
        clock.freeze(session, NOW + timedelta(minutes=1))
        for to in ROADS[V.EN_ROUTE]:
            moves.move(session, scene.visit.id, to)
        assert self.seen(scene, client) is None

    def test_not_off_duty(self, session: Session, scene: Scene, client: Client) -> None:
        scene.bring_to(V.EN_ROUTE)
        technicians.set_on_duty(session, scene.technician.id, False)
        assert self.seen(scene, client) is None

    def test_not_after_somebody_else_was_sent(
        self, session: Session, scene: Scene, client: Client
    ) -> None:
        scene.bring_to(V.EN_ROUTE)
        moves.move(session, scene.visit.id, V.UNSCHEDULED, reason="diverted")
        assert self.seen(scene, client) is None


def test_one_function_is_the_only_way_out() -> None:
    folder = Path(next(iter(mobile_api.customer.__path__)))
    readers = [
        f"{path.name}:{line.strip()}"
        for path in sorted(folder.glob("*.py"))
        for line in path.read_text().splitlines()
        if "TechnicianPosition" in line and "import" not in line
    ]
    inside = (folder / "queries.py").read_text()
    body = inside[inside.index("def find_position(") : inside.index("def get_alert(")]
    assert len(readers) == body.count("TechnicianPosition")
