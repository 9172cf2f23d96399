"""Escalations: what nobody saw to, and what lost its trust, told to those who can act on it."""
