"""Verdicts flow back, and a rule that is surely poor needs review first."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.queries import list_visits_of
from iot_ingest.alerts import service as alerts
from iot_ingest.alerts.lifecycle import Disposition, TriageReason
from iot_ingest.decisions import service as decisions
from iot_ingest.learning import queries, service
from iot_ingest.learning.lifecycle import FaultFound, JudgedBy
from iot_ingest.learning.models import Verdict
from iot_ingest.rules import service as rules
from iot_ingest.rules.detector import Measure
from iot_ingest.rules.lifecycle import Danger, Severity, Standing
from iot_ingest.rules.models import Rule
from kernel import clock
from tests.client import ApiClient
from tests.factories.iot_ingest import make_alert, make_device, make_rule
from tests.factories.work_orders import walk
from tests.principals import call_agent, dispatcher, principal

Client = Callable[..., ApiClient]
NOON = datetime.fromisoformat("2026-11-23T12:00:00+00:00")


@pytest.fixture(autouse=True)
def noon(session: Session) -> None:
    clock.freeze(session, NOON)


def judged(session: Session, rule: Rule, disposition: Disposition, times: int = 1) -> None:
    """The office says what so many alerts were."""
    device = make_device(session)
    for _ in range(times):
        alert = make_alert(session, rule, device=device)
        alerts.clear(session, alert.id, disposition)
        service.take_down(session, alert.id)


class TestTakeDown:
    @pytest.mark.parametrize("found", list(FaultFound))
    def test_the_technicians_word_is_noted_with_its_lead_time(
        self, session: Session, run_jobs: Callable[[], int], found: FaultFound
    ) -> None:
        alert = make_alert(session, make_rule(session, severity=Severity.CRITICAL))
        decisions.decide(session, alert.id)
        assert alert.work_order_id is not None
        clock.freeze(session, NOON + timedelta(hours=3))
        visit = list_visits_of(session, alert.work_order_id)[0]
        visit = walk(session, visit, VisitStatus.IN_PROGRESS)
        work_orders.edit_visit(session, visit, {"report": {"verdict": str(found)}})
        work_orders.set_visit_status(session, visit, VisitStatus.COMPLETED)
        run_jobs()
        verdict = session.scalars(select(Verdict)).one()
        assert (verdict.found, verdict.judged_by) == (found, JudgedBy.TECHNICIAN)
        assert (verdict.truck_rolled, verdict.lead_minutes) == (True, 180)
        assert service.take_down(session, alert.id) == verdict

    @pytest.mark.parametrize(
        ("disposition", "found"),
        [
            (Disposition.FALSE_ALARM, FaultFound.FALSE_ALARM),
            (Disposition.REPAIRED, FaultFound.TRUE_FAULT),
            (Disposition.DUPLICATE, None),
        ],
    )
    def test_the_office_may_judge_without_a_visit(
        self, session: Session, disposition: Disposition, found: FaultFound | None
    ) -> None:
        judged(session, make_rule(session), disposition)
        assert session.scalar(select(Verdict.found)) == found


class TestReconsider:
    def test_demotes_what_is_surely_below_its_floor_and_says_why(self, session: Session) -> None:
        rule = make_rule(session)
        judged(session, rule, Disposition.FALSE_ALARM, 9)
        assert rule.standing is Standing.TRUSTED
        judged(session, rule, Disposition.FALSE_ALARM)
        assert rule.standing is Standing.TRIAGE
        assert rule.standing_reason is not None
        assert rule.standing_reason["verdicts"] == 10
        assert "0 of 10 alerts" in rule.standing_reason["words"]["en"]
        assert "0 von 10 Meldungen" in rule.standing_reason["words"]["de"]

    def test_does_not_conclude_from_an_interval_that_reaches_the_floor(
        self, session: Session
    ) -> None:
        rule = make_rule(session)
        judged(session, rule, Disposition.REPAIRED, 4)
        judged(session, rule, Disposition.FALSE_ALARM, 8)
        assert rule.standing is Standing.TRUSTED

    def test_never_demotes_what_watches_over_people(self, session: Session) -> None:
        rule = make_rule(session, danger=Danger.GAS)
        judged(session, rule, Disposition.FALSE_ALARM, 12)
        assert rule.standing is Standing.TRUSTED
        with pytest.raises(IntegrityError, match="danger_is_trusted"):
            session.execute(text("UPDATE rules SET standing = 'triage', version = version + 1"))

    def test_a_changed_rule_starts_with_a_clean_record(self, session: Session) -> None:
        rule = make_rule(session)
        judged(session, rule, Disposition.FALSE_ALARM, 9)
        clock.freeze(session, NOON + timedelta(hours=1))
        rules.change(session, rule, {"threshold": 95.0})
        judged(session, rule, Disposition.FALSE_ALARM)
        assert rule.standing is Standing.TRUSTED
        assert queries.tally_of(session, rule.id).verdicts == 1


class TestTriage:
    def demoted(self, session: Session) -> Rule:
        rule = make_rule(session, severity=Severity.CRITICAL)
        judged(session, rule, Disposition.FALSE_ALARM, 10)
        return rule

    def test_alerts_of_a_demoted_rule_wait_until_approved(
        self, session: Session, client: Client
    ) -> None:
        alert = make_alert(session, self.demoted(session))
        decisions.decide(session, alert.id)
        assert (alert.triage_reason, alert.work_order_id) == (TriageReason.LOW_PRECISION, None)
        assert alert.answer_due_at is None
        url = f"/api/alerts/{alert.id}/approve"
        assert client(call_agent()).post(url).status_code == 403
        for _ in range(2):
            told = client(dispatcher()).post(url).json()
            assert told["triage_reason"] is None
            assert told["work_order_id"] is not None

    def test_a_supervisor_trusts_it_again(self, session: Session, client: Client) -> None:
        rule = self.demoted(session)
        clock.freeze(session, NOON + timedelta(hours=1))
        url = f"/api/rules/{rule.id}/trust"
        assert client(dispatcher()).post(url).status_code == 403
        assert client(principal("supervisor")).post(url).json()["standing"] == "trusted"
        session.refresh(rule)
        assert queries.tally_of(session, rule.id).verdicts == 0
        alert = make_alert(session, rule)
        decisions.decide(session, alert.id)
        assert alert.work_order_id is not None

    def test_what_goes_beyond_the_budget_waits(self, session: Session) -> None:
        rule = make_rule(session, weekly_budget=2)
        found = []
        for _ in range(3):
            alert = make_alert(session, rule)
            decisions.decide(session, alert.id)
            found.append(alert.triage_reason)
        assert found == [None, None, TriageReason.OVER_BUDGET]

    def test_a_model_without_a_card_opens_nothing(self, session: Session) -> None:
        rule = make_rule(
            session, measure=Measure.MODEL, model_name="life", severity=Severity.CRITICAL
        )
        alert = make_alert(session, rule)
        decisions.decide(session, alert.id)
        assert (alert.triage_reason, alert.work_order_id) == (TriageReason.NO_CARD, None)

    def test_danger_never_waits(self, session: Session) -> None:
        alert = make_alert(session, make_rule(session, danger=Danger.CO, weekly_budget=0))
        decisions.decide(session, alert.id)
        assert alert.work_order_id is not None
        with pytest.raises(IntegrityError, match="danger_needs_no_review"):
            session.execute(
                text("UPDATE alerts SET triage_reason = 'over_budget', version = version + 1")
            )


class TestApi:
    def test_track_records_have_figures_and_a_chart(self, session: Session, client: Client) -> None:
        rule = make_rule(session)
        judged(session, rule, Disposition.REPAIRED, 3)
        judged(session, rule, Disposition.FALSE_ALARM)
        (told,) = client(call_agent()).get("/api/track-records").json()
        assert told["tally"]["precision"] == {"value": 0.75, "low": 0.3006, "high": 0.9544}
        assert told["tally"]["false_rolls_per_avoided"] == 0.0
        assert (told["lead_p50"], told["alerts_this_week"]) == (0.0, 4)
        assert [week["tally"]["verdicts"] for week in told["weeks"]] == [4]

    def test_the_radar_counts_finished_faults_per_batch(
        self, session: Session, client: Client
    ) -> None:
        alert = make_alert(session, make_rule(session, severity=Severity.CRITICAL))
        asset = session.get_one(Asset, alert.asset_id)
        asset.model, asset.attributes = "=HP-1", {"batch": "B7"}
        asset.installed_on = NOON.date() - timedelta(days=731)
        session.flush()
        decisions.decide(session, alert.id)
        assert alert.work_order_id is not None
        work_orders.complete_remotely(session, alert.work_order_id, "restarted")
        clock.freeze(session, NOON + timedelta(days=1))
        staff = client(call_agent())
        (found,) = staff.get("/api/defects?by=batch").json()
        assert (found["model"], found["batch"], found["group"]["failures"]) == ("=HP-1", "B7", 1)
        assert found["group"]["rate"]["value"] == pytest.approx(0.5, abs=0.01)
        sheet = staff.get("/api/defects.csv")
        lines = sheet.text.splitlines()
        assert lines[0].startswith("model,batch,from_years")
        assert lines[1].startswith("'=HP-1,B7,,,1,")
