"""Drifts: several metrics of one asset that leave their usual places together."""
