"""Detection and prediction measured on public data."""
