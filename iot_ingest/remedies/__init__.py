"""Remedies: one incident, different answers, each customer's own."""
