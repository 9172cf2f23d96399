"""Onboarding, terms and consent, weekly hours, rate cards, claimed skills, papers of credentials

Old code must run on the new schema: add first, remove in a later release.
"""

from pathlib import Path

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix(".sql").read_text()
TABLES = "credential_papers onboardings skill_claims rate_cards weekly_hours consents terms"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for statement in filter(str.strip, SQL.split(";;\n")):
        op.execute(statement)


def downgrade() -> None:
    for table in TABLES.split():
        op.drop_table(table)
