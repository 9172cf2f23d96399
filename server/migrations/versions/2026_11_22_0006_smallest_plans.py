"""Plans of one technician's day, and improvements

Old code must run on the new schema: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KINDS = ("plan", "draft", "repair", "technician", "improvement")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.add_column("plans", sa.Column("technician_id", sa.Uuid()))
    for name in ("number", "policystatus"):
        _rename(f"ck_policies_ck_policies_{name}", f"ck_policies_{name}")
    _allow(KINDS)


def downgrade() -> None:
    op.execute("SELECT set_config('firstfix.actor', 'migration', true)")
    op.execute("DELETE FROM plans WHERE kind IN ('technician', 'improvement')")
    _allow(KINDS[:3])
    for name in ("number", "policystatus"):
        _rename(f"ck_policies_{name}", f"ck_policies_ck_policies_{name}")
    op.drop_column("plans", "technician_id")


def _rename(name: str, to: str) -> None:
    op.execute(f"ALTER TABLE policies RENAME CONSTRAINT {name} TO {to}")


def _allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute("ALTER TABLE plans DROP CONSTRAINT ck_plans_plankind")
    op.execute(f"ALTER TABLE plans ADD CONSTRAINT ck_plans_plankind CHECK (kind IN ({listed}))")
