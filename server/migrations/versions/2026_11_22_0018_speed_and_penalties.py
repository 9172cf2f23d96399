"""How fast somebody is with a skill, and what a contract charges for being late

Old code must run on the new schema: add first, remove in a later release.
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

CHANGES = """
ALTER TABLE technician_skills ADD COLUMN speed_pct INTEGER DEFAULT 100 NOT NULL;
ALTER TABLE technician_skills ADD COLUMN learned_speed_pct INTEGER;
ALTER TABLE technician_skills ADD CONSTRAINT ck_technician_skills_speed CHECK (speed_pct > 0);
DROP TRIGGER audit ON technician_skills;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON technician_skills
    FOR EACH ROW EXECUTE FUNCTION audit_record('learned_speed_pct');
ALTER TABLE sla_policies ADD COLUMN penalty_steps JSONB DEFAULT '[]' NOT NULL;
ALTER TABLE sla_policies ADD COLUMN penalty_cap_cents INTEGER;
ALTER TABLE sla_policies ADD CONSTRAINT ck_sla_policies_penalty_cap_not_negative
    CHECK (penalty_cap_cents >= 0);
ALTER TABLE work_orders ADD COLUMN penalty JSONB;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute(CHANGES)


def downgrade() -> None:
    op.execute("ALTER TABLE work_orders DROP COLUMN penalty")
    op.execute("ALTER TABLE sla_policies DROP COLUMN penalty_cap_cents, DROP COLUMN penalty_steps")
    op.execute("DROP TRIGGER audit ON technician_skills")
    op.execute("ALTER TABLE technician_skills DROP COLUMN learned_speed_pct, DROP COLUMN speed_pct")
    op.execute(
        "CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON technician_skills"
        " FOR EACH ROW EXECUTE FUNCTION audit_record('')"
    )
