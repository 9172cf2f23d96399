"""Counter-offers, and the expenses that were agreed with an offer

Old code must run on the new schema: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

MOVES = "open>accepted,open>countered,open>declined,open>lapsed,open>taken_back"
OFFER_MOVES = (
    "sent>accepted,sent>countered,sent>declined,sent>expired,sent>filled,sent>viewed"
    ",sent>withdrawn,viewed>accepted,viewed>countered,viewed>declined,viewed>expired"
    ",viewed>filled,viewed>withdrawn,countered>accepted,countered>declined"
    ",countered>expired,countered>filled,countered>viewed,countered>withdrawn"
)
STATES = "('open', 'accepted', 'declined', 'countered', 'taken_back', 'lapsed')"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute("ALTER TABLE offers ADD COLUMN expenses_cents INTEGER DEFAULT 0 NOT NULL")
    op.execute(
        "ALTER TABLE offers ADD CONSTRAINT ck_offers_expenses_not_negative"
        " CHECK (expenses_cents >= 0)"
    )
    op.execute("DROP TRIGGER legal_move ON offers")
    op.execute(_guard("offers", OFFER_MOVES))
    moment = sa.TIMESTAMP(timezone=True)
    op.create_table(
        "counter_offers",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(40), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("pay_cents", sa.Integer(), nullable=False),
        sa.Column("expenses_cents", sa.Integer(), nullable=False),
        sa.Column("starts_at", moment, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text()),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", moment, server_default=sa.text("app_now()"), nullable=False),
        sa.Column("updated_at", moment, server_default=sa.text("app_now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_counter_offers"),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name="fk_counter_offers_offer_id"),
        sa.UniqueConstraint("external_id", name="uq_counter_offers_external_id"),
        sa.CheckConstraint("side IN ('office', 'freelancer')", name=op.f("ck_counter_offers_side")),
        sa.CheckConstraint(f"status IN {STATES}", name=op.f("ck_counter_offers_counterstatus")),
        sa.CheckConstraint(
            "pay_cents >= 0 AND expenses_cents >= 0", name=op.f("ck_counter_offers_amounts")
        ),
    )
    op.create_index("ix_counter_offers_offer_id", "counter_offers", ["offer_id"])
    op.create_index(
        "uq_counter_offers_open",
        "counter_offers",
        ["offer_id"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.execute(
        "CREATE TRIGGER touch BEFORE UPDATE ON counter_offers"
        " FOR EACH ROW EXECUTE FUNCTION touch_record()"
    )
    op.execute(
        "CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON counter_offers"
        " FOR EACH ROW EXECUTE FUNCTION audit_record('')"
    )
    op.execute(_guard("counter_offers", MOVES))


def downgrade() -> None:
    op.drop_table("counter_offers")
    op.execute("DROP TRIGGER legal_move ON offers")
    op.execute(_guard("offers", OFFER_MOVES.replace(",countered>viewed", "")))
    op.execute("ALTER TABLE offers DROP COLUMN expenses_cents")


def _guard(table: str, moves: str) -> str:
    return (
        f"CREATE TRIGGER legal_move BEFORE UPDATE OF status ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION check_move('status', '{moves}')"
    )
