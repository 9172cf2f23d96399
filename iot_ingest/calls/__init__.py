"""Calls: customers whom the office phones about an alert, and what follows from what they say."""
