"""Alerts: one open episode per asset and fault class, from the first sign to the verdict."""
