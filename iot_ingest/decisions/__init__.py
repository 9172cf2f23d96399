"""Decisions: what is done about an alert, and what happens when nobody answers."""
