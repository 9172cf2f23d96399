"""The table of the rules of pay; the newest row is in force."""

from datetime import timedelta
from typing import Any

from sqlalchemy import CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Record
from marketplace.pay_terms.notice import pct_at


class PayTerms(Record):
    """What everybody who is asked can read before saying yes.

    `fee_bp`: the platform's fee in hundredths of a percent of the pay, on top of it, paid by us.
    After `approve_hours` without a word the pay is approved by itself. Taking a job away within
    `late_cancel_hours` of its start costs `late_cancel_pct` of the pay, a job that could not be
    done on the spot `call_out_pct`. Whoever gives a job back within `late_back_out_hours` of its
    start owes `late_back_out_pct` of the pay; whoever does not come owes `no_show_pct`. Nearer to
    the start further steps of `hours` and `pct` hold.
    """

    __tablename__ = "pay_terms"
    __table_args__ = (
        CheckConstraint("fee_bp BETWEEN 0 AND 10000", name="fee"),
        CheckConstraint(
            "approve_hours > 0 AND late_cancel_hours >= 0 AND late_back_out_hours >= 0"
            " AND dispute_days > 0",
            name="times",
        ),
        CheckConstraint(
            "late_cancel_pct BETWEEN 0 AND 100 AND call_out_pct BETWEEN 0 AND 100"
            " AND late_back_out_pct BETWEEN 0 AND 100",
            name="shares",
        ),
        CheckConstraint("no_show_pct BETWEEN 0 AND 100", name="no_show"),
        CheckConstraint("limit_cents >= 0", name="limit"),
        CheckConstraint("payout_weekday BETWEEN 0 AND 6", name="weekday"),
    )

    fee_bp: Mapped[int] = mapped_column(default=0)
    approve_hours: Mapped[int] = mapped_column(default=72)
    late_cancel_hours: Mapped[int] = mapped_column(default=24)
    late_cancel_pct: Mapped[int] = mapped_column(default=50)
    call_out_pct: Mapped[int] = mapped_column(default=50)
    late_back_out_hours: Mapped[int] = mapped_column(default=24)
    late_back_out_pct: Mapped[int] = mapped_column(default=0)
    cancel_steps: Mapped[list[dict[str, Any]]] = mapped_column(
        default=list, server_default=text("'[]'")
    )
    back_out_steps: Mapped[list[dict[str, Any]]] = mapped_column(
        default=list, server_default=text("'[]'")
    )
    no_show_pct: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    dispute_days: Mapped[int] = mapped_column(default=5)
    limit_cents: Mapped[int] = mapped_column(default=20_000)
    """Above it a supervisor, administrator or finance approves changes of pay."""
    payout_weekday: Mapped[int | None] = mapped_column(default=4)
    """When payouts run by themselves, Monday 0; none: somebody starts them."""

    def cancel_pct(self, notice: timedelta) -> int:
        """What taking a job away so long before its start is worth to whom it is taken from."""
        first = {"hours": self.late_cancel_hours, "pct": self.late_cancel_pct}
        return pct_at(notice, [first, *self.cancel_steps])

    def back_out_pct(self, notice: timedelta) -> int:
        """What giving a job back so long before its start costs."""
        first = {"hours": self.late_back_out_hours, "pct": self.late_back_out_pct}
        return pct_at(notice, [first, *self.back_out_steps])
