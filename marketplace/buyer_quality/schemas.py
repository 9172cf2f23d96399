"""Shapes of our quality as a buyer."""

from datetime import datetime

from kernel.http import Schema


class BuyerQualityShown(Schema):
    """What we did since then, and what we promised; None where nothing happened yet.

    Hours are medians; percent are of the jobs.
    """

    since: datetime
    reply_hours: float | None
    reply_hours_promised: int
    approve_hours: float | None
    approve_hours_promised: int
    refused_pct: float | None
    refused_pct_promised: int
    cancelled_pct: float | None
    cancelled_pct_promised: int
