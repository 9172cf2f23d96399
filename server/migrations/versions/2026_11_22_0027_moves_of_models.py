"""The moves of trained models in the order of the models

Old code must run on the new schema: add first, remove in a later release.
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

MOVES = "trained>promoted,promoted>retired,retired>promoted"
BEFORE = "promoted>retired,retired>promoted,trained>promoted"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    _guard(MOVES)


def downgrade() -> None:
    _guard(BEFORE)


def _guard(moves: str) -> None:
    op.execute("DROP TRIGGER legal_move ON trained_models")
    op.execute(
        "CREATE TRIGGER legal_move BEFORE UPDATE OF status ON trained_models"
        f" FOR EACH ROW EXECUTE FUNCTION check_move('status', '{moves}')"
    )
