"""The table of the rules of trust; the newest row is in force."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Record


class TrustTerms(Record):
    """What everybody who is asked can read, in words, before saying yes.

    Score: who is new has `base_points`, which count as much as `base_weight` facts; a fact counts
    half as much once the newest is `half_life_days` younger. Arriving more than `late_minutes`
    after what was promised is worth `late_points`; giving a job back `early_back_out_points`, less
    than `notice_hours` before it `late_back_out_points`; not coming nothing, `no_show_weight`
    times. Everybody's mean rating is drawn in as if it were `stars_weight` ratings.

    A request that a person looks again is answered within `answer_days`.

    Offers: over `window_days` nobody is asked who is `most_ahead` offers and `most_ahead_pct`
    percent ahead of an equal share, while somebody else can be.

    Ours as buyer: answers within `reply_hours`, approvals within `approve_hours`, refused pay and
    late cancellations in at most `refused_pct` and `cancelled_pct` percent of the jobs.
    """

    __tablename__ = "trust_terms"
    __table_args__ = (
        CheckConstraint(
            "base_points BETWEEN 0 AND 100 AND late_points BETWEEN 0 AND 100"
            " AND early_back_out_points BETWEEN 0 AND 100"
            " AND late_back_out_points BETWEEN 0 AND 100",
            name="points",
        ),
        CheckConstraint(
            "base_weight > 0 AND no_show_weight > 0 AND stars_weight > 0", name="weights"
        ),
        CheckConstraint(
            "half_life_days > 0 AND late_minutes >= 0 AND notice_hours >= 0 AND answer_days > 0"
            " AND window_days > 0 AND reply_hours > 0 AND approve_hours > 0",
            name="times",
        ),
        CheckConstraint("most_ahead > 0 AND most_ahead_pct >= 0", name="ahead"),
        CheckConstraint(
            "refused_pct BETWEEN 0 AND 100 AND cancelled_pct BETWEEN 0 AND 100", name="shares"
        ),
    )

    base_points: Mapped[int] = mapped_column(default=80)
    base_weight: Mapped[int] = mapped_column(default=5)
    half_life_days: Mapped[int] = mapped_column(default=90)
    late_minutes: Mapped[int] = mapped_column(default=15)
    late_points: Mapped[int] = mapped_column(default=40)
    notice_hours: Mapped[int] = mapped_column(default=24)
    early_back_out_points: Mapped[int] = mapped_column(default=70)
    late_back_out_points: Mapped[int] = mapped_column(default=10)
    no_show_weight: Mapped[int] = mapped_column(default=3)
    stars_weight: Mapped[int] = mapped_column(default=10)
    answer_days: Mapped[int] = mapped_column(default=5)
    window_days: Mapped[int] = mapped_column(default=28)
    most_ahead: Mapped[float] = mapped_column(default=1.5)
    most_ahead_pct: Mapped[float] = mapped_column(default=20.0)
    reply_hours: Mapped[int] = mapped_column(default=24)
    approve_hours: Mapped[int] = mapped_column(default=48)
    refused_pct: Mapped[int] = mapped_column(default=2)
    cancelled_pct: Mapped[int] = mapped_column(default=5)
