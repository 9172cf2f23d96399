"""What was seen to waits for somebody again when it becomes worse

Old code must run on the new schema: add first, remove in a later release.
"""

from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

SNOOZED = "snoozed>acknowledged,snoozed>active,snoozed>cleared"
ACTIVE = "active>acknowledged,active>cleared,active>snoozed"
ACKNOWLEDGED = "acknowledged>cleared,acknowledged>snoozed"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    _guard(f"{ACTIVE},acknowledged>active,{ACKNOWLEDGED},{SNOOZED}")


def downgrade() -> None:
    _guard(f"{ACTIVE},{ACKNOWLEDGED},{SNOOZED}")


def _guard(moves: str) -> None:
    op.execute("DROP TRIGGER legal_move ON alerts")
    op.execute(
        "CREATE TRIGGER legal_move BEFORE UPDATE OF status ON alerts"
        f" FOR EACH ROW EXECUTE FUNCTION check_move('status', '{moves}')"
    )
