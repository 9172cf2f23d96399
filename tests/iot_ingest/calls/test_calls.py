"""Calls about alerts: who takes one, and what follows from what the customer says."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from iot_ingest.alerts.lifecycle import AlertStatus, Choice
from iot_ingest.alerts.models import Alert
from iot_ingest.decisions import service as decisions
from iot_ingest.outreach import service as outreach
from iot_ingest.outreach.lifecycle import CallOutcome, CallReason, StopReason
from iot_ingest.outreach.models import CallTask
from iot_ingest.outreach.queries import list_steps
from iot_ingest.rules.lifecycle import Danger
from kernel import clock
from kernel.principal import Principal
from tests.client import ApiClient
from tests.factories.accounts import make_account
from tests.factories.iot_ingest import make_alert, make_rule
from tests.principals import call_agent, dispatcher, principal

Client = Callable[..., ApiClient]
MONDAY = datetime.fromisoformat("2026-11-23T07:00:00+01:00")
WORDS = {"en": "No answer", "de": "Keine Antwort"}


@pytest.fixture(autouse=True)
def monday(session: Session) -> None:
    clock.freeze(session, MONDAY)


def to_call(session: Session, **rule: object) -> tuple[Alert, CallTask]:
    alert = make_alert(session, make_rule(session, **rule))
    decisions.decide(session, alert.id)
    return alert, outreach.call(session, alert, WORDS, CallReason.NO_ANSWER)


class TestTake:
    def test_two_people_do_not_phone_the_same_customer(
        self, session: Session, client: Client
    ) -> None:
        _, task = to_call(session)
        url = f"/api/call-tasks/{task.id}/take"
        account = make_account(session)
        first = Principal(account_id=account.id, roles=frozenset({"dispatcher"}))
        for _ in range(2):
            assert client(first).post(url).json()["taken_by_name"] == account.name
        refused = client(dispatcher()).post(url)
        assert (refused.status_code, refused.json()["code"]) == (409, "call_taken")
        clock.freeze(session, MONDAY + timedelta(minutes=31))
        assert client(dispatcher()).post(url).status_code == 200


class TestDone:
    def done(self, client: Client, task: CallTask, outcome: str) -> ApiClient:
        return client(call_agent()).post(
            f"/api/call-tasks/{task.id}/done", json={"outcome": outcome, "note": "said so"}
        )

    def test_who_wants_a_visit_gets_one_and_is_asked_no_more(
        self, session: Session, client: Client
    ) -> None:
        alert, task = to_call(session)
        for _ in range(2):
            told = self.done(client, task, "wants_visit").json()
            assert (told["outcome"], told["note"], told["outcomes"]) == (
                "wants_visit",
                "said so",
                [],
            )
        assert alert.work_order_id is not None
        assert (alert.answer, alert.status) == (Choice.SLOT, AlertStatus.ACKNOWLEDGED)
        assert StopReason.ANSWERED in {step.stopped_by for step in list_steps(session, alert.id)}

    def test_who_wants_nothing_has_answered_so(self, session: Session, client: Client) -> None:
        alert, task = to_call(session)
        self.done(client, task, "wants_nothing")
        assert alert.answer is Choice.IGNORE

    def test_what_calls_brought_is_read_the_latest_first(
        self, session: Session, client: Client
    ) -> None:
        for outcome in ("told", "not_reached"):
            _, task = to_call(session)
            self.done(client, task, outcome)
        made = client(call_agent()).get("/api/call-tasks?done=true").json()["items"]
        assert [(one["outcome"], one["note"]) for one in made] == [
            ("not_reached", "said so"),
            ("told", "said so"),
        ]

    @pytest.mark.parametrize("danger", [Danger.GAS, Danger.CO, Danger.ELECTRICAL])
    def test_danger_is_never_left_alone(
        self, session: Session, client: Client, danger: Danger
    ) -> None:
        _, task = to_call(session, danger=danger)
        (shown,) = client(call_agent()).get("/api/call-tasks").json()["items"]
        assert "wants_nothing" not in shown["outcomes"]
        refused = self.done(client, task, "wants_nothing")
        assert refused.json()["code"] == "danger_not_ignored"
        session.refresh(task)
        assert task.done_at is None

    def test_in_danger_somebody_tries_again(self, session: Session, client: Client) -> None:
        _, task = to_call(session, danger=Danger.GAS)
        self.done(client, task, "not_reached")
        (again,) = client(call_agent()).get("/api/call-tasks").json()["items"]
        assert again["id"] != str(task.id)
        assert datetime.fromisoformat(again["due_at"]) == MONDAY + timedelta(minutes=10)

    def test_two_who_heard_different_things_are_not_both_believed(
        self, session: Session, client: Client
    ) -> None:
        alert, task = to_call(session)
        self.done(client, task, "wants_nothing")
        refused = self.done(client, task, "wants_visit")
        assert (refused.status_code, refused.json()["code"]) == (409, "call_finished")
        assert (alert.answer, task.outcome) == (Choice.IGNORE, CallOutcome.WANTS_NOTHING)

    def test_an_outcome_of_another_kind_is_refused(self, session: Session, client: Client) -> None:
        _, task = to_call(session)
        assert self.done(client, task, "not_needed").status_code == 422


class TestLadders:
    URL = "/api/answer-ladders"

    def test_admins_set_what_follows_a_question(self, session: Session, client: Client) -> None:
        steps = [{"kind": "call", "wait_percent": 10}, {"kind": "default", "wait_percent": 100}]
        for _ in range(2):
            said = client(principal("admin")).post(
                self.URL, json={"danger": "none", "steps": steps}
            )
            assert said.status_code == 201
        told = {one["danger"]: one["steps"] for one in client(dispatcher()).get(self.URL).json()}
        assert told["none"] == steps
        assert len(told["gas"]) == 4
        alert = make_alert(session, make_rule(session, answer_minutes=100))
        decisions.decide(session, alert.id)
        shown = client(dispatcher()).get(f"/api/alerts/{alert.id}/answer-steps").json()
        due = [datetime.fromisoformat(one["due_at"]) - MONDAY for one in shown]
        assert [one["kind"] for one in shown] == ["ask", "call", "default"]
        assert due == [timedelta(minutes=minutes) for minutes in (0, 10, 110)]

    @pytest.mark.parametrize(
        ("danger", "kinds"),
        [
            ("none", ["remind"]),
            ("none", ["default", "remind"]),
            ("none", ["call", "call", "default"]),
            ("gas", ["remind", "default"]),
        ],
    )
    def test_a_ladder_that_is_not_whole_is_refused(
        self, client: Client, danger: str, kinds: list[str]
    ) -> None:
        steps = [{"kind": kind, "wait_percent": 50} for kind in kinds]
        refused = client(principal("admin")).post(self.URL, json={"danger": danger, "steps": steps})
        assert (refused.status_code, refused.json()["code"]) == (422, "ladder_incomplete")
