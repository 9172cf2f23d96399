"""Taken stand-bys are given back, and that counts for a score

Old code must run on the new schema: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

STAND_BYS = "'taken', 'ended'"
STATES = "'open', 'taken', 'ended', 'expired', 'withdrawn'"
MOVES = "open>expired,open>taken,open>withdrawn,taken>ended"
CHANGES = "'asked', 'accepted', 'declined'"
CHANGE_MOVES = "asked>accepted,asked>declined"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    _stand_bys(f"{STATES}, 'given_back'", f"{MOVES},taken>given_back", f"{STAND_BYS}, 'given_back'")
    _duty_changes(f"{CHANGES}, 'cancelled'", f"{CHANGE_MOVES},accepted>cancelled")
    op.add_column("score_facts", sa.Column("stand_by_id", sa.Uuid(), nullable=True))
    op.alter_column("score_facts", "visit_id", nullable=True)
    op.alter_column("score_facts", "assignment_id", nullable=True)
    op.create_unique_constraint(op.f("uq_score_facts_stand_by_id"), "score_facts", ["stand_by_id"])
    op.create_check_constraint(
        op.f("ck_score_facts_subject"),
        "score_facts",
        "(visit_id IS NULL) = (assignment_id IS NULL)"
        " AND (assignment_id IS NULL) = (stand_by_id IS NOT NULL)",
    )


def downgrade() -> None:
    op.execute("ALTER TABLE score_changes DISABLE TRIGGER USER")
    facts = "SELECT id FROM score_facts WHERE stand_by_id IS NOT NULL"
    for table in ("reviews", "score_changes"):
        op.execute(f"DELETE FROM {table} WHERE fact_id IN ({facts})")
    op.execute("DELETE FROM score_facts WHERE stand_by_id IS NOT NULL")
    op.execute("ALTER TABLE score_changes ENABLE TRIGGER USER")
    op.drop_constraint(op.f("ck_score_facts_subject"), "score_facts")
    op.drop_column("score_facts", "stand_by_id")
    op.alter_column("score_facts", "visit_id", nullable=False)
    op.alter_column("score_facts", "assignment_id", nullable=False)
    for table in ("stand_bys", "duty_changes"):
        op.execute(f"DROP TRIGGER legal_move ON {table}")
    op.execute("UPDATE stand_bys SET status = 'ended' WHERE status = 'given_back'")
    op.execute("UPDATE duty_changes SET status = 'declined' WHERE status = 'cancelled'")
    _stand_bys(STATES, MOVES, STAND_BYS)
    _duty_changes(CHANGES, CHANGE_MOVES)


def _stand_bys(states: str, moves: str, on_duty: str) -> None:
    _check("stand_bys", "standbystatus", f"status IN ({states})")
    _check("stand_bys", "on_duty", f"(status IN ({on_duty})) = (duty_change_id IS NOT NULL)")
    _guard("stand_bys", moves)


def _duty_changes(states: str, moves: str) -> None:
    _check("duty_changes", "changestatus", f"status IN ({states})")
    _guard("duty_changes", moves)


def _check(table: str, name: str, condition: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)


def _guard(table: str, moves: str) -> None:
    op.execute(f"DROP TRIGGER IF EXISTS legal_move ON {table}")
    op.execute(
        f"CREATE TRIGGER legal_move BEFORE UPDATE OF status ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION check_move('status', '{moves}')"
    )
