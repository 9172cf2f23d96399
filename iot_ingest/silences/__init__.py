"""Silences: when and why nothing is done about an alert, for a time."""
