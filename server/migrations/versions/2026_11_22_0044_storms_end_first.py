"""A storm ends before its incident is closed

Old code must run on the new schema: add first, remove in a later release.
"""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    _guard("open>closed,open>storm,storm>open")


def downgrade() -> None:
    _guard("open>closed,open>storm,storm>closed,storm>open")


def _guard(moves: str) -> None:
    op.execute("DROP TRIGGER legal_move ON incidents")
    op.execute(
        "CREATE TRIGGER legal_move BEFORE UPDATE OF status ON incidents"
        f" FOR EACH ROW EXECUTE FUNCTION check_move('status', '{moves}')"
    )
