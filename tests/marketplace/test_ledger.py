"""The ledger: what adds up is written once, and nothing is ever changed."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st
from sqlalchemy import exc, text
from sqlalchemy.orm import Session

from benchmarks.invariants.ledgers import Step, apply, judge
from marketplace.ledger import queries, service
from marketplace.ledger.lifecycle import AccountKind, Line, Movement, checked, moved
from marketplace.ledger.models import LedgerEntry

A = AccountKind


def posted(
    session: Session, cents: int = 500, key: str = "k", who: UUID | None = None
) -> LedgerEntry:
    lines = moved(cents, A.BUYER, A.EARNED, holder_id=who or uuid4())
    entry = service.post(session, Movement.EARN, key, lines, "EUR")
    assert entry is not None
    return entry


def sqlstate(session: Session, statement: str) -> str:
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    with session.begin_nested() as nested:
        try:
            session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
            session.execute(text(statement))
            session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        except exc.DBAPIError as error:
            return str(getattr(error.orig, "sqlstate", ""))
        finally:
            nested.rollback()
    return ""


class TestLines:
    def test_add_up_to_zero(self) -> None:
        with pytest.raises(ValueError):
            checked([Line(A.BUYER, -5), Line(A.HELD, 4)])

    def test_of_payees_have_a_holder_and_only_they(self) -> None:
        with pytest.raises(ValueError):
            Line(A.EARNED, 5)
        with pytest.raises(ValueError):
            Line(A.BUYER, 5, uuid4())


class TestPost:
    def test_moves_money(self, session: Session) -> None:
        who = uuid4()
        posted(session, 500, who=who)
        assert [(b.kind, b.cents) for b in queries.balances(session, who)] == [(A.EARNED, 500)]

    def test_happens_once_under_its_key(self, session: Session) -> None:
        who = uuid4()
        assert posted(session, 500, "once", who).id == posted(session, 500, "once", who).id
        assert [b.cents for b in queries.balances(session, who)] == [500]

    def test_nothing_is_no_movement(self, session: Session) -> None:
        lines = moved(0, A.BUYER, A.HELD)
        assert service.post(session, Movement.HOLD, "nothing", lines, "EUR") is None


class TestReverse:
    def test_is_the_opposite_and_happens_once(self, session: Session) -> None:
        who = uuid4()
        entry = posted(session, 500, who=who)
        first, again = service.reverse(session, entry), service.reverse(session, entry)
        assert first is not None
        assert again is not None
        assert (first.reverses_id, again.id) == (entry.id, first.id)
        assert [b.cents for b in queries.balances(session, who)] == [0]


class TestDatabase:
    @pytest.mark.parametrize(
        "statement",
        [
            f"{verb} {table}{rest}"
            for table, column in (
                ("ledger_accounts", "kind"),
                ("ledger_entries", "key"),
                ("ledger_lines", "cents"),
            )
            for verb, rest in (
                ("UPDATE", f" SET {column} = {column}"),
                ("DELETE FROM", ""),
                ("TRUNCATE", " CASCADE"),
            )
        ],
    )
    def test_changes_nothing(self, session: Session, statement: str) -> None:
        posted(session)
        assert sqlstate(session, statement) == "FF004"

    def test_refuses_what_does_not_add_up(self, session: Session) -> None:
        entry = posted(session)
        lines = queries.lines_of(session, [entry.id])
        account = lines[0][1].id
        copy = (
            "INSERT INTO ledger_lines (entry_id, account_id, cents)"
            f" VALUES ('{entry.id}', '{account}', 1), ('{entry.id}', '{account}', %s)"
        )
        assert sqlstate(session, copy % 1) == "FF005"
        assert sqlstate(session, copy % -1) == "FF005", "no line is added later"

    def test_refuses_an_entry_without_lines(self, session: Session) -> None:
        empty = (
            "INSERT INTO ledger_entries (movement, key, currency, line_count)"
            " VALUES ('hold', 'empty', 'EUR', 2)"
        )
        assert sqlstate(session, empty) == "FF005"

    def test_refuses_another_currency(self, session: Session) -> None:
        posted(session, key="euro")
        lines = moved(5, A.BUYER, A.HELD)
        entry = service.post(session, Movement.HOLD, "yen", lines, "JPY")
        assert entry is not None
        [euro] = [b for b in queries.balances(session) if b.kind is A.BUYER and b.currency == "EUR"]
        assert euro.cents == -500
        wrong = (
            "WITH made AS (INSERT INTO ledger_entries (movement, key, currency, line_count)"
            " VALUES ('hold', 'mixed', 'JPY', 2) RETURNING id)"
            " INSERT INTO ledger_lines (entry_id, account_id, cents)"
            " SELECT made.id, a.id, CASE a.kind WHEN 'buyer' THEN -1 ELSE 1 END"
            " FROM made, ledger_accounts a WHERE a.currency = 'EUR'"
        )
        assert sqlstate(session, wrong) == "FF005"


STEPS = st.lists(
    st.builds(
        Step,
        action=st.sampled_from(["earn", "approve", "dispute", "resolve", "reverse", "bonus"]),
        who=st.integers(0, 2),
        cents=st.integers(1, 100_000),
        pick=st.integers(0, 50),
    ),
    max_size=20,
)


class TestModel:
    @effort(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps=STEPS)
    def test_says_the_same_as_the_ledger(self, session: Session, steps: Sequence[Step]) -> None:
        with session.begin_nested() as nested:
            assert judge(session, apply(session, steps)) == []
            nested.rollback()
