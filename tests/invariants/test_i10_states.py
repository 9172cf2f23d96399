"""I10: no illegal state, whatever is called when, in code and in the database."""

from sqlalchemy.orm import Session

from benchmarks.invariants.commands import attack_commands
from benchmarks.invariants.states import attack_triggers


def test_the_database_refuses_what_no_table_lists(session: Session) -> None:
    found = attack_triggers(session)
    assert not found.violations, found.violations
    assert found.operations > 400
    assert found.faults > 200


def test_every_command_in_every_state_is_done_or_refused(session: Session) -> None:
    found = attack_commands(session)
    assert not found.violations, found.violations
    assert found.figures["done"] > 100
    assert found.faults > 200
