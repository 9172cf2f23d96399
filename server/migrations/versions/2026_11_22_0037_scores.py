"""Rules of trust, scores and reviews, as SQL beside this file

Old code must run on the new schema: add first, remove in a later release.
"""

from pathlib import Path

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix(".sql").read_text()


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for statement in filter(str.strip, SQL.split(";;\n")):
        op.execute(statement)


def downgrade() -> None:
    for table in ("reviews", "score_changes", "score_facts", "trust_terms"):
        op.drop_table(table)
