"""Stand-bys and who is asked for each

Old code must run on the new schema: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

ENDS = ("accepted", "declined", "expired", "filled", "withdrawn")
OFFER_MOVES = {
    "sent": ("viewed", "countered", *ENDS),
    "viewed": ("countered", *ENDS),
    "countered": ("viewed", *ENDS),
}
MOVES = {
    "stand_bys": "open>expired,open>taken,open>withdrawn,taken>ended",
    "stand_by_offers": ",".join(
        f"{before}>{after}" for before, afters in OFFER_MOVES.items() for after in sorted(afters)
    ),
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    _create_stand_bys()
    _create_stand_by_offers()
    for table, moves in MOVES.items():
        _watch(table, moves)


def _create_stand_bys() -> None:
    op.create_table(
        "stand_bys",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("rota_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "taken",
                "ended",
                "expired",
                "withdrawn",
                name="standbystatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ends_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("pay_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("answer_by", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("duty_change_id", sa.Uuid(), nullable=True),
        sa.Column("payout_id", sa.Uuid(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("app_now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("app_now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(status IN ('taken', 'ended')) = (duty_change_id IS NOT NULL)",
            name=op.f("ck_stand_bys_on_duty"),
        ),
        sa.CheckConstraint("answer_by <= starts_at", name=op.f("ck_stand_bys_answered_before")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_stand_bys_order")),
        sa.CheckConstraint("pay_cents > 0", name=op.f("ck_stand_bys_pay")),
        sa.ForeignKeyConstraint(
            ["duty_change_id"], ["duty_changes.id"], name=op.f("fk_stand_bys_duty_change_id")
        ),
        sa.ForeignKeyConstraint(["payout_id"], ["payouts.id"], name=op.f("fk_stand_bys_payout_id")),
        sa.ForeignKeyConstraint(["rota_id"], ["rotas.id"], name=op.f("fk_stand_bys_rota_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stand_bys")),
        sa.UniqueConstraint("external_id", name=op.f("uq_stand_bys_external_id")),
    )
    op.create_index(
        "ix_stand_bys_open",
        "stand_bys",
        ["answer_by"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(op.f("ix_stand_bys_rota_id"), "stand_bys", ["rota_id"], unique=False)
    op.create_index(
        "ix_stand_bys_taken",
        "stand_bys",
        ["ends_at"],
        unique=False,
        postgresql_where=sa.text("status = 'taken'"),
    )


def _create_stand_by_offers() -> None:
    op.create_table(
        "stand_by_offers",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("stand_by_id", sa.Uuid(), nullable=False),
        sa.Column("technician_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "sent",
                "viewed",
                "accepted",
                "declined",
                "countered",
                "expired",
                "withdrawn",
                "filled",
                name="offerstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("answered_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("app_now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("app_now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["stand_by_id"], ["stand_bys.id"], name=op.f("fk_stand_by_offers_stand_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technicians.id"], name=op.f("fk_stand_by_offers_technician_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stand_by_offers")),
        sa.UniqueConstraint("external_id", name=op.f("uq_stand_by_offers_external_id")),
        sa.UniqueConstraint(
            "stand_by_id",
            "technician_id",
            name=op.f("uq_stand_by_offers_stand_by_id_technician_id"),
        ),
    )
    op.create_index(
        op.f("ix_stand_by_offers_technician_id"), "stand_by_offers", ["technician_id"], unique=False
    )
    op.create_index(
        "uq_stand_by_offers_accepted",
        "stand_by_offers",
        ["stand_by_id"],
        unique=True,
        postgresql_where=sa.text("status = 'accepted'"),
    )


def _watch(table: str, moves: str) -> None:
    op.execute(
        f"CREATE TRIGGER touch BEFORE UPDATE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION touch_record()"
    )
    op.execute(
        f"CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION audit_record('')"
    )
    op.execute(
        f"CREATE TRIGGER legal_move BEFORE UPDATE OF status ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION check_move('status', '{moves}')"
    )


def downgrade() -> None:
    op.drop_table("stand_by_offers")
    op.drop_table("stand_bys")
