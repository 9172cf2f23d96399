"""Shapes of the reconciliation report."""

from kernel.http import Schema


class ComparisonShown(Schema):
    """What the ledger says against what payouts and transfers add up to, in cents."""

    what: str
    currency: str
    ledger_cents: int
    records_cents: int
    agrees: bool


class ReconciliationShown(Schema):
    agrees: bool
    comparisons: list[ComparisonShown]
    stuck_transfers: int
    """Prepared more than an hour ago, and nothing heard of since."""
