"""CSV imports."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.customers.models import Customer, Site
from dispatch.exchange.imports.service import import_csv
from dispatch.parts.models import Part, Stock
from dispatch.technicians.models import Technician, TechnicianSkill
from dispatch.work_orders.lifecycle import Source, WorkOrderStatus
from dispatch.work_orders.models import Visit, WorkOrder
from kernel.audit import history
from kernel.errors import Invalid, NotFound
from kernel.events import EventRow
from tests.client import ApiClient
from tests.factories.assets import make_asset
from tests.factories.customers import make_site
from tests.factories.territories import make_territory
from tests.factories.work_orders import make_work_order, make_work_type
from tests.principals import admin, dispatcher

MakeClient = Callable[..., ApiClient]

CUSTOMERS = """external_id,name,email,site_external_id,address,latitude,longitude,time_zone
c1,Ada Lovelace,ada@example.com,s1,Unter den Linden 1,52.517,13.389,Europe/Berlin
c1,Ada Lovelace,ada@example.com,s2,Friedrichstraße 2,52.52,13.388,Europe/Berlin
c2,"Hopper, Grace",,,,,,
"""


def load(session: Session, kind: str, text: str, **options: Any) -> Any:
    return import_csv(session, kind, text.encode(), **options)


def mistakes(session: Session, kind: str, text: str) -> list[dict[str, Any]]:
    with pytest.raises(Invalid) as refused:
        load(session, kind, text)
    found: list[dict[str, Any]] = refused.value.facts["errors"]
    return found


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


class TestCustomers:
    def test_come_with_their_sites(self, session: Session) -> None:
        make_territory(session)
        report = load(session, "customers", CUSTOMERS)
        assert (report.created, report.updated, report.errors) == (3, 0, [])
        ada = session.scalars(select(Customer).where(Customer.external_id == "c1")).one()
        sites = session.scalars(select(Site).where(Site.customer_id == ada.id)).all()
        assert {site.external_id for site in sites} == {"s1", "s2"}
        grace = session.scalars(select(Customer).where(Customer.external_id == "c2")).one()
        assert grace.name == "Hopper, Grace"

    def test_are_updated_when_they_come_again(self, session: Session) -> None:
        load(session, "customers", CUSTOMERS)
        report = load(session, "customers", CUSTOMERS.replace("Ada Lovelace", "Ada King"))
        assert (report.created, report.updated) == (0, 3)
        assert count(session, Customer) == 2
        names = set(session.scalars(select(Customer.name)))
        assert names == {"Ada King", "Hopper, Grace"}

    def test_unchanged_leave_no_trace(self, session: Session) -> None:
        load(session, "customers", CUSTOMERS)
        ada = session.scalars(select(Customer).where(Customer.external_id == "c1")).one()
        load(session, "customers", CUSTOMERS)
        session.refresh(ada)
        assert ada.version == 1

    def test_say_in_the_audit_that_they_were_imported(self, session: Session) -> None:
        load(session, "customers", CUSTOMERS)
        ada = session.scalars(select(Customer).where(Customer.external_id == "c1")).one()
        assert history(session, ada.id)[0].why == "import of customers"


class TestMistakes:
    def test_are_named_by_line_column_and_value(self, session: Session) -> None:
        make_territory(session)
        text = (
            "external_id,name,latitude,longitude,address\n"
            "c1,Ada,52.5,13.4,Street 1\n"
            "\n"
            'c2,"two\nlines",north,13.4,Street 2\n'
            "c3,,52.5,200,Street 3\n"
        )
        assert mistakes(session, "customers", text) == [
            {
                "line": 4,
                "column": "latitude",
                "value": "north",
                "message": "This is not a number such as 52.5208.",
            },
            {"line": 6, "column": "name", "value": "", "message": "This must not be empty."},
            {
                "line": 6,
                "column": "longitude",
                "value": "200",
                "message": "This is not within 180 degrees.",
            },
        ]

    def test_mean_that_nothing_is_imported(self, session: Session) -> None:
        make_territory(session)
        text = CUSTOMERS + "c4,,,,,,,\n"
        mistakes(session, "customers", text)
        assert count(session, Customer) == 0

    def test_of_services_are_named_by_their_column(self, session: Session) -> None:
        text = "external_id,name,phone\nc1,Ada,+49301234567\nc2,Grace,not a phone\n"
        [mistake] = mistakes(session, "customers", text)
        assert (mistake["line"], mistake["column"]) == (3, "phone")

    def test_in_one_row_leave_the_others_to_be_checked(self, session: Session) -> None:
        site = make_site(session, external_id="s1")
        text = (
            "external_id,site_external_id,name,criticality\n"
            "a1,nowhere,Boiler,3\n"
            "a2,s1,Boiler,9\n"
            "a3,elsewhere,Boiler,1\n"
        )
        found = mistakes(session, "assets", text)
        assert [(m["line"], m["column"]) for m in found] == [
            (2, "site_external_id"),
            (3, "criticality"),
            (4, "site_external_id"),
        ]
        assert site.version == 1

    @pytest.mark.parametrize(
        ("text", "column", "message"),
        [
            ("external_id,name,colour\n", "colour", "There is no such column."),
            ("external_id\n", "name", "This column is missing."),
            ("external_id,name,name\n", "name", "This column is there twice."),
            ("", None, "The file is empty."),
        ],
    )
    def test_of_the_header_are_in_line_1(
        self, session: Session, text: str, column: str | None, message: str
    ) -> None:
        [mistake] = mistakes(session, "customers", text)
        assert (mistake["line"], mistake["column"]) == (1, column)
        assert mistake["message"].startswith(message)

    def test_are_lines_of_the_wrong_length(self, session: Session) -> None:
        [mistake] = mistakes(session, "customers", "external_id,name\nc1\n")
        assert mistake["message"] == "This line has 1 cells, the header has 2."

    def test_are_keys_that_repeat(self, session: Session) -> None:
        [mistake] = mistakes(session, "parts", "number,name\nP1,Seal\nP1,Seal\n")
        assert (mistake["line"], mistake["message"]) == (3, "This value is in line 2 already.")

    def test_are_bytes_that_are_no_text(self, session: Session) -> None:
        with pytest.raises(Invalid) as refused:
            import_csv(session, "customers", b"external_id,name\nc1,\xff\n")
        assert refused.value.facts["errors"][0]["line"] == 2

    def test_are_quotes_that_never_end(self, session: Session) -> None:
        [mistake] = mistakes(session, "customers", 'external_id,name\nc1,"Ada\n')
        assert mistake["message"].startswith("This is not CSV")

    def test_are_values_that_the_database_refuses(self, session: Session) -> None:
        make_site(session, external_id="taken")
        text = "number,name,external_id\nP1,Seal,x\nP2,Seal,x\n"
        [mistake] = mistakes(session, "parts", text)
        assert mistake["line"] == 3

    def test_of_an_unknown_kind_are_told(self, session: Session) -> None:
        with pytest.raises(NotFound):
            load(session, "unicorns", "a,b\n")


class TestDryRun:
    def test_counts_and_saves_nothing(self, session: Session) -> None:
        report = load(session, "customers", CUSTOMERS, dry_run=True)
        assert (report.dry_run, report.created, report.errors) == (True, 3, [])
        assert count(session, Customer) == 0

    def test_reports_mistakes_without_refusing(self, session: Session) -> None:
        report = load(session, "customers", CUSTOMERS + "c4,,,,,,,\n", dry_run=True)
        assert [error.line for error in report.errors] == [5]


class TestFormat:
    def test_may_have_semicolons_and_a_byte_order_mark(self, session: Session) -> None:
        data = "\ufeffnumber;name;price_cents\r\nP1;Seal, red;250\r\n".encode()
        assert import_csv(session, "parts", data).created == 1
        assert session.scalars(select(Part.name)).one() == "Seal, red"


class TestAssets:
    def test_hang_below_parents_of_the_same_file(self, session: Session) -> None:
        make_site(session, external_id="s1")
        text = (
            "external_id,site_external_id,name,parent_external_id,warranty_until\n"
            "a1,s1,Heating,,2027-01-31\n"
            "a2,s1,Pump,a1,\n"
        )
        load(session, "assets", text)
        top, pump = session.scalars(select(Asset).order_by(Asset.external_id)).all()
        assert pump.parent_id == top.id
        assert top.warranty_until == date(2027, 1, 31)


class TestTechnicians:
    TEXT = (
        "external_id,name,employment,territory,latitude,longitude,hourly_cents,skills,languages\n"
        "t1,Kurt,freelance,Berlin,52.5,13.4,5200,boiler:3|gas,de|en\n"
    )

    def test_come_with_their_skills(self, session: Session) -> None:
        territory = make_territory(session, name="Berlin")
        load(session, "technicians", self.TEXT)
        kurt = session.scalars(select(Technician)).one()
        assert (kurt.territory_id, kurt.languages) == (territory.id, ["de", "en"])
        held = {s.skill: s.level for s in session.scalars(select(TechnicianSkill))}
        assert held == {"boiler": 3, "gas": 1}

    def test_need_a_territory_that_exists(self, session: Session) -> None:
        [mistake] = mistakes(session, "technicians", self.TEXT)
        assert (mistake["column"], mistake["value"]) == ("territory", "Berlin")


class TestParts:
    def test_are_counted_in_the_depot(self, session: Session) -> None:
        text = "number,name,price_cents,depot_quantity\nP1,Seal,250,7\nP2,Pump,9900,\n"
        load(session, "parts", text)
        load(session, "parts", text.replace("250,7", "300,5"))
        seal = session.scalars(select(Part).where(Part.number == "P1")).one()
        assert seal.price_cents == 300
        assert session.scalars(select(Stock.quantity)).all() == [5]


class TestWorkOrders:
    HEADER = "external_id,site_external_id,work_type,title,due_at,window_start,window_end\n"

    def test_are_opened_with_times_of_the_site(self, session: Session) -> None:
        make_site(session, external_id="s1", time_zone="Europe/Berlin")
        work_type = make_work_type(session)
        load(
            session,
            "work_orders",
            self.HEADER
            + f"w1,s1,{work_type.code},Cold,2026-07-01T12:00,"
            + "2026-07-01T08:00,2026-07-01T10:00+02:00\n",
        )
        order = session.scalars(select(WorkOrder)).one()
        assert order.source is Source.IMPORT
        assert order.due_at == datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
        visit = session.scalars(select(Visit)).one()
        assert visit.window_start == datetime(2026, 7, 1, 6, 0, tzinfo=UTC)
        assert visit.window_end == datetime(2026, 7, 1, 8, 0, tzinfo=UTC)

    def test_are_edited_when_they_come_again(self, session: Session) -> None:
        site = make_site(session, external_id="s1")
        order = make_work_order(session, site, external_id="w1")
        text = self.HEADER + "w1,s1,any,Still cold,,,\n"
        report = load(session, "work_orders", text)
        session.refresh(order)
        assert (report.updated, order.title) == (1, "Still cold")

    def test_need_a_whole_window(self, session: Session) -> None:
        make_site(session, external_id="s1")
        work_type = make_work_type(session)
        text = self.HEADER + f"w1,s1,{work_type.code},Cold,,2026-07-01T08:00,\n"
        [mistake] = mistakes(session, "work_orders", text)
        assert mistake["column"] == "window_end"


class TestRepairs:
    HEADER = "external_id,asset_external_id,work_type,fault_class,reported_at,completed_at\n"

    def _line(self, session: Session, completed_at: str) -> str:
        """Of a boiler in Berlin that was reported on the first of June 2025 at eight."""
        site = make_site(session, external_id="s1", time_zone="Europe/Berlin")
        make_asset(session, site, external_id="a1")
        work_type = make_work_type(session)
        return f"{self.HEADER}r1,a1,{work_type.code},leak,2025-06-01T08:00,{completed_at}\n"

    def test_are_done_orders_that_nobody_hears_of(self, session: Session) -> None:
        text = self._line(session, "2025-06-01T10:00")
        assert load(session, "repairs", text).created == 1
        order = session.scalars(select(WorkOrder)).one()
        assert (order.status, order.fault_class) == (WorkOrderStatus.COMPLETED, "leak")
        assert order.completed_at == datetime(2025, 6, 1, 8, 0, tzinfo=UTC)
        assert (count(session, Visit), count(session, EventRow)) == (0, 0)

    def test_come_again_without_a_trace(self, session: Session) -> None:
        text = self._line(session, "2025-06-01T10:00")
        load(session, "repairs", text)
        assert load(session, "repairs", text).created == 0
        [mistake] = mistakes(session, "repairs", text.replace("leak", "noise"))
        assert mistake["message"] == "There is another work order of this id."

    @pytest.mark.parametrize(
        ("completed_at", "message"),
        [
            ("2025-06-01T07:00", "A repair ends after it was asked for."),
            ("2199-06-01T07:00", "A repair that was done lies in the past."),
        ],
    )
    def test_lie_in_the_past(self, session: Session, completed_at: str, message: str) -> None:
        [mistake] = mistakes(session, "repairs", self._line(session, completed_at))
        assert mistake["message"] == message


class TestCells:
    @pytest.mark.parametrize(
        ("column", "value"),
        [("external_id", "9b" * 2000), ("locale", "klingonisch"), ("email", "x" * 501)],
    )
    def test_refuse_what_nobody_could_use(self, session: Session, column: str, value: str) -> None:
        cells = {"external_id": "c1", "name": "Ada", "locale": "de", "email": "", column: value}
        text = ",".join(cells) + "\n" + ",".join(cells.values()) + "\n"
        [mistake] = mistakes(session, "customers", text)
        assert (mistake["line"], mistake["column"]) == (2, column)

    def test_know_only_currencies(self, session: Session) -> None:
        [mistake] = mistakes(session, "parts", "number,name,currency\nP1,Seal,dollars\n")
        assert mistake["column"] == "currency"


class TestEndpoint:
    def test_imports_and_tells(self, session: Session, client: MakeClient) -> None:
        reply = client(admin()).post(
            "/api/imports/parts",
            content=b"number,name\nP1,Seal\n",
            headers={"Content-Type": "text/csv"},
        )
        assert reply.status_code == 200, reply.text
        assert reply.json() == {
            "kind": "parts", "dry_run": False, "created": 1, "updated": 0, "errors": [],
        }  # fmt: skip

    def test_refuses_with_the_mistakes(self, session: Session, client: MakeClient) -> None:
        reply = client(admin()).post(
            "/api/imports/parts",
            content=b"number,name\nP1,\n",
            headers={"Content-Type": "text/csv"},
        )
        assert (reply.status_code, reply.json()["code"]) == (422, "import_refused")
        assert reply.json()["errors"][0]["line"] == 2

    def test_dry_run_by_query(self, session: Session, client: MakeClient) -> None:
        reply = client(admin()).post(
            "/api/imports/parts?dry_run=true",
            content=b"number,name\nP1,\n",
            headers={"Content-Type": "text/csv"},
        )
        assert reply.status_code == 200
        assert reply.json()["errors"][0]["column"] == "name"

    def test_is_not_for_dispatchers(self, session: Session, client: MakeClient) -> None:
        reply = client(dispatcher()).post(
            "/api/imports/parts", content=b"x", headers={"Content-Type": "text/csv"}
        )
        assert reply.status_code == 403
