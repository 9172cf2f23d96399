"""Kinds of credentials, reminders, suspensions and appeals; a trigger keeps to them

Old code must run on the new schema: add first, remove in a later release.
"""

from pathlib import Path

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix(".sql").read_text()
BEFORE = """
CREATE OR REPLACE FUNCTION refuse_barred_taker() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1
          FROM preferences p
          JOIN visits v ON v.customer_id = p.customer_id
         WHERE v.id = NEW.visit_id AND p.technician_id = NEW.technician_id AND p.stance = 'block'
    ) THEN
        RAISE EXCEPTION 'This technician may not take this visit.' USING ERRCODE = 'FF006';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for statement in filter(str.strip, SQL.split(";;\n")):
        op.execute(statement)


def downgrade() -> None:
    op.execute(BEFORE)
    op.execute("DROP TABLE appeals, suspensions, credential_kinds")
    op.execute("ALTER TABLE credentials DROP COLUMN reminded_days")
    op.execute("ALTER TABLE technicians DROP COLUMN suspended_at")
