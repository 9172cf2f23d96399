"""The ledger, payouts, changes of pay and disputes, as SQL beside this file

Old code must run on the new schema: add first, remove in a later release.
"""

from pathlib import Path

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix(".sql").read_text()
TABLES = (
    "disputes pay_changes payouts documents pay_terms ledger_lines ledger_entries ledger_accounts"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for statement in filter(str.strip, SQL.split(";;\n")):
        op.execute(statement)


def downgrade() -> None:
    for table in TABLES.split():
        op.drop_table(table)
    op.execute("DROP FUNCTION check_ledger_entry()")
