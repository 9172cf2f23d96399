"""Stand-bys fall back when their taker may not be given work any more

Old code must run on the new schema: add first, remove in a later release.
"""

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

HAD = "'taken', 'ended', 'given_back'"
STATES = "'open', 'taken', 'ended', 'expired', 'withdrawn', 'given_back'"
MOVES = "open>expired,open>taken,open>withdrawn,taken>ended,taken>given_back"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    _allow(f"{STATES}, 'revoked'", f"{MOVES},taken>revoked", f"{HAD}, 'revoked'")


def downgrade() -> None:
    op.execute("DROP TRIGGER legal_move ON stand_bys")
    op.execute("UPDATE stand_bys SET status = 'ended' WHERE status = 'revoked'")
    _allow(STATES, MOVES, HAD)


def _allow(states: str, moves: str, had: str) -> None:
    for name, condition in (
        ("standbystatus", f"status IN ({states})"),
        ("on_duty", f"(status IN ({had})) = (duty_change_id IS NOT NULL)"),
    ):
        op.drop_constraint(op.f(f"ck_stand_bys_{name}"), "stand_bys")
        op.create_check_constraint(op.f(f"ck_stand_bys_{name}"), "stand_bys", condition)
    op.execute("DROP TRIGGER IF EXISTS legal_move ON stand_bys")
    op.execute(
        "CREATE TRIGGER legal_move BEFORE UPDATE OF status ON stand_bys"
        f" FOR EACH ROW EXECUTE FUNCTION check_move('status', '{moves}')"
    )
