"""Confirmations of the evening before

Old code must run on the new schema: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

MOVES = (
    "asked>confirmed,asked>declined,asked>unanswered,asked>void"
    ",unanswered>confirmed,unanswered>declined,unanswered>released,unanswered>void"
)
STATES = "('asked', 'confirmed', 'declined', 'unanswered', 'released', 'void')"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    moment = sa.TIMESTAMP(timezone=True)
    references = {
        "assignment_id": "assignments.id",
        "visit_id": "visits.id",
        "technician_id": "technicians.id",
    }
    op.create_table(
        "confirmations",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        *[sa.Column(name, sa.Uuid(), nullable=False) for name in references],
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("answer_by", moment, nullable=False),
        sa.Column("answered_at", moment),
        sa.Column("external_id", sa.Text()),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", moment, server_default=sa.text("app_now()"), nullable=False),
        sa.Column("updated_at", moment, server_default=sa.text("app_now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_confirmations"),
        sa.UniqueConstraint("assignment_id", name="uq_confirmations_assignment_id"),
        sa.UniqueConstraint("external_id", name="uq_confirmations_external_id"),
        sa.CheckConstraint(f"status IN {STATES}", name=op.f("ck_confirmations_confirmationstatus")),
        *[
            sa.ForeignKeyConstraint([name], [target], name=f"fk_confirmations_{name}")
            for name, target in references.items()
        ],
    )
    op.create_index("ix_confirmations_visit_id", "confirmations", ["visit_id"])
    op.create_index("ix_confirmations_technician_id", "confirmations", ["technician_id"])
    op.create_index(
        "ix_confirmations_open",
        "confirmations",
        ["answer_by"],
        postgresql_where=sa.text("status IN ('asked', 'unanswered')"),
    )
    op.execute(
        "CREATE TRIGGER touch BEFORE UPDATE ON confirmations"
        " FOR EACH ROW EXECUTE FUNCTION touch_record()"
    )
    op.execute(
        "CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON confirmations"
        " FOR EACH ROW EXECUTE FUNCTION audit_record('')"
    )
    op.execute(
        "CREATE TRIGGER legal_move BEFORE UPDATE OF status ON confirmations"
        f" FOR EACH ROW EXECUTE FUNCTION check_move('status', '{MOVES}')"
    )


def downgrade() -> None:
    op.drop_table("confirmations")
