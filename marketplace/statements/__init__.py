"""Papers about money: statements, the reconciliation report, the tax export."""
