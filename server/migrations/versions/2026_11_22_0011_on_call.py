"""Rotas, swaps and call-outs, as SQL beside this file; rest is a kind of absence

Old code must run on the new schema: add first, remove in a later release.
"""

from pathlib import Path

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix(".sql").read_text()
KINDS = "'illness', 'holiday', 'other'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for statement in filter(str.strip, SQL.split(";;\n")):
        op.execute(statement)
    _absences(f"{KINDS}, 'rest'")


def downgrade() -> None:
    for table in ("call_outs", "duty_changes", "rota_members", "rotas"):
        op.drop_table(table)
    op.execute("UPDATE absences SET kind = 'other', version = version + 1 WHERE kind = 'rest'")
    _absences(KINDS)


def _absences(kinds: str) -> None:
    op.drop_constraint(op.f("ck_absences_absencekind"), "absences")
    op.create_check_constraint(op.f("ck_absences_absencekind"), "absences", f"kind IN ({kinds})")
